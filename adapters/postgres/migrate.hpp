// Brings a database to this program's schema; the SQL files are embedded at build time.
#pragma once

#include <pqxx/connection>
#include <string>
#include <string_view>
#include <vector>

namespace returngate::postgres {

struct Migration {
    int version = 0;
    std::string_view name;
    std::string_view sql;
};
[[nodiscard]] const std::vector<Migration>& migrations();

// The highest version applied; 0 for an empty database.
[[nodiscard]] int schema_version(pqxx::connection& connection);

// Applies what is missing, each in a transaction of its own, under an advisory lock so that two
// gateways starting together do it once. Returns what was applied. Throws pqxx errors.
std::vector<std::string> migrate(pqxx::connection& connection);

}  // namespace returngate::postgres
