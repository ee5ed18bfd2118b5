// application/x-www-form-urlencoded, the couriers' side: kept apart from our own codec on purpose.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace returngate::sandbox {

using FormFields = std::vector<std::pair<std::string, std::string>>;

// nullopt for a broken percent escape or a repeated name.
[[nodiscard]] std::optional<FormFields> parse_form(std::string_view body);
[[nodiscard]] std::string_view field(const FormFields& fields, std::string_view name);  // "" when absent
[[nodiscard]] std::string render_form(const FormFields& fields);

// java.net.URLEncoder in UTF-8: A-Z a-z 0-9 . - * _ stay, space becomes +, all else %XX upper case.
[[nodiscard]] std::string java_url_encode(std::string_view text);

}  // namespace returngate::sandbox
