// Small grammars, read strictly.
#include "gateway/http/headers.hpp"

#include <algorithm>

namespace returngate::api {
namespace {

constexpr std::size_t kLongestKey = 255;

bool is_printable(char c) {
    return c >= 0x20 && c <= 0x7e;
}
bool is_lower_hex(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}
char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

tl::unexpected<Error> bad_key() {
    return fail(ErrorKind::invalid, "idempotency_key_malformed",
                "Idempotency-Key is to be 1 to 255 printable ASCII characters, bare or in double quotes.");
}

// RFC 8941 strings escape " and \ by a backslash.
std::optional<std::string> unquote(std::string_view text) {
    std::string value;
    for (std::size_t i = 1; i + 1 < text.size(); ++i) {
        if (text[i] == '"') return std::nullopt;
        if (text[i] == '\\') {
            if (++i + 1 >= text.size() || (text[i] != '"' && text[i] != '\\')) return std::nullopt;
        }
        value += text[i];
    }
    return value;
}

}  // namespace

std::string_view bearer_token(const http::Headers& headers) {
    constexpr std::string_view kScheme = "bearer ";
    const std::string_view value = headers.find("Authorization").value_or("");
    if (value.size() <= kScheme.size()) return {};
    if (!std::equal(kScheme.begin(), kScheme.end(), value.begin(),
                    [](char a, char b) { return a == lower(b); })) {
        return {};
    }
    return value.substr(kScheme.size());
}

Result<std::optional<std::string>> idempotency_key(const http::Headers& headers) {
    const auto header = headers.find("Idempotency-Key");
    if (!header) return std::optional<std::string>{};
    std::optional<std::string> key(std::in_place, *header);
    if (header->size() >= 2 && header->front() == '"' && header->back() == '"') key = unquote(*header);
    if (!key || key->empty() || key->size() > kLongestKey || !std::ranges::all_of(*key, is_printable))
        return bad_key();
    return key;
}

// 00-<32 hex>-<16 hex>-<2 hex>; later versions may append more.
std::string_view trace_id(const http::Headers& headers) {
    const std::string_view value = headers.find("traceparent").value_or("");
    if (value.size() < 55 || value[2] != '-' || value[35] != '-' || value[52] != '-') return {};
    const std::string_view id = value.substr(3, 32);
    if (!std::ranges::all_of(id, is_lower_hex) || id.find_first_not_of('0') == id.npos) return {};
    return id;
}

}  // namespace returngate::api
