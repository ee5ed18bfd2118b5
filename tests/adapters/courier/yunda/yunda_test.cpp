// Yunda: printed inputs, its assumed callbacks, and what the recordings in tests/conformance/yunda cannot
// show.
#include "adapters/courier/yunda/yunda.hpp"

#include <gtest/gtest.h>

#include "adapters/json/writer.hpp"

namespace returngate::courier {
namespace {

// Digests below are Python's: hashlib.md5((data + "_" + secret).encode()).hexdigest().
constexpr std::string_view kData =
    R"({"orderid":"GW1","mailno":"3120000000001","time":"2026-01-10 16:20:00","action":"GOT"})";
constexpr std::string_view kSign = "9f6d5bc7779008b37bf7144def6afdeb";

Account demo() {
    Account account;
    account.base_url = "https://yunda.example";
    account.settings = {{"app_key", "999999"},
                        {"app_secret", "yunda-demo-secret"},
                        {"callback_base", "https://gw.example"},
                        {"callback_token", "0123456789abcdef0123456789abcdef"},
                        {"assumed_callbacks", "true"}};
    return account;
}

Push push_of(std::string_view data, std::string_view sign) {
    Push push;
    json::Writer w;
    w.begin_object().member("data", data).member("appKey", "999999").member("sign", sign).end_object();
    push.request.body = w.take();
    return push;
}

TEST(YundaSignature, MatchesTheDigestOfThePublicTestAccountsExample) {
    Account account = demo();
    account.settings["app_secret"] = "04d4ad40eeec11e9bad2d962f53dda9d";
    const auto request = yunda().encode_track(account, {}, {}, "3120052228790").value();
    EXPECT_EQ(request.body, R"({"mailno":"3120052228790"})");
    EXPECT_EQ(request.headers.find("sign"), "db8547260e1e5a67dd48b5835bc6c220");
    EXPECT_EQ(request.headers.find("app-key"), "999999");
}

TEST(YundaCallbacks, AreOffUnlessTheAccountSaysOtherwise) {
    for (const std::string_view off : {"", "false", "yes"}) {
        Account account = demo();
        account.settings["assumed_callbacks"] = off;
        const auto proof = yunda().authenticate(account, push_of(kData, kSign));
        ASSERT_FALSE(proof) << off;
        EXPECT_EQ(proof.error().code, "callbacks_off");
    }
    EXPECT_EQ(yunda().authenticate(demo(), push_of(kData, kSign)).value(), Proof::weak_signature);
}

TEST(YundaCallbacks, AnAssumedSignThatDoesNotMatchIsRefused) {
    std::string changed(kData);
    for (char& byte : changed) {
        byte = static_cast<char>(byte ^ 1);
        EXPECT_FALSE(yunda().authenticate(demo(), push_of(changed, kSign))) << changed;
        byte = static_cast<char>(byte ^ 1);
    }
    EXPECT_EQ(yunda().authenticate(demo(), push_of(kData, "")).error().code, "unsigned_push");
    EXPECT_EQ(yunda().authenticate(demo(), push_of(kData, kSign.substr(1))).error().code, "bad_signature");
    Account empty = demo();
    empty.settings["app_secret"] = "";
    EXPECT_FALSE(yunda().authenticate(empty, push_of("x", "221c572a00dbb05f5cacdf5d6be4f816")));
}

TEST(YundaCallbacks, TheSecretMayBeRotatedAndTheSignMayBeAbsent) {
    Account rotated = demo();
    rotated.settings["app_secret_previous"] = "yunda-demo-secret";
    rotated.settings["app_secret"] = "new";
    EXPECT_TRUE(yunda().authenticate(rotated, push_of(kData, kSign)));
    rotated.settings.erase("app_secret_previous");
    EXPECT_FALSE(yunda().authenticate(rotated, push_of(kData, kSign)));
    rotated.settings["callback_sign"] = "absent";
    EXPECT_EQ(yunda().authenticate(rotated, push_of(kData, "")).value(), Proof::secret_url);
}

TEST(YundaCallbacks, WhatIsUnreadableIsQuarantined) {
    for (const std::string_view data :
         {"", "[]", "{}", "5", R"({"mailno":"3120000000001"})", R"({"orderid":"GW1"})",
          R"({"action":"GOT","time":"2026-01-10 16:20:00"})", R"({"action":"GOT","mailno":"1","time":"now"})",
          R"({"action":"","mailno":"1","time":"2026-01-10 16:20:00"})"}) {
        const auto events = yunda().decode_push(demo(), push_of(data, ""));
        ASSERT_FALSE(events) << data;
        EXPECT_EQ(events.error().kind, ErrorKind::malformed) << data;
    }
}

TEST(YundaAccount, ChoicesAndUrlsAreChecked) {
    const std::pair<std::string, std::string> wrong[] = {{"assumed_callbacks", "yes"},
                                                         {"callback_sign", "maybe"},
                                                         {"callback_base", "gw.example"},
                                                         {"callback_base", "https://gw.example/"},
                                                         {"callback_base", "https://gw.example?x"}};
    EXPECT_TRUE(yunda().check(demo()));
    for (const auto& [key, value] : wrong) {
        Account account = demo();
        account.settings[key] = value;
        EXPECT_EQ(yunda().check(account).error().code, "bad_setting") << key << " " << value;
    }
}

}  // namespace
}  // namespace returngate::courier
