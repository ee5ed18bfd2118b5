// What a receiver's answer means, when to try again, and when to stop: no clock, no chance, no I/O.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "src/base/time.hpp"

namespace returngate::webhook {

// All of it is configuration ([webhooks] in returngate.toml).
struct DeliveryTerms {
    Duration first_retry = std::chrono::seconds(5);
    Duration longest_retry = std::chrono::hours(6);
    int breaker_failures = 5;  // in a row; then one attempt at a time
    Duration longest_breaker = std::chrono::minutes(10);
    Duration pause_after = std::chrono::hours(72);  // of nothing but failures
};

enum class Verdict : std::uint8_t {
    delivered,
    failed,     // this message, later again
    slow_down,  // 429, 502, 503, 504: the endpoint as a whole
    gone,       // 410: the receiver wants no more
};

struct Attempt {
    Verdict verdict = Verdict::failed;
    int status = 0;                         // 0: no answer
    std::string error;                      // a word of ours where there was no answer
    std::optional<Duration> retry_after{};  // as the receiver asked
};

// Only 2xx is a success; redirects are not followed, so they are failures.
[[nodiscard]] Verdict verdict_of(int status);

// Seconds, or an HTTP date (RFC 9110 10.2.3). Past, unreadable or absurd ones are absent; at most a day.
[[nodiscard]] std::optional<Duration> parse_retry_after(std::string_view text, Instant now);

// first × 4^(attempts - 1), no longer than the longest, spread over ±20 % by `roll` (0…255): receivers that
// failed together do not come back together.
[[nodiscard]] Duration retry_delay(const DeliveryTerms& terms, int attempts, std::uint8_t roll);

// How an endpoint stands; as stored.
struct Health {
    int failures = 0;  // in a row, over all messages
    std::optional<Instant> failing_since{};
    Instant next_at{};  // nothing is sent before
};

enum class PauseReason : std::uint8_t { none, by_request, gone, failing };
[[nodiscard]] std::string_view to_string(PauseReason reason);

[[nodiscard]] inline bool is_breaker_open(const DeliveryTerms& terms, const Health& health) {
    return health.failures >= terms.breaker_failures;
}
// Of one attempt; says whether the endpoint is to be paused.
[[nodiscard]] PauseReason record(const DeliveryTerms& terms, Health& health, const Attempt& attempt,
                                 Instant now);

}  // namespace returngate::webhook
