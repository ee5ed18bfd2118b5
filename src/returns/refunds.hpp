// Money to the buyer beside the advance: after the receipt, without a parcel, for postage (decision 14).
#pragma once

#include "src/returns/draft.hpp"

namespace returngate {

// Promised and on its way; the books know. Of a kind that the case has not had yet.
void commit_refund(Draft& draft, RefundKind kind, Fen amount_fen);

// The classic refund: the seller has answered for the parcel and nothing was advanced. Nothing when it was
// refunded already, or when a person has to look first.
void refund_after_receipt(Draft& draft);

// Approved, and no parcel is awaited: nothing is held of the line any more, and the money goes at once.
void refund_directly(Draft& draft);

// The provider's answer about one of the case's refunds.
[[nodiscard]] Result<Decision> refund_answered(Draft draft, const PayoutAnswered& answer);

// How long a payout in doubt is left alone before it is asked for again.
[[nodiscard]] Duration ask_payout_after(int attempt);

}  // namespace returngate
