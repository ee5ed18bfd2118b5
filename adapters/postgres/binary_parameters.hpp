// From row sets to the parameters of a prepared statement, all in binary form.
#pragma once

#include <pqxx/binarystring>
#include <span>

#include "adapters/postgres/table.hpp"

namespace returngate::postgres {

// Of the sets one after the other, in the order of the statement's numbers. Takes what they hold.
[[nodiscard]] inline std::vector<pqxx::binarystring> binary_parameters(std::span<RowSet* const> sets) {
    std::vector<pqxx::binarystring> parameters;
    for (RowSet* set : sets) {
        for (const auto& array : set->take_arrays()) parameters.emplace_back(array);
    }
    return parameters;
}

}  // namespace returngate::postgres
