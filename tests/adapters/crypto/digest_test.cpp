// Published vectors for the digests; strictness of the encodings.
#include "adapters/crypto/digest.hpp"

#include <gtest/gtest.h>

namespace returngate::crypto {
namespace {

std::span<const std::uint8_t> bytes_of(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

TEST(Digest, Md5MatchesRfc1321) {
    EXPECT_EQ(to_hex(md5("")), "d41d8cd98f00b204e9800998ecf8427e");
    EXPECT_EQ(to_hex(md5("abc")), "900150983cd24fb0d6963f7d28e17f72");
    EXPECT_EQ(to_hex(md5("message digest")), "f96b697d7cb7938d525a2f31aaf161d0");
}

TEST(Digest, PartsHashLikeOneText) {
    EXPECT_EQ(md5({"message", "", " digest"}), md5("message digest"));
    EXPECT_EQ(sha256({"a", "bc"}), sha256("abc"));
}

TEST(Digest, Sha256MatchesFips180) {
    EXPECT_EQ(to_hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Digest, Sm3MatchesGbt32905) {
    EXPECT_EQ(to_hex(sm3("abc")), "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
}

TEST(Digest, HmacSha256MatchesRfc4231) {
    EXPECT_EQ(to_hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    // RFC 4231 has no empty key; this value is openssl's.
    EXPECT_EQ(to_hex(hmac_sha256("", "")),
              "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

// RFC 2202 and RFC 4231, test case 2.
TEST(Digest, HmacOfEveryHashMatchesItsRfc) {
    const std::pair<HmacHash, std::string_view> rows[] = {
        {HmacHash::md5, "750c783e6ab0b503eaa86e310a5db738"},
        {HmacHash::sha1, "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"},
        {HmacHash::sha256, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
        {HmacHash::sha512,
         "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcae"
         "ab1a3"
         "4d4a6b4b636e070a38bce737"},
    };
    for (const auto& [hash, mac] : rows)
        EXPECT_EQ(to_hex(hmac(hash, "Jefe", "what do ya want for nothing?")), mac);
}

TEST(Hex, RoundsTripAndRefusesOddOrForeign) {
    EXPECT_EQ(from_hex("00fFa0"), std::string("\x00\xff\xa0", 3));
    EXPECT_FALSE(from_hex("0"));
    EXPECT_FALSE(from_hex("0g"));
}

TEST(Base64, MatchesRfc4648) {
    const std::pair<std::string_view, std::string_view> rows[] = {{"", ""},
                                                                  {"f", "Zg=="},
                                                                  {"fo", "Zm8="},
                                                                  {"foo", "Zm9v"},
                                                                  {"foob", "Zm9vYg=="},
                                                                  {"fooba", "Zm9vYmE="},
                                                                  {"foobar", "Zm9vYmFy"}};
    for (const auto& [plain, encoded] : rows) {
        EXPECT_EQ(to_base64(bytes_of(plain)), encoded);
        EXPECT_EQ(from_base64(encoded), plain);
    }
}

TEST(Base64, RefusesWhatHasASecondReading) {
    for (const std::string_view text :
         {"Zg", "Zg=", "Zh==", "Zm9=", "Zm 9", "Zm9v\n", "====", "=m9v", "Z=9v", "Zm-_"})
        EXPECT_FALSE(from_base64(text)) << text;
}

TEST(Base64, DigestForgivesAPlusLostToASpaceAndNothingElse) {
    const std::string digest("\xfb\xef\xbe\x01\x02\x03", 6);  // "++++AQID"
    EXPECT_EQ(to_base64(bytes_of(digest)), "++++AQID");
    EXPECT_TRUE(base64_digest_matches(bytes_of(digest), "++++AQID"));
    EXPECT_TRUE(base64_digest_matches(bytes_of(digest), "+ ++AQID"));
    for (const std::string_view wrong :
         {"", "++++AQI", "++++AQIE", "++++AQID ", "-+++AQID", "++++", "++++AQIDAQID",
          "++++AQID=", "++++AQID\n", "--__AQID", "%2B+++AQID", "fbefbe010203", "v1,++++AQID"})
        EXPECT_FALSE(base64_digest_matches(bytes_of(digest), wrong)) << wrong;
}

TEST(Hex, DigestMatchesInLettersOfEitherCaseAndNothingElse) {
    const std::string digest("\xfb\x0a\x10", 3);
    for (const std::string_view right : {"fb0a10", "FB0A10", "Fb0a10"})
        EXPECT_TRUE(hex_digest_matches(bytes_of(digest), right)) << right;
    for (const std::string_view wrong : {"", "fb0a1", "fb0a11", "fb0a1000", "fb0a1g", " fb0a10", "fb0a",
                                         "fb0a10fb0a10", "0xfb0a10", "fb0a10\n", "fb:0a:10", "+woQ"})
        EXPECT_FALSE(hex_digest_matches(bytes_of(digest), wrong)) << wrong;
}

TEST(ConstantTime, ComparesLikeEquals) {
    EXPECT_TRUE(equal_in_constant_time(std::string_view(""), std::string_view("")));
    EXPECT_TRUE(equal_in_constant_time(std::string_view("abc"), std::string_view("abc")));
    EXPECT_FALSE(equal_in_constant_time(std::string_view("abc"), std::string_view("abd")));
    EXPECT_FALSE(equal_in_constant_time(std::string_view("abc"), std::string_view("ab")));
}

}  // namespace
}  // namespace returngate::crypto
