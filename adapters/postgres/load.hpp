// What a batch reads before it is decided on: a few set-based statements, prepared once per connection.
#pragma once

#include <pqxx/pqxx>

#include "adapters/postgres/row_addresses.hpp"
#include "adapters/postgres/table.hpp"
#include "adapters/store/store.hpp"

namespace returngate::postgres {

void prepare_load(pqxx::connection& connection);

// Replaces the addresses by those of the rows that it brings. Throws what libpqxx throws, and std::exception
// for a row that we cannot have written.
[[nodiscard]] store::LoadedRows load_rows(pqxx::transaction_base& session, const store::LoadRequest& request,
                                          RowAddresses& addresses);

// Of a prepared statement whose parameters are these sets' columns.
[[nodiscard]] pqxx::result read(pqxx::transaction_base& session, const char* name,
                                std::initializer_list<RowSet*> keys);

}  // namespace returngate::postgres
