// SM4-ECB against the standard's vector, and what is no text under the key.
#include "adapters/crypto/sm4.hpp"

#include <gtest/gtest.h>

#include "adapters/crypto/digest.hpp"

namespace returngate::crypto {
namespace {

const Sm4Key kKey{0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef,
                  0xfe, 0xdc, 0xba, 0x98, 0x76, 0x54, 0x32, 0x10};

std::string hex(const std::string& text) {
    return to_hex({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

// GB/T 32907-2016, example 1: the first block; the second is the padding, as openssl's command line has it.
TEST(Sm4, MatchesTheStandardsExample) {
    const std::string plain = from_hex("0123456789abcdeffedcba9876543210").value();
    EXPECT_EQ(hex(sm4_ecb_encrypt(kKey, plain)),
              "681edf34d206965e86b3e94f536e4246002a8a4efa863ccad024ac0300bb40d2");
}

TEST(Sm4, RoundsTripAtEveryLength) {
    std::string plain;
    for (int i = 0; i < 40; ++i, plain += 'x')
        EXPECT_EQ(sm4_ecb_decrypt(kKey, sm4_ecb_encrypt(kKey, plain)), plain);
}

TEST(Sm4, RefusesBrokenBlocksAndForeignKeys) {
    const std::string cipher = sm4_ecb_encrypt(kKey, "a text of two blocks, no less");
    EXPECT_FALSE(sm4_ecb_decrypt(kKey, ""));
    EXPECT_FALSE(sm4_ecb_decrypt(kKey, cipher.substr(1)));
    EXPECT_FALSE(sm4_ecb_decrypt(kKey, cipher.substr(0, 16)));
    Sm4Key other = kKey;
    other[0] ^= 1;
    EXPECT_FALSE(sm4_ecb_decrypt(other, cipher));
}

TEST(Sm4, KeysAreSixteenBytesInBase64) {
    EXPECT_EQ(sm4_key_from_base64("ASNFZ4mrze/+3LqYdlQyEA=="), kKey);
    EXPECT_FALSE(sm4_key_from_base64("ASNFZ4mrze/+3LqYdlQy"));
    EXPECT_FALSE(sm4_key_from_base64("not base64"));
    EXPECT_FALSE(sm4_key_from_base64(""));
}

}  // namespace
}  // namespace returngate::crypto
