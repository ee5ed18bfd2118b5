// A parcel that the buyer took to a courier: weaker proof, a stricter policy, and a watch (A1, decision 13).
#pragma once

#include "src/returns/draft.hpp"

namespace returngate {

// What the courier says of the number counts, without a collection, where the format has no check digit.
void heard_of_self_shipped(Draft& draft, Booking& booking, Proof proof);
// Asks the courier again while nobody calls back about this parcel.
void watch_self_shipped(Draft& draft, const Booking& booking);
// 48 hours without a collection: the money is asked back.
void self_shipped_not_collected(Draft& draft, const Booking& booking);
// It was delivered, or the return is over: nobody needs to know any more.
void end_self_shipped_watch(Draft& draft);
// Somebody has the parcel: its number is watched no longer, and what was held against the buyer is taken
// back.
void self_shipped_arrived(Draft& draft);

}  // namespace returngate
