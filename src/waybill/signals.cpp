// Looks at the longest stretch of digits. Lengths are chosen so that a real number hits one in ten
// million at most, except for the two reasons that only inform.
#include "src/waybill/signals.hpp"

#include <algorithm>
#include <array>

namespace returngate::waybill {
namespace {

constexpr std::size_t kMinRepeated = 8;
constexpr std::size_t kMinPeriodic = 10;
constexpr std::size_t kMinRun = 9;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

std::string_view longest_digits(std::string_view text) {
    std::string_view longest;
    for (std::size_t begin = 0; begin < text.size();) {
        std::size_t end = begin;
        while (end < text.size() && is_digit(text[end])) ++end;
        if (end - begin > longest.size()) longest = text.substr(begin, end - begin);
        begin = end + 1;
    }
    return longest;
}

bool has_period(std::string_view digits, std::size_t period) {
    for (std::size_t i = period; i < digits.size(); ++i) {
        if (digits[i] != digits[i - period]) return false;
    }
    return true;
}

// 1234567890… or 9876543210… from the first digit on; nine and zero are neighbours.
bool begins_with_run(std::string_view digits) {
    if (digits.size() < kMinRun) return false;
    const int step = (digits[1] - digits[0] + 10) % 10;
    if (step != 1 && step != 9) return false;
    for (std::size_t i = 2; i < kMinRun; ++i) {
        if ((digits[i] - digits[i - 1] + 10) % 10 != step) return false;
    }
    return true;
}

std::size_t trailing_zeros(std::string_view digits) {
    const std::size_t last = digits.find_last_not_of('0');
    return digits.size() - (last == std::string_view::npos ? 0 : last + 1);
}

bool is_sf_sandbox(std::string_view number) {
    return number.starts_with("SF7444") || (number.size() == 12 && number.starts_with("444"));
}

}  // namespace

Signals find_signals(std::string_view canonical) {
    Signals signals;
    auto add = [&](std::string_view reason, bool is_placeholder) {
        signals.reasons.push_back(reason);
        signals.is_placeholder = signals.is_placeholder || is_placeholder;
    };
    const std::string_view digits = longest_digits(canonical);
    if (digits.size() >= kMinRepeated && has_period(digits, 1)) {
        add("one_digit_repeated", true);
    } else if (digits.size() >= kMinPeriodic && (has_period(digits, 2) || has_period(digits, 3))) {
        add("repeated_pattern", true);
    }
    if (begins_with_run(digits)) add("run_of_digits", true);
    // What a spreadsheet leaves of a number: 15 significant digits, or fewer behind an exponent.
    const bool is_numeric = digits.size() == canonical.size();
    const std::size_t zeros = trailing_zeros(digits);
    if (is_numeric && digits.size() == 12 && zeros >= 7) add("spreadsheet_zeros", true);
    if (is_numeric && digits.size() >= 16 && zeros >= 4) add("spreadsheet_zeros", false);
    if (is_sf_sandbox(canonical)) add("sandbox_range", false);
    return signals;
}

}  // namespace returngate::waybill
