// Decimal texts as scaled integers.
#include "adapters/json/decimal.hpp"

#include <cstdlib>

namespace returngate::json {
namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool push_digit(std::int64_t& value, int digit, bool negative) {
    return !__builtin_mul_overflow(value, std::int64_t{10}, &value) &&
           !__builtin_add_overflow(value, std::int64_t{negative ? -digit : digit}, &value);
}

}  // namespace

std::optional<std::int64_t> parse_scaled(std::string_view text, int digits) {
    const bool negative = text.starts_with('-');
    if (negative) text.remove_prefix(1);
    const std::size_t point = text.find('.');
    const std::string_view whole = text.substr(0, point);
    const std::string_view fraction = point == text.npos ? std::string_view() : text.substr(point + 1);
    if (whole.empty() || (point != text.npos && fraction.empty())) return std::nullopt;

    std::int64_t value = 0;
    for (const char c : whole)
        if (!is_digit(c) || !push_digit(value, c - '0', negative)) return std::nullopt;
    const auto scale = static_cast<std::size_t>(digits);
    for (std::size_t i = 0; i < scale || i < fraction.size(); ++i) {
        const char c = i < fraction.size() ? fraction[i] : '0';
        if (!is_digit(c)) return std::nullopt;
        if (i >= scale && c != '0') return std::nullopt;
        if (i < scale && !push_digit(value, c - '0', negative)) return std::nullopt;
    }
    return value;
}

std::string format_scaled(std::int64_t value, int digits) {
    // Digits of the magnitude, so that the smallest int64 needs no special case.
    std::string text = std::to_string(value);
    const bool negative = text.starts_with('-');
    if (negative) text.erase(0, 1);
    const auto scale = static_cast<std::size_t>(digits);
    if (text.size() <= scale) text.insert(0, scale + 1 - text.size(), '0');
    if (scale > 0) {
        text.insert(text.size() - scale, ".");
        text.erase(text.find_last_not_of('0') + 1);
        if (text.ends_with('.')) text.pop_back();
    }
    return negative ? "-" + text : text;
}

}  // namespace returngate::json
