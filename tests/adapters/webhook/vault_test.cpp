// What is stored of a webhook secret: it opens for its endpoint and its key, and for nobody else.
#include "adapters/webhook/vault.hpp"

#include <gtest/gtest.h>

namespace returngate::webhook {
namespace {

const Secret kSecret(32, 's');
constexpr std::array<std::uint8_t, 16> kRandom{1, 2, 3};

crypto::AesKey key(std::uint8_t byte) {
    crypto::AesKey made{};
    made.fill(byte);
    return made;
}
EndpointId endpoint(std::uint8_t byte) {
    EndpointId id;
    id.bytes[0] = byte;
    return id;
}

TEST(WebhookVault, OpensWhatItSealedForThatEndpointOnly) {
    const Vault vault(key(1));
    const std::string sealed = vault.seal(endpoint(1), kSecret, kRandom);
    EXPECT_EQ(sealed.size(), 12 + kSecret.size() + 16);
    EXPECT_EQ(sealed.find(kSecret.substr(0, 4)), std::string::npos);
    EXPECT_EQ(vault.open(endpoint(1), sealed), kSecret);
    EXPECT_EQ(vault.open(endpoint(2), sealed), std::nullopt) << "moved to another endpoint";
    EXPECT_EQ(Vault(key(2)).open(endpoint(1), sealed), std::nullopt) << "another key";
    EXPECT_EQ(vault.open(endpoint(1), kSecret), std::nullopt) << "never sealed";
    EXPECT_EQ(vault.open(endpoint(1), ""), std::nullopt);
}

TEST(WebhookVault, SealsTheSameSecretDifferentlyEachTime) {
    const Vault vault(key(1));
    EXPECT_NE(vault.seal(endpoint(1), kSecret, kRandom), vault.seal(endpoint(1), kSecret, {4, 5, 6}));
}

TEST(WebhookVault, HasAKeyOf64HexDigits) {
    EXPECT_EQ(parse_vault_key(std::string(64, '1')), key(0x11));
    for (const std::string& wrong :
         {std::string(), std::string(62, '1'), std::string(66, '1'), std::string(64, 'g')})
        EXPECT_EQ(parse_vault_key(wrong), std::nullopt) << wrong;
}

}  // namespace
}  // namespace returngate::webhook
