// From PostgreSQL's text output to values. Anything unexpected throws: the schema is ours.
#include "adapters/postgres/row_reader.hpp"

#include <charconv>
#include <stdexcept>

#include "adapters/crypto/digest.hpp"

namespace returngate::postgres {
namespace {

std::int64_t number(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) throw std::runtime_error("not an integer");
    return value;
}

int digits(std::string_view text, std::size_t at, std::size_t count) {
    if (text.size() < at + count) throw std::runtime_error("timestamp cut short");
    return static_cast<int>(number(text.substr(at, count)));
}

}  // namespace

Instant parse_timestamp(std::string_view text) {
    using namespace std::chrono;
    const year_month_day date{year{digits(text, 0, 4)}, month{static_cast<unsigned>(digits(text, 5, 2))},
                              day{static_cast<unsigned>(digits(text, 8, 2))}};
    Instant instant = sys_days(date) + hours(digits(text, 11, 2)) + minutes(digits(text, 14, 2)) +
                      seconds(digits(text, 17, 2));
    std::size_t at = 19;
    if (at < text.size() && text[at] == '.') {
        int scale = 100000;
        for (++at; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, scale /= 10) {
            instant += microseconds((text[at] - '0') * scale);
        }
    }
    if (text.substr(at) != "+00") throw std::runtime_error("the session's time zone is not UTC");
    return instant;
}

std::string_view RowReader::view() {
    const auto field = (*row_)[at_++];
    return {field.c_str(), field.size()};
}

std::int64_t RowReader::integer() {
    return number(view());
}

std::optional<std::int64_t> RowReader::optional_integer() {
    if (is_null()) {
        skip();
        return std::nullopt;
    }
    return integer();
}

std::optional<Instant> RowReader::optional_instant() {
    if (is_null()) {
        skip();
        return std::nullopt;
    }
    return instant();
}

std::array<std::uint8_t, 16> RowReader::uuid() {
    const auto bytes = detail::from_hex(view());
    if (!bytes) throw std::runtime_error("not a uuid");
    return *bytes;
}

std::string RowReader::bytes() {
    const auto text = view();
    const auto decoded = text.starts_with("\\x") ? crypto::from_hex(text.substr(2)) : std::nullopt;
    if (!decoded) throw std::runtime_error("not a bytea in hex");
    return *decoded;
}

Milestones RowReader::milestones() {
    auto text = view();
    if (text.size() < 2) throw std::runtime_error("not an array");
    text = text.substr(1, text.size() - 2);
    Milestones milestones;
    for (std::size_t i = 0; i < kMilestones; ++i) {
        const auto comma = text.find(',');
        const auto micros = number(text.substr(0, comma));
        if (micros != 0)
            milestones.set(static_cast<Milestone>(i), Instant(std::chrono::microseconds(micros)));
        text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
    }
    return milestones;
}

void refuse_word(std::string_view word) {
    throw std::runtime_error("unknown word " + std::string(word));
}

}  // namespace returngate::postgres
