// A courier that is not heard of any more: when that is so, and when it is asked next.
#pragma once

#include "src/returns/draft.hpp"

namespace returngate {

// At the end of the promised window, when nothing was heard of the collection.
void ask_at_the_door(Draft& draft, const Booking& booking);

// After a question that brought news, or none: the next one, until the courier speaks by itself again.
void ask_on(Draft& draft, const Booking& booking, bool is_news);

}  // namespace returngate
