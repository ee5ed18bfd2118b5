// Character classes of HTTP/1.1 and URIs as one table, and ASCII comparison that ignores case.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace returngate::http {

enum CharClass : std::uint8_t {
    kDigit = 1,
    kHexDigit = 2,
    kToken = 4,     // tchar, RFC 9110 section 5.6.2
    kPath = 8,      // what a path may hold unencoded, RFC 3986 section 3.3; '%' and ';' are looked at apart
    kQuery = 16,    // the same for the query, RFC 3986 section 3.4
    kText = 32,     // printable ASCII and space: what the guard lets into a head
    kRegName = 64,  // host names and IPv4 addresses, plus '_', which container networks use
    kUnreserved = 128,  // RFC 3986 section 2.3
};

namespace detail {
constexpr std::array<std::uint8_t, 256> make_char_classes() {
    std::array<std::uint8_t, 256> table{};
    const auto add = [&table](std::string_view chars, int classes) {
        for (const char c : chars) {
            auto& entry = table[static_cast<unsigned char>(c)];
            entry = static_cast<std::uint8_t>(entry | classes);
        }
    };
    constexpr std::string_view digits = "0123456789";
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    add(digits, kDigit | kHexDigit | kToken | kPath | kQuery | kRegName | kUnreserved);
    add(letters, kToken | kPath | kQuery | kRegName | kUnreserved);
    add("abcdefABCDEF", kHexDigit);
    add("!#$%&'*+-.^_`|~", kToken);
    add("-._~!$&'()*+,=:@/", kPath | kQuery);
    add("?", kQuery);
    add("-._", kRegName);
    add("-._~", kUnreserved);
    for (unsigned c = 0x20; c < 0x7f; ++c) table[c] = static_cast<std::uint8_t>(table[c] | kText);
    return table;
}
inline constexpr std::array<std::uint8_t, 256> kCharClasses = make_char_classes();
}  // namespace detail

[[nodiscard]] constexpr bool is_in(char c, CharClass wanted) {
    return (detail::kCharClasses[static_cast<unsigned char>(c)] & wanted) != 0;
}

[[nodiscard]] constexpr bool all_in(std::string_view text, CharClass wanted) {
    for (const char c : text) {
        if (!is_in(c, wanted)) return false;
    }
    return true;
}

[[nodiscard]] constexpr char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

[[nodiscard]] constexpr bool equals_ignoring_case(std::string_view a, std::string_view b) {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (lower(a[i]) != lower(b[i])) return false;
    }
    return true;
}

// -1 for anything but a hexadecimal digit.
[[nodiscard]] constexpr int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    const char l = lower(c);
    return l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
}

[[nodiscard]] constexpr std::string_view trim_spaces(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
}

}  // namespace returngate::http
