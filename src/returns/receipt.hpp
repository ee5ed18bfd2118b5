// The end of a case: the seller has the parcel, the money came back, or nothing was ever shipped.
#pragma once

#include <string_view>

#include "src/returns/draft.hpp"

namespace returngate {

void confirm_received(Draft& draft, std::string_view by);
// Gives back what is still reserved of the credit line.
void release_hold(Draft& draft);
// Gives it back, too.
void close_case(Draft& draft, std::string_view reason);

}  // namespace returngate
