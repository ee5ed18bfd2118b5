// application/x-www-form-urlencoded, both ways: decoded exactly once, doubtful bodies refused.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "src/base/result.hpp"

namespace returngate::http {

// Names and values decoded, in the order sent.
struct Form {
    std::vector<std::pair<std::string, std::string>> fields;

    [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const;
};

// Refused (`invalid`): a '%' without two hex digits, a field name twice (two readers would take
// different ones), more than 64 fields. An empty body is an empty form. Also reads a query string.
[[nodiscard]] Result<Form> parse_form(std::string_view body);

// '+' is a space, %XX a byte; nullopt when an escape is cut short or not hexadecimal.
[[nodiscard]] std::optional<std::string> form_decode(std::string_view text);
// Keeps A-Z a-z 0-9 . - * _, writes a space as '+', everything else as %XX in upper case: the WHATWG
// rule and Java's URLEncoder alike.
[[nodiscard]] std::string form_encode(std::string_view text);
// `name=value` appended, with '&' between fields.
void append_form_field(std::string& body, std::string_view name, std::string_view value);

}  // namespace returngate::http
