// Kuaidi100: the worked vectors, and what the recordings in tests/conformance/kuaidi100 cannot show.
#include "adapters/courier/kuaidi100/kuaidi100.hpp"

#include <gtest/gtest.h>

#include "adapters/courier/kuaidi100/signature.hpp"
#include "adapters/courier/kuaidi100/tables.hpp"
#include "adapters/http/form.hpp"

namespace returngate::courier {
namespace {

constexpr std::string_view kKey = "TESTKEYabcd1234";
constexpr std::string_view kSecret = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
constexpr std::string_view kCustomer = "TESTCUSTOMER0123456789ABCDEF0000";
constexpr std::string_view kReference = "RG4FT202501010001";

// Every vector: what is signed, in its parts, and the digest that another tool computed.
struct Vector {
    const char* name;
    std::vector<std::string_view> parts;
    std::string_view digest;
};

const Vector kVectors[] = {
    {"K1_bOrder",
     {R"({"kuaidicom":"jtexpress","recManName":"李四","recManMobile":"13900139000","recManPrintAddr":"浙江省杭州市余杭区文一西路969号","sendManName":"张三","sendManMobile":"13800138000","sendManPrintAddr":"广东省深圳市南山区科技南十二路2号","cargo":"衣服","weight":"1","serviceType":"标准快递","dayType":"今天","pickupStartTime":"14:00","pickupEndTime":"16:00","callBackUrl":"http://gw.example.com/kd100/cb","salt":"s4lt-0001","thirdOrderId":"RT202501010001"})",
      "1735689600000", kKey, kSecret},
     "FE2C0B83CF56677F001CFDE98EC793AF"},
    {"K2_cancel",
     {R"({"taskId":"B2C4D6E8F0A1","orderId":"15000001","cancelMsg":"买家改约"})", "1735689660000", kKey,
      kSecret},
     "C366962472E98BAD90B7C5B1633C02D2"},
    {"K3_callback",
     {R"({"kuaidicom":"jtexpress","kuaidinum":"JT0000000000001","status":"200","message":"成功","data":{"orderId":"15000001","status":1,"courierName":"王师傅","courierMobile":"13700137000"}})",
      "s4lt-0001"},
     "759963AC61C9259E579A97BB408E9F46"},
    {"K3_with_an_empty_salt",
     {R"({"kuaidicom":"jtexpress","kuaidinum":"JT0000000000001","status":"200","message":"成功","data":{"orderId":"15000001","status":1,"courierName":"王师傅","courierMobile":"13700137000"}})",
      ""},
     "2FE541986DBC2AF634812CBBCDEB190A"},
    {"K4_settled",
     {R"({"kuaidicom":"jtexpress","kuaidinum":"JT0000000000001","status":"200","message":"成功","data":{"orderId":"15000001","status":15,"courierName":"王师傅","courierMobile":"13700137000","weight":"1.2","defPrice":"12.00","freight":"9.50","thirdOrderId":"RT202501010001"}})",
      "s4lt-0001"},
     "0BC9BD8B64427D2BBB29FE5A66FF6932"},
    {"K5_traces",
     {R"({"status":"polling","billstatus":"got","message":"","autoCheck":"0","comOld":"","comNew":"","lastResult":{"message":"ok","state":"1","status":"200","condition":"F00","ischeck":"0","com":"jtexpress","nu":"JT0000000000001","data":[{"context":"【深圳市】已揽收","time":"2025-01-01 14:32:10","ftime":"2025-01-01 14:32:10","status":"揽收","areaCode":"CN440305000000","areaName":"广东,深圳,南山区"}]}})",
      "track-salt"},
     "5CA94A05D4310499D9352C11B9CB4210"},
    {"K6_query",
     {R"({"com":"jtexpress","num":"JT0000000000001","phone":"","resultv2":"4","order":"desc"})", kKey,
      kCustomer},
     "4359B05317B24A3C97684A0F89AEF4E9"},
    {"K7_query_with_phone",
     {R"({"com":"shunfeng","num":"SF1000000000001","phone":"8000","resultv2":"4","order":"desc"})", kKey,
      kCustomer},
     "5AE84275DD2CD49C79E28AC241F3706C"},
};

class Kuaidi100Signature : public testing::TestWithParam<Vector> {};

TEST_P(Kuaidi100Signature, MatchesTheVector) {
    std::string text;
    for (const std::string_view part : GetParam().parts) text += part;
    EXPECT_EQ(kuaidi100_sign({text}), GetParam().digest);
}
INSTANTIATE_TEST_SUITE_P(Vectors, Kuaidi100Signature, testing::ValuesIn(kVectors),
                         [](const auto& vector) { return std::string(vector.param.name); });

TEST(Kuaidi100Salt, IsTheStartOfTheHmac) {
    // python3 -c 'import hmac; print(hmac.new(b"TESTKEYabcd1234", b"RG4FT202501010001",
    // "sha256").hexdigest()[:32])'
    EXPECT_EQ(kuaidi100_salt(kKey, kReference), "1d9d8f68921c5a0264d6f2f38c451b03");
    EXPECT_NE(kuaidi100_salt(kKey, "RG4FT202501010002"), kuaidi100_salt(kKey, kReference));
}

Account account() {
    Account made;
    made.base_url = "https://kuaidi100.example";
    made.settings = {{"key", std::string(kKey)},
                     {"secret", std::string(kSecret)},
                     {"customer", std::string(kCustomer)},
                     {"carrier", "jtexpress"},
                     {"callback_base", "http://gw.example.com"},
                     {"callback_token", "tok0123456789abcdef0123456789abcdef"}};
    return made;
}

Account account_with(const std::string& name, const std::string& value) {
    Account made = account();
    made.settings[name] = value;
    return made;
}

const Instant kTwoInTheAfternoon = parse_rfc3339("2025-01-01T06:00:00Z").value();

BookingOrder order() {
    BookingOrder made;
    made.reference.value = kReference;
    made.sender = Party{"张三", "13800138000", "广东省", "深圳市", "南山区", "科技南十二路2号"};
    made.recipient = Party{"李四", "13900139000", "上海市", "上海市", "浦东新区", "世纪大道2号"};
    made.window = Window{kTwoInTheAfternoon, kTwoInTheAfternoon + std::chrono::hours(2)};
    made.parcel.description = "衣服";
    return made;
}

// A field of a request's form.
std::string field_of(const Result<http::Request>& request, std::string_view name) {
    const auto form = http::parse_form(request.value().body);
    return std::string(http::form_value(form.value(), name).value());
}
json::Value param_of(const Result<http::Request>& request) {
    return json::parse(field_of(request, "param")).value();
}

Push push_of(const std::string& param, std::string_view reference = kReference,
             std::string_view salted_for = kReference) {
    Push push;
    push.received_at = kTwoInTheAfternoon;
    push.request.method = "POST";
    push.request.target = "/v1/couriers/KUAIDI100/callbacks/t?reference=" + std::string(reference);
    push.request.body =
        http::encode_form({{"taskId", "B2C4D6E8F0A1"},
                           {"sign", kuaidi100_sign({param, kuaidi100_salt(kKey, salted_for)})},
                           {"param", param}});
    return push;
}

std::string order_param(const std::string& data) {
    return R"({"kuaidicom":"jtexpress","kuaidinum":"JT0000000000001","status":"200","data":)" + data + "}";
}

TEST(Kuaidi100Query, TakesThePhoneOfTheAccountWhereTheCarrierWantsOne) {
    Account made = account_with("carrier", "shunfeng");
    EXPECT_EQ(kuaidi100().check(made).error().code, "missing_setting");
    made.settings["track_phone"] = "8000";
    const auto request = kuaidi100().encode_track(made, {}, {}, "SF1000000000001");
    EXPECT_EQ(field_of(request, "sign"), "5AE84275DD2CD49C79E28AC241F3706C");
}

TEST(Kuaidi100Booking, NamesTheDayAsSeenFromShanghai) {
    const auto day = [](std::string_view now, std::string_view start) {
        BookingOrder made = order();
        made.window =
            Window{parse_rfc3339(start).value(), parse_rfc3339(start).value() + std::chrono::hours(2)};
        const auto request = kuaidi100().encode_book(account(), {parse_rfc3339(now).value(), ""}, made);
        return request ? std::string(param_of(request)["dayType"].string().value()) : request.error().code;
    };
    EXPECT_EQ(day("2025-01-01T06:00:00Z", "2025-01-01T07:00:00Z"), "今天");
    EXPECT_EQ(day("2025-01-01T15:59:59Z", "2025-01-02T01:00:00Z"), "明天");
    EXPECT_EQ(day("2025-01-01T16:00:00Z", "2025-01-02T01:00:00Z"), "今天");  // past midnight there
    EXPECT_EQ(day("2025-01-01T06:00:00Z", "2025-01-03T01:00:00Z"), "后天");
    EXPECT_EQ(day("2025-01-01T06:00:00Z", "2025-01-04T01:00:00Z"), "day_not_bookable");
    EXPECT_EQ(day("2025-01-02T06:00:00Z", "2025-01-01T07:00:00Z"), "day_not_bookable");
}

TEST(Kuaidi100Booking, NamesAMunicipalityOnce) {
    const auto param = param_of(kuaidi100().encode_book(account(), {kTwoInTheAfternoon, ""}, order()));
    EXPECT_EQ(param["recManPrintAddr"].string(), "上海市浦东新区世纪大道2号");
    EXPECT_EQ(param["sendManPrintAddr"].string(), "广东省深圳市南山区科技南十二路2号");
}

TEST(Kuaidi100Booking, NeverCutsAnAddress) {
    BookingOrder made = order();
    made.sender.address = std::string(300, 'x');
    EXPECT_EQ(kuaidi100().encode_book(account(), {kTwoInTheAfternoon, ""}, made).error().code,
              "address_too_long");
}

TEST(Kuaidi100Booking, SubscribesTracesWhenTheAccountSaysSo) {
    const Moment moment{kTwoInTheAfternoon, ""};
    EXPECT_TRUE(param_of(kuaidi100().encode_book(account(), moment, order()))["op"].is_null());
    const auto param = param_of(kuaidi100().encode_book(account_with("track_pushes", "on"), moment, order()));
    EXPECT_EQ(param["op"].string(), "1");
    EXPECT_EQ(param["pollCallBackUrl"].string(), param["callBackUrl"].string());
}

TEST(Kuaidi100Booking, CarriesTheCarrierOfTheAccount) {
    http::Response response;
    response.body =
        R"({"result":true,"returnCode":"200","data":{"taskId":"T1","orderId":"O1","kuaidinum":"YT1"}})";
    for (const auto& carrier : kuaidi100_tables::kCarriers) {
        const auto booking =
            kuaidi100().decode_book(account_with("carrier", std::string(carrier.code)), order(), response);
        EXPECT_EQ(booking.value().carrying_courier, carrier.ours);
    }
}

TEST(Kuaidi100Booking, KeysThatWouldNotFitARowAreNoAnswer) {
    http::Response response;
    for (const std::string& id : {std::string(65, 'a'), std::string("a:b"), std::string("a b")}) {
        response.body =
            R"({"result":true,"returnCode":"200","data":{"taskId":")" + id + R"(","orderId":"1"}})";
        EXPECT_EQ(kuaidi100().decode_book(account(), order(), response).error().code, "answer_ids") << id;
    }
}

TEST(Kuaidi100Cancel, NeedsTheNameThatKuaidi100Gave) {
    const BookingReference reference{std::string(kReference)};
    for (const char* key : {"", "T1", "T1:", ":O1"}) {
        const BookedOrder booked(reference, key);
        EXPECT_EQ(kuaidi100().encode_cancel(account(), {}, booked, "").error().code, "no_courier_key") << key;
        EXPECT_EQ(kuaidi100().encode_find(account(), {}, booked).error().code, "no_courier_key") << key;
    }
}

TEST(Kuaidi100Cancel, CutsTheReasonBetweenCharacters) {
    const BookedOrder booked(BookingReference{std::string(kReference)}, "T1:O1");
    const auto param =
        param_of(kuaidi100().encode_cancel(account(), {}, booked, "买家改约买家改约买家改约"));  // 36 bytes
    EXPECT_EQ(param["cancelMsg"].string(), "买家改约买家改约买家");
}

TEST(Kuaidi100Push, OneOrdersSaltOpensNoOther) {
    const std::string param = order_param(R"({"status":10})");
    EXPECT_TRUE(kuaidi100().authenticate(account(), push_of(param)));
    EXPECT_FALSE(kuaidi100().authenticate(account(), push_of(param, "RG4FT202501010002")));
    EXPECT_TRUE(
        kuaidi100().authenticate(account(), push_of(param, "RG4FT202501010002", "RG4FT202501010002")));
}

TEST(Kuaidi100Push, WithoutAReferenceOrAKeyNothingIsProved) {
    const std::string param = order_param(R"({"status":10})");
    Push push = push_of(param, "", "");
    EXPECT_FALSE(kuaidi100().authenticate(account(), push));
    push.request.target = "/v1/couriers/KUAIDI100/callbacks/t";
    EXPECT_FALSE(kuaidi100().authenticate(account(), push));
    push = push_of(param);
    push.request.target += "&reference=" + std::string(kReference);
    EXPECT_FALSE(kuaidi100().authenticate(account(), push)) << "twice";
    EXPECT_FALSE(kuaidi100().authenticate(account_with("key", ""), push_of(param)));
    push = push_of(param);
    push.request.body = http::encode_form({{"sign", kuaidi100_sign({param})}, {"param", param}});
    EXPECT_FALSE(kuaidi100().authenticate(account(), push)) << "an empty salt";
}

TEST(Kuaidi100Push, ThatNamesAnotherOrderThanItsUrlIsQuarantined) {
    const auto events =
        kuaidi100().decode_push(account(), push_of(order_param(R"({"status":10,"thirdOrderId":"RGOTHER"})")));
    EXPECT_EQ(events.error().code, "push_reference");
}

// Found by ./dev fuzz: the reference comes out of the URL, where any bytes may stand.
TEST(Kuaidi100Push, AReferenceThatIsNoTextIsQuarantined) {
    const std::string reference = "RG4FT\xff";
    const auto events =
        kuaidi100().decode_push(account(), push_of(order_param(R"({"status":10})"), reference, reference));
    EXPECT_EQ(events.error().code, "event_text");
}

TEST(Kuaidi100Push, UnreadableOnesAreQuarantinedNotGuessed) {
    for (const std::string& param :
         {std::string("[]"), std::string("{"), order_param("{}"), order_param(R"({"status":""})"),
          order_param(R"({"status":")" + std::string(65, '1') + "\"}"),
          std::string(R"({"lastResult":{"nu":"","data":[]}})"), std::string(R"({"lastResult":{"nu":"JT1"}})"),
          std::string(R"({"lastResult":{"nu":"JT1","data":[{"time":"soon","statusCode":"1"}]}})")}) {
        const auto events = kuaidi100().decode_push(account(), push_of(param));
        ASSERT_FALSE(events) << param;
        EXPECT_EQ(events.error().kind, ErrorKind::malformed) << param;
    }
}

TEST(Kuaidi100Push, AStateThatComesAgainWithOtherContentIsAnotherEvent) {
    const auto key = [](const std::string& data) {
        return kuaidi100().decode_push(account(), push_of(order_param(data))).value().front().dedupe_key;
    };
    EXPECT_EQ(key(R"({"status":1,"courierName":"王"})"), key(R"({"status":1,"courierName":"王"})"));
    EXPECT_NE(key(R"({"status":1,"courierName":"王"})"), key(R"({"status":1,"courierName":"李"})"));
    EXPECT_EQ(key(R"({"status":15,"freight":"9.50"})"), key(R"({"status":"15","freight":"9.60"})"));
}

TEST(Kuaidi100Push, AmountsAreReadExactlyOrNotAtAll) {
    const auto event = [](const std::string& data) {
        return kuaidi100().decode_push(account(), push_of(order_param(data))).value().front();
    };
    EXPECT_EQ(event(R"({"status":15,"freight":"9.505","weight":"1,2"})").fee_fen, std::nullopt);
    EXPECT_EQ(event(R"({"status":15,"freight":"9.505","weight":"1,2"})").weight_grams, std::nullopt);
    EXPECT_EQ(event(R"({"status":10,"freight":"9.50"})").fee_fen, std::nullopt) << "not settled yet";
}

TEST(Kuaidi100Account, IsCheckedBeforeItIsUsed) {
    EXPECT_TRUE(kuaidi100().check(account()));
    const std::pair<std::string, std::string> wrong[] = {
        {"carrier", "acme"},
        {"callback_base", "gw.example.com"},
        {"callback_base", "http://gw.example.com/"},
        {"callback_base", "http://gw.example.com?x=1"},
        {"callback_base", "http://" + std::string(120, 'g') + ".example.com"},
        {"track_pushes", "yes"},
    };
    for (const auto& [name, value] : wrong) {
        const auto checked = kuaidi100().check(account_with(name, value));
        ASSERT_FALSE(checked) << name << " " << value;
        EXPECT_NE(checked.error().message.find(name), std::string::npos) << checked.error().message;
    }
}

}  // namespace
}  // namespace returngate::courier
