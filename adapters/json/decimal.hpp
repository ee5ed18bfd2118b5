// Decimal texts as scaled integers, exactly: "1.25" kg is 1250 g, "12.00" yuan is 1200 fen. No doubles.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace returngate::json {

// value × 10^digits. Plain decimals only ("-1.5", "12", "0.10"; no exponent, no "+", no ".5").
// Further fraction digits must be zero; overflow and everything else is nullopt.
[[nodiscard]] std::optional<std::int64_t> parse_scaled(std::string_view text, int digits);
// The shortest decimal: (1500, 3) → "1.5", (1000, 3) → "1".
[[nodiscard]] std::string format_scaled(std::int64_t value, int digits);

}  // namespace returngate::json
