// Code point ranges that no text of ours may hold.
#include "gateway/api/text_rules.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "adapters/json/utf8.hpp"

namespace returngate::api {
namespace {

struct Range {
    std::uint32_t first;
    std::uint32_t last;
};
constexpr std::array kForbidden{
    Range{0x00, 0x1f},       Range{0x7f, 0x9f},      // C0, DEL, C1
    Range{0x200b, 0x200f},                           // zero width, direction marks
    Range{0x2028, 0x202e},                           // separators, embeddings, overrides
    Range{0x2060, 0x2064},   Range{0x2066, 0x2069},  // invisible operators, isolates
    Range{0xfeff, 0xfeff},   Range{0xfff9, 0xfffb},  // byte order mark, annotations
    Range{0xe0000, 0xe007f},                         // tags
};

constexpr std::array kCombining{
    Range{0x300, 0x36f},   Range{0x483, 0x489},   Range{0x1ab0, 0x1aff},
    Range{0x1dc0, 0x1dff}, Range{0x20d0, 0x20ff}, Range{0xfe20, 0xfe2f},
};
// On one letter; more of them are drawn over the lines around it.
constexpr int kMostCombining = 8;

// The text is valid UTF-8.
std::uint32_t next_code_point(std::string_view text, std::size_t& at) {
    const auto byte = [&](std::size_t index) {
        return static_cast<std::uint32_t>(static_cast<unsigned char>(text[index]));
    };
    const std::uint32_t first = byte(at);
    const std::size_t length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    std::uint32_t code = length == 1 ? first : first & (0xffU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) code = code << 6 | (byte(at + i) & 0x3fU);
    at += length;
    return code;
}

template <std::size_t N>
bool is_in(const std::array<Range, N>& ranges, std::uint32_t code) {
    return std::ranges::any_of(ranges,
                               [code](Range range) { return code >= range.first && code <= range.last; });
}

}  // namespace

std::optional<std::string_view> identifier_fault(std::string_view text, std::size_t most) {
    if (text.empty()) return "empty";
    if (text.size() > most) return "too_long";
    const bool is_visible = std::ranges::all_of(text, [](char c) { return c >= 0x21 && c <= 0x7e; });
    if (!is_visible) return "not_visible_ascii";
    return std::nullopt;
}

std::optional<std::string_view> text_fault(std::string_view text, std::size_t most_bytes) {
    if (text.size() > most_bytes) return "too_long";
    if (!json::is_utf8(text)) return "not_utf8";
    int combining = 0;
    for (std::size_t at = 0; at < text.size();) {
        const std::uint32_t code = next_code_point(text, at);
        combining = is_in(kCombining, code) ? combining + 1 : 0;
        if (is_in(kForbidden, code) || combining > kMostCombining) return "forbidden_character";
    }
    return std::nullopt;
}

}  // namespace returngate::api
