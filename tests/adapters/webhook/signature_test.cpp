// Signatures against the specification's own vector, and vectors made with the npm library.
#include "adapters/webhook/signature.hpp"

#include <gtest/gtest.h>

namespace returngate::webhook {
namespace {

constexpr std::string_view kSecretA = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
constexpr std::string_view kSecretB = "whsec_//79/Pv6+fj39vX08/Lx8O/u7ezr6uno5+bl5OPi4eA=";

const Message kMessage{
    "msg_2rT8pQ4vKxWn7ZyB1cDfGh",
    R"({"type":"refund.advanced","timestamp":"2025-01-01T15:00:00+08:00","data":{"returnId":"RT202501010001","amount":"99.00","note":"极速退款"}})"};

TEST(WebhookSignature, MatchesTheSpecificationsVector) {
    const auto secret = parse_secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    ASSERT_TRUE(secret);
    const Message message{"msg_p5jXN8AQM9LWM0D4loKWxJek", R"({"test": 2432232314})"};
    EXPECT_EQ(signature_of({*secret}, message, 1614265330),
              "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST(WebhookSignature, HasOnePartPerSecretWhileTheyOverlap) {
    const auto a = parse_secret(kSecretA);
    const auto b = parse_secret(kSecretB);
    ASSERT_TRUE(a && b);
    EXPECT_EQ(signature_of({*a, *b}, kMessage, 1735714800),
              "v1,GAz9S89LdfF0xuHsGj/tqDF0d0pmC8oohcUKxWwpWxw= "
              "v1,pCG14V0JesNfVWmklp4tmlBWRfd/Q9PoYy13uhrFt4o=");
}

TEST(WebhookSignature, TravelsInThreeHeaders) {
    const auto a = parse_secret(kSecretA);
    ASSERT_TRUE(a);
    http::Headers headers;
    add_headers(headers, {*a}, kMessage, Instant(std::chrono::milliseconds(1735714800'999)));
    EXPECT_EQ(headers.find("webhook-id"), kMessage.id);
    EXPECT_EQ(headers.find("webhook-timestamp"), "1735714800");
    EXPECT_EQ(headers.find("webhook-signature"), "v1,GAz9S89LdfF0xuHsGj/tqDF0d0pmC8oohcUKxWwpWxw=");
}

TEST(WebhookSecret, IsReadAsItWasWritten) {
    const Secret made = make_secret({1, 2, 3}, {4, 5, 6});
    EXPECT_EQ(made.size(), 32);
    EXPECT_EQ(parse_secret(text_of(made)), made);
    EXPECT_EQ(text_of(*parse_secret(kSecretB)), kSecretB);
}

TEST(WebhookSecret, OfAnotherShapeIsNone) {
    for (const auto* text :
         {"", "whsec_", "whpk_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
          "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "whsec_AAECAwQF", "whsec_no base"}) {
        EXPECT_FALSE(parse_secret(text)) << text;
    }
}

}  // namespace
}  // namespace returngate::webhook
