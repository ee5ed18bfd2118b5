// Bearer keys in memory.
#include "gateway/http/key_ring.hpp"

#include <gtest/gtest.h>

namespace returngate::api {
namespace {

constexpr Instant kNow{std::chrono::hours(500'000)};

StoredKey stored(const std::string& key, Caller caller) {
    StoredKey row;
    row.identity.caller = caller;
    row.hash = hash_of_key(key);
    row.expires_at = kNow + std::chrono::hours(1);
    return row;
}

std::string key(std::uint8_t seed) {
    std::array<std::uint8_t, 16> bytes{};
    bytes.fill(seed);
    return make_key(bytes, bytes);
}

TEST(KeyRing, KnowsALiveKeyByItsHash) {
    KeyRing ring;
    ring.replace({stored(key(1), Caller::finance), stored(key(2), Caller::seller)});
    ASSERT_TRUE(ring.find(key(1), kNow));
    EXPECT_EQ(ring.find(key(1), kNow)->caller, Caller::finance);
    EXPECT_EQ(ring.find(key(2), kNow)->caller, Caller::seller);
    EXPECT_FALSE(ring.find(key(3), kNow));
}

TEST(KeyRing, RefusesExpiredRevokedAndShortenedKeys) {
    KeyRing ring;
    StoredKey revoked = stored(key(2), Caller::finance);
    revoked.is_revoked = true;
    ring.replace({stored(key(1), Caller::finance), revoked});
    EXPECT_FALSE(ring.find(key(1), kNow + std::chrono::hours(1)));
    EXPECT_FALSE(ring.find(key(2), kNow));
    EXPECT_FALSE(ring.find(key(1).substr(0, 40), kNow));
    EXPECT_FALSE(ring.find("", kNow));
}

TEST(KeyRing, AKeyThatIsBoundToACertificateIsUnknownWithoutIt) {
    KeyRing ring;
    StoredKey bound = stored(key(1), Caller::finance);
    bound.client_certificate = std::string(64, 'a');
    ring.replace({bound, stored(key(2), Caller::finance)});
    EXPECT_FALSE(ring.find(key(1), kNow));
    EXPECT_FALSE(ring.find(key(1), kNow, std::string(64, 'b')));
    EXPECT_FALSE(ring.find(key(1), kNow, std::string(63, 'a')));
    EXPECT_TRUE(ring.find(key(1), kNow, std::string(64, 'a')));
    EXPECT_TRUE(ring.find(key(2), kNow, std::string(64, 'b'))) << "a free key may come with any";
    EXPECT_FALSE(ring.find("", kNow, std::string(64, 'a'))) << "a certificate alone opens nothing";
}

TEST(KeyRing, WhatIsReplacedIsGone) {
    KeyRing ring;
    ring.replace({stored(key(1), Caller::finance)});
    ring.replace({});
    EXPECT_FALSE(ring.find(key(1), kNow));
}

TEST(KeyRing, AMissMayAskTheDatabaseOnceASecond) {
    KeyRing ring;
    const std::chrono::steady_clock::time_point start{std::chrono::hours(1)};
    EXPECT_TRUE(ring.may_reload(start));
    EXPECT_FALSE(ring.may_reload(start + std::chrono::milliseconds(999)));
    EXPECT_TRUE(ring.may_reload(start + std::chrono::seconds(1)));
}

TEST(MadeKey, HasItsPrefixAndTwoHundredFiftySixBits) {
    EXPECT_TRUE(key(0xab).starts_with("rgk_abab"));
    EXPECT_EQ(key(0xab).size(), 68U);
}

}  // namespace
}  // namespace returngate::api
