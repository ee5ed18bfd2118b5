// AES-256-GCM against a published vector, and against everything that is not quite what was sealed.
#include "adapters/crypto/aead.hpp"

#include <algorithm>
#include <gtest/gtest.h>

#include "adapters/crypto/digest.hpp"

namespace returngate::crypto {
namespace {

std::string bytes(std::string_view hex) {
    return from_hex(hex).value();
}
std::string hex(const std::string& text) {
    return to_hex({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}
template <std::size_t Size>
std::array<std::uint8_t, Size> array(std::string_view text) {
    std::array<std::uint8_t, Size> made{};
    const std::string all = bytes(text);
    EXPECT_EQ(all.size(), Size);
    std::ranges::copy(all, made.begin());
    return made;
}

// McGrew and Viega, "The Galois/Counter Mode of Operation (GCM)", appendix B, test case 16.
const AesKey kKey = array<32>("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308");
const GcmNonce kNonce = array<12>("cafebabefacedbaddecaf888");
const std::string kPlain = bytes(
    "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
    "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39");
const std::string kAssociated = bytes("feedfacedeadbeeffeedfacedeadbeefabaddad2");
const std::string kSealed =
    "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
    "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
    "76fc6ece0f4e1768cddf8853bb2d551b";

TEST(AesGcm, MatchesThePublishedVector) {
    EXPECT_EQ(hex(seal(kKey, kNonce, kPlain, kAssociated)), kSealed);
    EXPECT_EQ(open(kKey, kNonce, bytes(kSealed), kAssociated), kPlain);
}

// The same document, test case 13: nothing encrypted, nothing associated, all zeros.
TEST(AesGcm, OfNothingIsItsTag) {
    EXPECT_EQ(hex(seal(AesKey{}, GcmNonce{}, "", "")), "530f8afbc74536b9a963b4f1c4cb738b");
    EXPECT_EQ(open(AesKey{}, GcmNonce{}, bytes("530f8afbc74536b9a963b4f1c4cb738b"), ""), "");
}

TEST(AesGcm, OpensNothingThatWasChangedAnywhere) {
    const std::string sealed = bytes(kSealed);
    for (std::size_t i = 0; i < sealed.size(); ++i) {
        std::string changed = sealed;
        changed[i] = static_cast<char>(changed[i] ^ 1);
        EXPECT_EQ(open(kKey, kNonce, changed, kAssociated), std::nullopt) << "byte " << i;
        EXPECT_EQ(open(kKey, kNonce, sealed.substr(0, i), kAssociated), std::nullopt) << i << " bytes";
    }
    AesKey other_key = kKey;
    other_key[31] ^= 1;
    GcmNonce other_nonce = kNonce;
    other_nonce[0] ^= 1;
    EXPECT_EQ(open(other_key, kNonce, sealed, kAssociated), std::nullopt);
    EXPECT_EQ(open(kKey, other_nonce, sealed, kAssociated), std::nullopt);
    EXPECT_EQ(open(kKey, kNonce, sealed, kAssociated + "x"), std::nullopt);
}

}  // namespace
}  // namespace returngate::crypto
