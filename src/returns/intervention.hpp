// Customer service between the two sides (C4, C6).
#pragma once

#include "src/returns/draft.hpp"

namespace returngate {

// Two working days went by without a ruling: a superior is to look; nothing is decided by silence.
void intervention_overdue(Draft& draft);

}  // namespace returngate
