// Where the rows stand that the last load brought: their update finds them there without walking an index.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <unordered_map>

#include "src/base/ids.hpp"

namespace returngate::postgres {

// A ctid as it travels: block number and line, big endian.
using RowAddress = std::array<char, 6>;

// "(123,4)" as PostgreSQL prints it. Throws std::runtime_error.
[[nodiscard]] RowAddress parse_address(std::string_view text);

// By what a row is called in its table. A row that has moved since has another version, too, so that an old
// address finds nothing and never a wrong row.
struct RowAddresses {
    using ByName = std::unordered_map<std::string, RowAddress>;
    ByName orders;  // cell and order id
    ByName lines;   // buyer id
    ByName cases;   // the id's bytes
    ByName bookings;
    ByName advances;  // the return's id
};

[[nodiscard]] std::string name_of_order(Cell cell, const OrderId& id);
[[nodiscard]] std::string name_of_return(const ReturnId& id);

}  // namespace returngate::postgres
