// JD: computed vectors of all its signatures, and what the recordings in tests/conformance/jd cannot show.
#include "adapters/courier/jd/jd.hpp"

#include <gtest/gtest.h>

#include "adapters/http/form.hpp"

namespace returngate::courier {
namespace {

Account account() {
    Account account;
    account.base_url = "https://jd.example/";
    account.settings = {{"app_key", "appkey000001"},
                        {"app_secret", "appsecret000001"},
                        {"access_token", "token000001"},
                        {"customer_code", "010K000001"}};
    return account;
}

Moment moment() {
    return {*parse_rfc3339("2026-01-10T01:30:00Z"), "nonce"};
}

// One parameter of the query, decoded; "(none)" where it is left out.
std::string parameter(const http::Request& request, std::string_view name) {
    const auto pairs = http::parse_form(request.query());
    return std::string(http::form_value(*pairs, name).value_or("(none)"));
}

http::Request track(const Account& at) {
    return jd().encode_track(at, moment(), BookingReference{"R1"}, "JDVC00000000011").value();
}

Push push_of(std::string_view body) {
    Push push;
    push.request.method = "POST";
    push.request.body = body;
    return push;
}

TrackingEvent event_of(std::string_view body) {
    return jd().decode_push(account(), push_of(body)).value().front();
}

// The formula is that of JD's SDK; JD prints no digest, so these were computed with Python's hmac and
// hashlib.
TEST(JdSignature, IsWhatAnotherToolComputesForEveryAlgorithm) {
    const std::pair<const char*, const char*> rows[] = {
        {"md5-salt", "cdbae77fdd73d05eef3e51dbbd8e5e71"},
        {"HMacMD5", "lRxsFbtm0KtlrVNOanRLZQ=="},
        {"HMacSHA1", "G9TWiULcw4whWxbQmj+rEDvuvQY="},
        {"HMacSHA256", "m4tXX8kJOROa78mmTiyL/+Ifo6nKeUq8ddRFmepUVIg="},
        {"HMacSHA512",
         "Simgz04BXqlQsdlHt6upLer6zMNHbVA9kY2X/PrZaN2jaOcHbYQOPFowYSPRQ5VNlRlF6asRaBR8lUJ4S2JnKQ=="},
    };
    for (const auto& [algorithm, sign] : rows) {
        Account chosen = account();
        chosen.settings["algorithm"] = algorithm;
        ASSERT_TRUE(jd().check(chosen)) << algorithm;
        const auto request = track(chosen);
        EXPECT_EQ(parameter(request, "sign"), sign) << algorithm;
        EXPECT_EQ(parameter(request, "algorithm"), algorithm);
    }
}

TEST(JdSignature, MayBeInCapitalsWhereTheAccountIsCheckedSo) {
    Account capitals = account();
    capitals.settings["sign_case"] = "upper";
    EXPECT_EQ(parameter(track(capitals), "sign"), "CDBAE77FDD73D05EEF3E51DBBD8E5E71");
}

TEST(JdSignature, WithoutATokenItsNameIsSignedAndItsParameterLeftOut) {
    Account partner = account();
    partner.settings.erase("access_token");
    ASSERT_TRUE(jd().check(partner));
    const auto request = track(partner);
    EXPECT_EQ(parameter(request, "access_token"), "(none)");
    EXPECT_EQ(parameter(request, "sign"), "b0c7c33bb2d11eb50d8e589dd59a253c");
}

TEST(JdSignature, CoversThePathThatIsAskedFor) {
    EXPECT_EQ(track(account()).path(), "/ecap/v1/orders/trace/query");
    Account behind = account();
    behind.base_url = "https://proxy.example/jd";
    const auto request = track(behind);
    EXPECT_EQ(request.path(), "/jd/ecap/v1/orders/trace/query");
    EXPECT_EQ(parameter(request, "sign"), "97fedc9635294f191a3720311accb546");
}

TEST(JdAccount, RefusesWhatJdDoesNotKnow) {
    const std::pair<const char*, const char*> rows[] = {{"algorithm", "sm3-salt"},
                                                        {"order_origin", "4"},
                                                        {"settle_type", "monthly"},
                                                        {"volume_cm3", "1.5"},
                                                        {"sign_case", "mixed"}};
    for (const auto& [key, value] : rows) {
        Account wrong = account();
        wrong.settings[key] = value;
        const auto checked = jd().check(wrong);
        ASSERT_FALSE(checked) << key;
        EXPECT_NE(checked.error().message.find(key), std::string::npos);
    }
}

TEST(JdAccount, CashOrdersNeedNoCustomerCodeAndSendNone) {
    Account cash = account();
    cash.settings["order_origin"] = "0";
    cash.settings.erase("customer_code");
    ASSERT_TRUE(jd().check(cash));
    const auto request = jd().encode_cancel(cash, moment(), BookingReference{"R1"}, "buyer cancelled");
    ASSERT_TRUE(request);
    EXPECT_EQ(request->body, R"([{"customerOrderId":"R1","orderOrigin":0,"cancelReason":"buyer cancelled",)"
                             R"("cancelReasonCode":"1","cancelType":0}])");
}

TEST(JdBooking, ReasonsAreCutAtThirtyBytesBetweenCharacters) {
    const std::string reason = "买家不想要了买家不想要了";
    const auto request = jd().encode_cancel(account(), moment(), BookingReference{"R1"}, reason);
    ASSERT_TRUE(request);
    EXPECT_NE(request->body.find("\"cancelReason\":\"买家不想要了买家不想\""), std::string::npos)
        << request->body;
}

TEST(JdBooking, IsNotLookedUpWithoutJdsOwnKeyNorTrackedWithoutANumber) {
    const auto found = jd().encode_find(account(), moment(), BookedOrder(BookingReference{"R1"}));
    EXPECT_EQ(found.error().code, "no_courier_key");
    const auto tracked = jd().encode_track(account(), moment(), BookingReference{"R1"}, "");
    EXPECT_EQ(tracked.error().code, "no_waybill");
}

TEST(JdPush, AListedNodeOutweighsItsCategoryAndAnUnlistedOneIsJudgedByIt) {
    const auto status = [](std::string_view state, std::string_view category) {
        return event_of(
                   R"({"waybillCode":"JDVC00000000011","operationTime":"2026-01-10 14:41:00","state":")" +
                   std::string(state) + R"(","category":")" + std::string(category) + "\"}")
            .status;
    };
    EXPECT_EQ(status("200001", "390"), TrackingStatus::collected);
    EXPECT_EQ(status("200036", "390"), TrackingStatus::courier_assigned);
    EXPECT_EQ(status("200036", ""), TrackingStatus::unknown);
    EXPECT_EQ(status("", "700"), TrackingStatus::unknown);
}

TEST(JdPush, ANewNumberIsBelievedOnlyWhenItIsTheOnlyOne) {
    const auto replaced_by = [](std::string_view remark) {
        return event_of(R"({"waybillCode":"JDVC00000000011","operationTime":"2026-01-10 14:41:00",)"
                        R"("state":"200020","operationRemark":")" +
                        std::string(remark) + "\"}")
            .replaced_by;
    };
    EXPECT_EQ(replaced_by("新单号：JDVC00000000022，原单号JDVC00000000011"), "JDVC00000000022");
    EXPECT_EQ(replaced_by("JDVC00000000022 JDVC00000000033"), std::nullopt);
    EXPECT_EQ(replaced_by("JDVC0000000022"), std::nullopt);
    EXPECT_EQ(replaced_by("换单"), std::nullopt);
}

TEST(JdPush, WhatItIsAnsweredMayBeSet) {
    Account told = account();
    told.settings["push_ack"] = R"({"code":"0"})";
    EXPECT_EQ(jd().acknowledge(told, push_of("{}"), AckOutcome::taken).body, R"({"code":"0"})");
    EXPECT_EQ(jd().acknowledge(told, push_of("{}"), AckOutcome::failed).status, 503);
}

}  // namespace
}  // namespace returngate::courier
