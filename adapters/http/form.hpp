// application/x-www-form-urlencoded, in bodies and queries, as ordered pairs; percent-encoding.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "src/base/result.hpp"

namespace returngate::http {

// In the order sent, repeats kept: a signature may cover the order.
using FormPairs = std::vector<std::pair<std::string, std::string>>;

// Errors are `invalid`: a broken escape, an encoded or raw control character other than CR, LF and
// tab, an empty name, or more than `max_pairs`. Raw bytes >= 0x80 pass as they are: some couriers do not
// encode Chinese text; whether the bytes are UTF-8 or GBK is for the reader to judge. "" has no pairs.
[[nodiscard]] Result<FormPairs> parse_form(std::string_view text, std::size_t max_pairs = 256);

// The only value of `name`; missing and repeated are `invalid`.
[[nodiscard]] Result<std::string_view> form_value(const FormPairs& pairs, std::string_view name);

// As Java's URLEncoder and the WHATWG URL standard: letters, digits and *-._ stay, space becomes '+'.
[[nodiscard]] std::string encode_form(const FormPairs& pairs);
[[nodiscard]] std::string encode_form_component(std::string_view text);

// RFC 3986: everything but unreserved characters becomes %XX.
[[nodiscard]] std::string percent_encode(std::string_view text);
// '+' stays '+'. Errors as parse_form.
[[nodiscard]] Result<std::string> percent_decode(std::string_view text);

}  // namespace returngate::http
