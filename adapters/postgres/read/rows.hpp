// Rows that more than one question returns.
#pragma once

#include "adapters/postgres/read/views.hpp"
#include "adapters/postgres/row_reader.hpp"

namespace returngate::postgres {

inline constexpr const char* kAdvanceColumns =
    "advance_id, return_id, advance.buyer_id, advance.amount_fen, state, advance.provider, waybill, "
    "trigger_at, "
    "committed_at, paid_at, recovered_fen, settled_at, clawback, repay_by, repaid_fen, "
    "(SELECT r.short_fen FROM return_case r WHERE (r.cell, r.return_id) = (advance.cell, advance.return_id))";
[[nodiscard]] AdvanceView read_advance(const pqxx::row& row);

// Six columns, name to address; null is empty.
[[nodiscard]] Contact read_contact(RowReader& in);

}  // namespace returngate::postgres
