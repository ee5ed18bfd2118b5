// Asking the buyer for the money back (A4): the notice, its clock, and what is paid of it.
#pragma once

#include <string_view>

#include "src/returns/draft.hpp"

namespace returngate {

// The seller found fewer units than were applied for: only what they are worth is asked for.
inline constexpr std::string_view kUnitsMissing = "units_missing";

// What the buyer is asked for and has not paid yet.
[[nodiscard]] Fen asked_back_fen(const CaseFile& file);
// Of an advance of which so much is owed, of a return that was so much short.
[[nodiscard]] Fen asked_back_fen(std::string_view clawback, Fen owed_fen, Fen repaid_fen, Fen short_fen);

// Once per advance; nothing when none is open.
void notify_clawback(Draft& draft, std::string_view reason);
// The parcel is there after all: what is still open is not asked for any more.
void withdraw_clawback(Draft& draft, std::string_view reason);
// It was not owed: nothing is asked for any more, and what has been paid of it is the buyer's again.
void stop_asking(Draft& draft, std::string_view reason);
// The clock ran out unpaid: a person reviews the buyer's privilege.
void repayment_overdue(Draft& draft);

}  // namespace returngate
