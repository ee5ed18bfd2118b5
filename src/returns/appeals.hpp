// Against what was decided or closed, by either side, within the time limit (E2).
#pragma once

#include "src/returns/draft.hpp"

namespace returngate {

// Nobody has decided in time: a superior is to look; nothing is decided by silence.
void appeal_overdue(Draft& draft);
// The buyer is content after all: what is being looked at need not be.
void withdraw_appeal(Draft& draft);

}  // namespace returngate
