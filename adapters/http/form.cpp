// Strict decoding (a broken escape is an error, never kept as text) and the two ways to encode.
#include "adapters/http/form.hpp"

#include <array>

#include "adapters/http/chars.hpp"

namespace returngate::http {
namespace {

// NUL would be cut off by C interfaces further in; the others have no business in a form.
constexpr bool is_refused_control(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\r' && c != '\n' && c != '\t') || byte == 0x7f;
}

// What a byte is on its way in: itself, or a matter for decode().
constexpr std::array<bool, 256> kPlain = [] {
    std::array<bool, 256> plain{};
    for (std::size_t i = 0; i < plain.size(); ++i) {
        const char c = static_cast<char>(i);
        plain[i] = c != '%' && c != '+' && !is_refused_control(c);
    }
    return plain;
}();

Result<std::string> decode(std::string_view text, bool plus_is_space) {
    std::string out(text.size(), '\0');
    std::size_t length = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (kPlain[static_cast<unsigned char>(c)]) {
            out[length++] = c;
            continue;
        }
        if (c == '+' && plus_is_space) {
            c = ' ';
        } else if (c == '%') {
            const int high = i + 1 < text.size() ? hex_value(text[i + 1]) : -1;
            const int low = i + 2 < text.size() ? hex_value(text[i + 2]) : -1;
            if (high < 0 || low < 0) {
                return fail(ErrorKind::invalid, "bad_escape",
                            "A % is not followed by two hexadecimal digits.");
            }
            c = static_cast<char>(high * 16 + low);
            i += 2;
        }
        if (is_refused_control(c)) {
            return fail(ErrorKind::invalid, "control_character", "The text holds a control character.");
        }
        out[length++] = c;
    }
    out.resize(length);
    return out;
}

void append_escape(std::string& out, char c) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    const auto byte = static_cast<unsigned char>(c);
    out.push_back('%');
    out.push_back(digits[byte >> 4]);
    out.push_back(digits[byte & 15]);
}

}  // namespace

Result<std::string> percent_decode(std::string_view text) {
    return decode(text, false);
}

Result<FormPairs> parse_form(std::string_view text, std::size_t max_pairs) {
    FormPairs pairs;
    if (text.empty()) return pairs;
    while (true) {
        const auto end = text.find('&');
        const std::string_view part = text.substr(0, end);
        const auto equals = part.find('=');
        auto name = decode(part.substr(0, equals), true);
        if (!name) return tl::unexpected(name.error());
        auto value = decode(equals == part.npos ? std::string_view() : part.substr(equals + 1), true);
        if (!value) return tl::unexpected(value.error());
        if (name->empty()) return fail(ErrorKind::invalid, "empty_name", "A form field has no name.");
        if (pairs.size() == max_pairs) {
            return fail(ErrorKind::invalid, "too_many_fields", "The form has too many fields.");
        }
        pairs.emplace_back(std::move(*name), std::move(*value));
        if (end == text.npos) return pairs;
        text.remove_prefix(end + 1);
    }
}

Result<std::string_view> form_value(const FormPairs& pairs, std::string_view name) {
    const std::string* found = nullptr;
    for (const auto& [key, value] : pairs) {
        if (key != name) continue;
        if (found) {
            return fail(ErrorKind::invalid, "repeated_field",
                        "Form field given twice: " + std::string(name) + ".");
        }
        found = &value;
    }
    if (!found)
        return fail(ErrorKind::invalid, "missing_field", "Form field missing: " + std::string(name) + ".");
    return std::string_view(*found);
}

std::string encode_form_component(std::string_view text) {
    std::string out;
    out.reserve(text.size() + text.size() / 2);
    for (const char c : text) {
        if (c == ' ') {
            out.push_back('+');
        } else if (c == '*' || (is_in(c, kUnreserved) && c != '~')) {
            out.push_back(c);
        } else {
            append_escape(out, c);
        }
    }
    return out;
}

std::string encode_form(const FormPairs& pairs) {
    std::string out;
    for (const auto& [name, value] : pairs) {
        if (!out.empty()) out.push_back('&');
        out += encode_form_component(name);
        out.push_back('=');
        out += encode_form_component(value);
    }
    return out;
}

std::string percent_encode(std::string_view text) {
    std::string out;
    out.reserve(text.size() + text.size() / 2);
    for (const char c : text) {
        if (is_in(c, kUnreserved)) {
            out.push_back(c);
        } else {
            append_escape(out, c);
        }
    }
    return out;
}

}  // namespace returngate::http
