// When an endpoint is tried again, and when it is left alone.
#include "src/webhook/endpoint_health.hpp"

#include <gtest/gtest.h>

namespace returngate::webhook {
namespace {

using namespace std::chrono_literals;

const DeliveryTerms kTerms;
const Instant kNow = *parse_rfc3339("2026-01-10T07:20:00Z");

Attempt failed(int status = 500) {
    Attempt attempt;
    attempt.verdict = verdict_of(status);
    attempt.status = status;
    return attempt;
}

Attempt delivered() {
    Attempt attempt;
    attempt.verdict = Verdict::delivered;
    attempt.status = 204;
    return attempt;
}

TEST(AnAnswer, CountsAsDeliveredWhenItIs2xxAndOnlyThen) {
    EXPECT_EQ(verdict_of(200), Verdict::delivered);
    EXPECT_EQ(verdict_of(204), Verdict::delivered);
    for (const int status : {0, 101, 301, 302, 307, 400, 404, 500}) {
        EXPECT_EQ(verdict_of(status), Verdict::failed) << status;
    }
    for (const int status : {429, 502, 503, 504}) EXPECT_EQ(verdict_of(status), Verdict::slow_down);
    EXPECT_EQ(verdict_of(410), Verdict::gone);
}

TEST(RetryAfter, IsSecondsOrADateAndAtMostADay) {
    EXPECT_EQ(parse_retry_after("120", kNow), Duration(120s));
    EXPECT_EQ(parse_retry_after("0", kNow), Duration(0s));
    EXPECT_EQ(parse_retry_after("99999999", kNow), Duration(24h));
    EXPECT_EQ(parse_retry_after("Sat, 10 Jan 2026 07:21:30 GMT", kNow), Duration(90s));
    for (const auto* text : {"", "-1", "soon", "1.5", "Sat, 10 Jan 2026 07:19:59 GMT",
                             "Sat, 40 Jan 2026 07:21:30 GMT", "99999999999999999999"}) {
        EXPECT_FALSE(parse_retry_after(text, kNow)) << text;
    }
}

TEST(RetryDelay, GrowsFourfoldUpToTheLongestAndIsSpread) {
    constexpr std::uint8_t kLeast = 0;
    constexpr std::uint8_t kMost = 255;
    EXPECT_EQ(retry_delay(kTerms, 1, kLeast), Duration(4s));
    EXPECT_EQ(retry_delay(kTerms, 1, kMost), Duration(6s));
    EXPECT_EQ(retry_delay(kTerms, 3, kLeast), Duration(64s));
    EXPECT_EQ(retry_delay(kTerms, 3, kMost), Duration(96s));
    EXPECT_EQ(retry_delay(kTerms, 1000, kLeast), Duration(6h) * 8 / 10);
}

TEST(Health, OpensTheBreakerAfterFiveFailuresAndAsksRarer) {
    Health health;
    for (int i = 0; i < 4; ++i) EXPECT_EQ(record(kTerms, health, failed(), kNow), PauseReason::none);
    EXPECT_FALSE(is_breaker_open(kTerms, health));
    EXPECT_LE(health.next_at, kNow);
    EXPECT_EQ(record(kTerms, health, failed(), kNow), PauseReason::none);
    EXPECT_TRUE(is_breaker_open(kTerms, health));
    EXPECT_EQ(health.next_at, kNow + 5s);
    EXPECT_EQ(record(kTerms, health, failed(), kNow + 5s), PauseReason::none);
    EXPECT_EQ(health.next_at, kNow + 15s);
    for (int i = 0; i < 100; ++i) EXPECT_EQ(record(kTerms, health, failed(), kNow), PauseReason::none);
    EXPECT_EQ(health.next_at, kNow + 10min);
    EXPECT_EQ(record(kTerms, health, delivered(), kNow), PauseReason::none);
    EXPECT_FALSE(is_breaker_open(kTerms, health));
    EXPECT_FALSE(health.failing_since);
}

TEST(Health, WaitsAsLongAsTheReceiverAsks) {
    Health health;
    Attempt attempt = failed(429);
    attempt.retry_after = 90s;
    EXPECT_EQ(record(kTerms, health, attempt, kNow), PauseReason::none);
    EXPECT_EQ(health.next_at, kNow + 90s);
}

TEST(Health, PausesWhatIsGoneAndWhatHasFailedForThreeDays) {
    Health health;
    EXPECT_EQ(record(kTerms, health, failed(410), kNow), PauseReason::gone);
    health = Health();
    EXPECT_EQ(record(kTerms, health, failed(), kNow), PauseReason::none);
    EXPECT_EQ(record(kTerms, health, failed(), kNow + 72h - 1us), PauseReason::none);
    EXPECT_EQ(record(kTerms, health, failed(), kNow + 72h), PauseReason::failing);
}

TEST(Health, CountsThreeDaysFromTheLastSuccess) {
    Health health;
    EXPECT_EQ(record(kTerms, health, failed(), kNow), PauseReason::none);
    EXPECT_EQ(record(kTerms, health, delivered(), kNow + 71h), PauseReason::none);
    EXPECT_EQ(record(kTerms, health, failed(), kNow + 73h), PauseReason::none);
}

}  // namespace
}  // namespace returngate::webhook
