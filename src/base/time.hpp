// Instants are UTC; windows, cut-offs and working days are Asia/Shanghai wall clock.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace returngate {

using Instant = std::chrono::sys_time<std::chrono::microseconds>;
using Duration = std::chrono::microseconds;

// Half-open [start, end).
struct Window {
    Instant start{};
    Instant end{};
    bool operator==(const Window&) const = default;
};

// Wall clock of Asia/Shanghai, by the tz database.
struct LocalTime {
    std::chrono::year_month_day date{};
    std::chrono::microseconds since_midnight{};
};
[[nodiscard]] LocalTime shanghai(Instant instant);
[[nodiscard]] Instant from_shanghai(std::chrono::year_month_day date,
                                    std::chrono::microseconds since_midnight);

// RFC 3339 in UTC with a trailing Z, microseconds only when not zero: 2026-01-10T07:20:00Z.
[[nodiscard]] std::string format_rfc3339(Instant instant);
// Accepts Z or a numeric offset and up to 9 fractional digits; nothing else.
[[nodiscard]] std::optional<Instant> parse_rfc3339(std::string_view text);

// The couriers' wall clock, yyyy-MM-dd HH:mm:ss in Asia/Shanghai.
[[nodiscard]] std::string format_shanghai(Instant instant);
// Accepts fractional seconds; a zone suffix (Z, +08:00) is honoured when present.
[[nodiscard]] std::optional<Instant> parse_shanghai(std::string_view text);

}  // namespace returngate
