// Which texts we take: what could hide, forge a log line or be read in two ways is refused at the door.
#pragma once

#include <optional>
#include <string_view>

namespace returngate::api {

// A name from the outside (order id, buyer id, …): 1 to `most` visible ASCII characters. The word of what
// is wrong, nullopt when nothing is.
[[nodiscard]] std::optional<std::string_view> identifier_fault(std::string_view text, std::size_t most);

// Prose, names, addresses: at most `most_bytes` of UTF-8 without control characters, line and paragraph
// separators, direction overrides, zero-width characters, tags, byte order marks, and more than eight
// combining marks on one letter.
[[nodiscard]] std::optional<std::string_view> text_fault(std::string_view text, std::size_t most_bytes);

}  // namespace returngate::api
