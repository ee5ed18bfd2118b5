// Counting as the couriers do: the serial goes up by one, the check digit follows from it.
#include "src/waybill/serials.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

#include "src/waybill/formats.hpp"

namespace returngate::waybill {
namespace {

constexpr std::size_t kLongestSerial = 18;  // fits 64 bits
constexpr std::size_t kShortestNumber = 10;
// Letters that couriers print in front of nothing but digits.
constexpr std::array<std::string_view, 8> kLetters{"SF", "YT", "JT", "KY", "DPK", "STO", "ZJS", "JD"};

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// Where the courier counts, and where its check digit stands.
struct Layout {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::optional<std::size_t> check_at;
};

std::size_t digits_before(std::string_view number, std::size_t end) {
    std::size_t begin = end;
    while (begin > 0 && is_digit(number[begin - 1])) --begin;
    return begin;
}

Layout layout_of(std::string_view number, CheckRule rule) {
    if (rule == CheckRule::s10) return {2, 10, 10};  // what follows is a country, a province or unchecked
    const std::size_t end = rule == CheckRule::none ? number.size() : number.size() - 1;
    Layout layout{digits_before(number, end), end, std::nullopt};
    if (rule != CheckRule::none) layout.check_at = end;
    return layout;
}

// The digits of the serial moved by `step`; nothing where they would run over or under.
std::optional<std::string> counted(std::string_view serial, int step) {
    if (serial.empty()) return std::nullopt;
    const std::size_t fixed = serial.size() - std::min(serial.size(), kLongestSerial);
    const std::string_view moving = serial.substr(fixed);
    std::int64_t value = 0;
    for (const char c : moving) value = value * 10 + (c - '0');
    value += step;
    if (value < 0) return std::nullopt;
    std::string text = std::to_string(value);
    if (text.size() > moving.size()) return std::nullopt;
    text.insert(0, moving.size() - text.size(), '0');
    return std::string(serial.substr(0, fixed)) + text;
}

std::optional<std::string> stepped(std::string_view number, const Layout& layout, CheckRule rule, int step) {
    const auto serial = counted(number.substr(layout.begin, layout.end - layout.begin), step);
    if (!serial) return std::nullopt;
    std::string next(number);
    next.replace(layout.begin, serial->size(), *serial);
    if (!layout.check_at) return next;
    for (char digit = '0'; digit <= '9'; ++digit) {
        next[*layout.check_at] = digit;
        if (passes(rule, next)) return next;
    }
    return std::nullopt;
}

// The rule that its check digit was made by; a number that fails its courier's rule just counts on.
CheckRule rule_of(std::string_view number, std::string_view courier) {
    const auto matches = match_formats(number, false);
    for (const Match& match : matches.all()) {
        if (match.format->courier == courier && match.check == CheckDigit::pass)
            return match.format->traits.check;
    }
    return CheckRule::none;
}

void read_as(std::string number, std::vector<Reading>& readings) {
    const auto matches = match_formats(number, false);
    for (const Match& match : matches.all()) {
        Reading reading{match.format->courier, number};
        const bool is_known = std::ranges::find(readings, reading) != readings.end();
        if (match.check != CheckDigit::fail && !is_known) readings.push_back(std::move(reading));
    }
}

}  // namespace

std::vector<std::string> neighbours(std::string_view canonical, std::string_view courier, int distance) {
    const CheckRule rule = rule_of(canonical, courier);
    const Layout layout = layout_of(canonical, rule);
    std::vector<std::string> numbers;
    for (int step = 1; step <= distance; ++step) {
        for (const int signed_step : {-step, step}) {
            if (auto number = stepped(canonical, layout, rule, signed_step))
                numbers.push_back(std::move(*number));
        }
    }
    return numbers;
}

std::vector<Reading> readings_of(std::string_view canonical) {
    std::vector<Reading> readings;
    read_as(std::string(canonical), readings);
    const std::string_view digits = canonical.substr(digits_before(canonical, canonical.size()));
    if (digits.size() < kShortestNumber) return readings;
    read_as(std::string(digits), readings);
    for (const auto letters : kLetters) read_as(std::string(letters).append(digits), readings);
    return readings;
}

}  // namespace returngate::waybill
