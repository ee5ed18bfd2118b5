// Delivery rules of Standard Webhooks 1.0.0, "Operational considerations".
#include "src/webhook/endpoint_health.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace returngate::webhook {
namespace {

constexpr Duration kMostRetryAfter = std::chrono::hours(24);

std::optional<int> number(std::string_view text) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value < 0) return std::nullopt;
    return value;
}

// "Sun, 06 Nov 1994 08:49:37 GMT", the only form that may be sent (RFC 9110 5.6.7).
std::optional<Instant> parse_http_date(std::string_view text) {
    constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    if (text.size() != 29 || !text.ends_with(" GMT")) return std::nullopt;
    const auto month = std::ranges::find(kMonths, text.substr(8, 3));
    const auto day = number(text.substr(5, 2));
    const auto year = number(text.substr(12, 4));
    const auto hour = number(text.substr(17, 2));
    const auto minute = number(text.substr(20, 2));
    const auto second = number(text.substr(23, 2));
    if (month == kMonths.end() || !day || !year || !hour || !minute || !second) return std::nullopt;
    const std::chrono::year_month_day date{
        std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(month - kMonths.begin()) + 1),
        std::chrono::day(static_cast<unsigned>(*day))};
    if (!date.ok()) return std::nullopt;
    return Instant(std::chrono::sys_days(date)) + std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
           std::chrono::seconds(*second);
}

Duration doubled(Duration first, int times, Duration longest) {
    for (int i = 0; i < times && first < longest; ++i) first *= 2;
    return std::min(first, longest);
}

}  // namespace

Verdict verdict_of(int status) {
    if (status >= 200 && status < 300) return Verdict::delivered;
    switch (status) {
        case 410: return Verdict::gone;
        case 429:
        case 502:
        case 503:
        case 504: return Verdict::slow_down;
        default: return Verdict::failed;
    }
}

std::optional<Duration> parse_retry_after(std::string_view text, Instant now) {
    if (const auto seconds = number(text)) {
        return std::min<Duration>(std::chrono::seconds(*seconds), kMostRetryAfter);
    }
    const auto at = parse_http_date(text);
    if (!at || *at <= now) return std::nullopt;
    return std::min(*at - now, kMostRetryAfter);
}

Duration retry_delay(const DeliveryTerms& terms, int attempts, std::uint8_t roll) {
    const Duration whole = doubled(terms.first_retry, 2 * (std::max(attempts, 1) - 1), terms.longest_retry);
    return whole * (80 * 255 + 40 * int{roll}) / (100 * 255);
}

std::string_view to_string(PauseReason reason) {
    constexpr std::array<std::string_view, 4> kWords{"", "by_request", "gone", "failing"};
    return kWords.at(static_cast<std::size_t>(reason));
}

PauseReason record(const DeliveryTerms& terms, Health& health, const Attempt& attempt, Instant now) {
    if (attempt.verdict == Verdict::delivered) {
        health = Health{.next_at = health.next_at};
        return PauseReason::none;
    }
    ++health.failures;
    if (!health.failing_since) health.failing_since = now;
    if (attempt.verdict == Verdict::gone) return PauseReason::gone;
    if (now - *health.failing_since >= terms.pause_after) return PauseReason::failing;
    const bool applies_to_all = attempt.verdict == Verdict::slow_down;
    if (applies_to_all && attempt.retry_after) {
        health.next_at = std::max(health.next_at, now + *attempt.retry_after);
    }
    if (is_breaker_open(terms, health)) {
        const Duration wait =
            doubled(terms.first_retry, health.failures - terms.breaker_failures, terms.longest_breaker);
        health.next_at = std::max(health.next_at, now + wait);
    }
    return PauseReason::none;
}

}  // namespace returngate::webhook
