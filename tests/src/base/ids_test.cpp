// Ids: their text forms, the cell inside them, and what a seed gives.
#include "src/base/ids.hpp"

#include <gtest/gtest.h>
#include <set>

namespace returngate {
namespace {

std::array<std::uint8_t, 16> counting_seed() {
    std::array<std::uint8_t, 16> seed{};
    for (std::size_t i = 0; i < seed.size(); ++i) seed[i] = static_cast<std::uint8_t>(i);
    return seed;
}

TEST(Ids, SurviveTheWayThroughText) {
    IdSource source{counting_seed()};
    const auto id = source.next<ReturnTag>(0xA7);
    const std::string text = to_string(id);
    EXPECT_EQ(text.size(), 36U);
    EXPECT_EQ(text.substr(0, 6), "ret_a7");
    EXPECT_EQ(parse_id<ReturnTag>(text), id);
}

TEST(Ids, AreReadFromPostgresUuidsWithDashes) {
    const auto id = parse_id<AdvanceTag>("adv_00112233-4455-6677-8899-aAbBcCdDeEfF");
    ASSERT_TRUE(id.has_value());
    EXPECT_EQ(to_string(*id), "adv_00112233445566778899aabbccddeeff");
}

TEST(Ids, OfAnotherKindOrLengthAreRefused) {
    EXPECT_FALSE(parse_id<ReturnTag>("adv_00112233445566778899aabbccddeeff"));
    EXPECT_FALSE(parse_id<ReturnTag>("ret_00112233445566778899aabbccddeef"));
    EXPECT_FALSE(parse_id<ReturnTag>("ret_00112233445566778899aabbccddeeff0"));
    EXPECT_FALSE(parse_id<ReturnTag>("ret_00112233445566778899aabbccddeefg"));
    EXPECT_FALSE(parse_id<ReturnTag>(""));
}

// Expected bytes from `openssl mac -macopt hexkey:000102…0f -macopt size:8 SIPHASH` over the counters
// 0 and 1 as eight little-endian bytes: a78176a01c85d339, f6d1e685b0b2912b. The cell replaces the first.
TEST(Ids, AreTheSipHashOfTheCounter) {
    IdSource source{counting_seed()};
    EXPECT_EQ(to_string(source.next<ReturnTag>(0x5C)), "ret_5c8176a01c85d339f6d1e685b0b2912b");
}

// The same bytes without the cell through `base32`.
TEST(BookingReferences, AreTheBase32OfTheSameBytes) {
    IdSource source{counting_seed()};
    EXPECT_EQ(source.next_booking_reference(0x5C).value, "RG5CQF3KAHEF2M47NUPGQWYLFEJL");
}

TEST(Ids, OfTheSameSeedAreTheSameInTheSameOrder) {
    IdSource first{counting_seed()};
    IdSource second{counting_seed()};
    for (int i = 0; i < 100; ++i) {
        EXPECT_EQ(first.next<ReturnTag>(3), second.next<ReturnTag>(3));
        EXPECT_EQ(first.next_booking_reference(3), second.next_booking_reference(3));
    }
}

TEST(Ids, DoNotRepeatAndAreSpreadEvenly) {
    IdSource source{counting_seed()};
    std::set<ReturnId> seen;
    std::array<int, 16 * 8> ones{};
    constexpr int kIds = 20'000;
    for (int i = 0; i < kIds; ++i) {
        const auto id = source.next<ReturnTag>(0);
        seen.insert(id);
        for (std::size_t bit = 0; bit < ones.size(); ++bit) ones[bit] += id.bytes[bit / 8] >> (bit % 8) & 1;
    }
    EXPECT_EQ(seen.size(), static_cast<std::size_t>(kIds));
    for (std::size_t bit = 8; bit < ones.size(); ++bit) EXPECT_NEAR(ones[bit], kIds / 2.0, 500) << bit;
}

TEST(BookingReferences, CarryTheCellAndFitEveryCourier) {
    IdSource source{counting_seed()};
    for (int cell = 0; cell < 256; ++cell) {
        const auto reference = source.next_booking_reference(static_cast<Cell>(cell));
        EXPECT_EQ(reference.value.size(), 28U);
        EXPECT_EQ(reference.value.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"),
                  std::string::npos);
        EXPECT_EQ(cell_of(reference), static_cast<Cell>(cell));
    }
}

TEST(BookingReferences, OfAnotherFormHaveNoCell) {
    const std::string random(24, 'Q');
    EXPECT_EQ(cell_of(BookingReference{"RG7F" + random}), Cell{0x7F});
    EXPECT_FALSE(cell_of(BookingReference{"RG7f" + random}));
    EXPECT_FALSE(cell_of(BookingReference{"XX7F" + random}));
    EXPECT_FALSE(cell_of(BookingReference{"RG7F" + random + "Q"}));
    EXPECT_FALSE(cell_of(BookingReference{"RG7F" + std::string(24, '1')}));
    EXPECT_FALSE(cell_of(BookingReference{""}));
}

// FNV-1a 64 of "" is cbf29ce484222325, of "a" af63dc4c8601ec8c, of "foobar" 85944171f73967e8 (the
// algorithm's published test vectors), their eight bytes folded together by xor.
TEST(Cells, AreTheFoldedPublishedHash) {
    EXPECT_EQ(cell_of(std::string_view{""}), 0xcb ^ 0xf2 ^ 0x9c ^ 0xe4 ^ 0x84 ^ 0x22 ^ 0x23 ^ 0x25);
    EXPECT_EQ(cell_of(std::string_view{"a"}), 0xaf ^ 0x63 ^ 0xdc ^ 0x4c ^ 0x86 ^ 0x01 ^ 0xec ^ 0x8c);
    EXPECT_EQ(cell_of(std::string_view{"foobar"}), 0x85 ^ 0x94 ^ 0x41 ^ 0x71 ^ 0xf7 ^ 0x39 ^ 0x67 ^ 0xe8);
}

}  // namespace
}  // namespace returngate
