// UTF-8 decoding by hand, folding to ASCII, then the couriers' parcel suffixes.
#include "src/waybill/normalise.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>

namespace returngate::waybill {
namespace {

constexpr std::size_t kMaxBytes = 64;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}
bool is_canonical(char c) {
    return is_digit(c) || is_upper(c);
}
bool is_blank(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

// Takes one code point off the front; nullopt for anything that is not well-formed UTF-8.
std::optional<char32_t> take_code_point(std::string_view& text) {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    const std::uint8_t lead = byte(0);
    if (lead < 0x80) {
        text.remove_prefix(1);
        return lead;
    }
    const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    constexpr char32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
    if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return std::nullopt;
    char32_t code_point = lead & (0xFFU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0) != 0x80) return std::nullopt;
        code_point = code_point << 6 | (byte(i) & 0x3FU);
    }
    const bool is_surrogate = code_point >= 0xD800 && code_point <= 0xDFFF;
    if (code_point < kSmallest[length] || is_surrogate || code_point > 0x10FFFF) return std::nullopt;
    text.remove_prefix(length);
    return code_point;
}

constexpr char kDropped = '\0';
constexpr char kForbidden = '\x7f';

// One ASCII character for what people and input methods write instead of it.
char fold(char32_t c) {
    if (c == 0xFEFF || (c >= 0x200B && c <= 0x200D) || c == 0x2060) return kDropped;
    if (c >= 0xFF01 && c <= 0xFF5E) c -= 0xFEE0;  // full width
    if (c == 0x3000 || c == 0x00A0) return ' ';
    if ((c >= 0x2010 && c <= 0x2015) || c == 0x2212) return '-';
    if (c >= 'a' && c <= 'z') return static_cast<char>(c - 'a' + 'A');
    return c > 0 && c < 0x7F ? static_cast<char>(c) : kForbidden;
}

// Refused text gives a reason; otherwise `out` holds the folded characters.
std::string_view fold_all(std::string_view raw, std::string& out) {
    if (raw.size() > kMaxBytes) return "too_long";
    out.reserve(raw.size());
    while (!raw.empty()) {
        if (is_canonical(raw.front())) {  // nearly all of them
            out += raw.front();
            raw.remove_prefix(1);
            continue;
        }
        const auto code_point = take_code_point(raw);
        if (!code_point) return "invalid_utf8";
        const char c = fold(*code_point);
        if (c != kDropped) out += c;
    }
    return {};
}

std::string_view trim(std::string_view text) {
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
    return text;
}

std::size_t count_digits(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::find_if_not(text, is_digit) - text.begin());
}

// JD prints the parcel's index and the count behind the number: -1-3-, or -1-3-X9.
bool is_jd_suffix(std::string_view text) {
    for (int part = 0; part < 2; ++part) {
        if (!text.starts_with('-')) return false;
        const std::size_t digits = count_digits(text.substr(1));
        if (digits == 0 || digits > 5) return false;
        text.remove_prefix(1 + digits);
    }
    if (text.starts_with('-')) text.remove_prefix(1);
    return std::ranges::all_of(text, is_canonical);
}

bool is_digits_and_hyphens(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return is_digit(c) || c == '-'; });
}

// Lung Bang's LBX numbers end in two check groups: -2-Z.
bool is_lbx_suffix(std::string_view text) {
    return text.size() == 4 && text[0] == '-' && text[2] == '-' && is_canonical(text[1]) &&
           is_canonical(text[3]);
}

// Where the parcel suffix begins, or the text's size. Only behind numbers of the couriers that print
// one: elsewhere a hyphen merely groups digits.
std::size_t suffix_start(std::string_view text) {
    const std::size_t hyphen = text.find('-');
    if (hyphen == std::string_view::npos) return text.size();
    const std::string_view head = text.substr(0, hyphen);
    const std::string_view rest = text.substr(hyphen);
    const bool is_jd = head.starts_with("JD") || (head.size() == 13 && head.front() == 'V');
    if (is_jd && is_jd_suffix(rest)) return hyphen;
    if (head.starts_with("LBX") && is_lbx_suffix(rest)) return hyphen;
    const bool is_deppon = head.size() >= 15 && count_digits(head) == head.size();
    if (is_deppon && rest.size() > 1 && is_digits_and_hyphens(rest)) return hyphen;
    return text.size();
}

bool looks_like_a_spreadsheet_exponent(std::string_view text) {
    const std::size_t exponent = text.find("E+");
    return exponent != std::string_view::npos && exponent > 0 && is_digit(text[exponent - 1]);
}

}  // namespace

Normalised normalise(std::string_view raw) {
    Normalised result;
    std::string folded;
    result.refusal = fold_all(raw, folded);
    if (!result.refusal.empty()) return result;

    const std::string_view text = trim(folded);
    if (looks_like_a_spreadsheet_exponent(text)) {
        result.refusal = "spreadsheet_exponent";
        return result;
    }
    const std::size_t split = suffix_start(text);
    for (const char c : text.substr(0, split)) {
        if (c == ' ' || c == '-') continue;
        if (!is_canonical(c)) {
            result.refusal = "forbidden_character";
            result.canonical.clear();
            return result;
        }
        result.canonical += c;
    }
    if (result.canonical.empty()) result.refusal = "empty";
    result.suffix = text.substr(split);
    return result;
}

}  // namespace returngate::waybill
