// A parcel that the buyer took to a courier: weaker proof, a stricter policy, and a watch (A1, decision 13).
#pragma once

#include "src/returns/draft.hpp"

namespace returngate {

// What the courier says of the number counts, without a collection, where the format has no check digit.
void heard_of_self_shipped(Draft& draft, Booking& booking, Proof proof);
// Asks the courier again while nobody calls back about this parcel.
void watch_self_shipped(Draft& draft, const Booking& booking);
// 48 hours without a collection: the money is asked back; a number that no money moved on is given up.
void self_shipped_not_collected(Draft& draft, Booking& booking);
// The collection was withdrawn: another 48 hours.
void watch_self_shipped_anew(Draft& draft, const Booking& booking);
// Numbers given up whose courier could not be asked may have a parcel all the same: until then; absent: none.
[[nodiscard]] std::optional<Instant> self_shipped_may_arrive_until(Draft& draft);
// It was delivered, or the return is over: nobody needs to know any more.
void end_self_shipped_watch(Draft& draft);
// Somebody has the parcel: its number is watched no longer, and what was held against the buyer is taken
// back.
void self_shipped_arrived(Draft& draft);

}  // namespace returngate
