// Deppon: computed vectors, and what the recordings in tests/conformance/deppon cannot show.
#include "adapters/courier/deppon/deppon.hpp"

#include <gtest/gtest.h>

#include "adapters/courier/envelope.hpp"

namespace returngate::courier {
namespace {

Account demo() {
    Account account;
    account.base_url = "https://gwapi.example";
    account.settings = {{"company_code", "EWBDEMO"},
                        {"app_key", "deppon-demo-appkey"},
                        {"customer_code", "219401"},
                        {"sign_prefix", "DEMO"}};
    return account;
}

Push push_of(std::string_view params, std::string_view timestamp, std::string_view digest) {
    Push push;
    push.request.body = http::encode_form({{"companyCode", "EWBDEMO"},
                                           {"params", std::string(params)},
                                           {"timestamp", std::string(timestamp)},
                                           {"digest", std::string(digest)}});
    return push;
}

TEST(DepponSignature, IsTheBase64OfTheHexTextAndCoversTheTimestamp) {
    // hashlib and base64 of Python; the other vectors are recordings.
    constexpr std::string_view kParams = R"({"logisticID":"DEMOGW2026011000001","orderType":"1"})";
    constexpr std::string_view kDigest = "MGYxMWI1NWNiNjM0YzFkYzFkZThiYWI5MDIwMTUzNzk=";
    EXPECT_EQ(deppon().authenticate(demo(), push_of(kParams, "1768024800000", kDigest)).value(),
              Proof::weak_signature);
    EXPECT_FALSE(deppon().authenticate(demo(), push_of(kParams, "1768024800001", kDigest)));
    EXPECT_FALSE(deppon().authenticate(demo(), push_of(kParams, "1768024800000", "")));
    // Base64 of the raw bytes, as most other couriers do.
    EXPECT_FALSE(
        deppon().authenticate(demo(), push_of(kParams, "1768024800000", "DxG1XLY0wdwd6LurkCAVN5A=")));
    // The hex text itself.
    EXPECT_FALSE(
        deppon().authenticate(demo(), push_of(kParams, "1768024800000", "0f11b55cb634c1dc1de8bab902015379")));
}

TEST(DepponSignature, AnEmptyKeyNeverAuthenticates) {
    Account empty = demo();
    empty.settings["app_key"] = "";
    EXPECT_FALSE(deppon().authenticate(empty, push_of("{}", "1", md5_hex_base64({"{}", "1"}))));
}

TEST(DepponPush, WhatIsUnreadableIsQuarantined) {
    for (const std::string_view params :
         {"", "[]", "{}", "5", R"({"logisticID":"DEMOGW1"})", R"({"statusType":"GOT"})",
          R"({"logisticID":"DEMO","statusType":"GOT"})", R"({"track_list":[]})", R"({"track_list":[{}]})",
          R"({"track_list":[{"tracking_number":"DPK1","trace_list":[{"time":"now","status":"GOT"}]}]})",
          R"({"track_list":[{"trace_list":[{"time":"2026-01-10 16:20:00","status":"GOT"}]}]})"}) {
        const auto events = deppon().decode_push(demo(), push_of(params, "1", "x"));
        ASSERT_FALSE(events) << params;
        EXPECT_EQ(events.error().kind, ErrorKind::malformed) << params;
    }
}

TEST(DepponPush, AForeignOrderIdIsKeptWhole) {
    const auto events =
        deppon().decode_push(demo(), push_of(R"({"logisticID":"OTHERGW1","statusType":"GOT"})", "1", "x"));
    ASSERT_TRUE(events);
    EXPECT_EQ(events->front().booking_reference->value, "OTHERGW1");
}

TEST(DepponPush, AcknowledgementsSayBothWhereTheAccountWantsIt) {
    Account both = demo();
    both.settings["order_state_ack"] = "both";
    const Push push = push_of(R"({"logisticID":"DEMOGW1","statusType":"GOT"})", "1", "x");
    EXPECT_EQ(deppon().acknowledge(both, push, AckOutcome::taken).body,
              R"({"logisticCompanyID":"DEPPON","logisticID":"DEMOGW1","result":"true","resultCode":"1000",)"
              R"("reason":"成功","success":true,"error_code":"1000","error_msg":"成功"})");
    const Push odd = push_of(R"({"logisticID":"<x>\"","statusType":"GOT"})", "1", "x");
    EXPECT_EQ(deppon().acknowledge(demo(), odd, AckOutcome::taken).body,
              R"({"logisticCompanyID":"DEPPON","result":"true","resultCode":"1000","reason":"成功"})");
}

TEST(DepponRequest, QuestionsMayGoToAnotherHostAndTheSandboxHasOtherPaths) {
    Account account = demo();
    account.settings["query_base_url"] = "https://dpapi.example/";
    EXPECT_EQ(deppon().encode_find(account, {}, BookingReference{"GW1"})->target,
              "https://dpapi.example/dop-interface-sync/standard-query/queryOrder.action");
    EXPECT_EQ(deppon().encode_cancel(account, {}, BookingReference{"GW1"}, "x")->target,
              "/dop-interface-async/standard-order/cancelOrder.action");
    account.settings["environment"] = "sandbox";
    account.settings["query_base_url"] = "";
    EXPECT_EQ(deppon().encode_track(account, {}, {}, "DPK1")->target,
              "/sandbox-web/standard-order/newTraceQuery.action");
}

TEST(DepponAccount, ChoicesAndUrlsAreChecked) {
    EXPECT_TRUE(deppon().check(demo()));
    const std::pair<std::string, std::string> wrong[] = {
        {"environment", "test"}, {"order_state_ack", "maybe"}, {"query_base_url", "dpapi.example"}};
    for (const auto& [key, value] : wrong) {
        Account account = demo();
        account.settings[key] = value;
        EXPECT_EQ(deppon().check(account).error().code, "bad_setting") << key;
    }
}

}  // namespace
}  // namespace returngate::courier
