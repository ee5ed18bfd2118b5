// A waybill number arrives for a booking: with the courier's answer, or with a callback.
#pragma once

#include <string_view>

#include "src/returns/draft.hpp"

namespace returngate {

// Accepts or refuses the number and says so in the timeline; a number that differs from the accepted
// one freezes the case. A number known only by its URL's secret is a hint: the courier is asked.
void waybill_arrived(Draft& draft, Booking& booking, std::string_view raw, Proof proof);

}  // namespace returngate
