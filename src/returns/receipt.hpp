// The end of a case: the seller has the parcel, the money came back, or nothing was ever shipped.
#pragma once

#include <string_view>

#include "src/returns/draft.hpp"

namespace returngate {

void confirm_received(Draft& draft, std::string_view by);
// What is refunded shrinks; so does what is reserved for it.
void lower_amount(Draft& draft, Fen amount_fen);
// Not in advance but when the seller has the parcel; nothing when money was advanced.
void defer_refund(Draft& draft, std::string_view reason);
// Gives back what is still reserved of the credit line.
void release_hold(Draft& draft);
// Closes when both sides have what is theirs: the parcel, or none awaited, and all money where it belongs.
void close_when_square(Draft& draft);
// Gives it back, too; what the return took of its order goes back when neither parcel nor money came of it.
void close_case(Draft& draft, std::string_view reason);

}  // namespace returngate
