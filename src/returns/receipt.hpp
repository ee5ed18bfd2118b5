// The end of a case: the seller has the parcel, the money came back, or nothing was ever shipped.
#pragma once

#include <string_view>

#include "src/returns/draft.hpp"

namespace returngate {

void confirm_received(Draft& draft, std::string_view by);
// Releases what is still reserved.
void close_case(Draft& draft, std::string_view reason);

}  // namespace returngate
