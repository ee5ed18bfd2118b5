// Strict XML in, for couriers that push it: pugixml parses, we refuse what has a second meaning.
#pragma once

#include <string>
#include <string_view>

#include "src/base/result.hpp"

namespace pugi {
class xml_document;
class xml_node;
}  // namespace pugi

namespace returngate::courier {

// One root element in UTF-8 without DOCTYPE, NUL, forged characters (&#0;, surrogates) or nesting
// past 32. Errors are `malformed`. The document owns its text.
[[nodiscard]] Result<void> load_xml(std::string_view text, pugi::xml_document& document);
// The text of a child element, "" when absent.
[[nodiscard]] std::string_view child_text(const pugi::xml_node& node, const char* name);
void append_xml_escaped(std::string& out, std::string_view text);

}  // namespace returngate::courier
