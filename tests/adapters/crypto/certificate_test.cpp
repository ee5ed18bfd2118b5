// Certificates against what `openssl x509 -noout -fingerprint -sha256 -enddate` says of them.
#include "adapters/crypto/certificate.hpp"

#include <gtest/gtest.h>
#include <string>

namespace returngate::crypto {
namespace {

const std::string kCaller = R"(
-----BEGIN CERTIFICATE-----
MIIBZDCCAQqgAwIBAgIBBzAKBggqhkjOPQQDAjARMQ8wDQYDVQQDDAZjYWxsZXIw
HhcNMjYxMTIyMDgxMDI1WhcNMzYxMTE5MDgxMDI1WjARMQ8wDQYDVQQDDAZjYWxs
ZXIwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAASAjd+kHOks6ZjiPKkK3BLt2y/c
rYCR53JtjZVHMIKdr4xCSItNRgoXINFShOcULp5wmX1AKCnvJvgnRR8LAkd+o1Mw
UTAdBgNVHQ4EFgQUElOvHg0kU2bfoFAxU9DX60V4UbcwHwYDVR0jBBgwFoAUElOv
Hg0kU2bfoFAxU9DX60V4UbcwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNI
ADBFAiA7ypmpglUpgNln4c/3UIJcUi5nLHu6vU1eaRVQYcV3cQIhAOD0Xx278qlK
+selqpGAACs2BwF0300JPQBeCWbWdV8F
-----END CERTIFICATE-----
)";
constexpr std::string_view kFingerprint = "60998d730553660ad287d7eee7f96cd790f01fef9dd93e2c6660dd20fcf1a723";

TEST(Certificates, HaveTheFingerprintAndTheEndThatOpensslShows) {
    const auto read = read_certificates(kCaller);
    ASSERT_TRUE(read) << read.error().message;
    ASSERT_EQ(read->size(), 1U);
    EXPECT_EQ(to_hex(read->front().fingerprint), kFingerprint);
    EXPECT_EQ(format_rfc3339(read->front().expires_at), "2036-11-19T08:10:25Z");
}

TEST(Certificates, AreReadInTheirOrderAndOtherBlocksArePassedOver) {
    const std::string key = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
    EXPECT_EQ(read_certificates("for people\n" + kCaller + key + kCaller).value().size(), 2U);
}

TEST(Certificates, ThatAreCutOrMissingAreMalformed) {
    std::string changed = kCaller;
    changed.replace(changed.find("MIIB"), 4, "AAAA");
    for (const std::string& text : {std::string(), std::string("no certificate"), changed,
                                    kCaller.substr(0, 300), kCaller + kCaller.substr(0, 300)}) {
        const auto read = read_certificates(text);
        ASSERT_FALSE(read) << text;
        EXPECT_EQ(read.error().kind, ErrorKind::malformed);
    }
}

}  // namespace
}  // namespace returngate::crypto
