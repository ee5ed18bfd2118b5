// What an application holds of the credit line, and until when (A2, decision 6).
#pragma once

#include "src/returns/draft.hpp"

namespace returngate {

// The whole amount is held on `line`, for as long as the policy lets it.
void hold(Draft& draft, const CreditLine& line);
// Its clock ran out: others may use the line. When the parcel is collected, what is left then decides.
void reservation_ran_out(Draft& draft);
// It became an advance, or nobody needs it.
void end_reservation(Draft& draft);

}  // namespace returngate
