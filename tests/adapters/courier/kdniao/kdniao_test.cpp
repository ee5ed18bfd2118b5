// KDNiao: the printed vectors, and what the recordings in tests/conformance/kdniao cannot show.
#include "adapters/courier/kdniao/kdniao.hpp"

#include <gtest/gtest.h>

#include "adapters/courier/envelope.hpp"
#include "adapters/courier/kdniao/tables.hpp"
#include "adapters/http/form.hpp"
#include "adapters/json/reader.hpp"

namespace returngate::courier {
namespace {

constexpr std::string_view kPublishedKey = "56da2cf8-c8a2-44b2-b6fa-476cd7d1ba17";
constexpr std::string_view kKey = "11112222-3333-4444-5555-666677778888";

struct Vector {
    const char* name;
    std::string_view data;
    std::string_view key;
    std::string_view sign;
};

// The first three are printed by KDNiao, with the key of its demos; the others come from Python's hashlib.
const Vector kVectors[] = {
    {"single_quotes", R"({'OrderCode':'','ShipperCode':'SF','LogisticCode':'118954907573'})", kPublishedKey,
     "OWFhM2I5N2ViM2U2MGRkMjc4YzU2NmVlZWI3ZDk0MmE="},
    {"double_quotes", R"({"OrderCode":"","ShipperCode":"SF","LogisticCode":"118954907573"})", kPublishedKey,
     "NThjYTM2OGFhZDJjMGQ5ZjMxMGU3NzhjYzg3NDEwM2M="},
    {"with_spaces",
     R"({"OrderCode": "","CustomerName": "5195","ShipperCode": "SF","LogisticCode": "SF1613099010320"})",
     kPublishedKey, "MTYzYTMwMzlhZGIzZjIwNGM3OGYzZmI2ZmVjY2IwZmE="},
    {"door_pickup",
     R"({"TransportType":1,"ShipperType":5,"ShipperCode":"JTSD","OrderCode":"RT202501010001","ExpType":1,"PayType":3,"Receiver":{"ProvinceName":"浙江省","CityName":"杭州市","ExpAreaName":"余杭区","Address":"文一西路969号","Name":"李四","Mobile":"13900139000"},"Sender":{"ProvinceName":"广东省","CityName":"深圳市","ExpAreaName":"南山区","Address":"科技南十二路2号","Name":"张三","Mobile":"13800138000"},"Weight":1,"Quantity":1,"Remark":"","StartDate":"2025-01-01 13:00:00","EndDate":"2025-01-01 15:00:00","Commodity":[{"GoodsName":"衣服","GoodsQuantity":1,"GoodsPrice":99}]})",
     kKey, "YzA2ZmE0YmVlNDdhZDJlYWM4NjJlNjg0MzBlYmJjY2U="},
};

class KdniaoSignature : public testing::TestWithParam<Vector> {};

TEST_P(KdniaoSignature, MatchesTheVector) {
    EXPECT_EQ(md5_hex_base64({GetParam().data, GetParam().key}), GetParam().sign);
}
INSTANTIATE_TEST_SUITE_P(Vectors, KdniaoSignature, testing::ValuesIn(kVectors),
                         [](const auto& vector) { return std::string(vector.param.name); });

Account account_with(const std::string& name, const std::string& value) {
    Account made;
    made.base_url = "https://kdniao.example";
    made.settings = {{"e_business_id", "1000001"}, {"api_key", std::string(kKey)}, {"shipper_code", "JTSD"}};
    made.settings[name] = value;
    return made;
}

std::string field_of(const Result<http::Request>& request, std::string_view name) {
    const auto form = http::parse_form(request.value().body);
    return std::string(http::form_value(form.value(), name).value());
}

Push signed_push(std::string_view type, const std::string& data) {
    Push push;
    push.request.body = http::encode_form({{"RequestType", std::string(type)},
                                           {"RequestData", data},
                                           {"DataSign", md5_hex_base64({data, kKey})}});
    return push;
}

TEST(KdniaoSettings, NameACarrierAndWhatItsParcelsAreTrackedWith) {
    EXPECT_TRUE(kdniao().check(account_with("pay_type", "1")));
    EXPECT_EQ(kdniao().check(account_with("shipper_code", "DANNIAO")).error().code, "bad_setting");
    Account made = account_with("shipper_code", "SF");
    EXPECT_EQ(kdniao().check(made).error().code, "missing_setting");
    made.settings["customer_name"] = "5195";
    EXPECT_TRUE(kdniao().check(made));
    EXPECT_EQ(kdniao().check(account_with("pay_type", "3,\"a\":1")).error().code, "bad_setting");
    EXPECT_EQ(kdniao().check(account_with("order_path", "api")).error().code, "bad_setting");
}

TEST(KdniaoQuery, TakesTheCustomerNameAndTheProductOfTheAccount) {
    Account made = account_with("customer_name", "5195");
    made.settings["shipper_code"] = "SF";
    made.settings["track_type"] = "1002";
    made.settings["track_path"] = "/gateway";
    const auto request = kdniao().encode_track(made, {}, {}, "SF1613099010320");
    EXPECT_EQ(request.value().target, "/gateway");
    EXPECT_EQ(field_of(request, "RequestType"), "1002");
    EXPECT_EQ(
        field_of(request, "RequestData"),
        R"({"OrderCode":"","CustomerName":"5195","ShipperCode":"SF","LogisticCode":"SF1613099010320"})");
}

TEST(KdniaoBooking, SendsNoneOfTheCharactersThatAreRefused) {
    BookingOrder order;
    order.reference.value = "RG4FT202501010001";
    order.sender = Party{"张'三\"", "13800138000", "广东省", "深圳市", "", "1#楼&2+3<4>5%6/7\\8"};
    order.recipient = order.sender;
    order.remark = "a/b";
    const auto request = kdniao().encode_book(account_with("pay_type", "1"), {}, order);
    const auto data = json::parse(field_of(request, "RequestData")).value();
    EXPECT_EQ(data["Sender"]["Name"].string(), "张＇三＂");
    EXPECT_EQ(data["Sender"]["Address"].string(), "1＃楼＆2＋3＜4＞5％6／7＼8");
    EXPECT_EQ(data["Remark"].string(), "a／b");
    EXPECT_EQ(data["PayType"].integer(), 1);
    order.reference.value = std::string(31, 'R');
    EXPECT_EQ(kdniao().encode_book(account_with("pay_type", "1"), {}, order).error().code, "bad_reference");
}

// RequestType stands outside the signature: whoever changes it changes nothing.
TEST(KdniaoPush, IsTakenForWhatItsItemsAre) {
    const std::string data =
        R"({"PushTime":"2025-01-01 13:20:05","Data":[{"OrderCode":"A","State":"301","CreateTime":"2025-01-01 13:20:04"}]})";
    for (const std::string_view type : {"103", "101", "107"}) {
        const auto events = kdniao().decode_push(account_with("", ""), signed_push(type, data)).value();
        ASSERT_EQ(events.size(), 1U);
        EXPECT_EQ(events[0].status, TrackingStatus::collected);
    }
}

TEST(KdniaoPush, OneBadItemMakesTheWholePushUnreadable) {
    const std::string good = R"({"OrderCode":"A","State":"301","CreateTime":"2025-01-01 13:20:04"})";
    for (const std::string_view bad :
         {R"({"OrderCode":"A","CreateTime":"2025-01-01 13:20:04"})", R"({"State":"301"})",
          R"({"OrderCode":"A","State":"301","CreateTime":"yesterday"})", R"({"Success":true,"State":"2"})",
          "null"}) {
        const std::string data = R"({"Data":[)" + good + "," + std::string(bad) + "]}";
        const auto events = kdniao().decode_push(account_with("", ""), signed_push("103", data));
        ASSERT_FALSE(events) << bad;
        EXPECT_EQ(events.error().kind, ErrorKind::malformed) << bad;
    }
}

TEST(KdniaoPush, AmountsThatAreNotExactAreLeftOut) {
    const auto events = kdniao()
                            .decode_push(account_with("", ""),
                                         signed_push("103", R"({"Data":[{"OrderCode":"A","State":"301",)"
                                                            R"("Weight":"about 1","TotalFee":"9.505"}]})"))
                            .value();
    EXPECT_EQ(events[0].weight_grams, std::nullopt);
    EXPECT_EQ(events[0].fee_fen, std::nullopt);
}

// The same state again, with another amount: a new event, not an attack and not a repeat.
TEST(KdniaoPush, AnotherAmountIsAnotherEvent) {
    const auto key_of = [](const std::string& fee) {
        const std::string data =
            R"({"Data":[{"OrderCode":"A","State":"208","CreateTime":"2025-01-01 13:20:04","TotalFee":")" +
            fee + "\"}]}";
        return kdniao().decode_push(account_with("", ""), signed_push("103", data)).value()[0].dedupe_key;
    };
    EXPECT_EQ(key_of("9.50"), key_of("9.5"));
    EXPECT_NE(key_of("9.50"), key_of("9.51"));
}

TEST(KdniaoTables, NameEveryDocumentedStateOnce) {
    const auto codes = [](const auto& table) {
        std::vector<std::string_view> all;
        for (const StatusRow& row : table) all.push_back(row.code);
        return all;
    };
    // Article "上门取件" and its push 103; product page of 8008 for the traces.
    EXPECT_EQ(codes(kdniao_tables::kOrderStates),
              (std::vector<std::string_view>{"2", "3", "99", "102", "103", "104", "109", "120", "203", "206",
                                             "207", "208", "301", "302", "402", "502", "601", "701"}));
    EXPECT_EQ(codes(kdniao_tables::kTraceStates),
              (std::vector<std::string_view>{"0",   "1",   "2",   "3",   "4",   "201", "202",
                                             "211", "301", "302", "304", "311", "401", "402",
                                             "403", "404", "405", "406", "407", "412", "413"}));
}

}  // namespace
}  // namespace returngate::courier
