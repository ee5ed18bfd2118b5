// Whether bytes are text: what is not UTF-8 must not reach a log, a row or another parser.
#pragma once

#include <string_view>

namespace returngate::json {

// RFC 3629: no overlong forms, no surrogates, nothing past U+10FFFF.
[[nodiscard]] bool is_utf8(std::string_view bytes);

}  // namespace returngate::json
