// The timeline in plain words, Chinese and English: one sentence per kind of event and per rule.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/json/reader.hpp"

namespace returngate::api {

enum class Language : std::uint8_t { en, zh_cn };
[[nodiscard]] std::string_view to_string(Language language);
// "zh-CN", "zh", "en", "en-GB" …
[[nodiscard]] std::optional<Language> parse_language(std::string_view tag);
// The one that an Accept-Language asks for most; English where it asks for none of ours.
[[nodiscard]] Language preferred_language(std::string_view accept_language);

// "" for a type that has no sentence.
[[nodiscard]] std::string event_words(Language language, std::string_view type, const json::Value& facts);
// Of a rule of an application, by its name; the figures stand in its detail.
[[nodiscard]] std::string rule_words(Language language, std::string_view name, bool passed);

}  // namespace returngate::api
