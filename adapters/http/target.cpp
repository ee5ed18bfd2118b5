// Rules for request targets. Nothing is normalised: what could be read in two ways is refused.
#include "adapters/http/chars.hpp"
#include "adapters/http/guard.hpp"

namespace returngate::http::detail {
namespace {

constexpr Refusal kTooLong{414, "target_too_long", "The request target is too long."};
constexpr Refusal kNotOriginForm{400, "bad_target", "The request target must be a path."};
constexpr Refusal kBadCharacter{400, "bad_target",
                                "The request target holds a character that must be encoded."};
constexpr Refusal kBadEscape{400, "bad_target", "The request target holds an escape that is not allowed."};
constexpr Refusal kBadSegment{400, "bad_target", "The path holds an empty, '.' or '..' segment."};

// The byte that the escape at `text[at]` stands for; -1 when it is broken.
int escaped_byte(std::string_view text, std::size_t at) {
    if (at + 2 >= text.size()) return -1;
    const int high = hex_value(text[at + 1]);
    const int low = hex_value(text[at + 2]);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

// UTF-8 by RFC 3629, one byte at a time: no overlong forms, no surrogates, nothing above U+10FFFF.
class Utf8 {
public:
    bool take(int byte) {
        if (pending_ > 0) {
            if (byte < low_ || byte > high_) return false;
            --pending_;
            low_ = 0x80;
            high_ = 0xbf;
            return true;
        }
        if (byte < 0x80) return true;
        if (byte >= 0xc2 && byte <= 0xdf) return start(1, 0x80, 0xbf);
        if (byte >= 0xe0 && byte <= 0xef)
            return start(2, byte == 0xe0 ? 0xa0 : 0x80, byte == 0xed ? 0x9f : 0xbf);
        if (byte >= 0xf0 && byte <= 0xf4)
            return start(3, byte == 0xf0 ? 0x90 : 0x80, byte == 0xf4 ? 0x8f : 0xbf);
        return false;
    }
    [[nodiscard]] bool is_whole() const { return pending_ == 0; }

private:
    bool start(int pending, int low, int high) {
        pending_ = pending;
        low_ = low;
        high_ = high;
        return true;
    }
    int pending_ = 0;
    int low_ = 0x80;
    int high_ = 0xbf;
};

// An escape may not hide what the raw path may not hold: separators, dots, controls, non-UTF-8.
bool is_hidden_syntax(int byte) {
    return byte < 0x20 || byte == 0x7f || byte == '/' || byte == '\\' || byte == '.' || byte == ';' ||
           byte == '%' || byte == '?' || byte == '#';
}

const Refusal* check_path(std::string_view path) {
    Utf8 utf8;
    for (std::size_t i = 0; i < path.size(); ++i) {
        if (path[i] != '%') {
            if (!is_in(path[i], kPath)) return &kBadCharacter;
            if (!utf8.is_whole()) return &kBadEscape;
            continue;
        }
        const int byte = escaped_byte(path, i);
        if (byte < 0 || is_hidden_syntax(byte) || !utf8.take(byte)) return &kBadEscape;
        i += 2;
    }
    return utf8.is_whole() ? nullptr : &kBadEscape;
}

const Refusal* check_segments(std::string_view path) {
    while (!path.empty()) {
        path.remove_prefix(1);  // the slash
        const std::string_view segment = path.substr(0, path.find('/'));
        path.remove_prefix(segment.size());
        const bool is_last = path.empty();
        if (segment == "." || segment == ".." || (segment.empty() && !is_last)) return &kBadSegment;
    }
    return nullptr;
}

// Values may be any text in any encoding (a courier may send GBK), but never NUL or a broken escape.
const Refusal* check_query(std::string_view query) {
    for (std::size_t i = 0; i < query.size(); ++i) {
        if (query[i] != '%') {
            if (!is_in(query[i], kQuery)) return &kBadCharacter;
            continue;
        }
        if (escaped_byte(query, i) <= 0) return &kBadEscape;
        i += 2;
    }
    return nullptr;
}

}  // namespace

// Absolute form would name a second host beside Host; we are no proxy and want neither to choose nor
// to compare. '*' has no meaning for our routes.
const Refusal* check_target(std::string_view target, const GuardLimits& limits) {
    if (target.size() > limits.target_bytes) return &kTooLong;
    if (target.empty() || target.front() != '/') return &kNotOriginForm;
    const auto mark = target.find('?');
    const std::string_view path = target.substr(0, mark);
    if (const auto* refusal = check_path(path)) return refusal;
    if (const auto* refusal = check_segments(path)) return refusal;
    return mark == target.npos ? nullptr : check_query(target.substr(mark + 1));
}

}  // namespace returngate::http::detail
