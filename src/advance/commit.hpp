// The moment money is promised: every condition of an advance in one place (decisions 9, 10, 12).
#pragma once

#include "src/returns/draft.hpp"

namespace returngate {

// Whether a report with this proof may count without asking the courier.
[[nodiscard]] bool counts_without_query(const Policy& policy, Proof proof, Fen amount_fen);

// Commits the advance when its last needed fact is there; otherwise arranges for the confirming
// query, or does nothing. Safe to call after every change.
void advance_when_due(Draft& draft, Booking& booking);

// Operations must look before money moves; noted once per reason.
void freeze(Draft& draft, std::string_view reason);

}  // namespace returngate
