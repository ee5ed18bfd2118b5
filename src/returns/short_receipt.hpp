// The seller confirms fewer units than were applied for: the amount follows (C5, E1).
#pragma once

#include "src/returns/draft.hpp"

namespace returngate {

// Before the receipt is confirmed. Nothing when all units came, or when none are named.
[[nodiscard]] Result<void> take_short_receipt(Draft& draft, const ConfirmReceipt& receipt);

}  // namespace returngate
