// The receiver's side against the specification's own vector.
#include "adapters/webhook/verification.hpp"

#include <gtest/gtest.h>

namespace returngate::webhook {
namespace {

constexpr std::string_view kAnotherSecret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

// The specification's vector, seen from the receiver's side.
http::Headers specified(std::string signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
                        std::string timestamp = "1614265330") {
    http::Headers headers;
    headers.set("Webhook-Id", "msg_p5jXN8AQM9LWM0D4loKWxJek");
    headers.set("Webhook-Timestamp", std::move(timestamp));
    headers.set("Webhook-Signature", std::move(signature));
    return headers;
}
constexpr std::string_view kSpecifiedBody = R"({"test": 2432232314})";

std::string verdict(const http::Headers& headers, std::int64_t at = 1614265330,
                    std::string_view body = kSpecifiedBody) {
    const std::vector<Secret> secrets{parse_secret(kAnotherSecret).value(),
                                      parse_secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").value()};
    const auto verified = verify(secrets, headers, body, Instant(std::chrono::seconds(at)));
    return verified ? "ok" : verified.error().code;
}

TEST(WebhookVerification, TakesTheSpecificationsVectorForFiveMinutes) {
    for (const int seconds : {-300, 0, 300}) EXPECT_EQ(verdict(specified(), 1614265330 + seconds), "ok");
    for (const int seconds : {-301, 301})
        EXPECT_EQ(verdict(specified(), 1614265330 + seconds), "stale_timestamp");
}

TEST(WebhookVerification, TakesOneFittingEntryOfSeveral) {
    const std::string good = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    EXPECT_EQ(verdict(specified("v1a,AAAA v1,AAAA " + good)), "ok");
    EXPECT_EQ(verdict(specified(good + " v2,x")), "ok");
    for (const std::string& bad : {std::string("v1a") + good.substr(2), good.substr(3), "v1," + good,
                                   good.substr(0, good.size() - 1), good + good, std::string("v1,")})
        EXPECT_EQ(verdict(specified(bad)), "bad_signature") << bad;
}

TEST(WebhookVerification, RefusesWhatIsMissingOrCouldBeReadInTwoWays) {
    for (const char* timestamp :
         {"", "01614265330", "+1614265330", "1614265330.0", " 1614265330", "x", "9999999999999999999999"})
        EXPECT_EQ(verdict(specified("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", timestamp)),
                  "unsigned")
            << timestamp;
    for (const char* name : {"Webhook-Id", "Webhook-Timestamp", "Webhook-Signature"}) {
        http::Headers headers = specified();
        std::erase_if(headers.fields, [name](const auto& field) { return field.first == name; });
        EXPECT_EQ(verdict(headers), "unsigned") << name;
    }
    // "a" "1614265330" "1.{}" and "a.1614265330" "1" "{}" are one text.
    http::Headers dotted = specified();
    dotted.set("Webhook-Id", "msg.1614265330");
    EXPECT_EQ(verdict(dotted), "unsigned");
    EXPECT_EQ(verdict(specified(), 1614265330, R"({"test": 2432232315})"), "bad_signature");
}

}  // namespace
}  // namespace returngate::webhook
