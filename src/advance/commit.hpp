// The moment money is promised: every condition of an advance in one place (decisions 9, 10, 12).
#pragma once

#include "src/returns/draft.hpp"
#include "src/returns/freeze.hpp"

namespace returngate {

// Whether a report with this proof may count without asking the courier.
[[nodiscard]] bool counts_without_query(const Policy& policy, Proof proof, Fen amount_fen);

// Collected as far as we were told, the number is there, and an advance hangs on the courier's own word.
[[nodiscard]] bool awaits_confirmation(const CaseFile& file, const Booking& booking);

// Only the line stood against an advance when the buyer applied; now that it covers the amount, the case
// turns instant, unless the seller has answered for the parcel (A3, A6).
void take_restored_line(Draft& draft);

// Commits the advance when its last needed fact is there; otherwise arranges for the confirming
// query, or does nothing. Safe to call after every change.
void advance_when_due(Draft& draft, Booking& booking);

}  // namespace returngate
