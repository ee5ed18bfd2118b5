// Form fields in and out, as a courier's own servers do it.
#include "adapters/sandbox/form.hpp"

#include <algorithm>
#include <cstdio>

namespace returngate::sandbox {
namespace {

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

std::optional<std::string> decode(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i] == '+' ? ' ' : text[i];
            continue;
        }
        if (i + 2 >= text.size()) return std::nullopt;
        const int high = hex_value(text[i + 1]);
        const int low = hex_value(text[i + 2]);
        if (high < 0 || low < 0) return std::nullopt;
        out += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return out;
}

bool java_keeps(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == '*' || c == '_';
}

}  // namespace

std::optional<FormFields> parse_form(std::string_view body) {
    FormFields fields;
    while (!body.empty()) {
        const std::size_t end = std::min(body.find('&'), body.size());
        const std::string_view pair = body.substr(0, end);
        body.remove_prefix(std::min(end + 1, body.size()));
        const std::size_t equals = pair.find('=');
        if (equals == std::string_view::npos) return std::nullopt;
        auto name = decode(pair.substr(0, equals));
        auto value = decode(pair.substr(equals + 1));
        if (!name || !value) return std::nullopt;
        const auto is_same = [&](const auto& known) { return known.first == *name; };
        if (std::ranges::any_of(fields, is_same)) return std::nullopt;
        fields.emplace_back(std::move(*name), std::move(*value));
    }
    return fields;
}

std::string_view field(const FormFields& fields, std::string_view name) {
    for (const auto& [known, value] : fields)
        if (known == name) return value;
    return {};
}

std::string render_form(const FormFields& fields) {
    std::string out;
    for (const auto& [name, value] : fields) {
        if (!out.empty()) out += '&';
        out += java_url_encode(name) + '=' + java_url_encode(value);
    }
    return out;
}

std::string java_url_encode(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (java_keeps(c)) {
            out += c;
        } else if (c == ' ') {
            out += '+';
        } else {
            char escape[4];
            std::snprintf(escape, sizeof escape, "%%%02X",
                          static_cast<unsigned>(static_cast<unsigned char>(c)));
            out += escape;
        }
    }
    return out;
}

}  // namespace returngate::sandbox
