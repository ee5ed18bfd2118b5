// One account at a courier, read from TOML: [couriers.CODE] of couriers.toml, or a file of its own.
#pragma once

#include <filesystem>

#include "adapters/courier/courier.hpp"
#include "gateway/configuration/toml_table.hpp"
#include "src/base/result.hpp"

namespace returngate::configuration {

// The table's texts become the account's settings. "secret_file = NAME" becomes the setting "secret"
// with the content of that file of the folder `secrets`.
void read_settings(TomlTable table, const std::filesystem::path& secrets, courier::Account& account);

// base_url and [settings]; files that a setting names are looked for beside this one. `invalid` with
// every fault, one a line. Whether the settings suffice is for the dialect to say.
[[nodiscard]] Result<courier::Account> load_account(const std::filesystem::path& file);

}  // namespace returngate::configuration
