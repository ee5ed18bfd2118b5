// Instants as text: RFC 3339 for our interfaces, the Shanghai wall clock for the couriers.
#include "src/base/time.hpp"

#include <gtest/gtest.h>
#include <string>

namespace returngate {
namespace {

using namespace std::chrono_literals;

// Seconds from `date -u -d … +%s`.
Instant at(std::int64_t unix_seconds, std::int64_t microseconds = 0) {
    return Instant{std::chrono::seconds{unix_seconds} + std::chrono::microseconds{microseconds}};
}

TEST(Rfc3339, PrintsUtcWithMicrosecondsOnlyWhenThereAreAny) {
    EXPECT_EQ(format_rfc3339(at(1768029600)), "2026-01-10T07:20:00Z");
    EXPECT_EQ(format_rfc3339(at(1768029600, 1)), "2026-01-10T07:20:00.000001Z");
    EXPECT_EQ(format_rfc3339(at(1768029600, 500'000)), "2026-01-10T07:20:00.500000Z");
    EXPECT_EQ(format_rfc3339(at(0)), "1970-01-01T00:00:00Z");
    EXPECT_EQ(format_rfc3339(at(-1, 999'999)), "1969-12-31T23:59:59.999999Z");
    EXPECT_EQ(format_rfc3339(at(951782400)), "2000-02-29T00:00:00Z");
}

TEST(Rfc3339, ReadsZonesAndFractions) {
    EXPECT_EQ(parse_rfc3339("2026-01-10T07:20:00Z"), at(1768029600));
    EXPECT_EQ(parse_rfc3339("2026-01-10T15:20:00+08:00"), at(1768029600));
    EXPECT_EQ(parse_rfc3339("2026-01-10T01:50:00-05:30"), at(1768029600));
    EXPECT_EQ(parse_rfc3339("2026-01-10T07:20:00.5Z"), at(1768029600, 500'000));
    EXPECT_EQ(parse_rfc3339("2026-01-10T07:20:00.123456789Z"), at(1768029600, 123'456));
    EXPECT_EQ(parse_rfc3339("2024-02-29T00:00:00Z"), at(1709164800));
}

TEST(Rfc3339, RefusesEverythingElse) {
    for (const char* text : {"",
                             "2026-01-10",
                             "2026-01-10T07:20:00",
                             "2026-01-10 07:20:00Z",
                             "2026-01-10T07:20Z",
                             "2026-01-10T07:20:60Z",
                             "2026-01-10T24:00:00Z",
                             "2026-01-10T07:60:00Z",
                             "2026-02-29T00:00:00Z",
                             "2026-13-01T00:00:00Z",
                             "2026-00-01T00:00:00Z",
                             "2026-01-32T00:00:00Z",
                             "2026-01-00T00:00:00Z",
                             "2026-1-10T07:20:00Z",
                             "2026-01-10T07:20:00.Z",
                             "2026-01-10T07:20:00.1234567890Z",
                             "2026-01-10T07:20:00+8:00",
                             "2026-01-10T07:20:00+0800",
                             "2026-01-10T07:20:00+24:00",
                             "2026-01-10T07:20:00+08:60",
                             "2026-01-10T07:20:00+08",
                             "2026-01-10T07:20:00ZZ",
                             " 2026-01-10T07:20:00Z",
                             "2026-01-10T07:20:00Z ",
                             "+026-01-10T07:20:00Z",
                             "2026-01-10t07:20:00z",
                             "0000-12-31T23:59:59Z",
                             "0001-01-01T00:00:00+00:01",
                             "9999-12-31T23:59:59-00:01",
                             "2025-02-29T00:00:00Z",
                             "12026-01-10T07:20:00Z"}) {
        EXPECT_FALSE(parse_rfc3339(text)) << text;
    }
}

TEST(Rfc3339, HoldsTheYearsOneToNineThousand) {
    for (const char* text : {"0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z"}) {
        const auto instant = parse_rfc3339(text);
        ASSERT_TRUE(instant) << text;
        EXPECT_EQ(format_rfc3339(*instant), text);
    }
}

TEST(Rfc3339, SurvivesTheRoundTripOverFourCenturies) {
    for (std::int64_t seconds = -6'000'000'000; seconds < 6'000'000'000; seconds += 1'234'567'8) {
        const Instant instant = at(seconds, seconds % 3 == 0 ? 0 : 123'456);
        EXPECT_EQ(parse_rfc3339(format_rfc3339(instant)), instant) << seconds;
    }
}

TEST(Shanghai, IsEightHoursAheadToday) {
    const LocalTime local = shanghai(at(1768029600));
    EXPECT_EQ(local.date, std::chrono::year{2026} / 1 / 10);
    EXPECT_EQ(local.since_midnight, 15h + 20min);
    EXPECT_EQ(from_shanghai(std::chrono::year{2026} / 1 / 10, 15h + 20min), at(1768029600));
}

TEST(Shanghai, TurnsTheDayAtSixteenHoursUtc) {
    EXPECT_EQ(shanghai(*parse_rfc3339("2026-01-10T15:59:59.999999Z")).date, std::chrono::year{2026} / 1 / 10);
    const LocalTime next = shanghai(*parse_rfc3339("2026-01-10T16:00:00Z"));
    EXPECT_EQ(next.date, std::chrono::year{2026} / 1 / 11);
    EXPECT_EQ(next.since_midnight, 0us);
}

// The tz database: Asia/Shanghai was at +9 from 1991-04-14 02:00 to 1991-09-15.
TEST(Shanghai, FollowsTheDatabaseThroughTheSummerTimeOfOldYears) {
    EXPECT_EQ(shanghai(*parse_rfc3339("1991-07-01T00:00:00Z")).since_midnight, 9h);
    EXPECT_EQ(from_shanghai(std::chrono::year{1991} / 7 / 1, 9h), *parse_rfc3339("1991-07-01T00:00:00Z"));
}

TEST(CourierClock, PrintsAndReadsTheShanghaiWallClock) {
    EXPECT_EQ(format_shanghai(at(1768029600)), "2026-01-10 15:20:00");
    EXPECT_EQ(parse_shanghai("2026-01-10 15:20:00"), at(1768029600));
    EXPECT_EQ(parse_shanghai("2026-01-10 15:20:00.250"), at(1768029600, 250'000));
    EXPECT_EQ(parse_shanghai("2026-01-10 00:00:00"), *parse_rfc3339("2026-01-09T16:00:00Z"));
}

TEST(CourierClock, HonoursAZoneWhenTheCourierWritesOne) {
    EXPECT_EQ(parse_shanghai("2026-01-10 07:20:00Z"), at(1768029600));
    EXPECT_EQ(parse_shanghai("2026-01-10T15:20:00+08:00"), at(1768029600));
    EXPECT_EQ(parse_shanghai("2026-01-10T15:20:00.000+08:00"), at(1768029600));
}

TEST(CourierClock, RefusesWhatIsNoTime) {
    for (const char* text : {"", "2026-01-10", "2026-01-10 15:20", "2026/01/10 15:20:00", "20260110152000",
                             "2026-02-30 00:00:00", "2026-01-10 24:00:00", "2026-01-10 15:20:60",
                             "2026-01-10 15:20:00 ", "2026-01-10 15:20:00X", "0000-01-01 00:00:00",
                             "0001-01-01 00:00:00", "9999-12-31T23:59:59-00:01"}) {
        EXPECT_FALSE(parse_shanghai(text)) << text;
    }
}

// What a program prints whose time was never set; one second later somebody meant it.
TEST(CourierClock, AtZeroIsNoTime) {
    EXPECT_FALSE(parse_shanghai("1970-01-01 08:00:00"));
    EXPECT_FALSE(parse_shanghai("1970-01-01 00:00:00Z"));
    EXPECT_EQ(parse_shanghai("1970-01-01 08:00:01"), at(1));
}

}  // namespace
}  // namespace returngate
