// ZTO: the digest's switches, and what the recordings in tests/conformance/zto cannot show.
#include "adapters/courier/zto/zto.hpp"

#include <gtest/gtest.h>

#include "adapters/crypto/digest.hpp"
#include "adapters/http/form.hpp"
#include "adapters/json/reader.hpp"

namespace returngate::courier {
namespace {

Account account_with(const std::map<std::string, std::string>& more = {}) {
    Account account;
    account.base_url = "https://zto.example";
    account.settings = {{"app_key", "k"}, {"app_secret", "zto-demo-appsecret"}};
    for (const auto& [key, value] : more) account.settings[key] = value;
    return account;
}

Push push_of(std::string_view field, const std::string& text) {
    Push push;
    push.received_at = *parse_rfc3339("2026-01-10T08:00:00Z");
    const auto digest = crypto::to_base64(crypto::md5({text, "zto-demo-appsecret"}));
    push.request.body = http::encode_form({{std::string(field), text}, {"data_digest", digest}});
    return push;
}

BookingOrder order_in(std::string_view start, std::string_view end) {
    BookingOrder order;
    order.reference.value = "GW2026011000001";
    order.sender = {"张三", "13800000000", "浙江省", "杭州市", "西湖区", "文三路1号"};
    order.recipient = order.sender;
    order.window = {*parse_rfc3339(start), *parse_rfc3339(end)};
    return order;
}

json::Value booked(const Account& account, const BookingOrder& order) {
    return json::parse(zto().encode_book(account, {}, order).value().body).value();
}

// Digests of Python's hashlib, hmac and of openssl; the body is that of the recorded cancellation.
TEST(ZtoSignature, MatchesTheComputedVectorOfEverySwitch) {
    const struct {
        std::map<std::string, std::string> settings;
        std::string_view digest;
    } rows[] = {
        {{}, "n7rIdAvWzVkZzcH81Sohkw=="},
        {{{"digest_text", "hex"}}, "9fbac8740bd6cd5919cdc1fcd52a2193"},
        {{{"send_timestamp", "on"}}, "yk0DofCstb5Xa5wdmh1vKg=="},
        {{{"digest_mode", "sha256"}}, "t1UR4CrZT5uTjdl5vZYmB5Ql/nyVK3sb0R/DCYldqlw="},
        {{{"digest_mode", "hmac_sha256"}, {"secret_key", "zto-demo-hmackey"}},
         "ZXSXtx9kmQFvA2vK/sYPLG43e+Bw4SI25axT8ZttYB0="},
    };
    const BookedOrder order({"GW2026011000001"}, "260110000000000001");
    const Moment moment{Instant(std::chrono::milliseconds(1767974400000)), ""};
    for (const auto& row : rows) {
        auto settings = row.settings;
        settings["cancel_type"] = "2";
        const auto request = zto().encode_cancel(account_with(settings), moment, order, "").value();
        EXPECT_EQ(request.body, R"({"cancelType":"2","orderCode":"260110000000000001"})");
        EXPECT_EQ(request.headers.find("x-dataDigest"), row.digest);
        const bool has_time = settings.contains("send_timestamp");
        EXPECT_EQ(request.headers.find("x-timestamp").value_or(""), has_time ? "1767974400000" : "");
    }
}

TEST(ZtoSignature, MatchesTheComputedVectorsOfTwoBodies) {
    const auto digest = [](std::string_view body) {
        return crypto::to_base64(crypto::md5({body, "zto-demo-appsecret"}));
    };
    EXPECT_EQ(digest(R"({"type":1,"billCode":"73100000000001"})"), "ujaaDuF3zQ35kvECv5KFeg==");
    EXPECT_EQ(
        digest(R"({"partnerType":"2","orderType":"3","partnerOrderCode":"GW2026011000001","remark":"易碎"})"),
        "yMYBa3Q5h36pG23aRX9P/Q==");
}

TEST(ZtoBooking, TwoHoursAreBookedWithTheServiceAndLongerWindowsAreNot) {
    const auto two = order_in("2026-01-10T08:00:00Z", "2026-01-10T10:00:00Z");
    const auto three = order_in("2026-01-10T08:00:00Z", "2026-01-10T11:00:00Z");
    const auto body = booked(account_with(), two);
    ASSERT_EQ(body["orderVasList"].items().size(), 1U);
    EXPECT_EQ(body["orderVasList"].items()[0]["vasType"].string(), "twoHour");
    EXPECT_TRUE(booked(account_with(), three)["orderVasList"].is_null());
    EXPECT_TRUE(booked(account_with({{"two_hour", "off"}}), two)["orderVasList"].is_null());
}

TEST(ZtoBooking, AGroupsCustomerIsNamed) {
    const auto order = order_in("2026-01-10T08:00:00Z", "2026-01-10T10:00:00Z");
    const auto body =
        booked(account_with({{"partner_type", "1"}, {"customer_id", "KH1"}, {"account_type", "74"}}), order);
    EXPECT_EQ(body["partnerType"].string(), "1");
    EXPECT_EQ(body["accountInfo"]["customerId"].string(), "KH1");
    EXPECT_EQ(body["accountInfo"]["type"].integer(), 74);
    EXPECT_TRUE(booked(account_with(), order)["accountInfo"].is_null());
}

TEST(ZtoAccount, SettingsOutsideTheirListAreRefused) {
    const std::map<std::string, std::string> rows[] = {
        {{"digest_mode", "sha1"}},   {{"digest_mode", "hmac_sha256"}},
        {{"order_type", "1"}},       {{"partner_type", "1"}, {"order_type", "3"}},
        {{"two_hour", "yes"}},       {{"cancel_type", "8"}},
        {{"settlement_sign", "no"}},
    };
    for (const auto& row : rows)
        EXPECT_EQ(zto().check(account_with(row)).error().kind, ErrorKind::invalid) << row.begin()->first;
    EXPECT_TRUE(zto().check(account_with({{"order_type", "3"}})));
}

TEST(ZtoOrder, WithoutZtosOwnCodeNothingIsAsked) {
    const BookedOrder order({"GW2026011000001"});
    EXPECT_EQ(zto().encode_cancel(account_with(), {}, order, "").error().code, "no_courier_key");
    EXPECT_EQ(zto().encode_find(account_with(), {}, order).error().code, "no_courier_key");
    EXPECT_EQ(zto().encode_track(account_with(), {}, {}, "").error().code, "no_waybill");
}

TEST(ZtoPush, TheSameStateWithOtherContentIsAnotherEvent) {
    const auto key_of = [](const std::string& phone) {
        const auto events = zto().decode_push(
            {}, push_of("data", R"({"order_code":"1","partner_order_code":"GW1","pre_order_status":3,)"
                                R"("gmt_create":"2026-01-10 15:02:11","assign_emp_mobile":")" +
                                    phone + "\"}"));
        return events.value().front().dedupe_key;
    };
    EXPECT_EQ(key_of("13800000001"), key_of("13800000001"));
    EXPECT_NE(key_of("13800000001"), key_of("13800000002"));
}

TEST(ZtoPush, UnreadableOnesAreQuarantinedNotGuessed) {
    for (const std::string text : {
             R"([])",
             R"({})",
             R"({"pre_order_status":4})",
             R"({"order_code":"1","pre_order_status":4})",
             R"({"partner_order_code":"GW1","pre_order_status":""})",
             R"({"partner_order_code":"GW1","pre_order_status":4,"gmt_create":"yesterday"})",
             R"({"billCode":"73100000000001","action":"GOT"})",
             R"({"billCode":"73100000000001","actionTime":"2026-01-10 15:20:00"})",
             R"({"action":"GOT","actionTime":"2026-01-10 15:20:00"})",
         }) {
        const auto events = zto().decode_push({}, push_of("data", text));
        ASSERT_FALSE(events) << text;
        EXPECT_EQ(events.error().kind, ErrorKind::malformed) << text;
    }
    EXPECT_FALSE(zto().decode_push({}, push_of("result", R"({"settlementAmount":850})")));
}

TEST(ZtoPush, SettlementsComeUnsignedOnlyWhereTheAccountSaysSo) {
    Push push;
    push.request.body = "result=" + http::encode_form_component(R"({"billCode":"73100000000001"})");
    EXPECT_FALSE(zto().authenticate(account_with(), push));
    const Account absent = account_with({{"settlement_sign", "absent"}});
    EXPECT_EQ(zto().authenticate(absent, push).value(), Proof::secret_url);
    // Whatever carries a digest, or data, is held to its signature.
    push.request.body += "&data_digest=x";
    EXPECT_FALSE(zto().authenticate(absent, push));
    push.request.body = "result=%7B%7D&data=%7B%7D";
    EXPECT_FALSE(zto().authenticate(absent, push));
}

// The checksum of the label "JVBERi0=" of 73100000000001, by Python's hashlib.
TEST(ZtoPush, ALabelIsAHintWhoseChecksumMatches) {
    Push push;
    push.request.body = R"({"billCode":"73100000000001","printType":"1","result":"JVBERi0=",)"
                        R"("dataDigest":"WIne8jRbKt7wdFcMpt9NBQ=="})";
    EXPECT_EQ(zto().authenticate(account_with(), push).value(), Proof::secret_url);
    const auto events = zto().decode_push(account_with(), push).value();
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(events[0].waybill, "73100000000001");
    EXPECT_EQ(events[0].status, TrackingStatus::unknown);
    push.request.body[15] = '8';
    EXPECT_EQ(zto().authenticate(account_with(), push).error().code, "bad_signature");
}

}  // namespace
}  // namespace returngate::courier
