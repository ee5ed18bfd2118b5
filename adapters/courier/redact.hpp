// Bodies for the log: everything is blanked but what a courier's list names as harmless.
#pragma once

#include <string>
#include <string_view>

namespace returngate::courier {

// Reads JSON, XML or a form, and JSON or XML inside their strings; prints the same tree as JSON with
// the values of the members in `keep` (names, one space between) and "***" for all others. A list of
// what to keep, not of what to hide: a field that a courier adds tomorrow is hidden. Unreadable
// bodies give their size only.
[[nodiscard]] std::string redact_body(std::string_view body, std::string_view keep);

}  // namespace returngate::courier
