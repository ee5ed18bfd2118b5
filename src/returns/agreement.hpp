// The application is agreed to: by the rules, by the seller, by silence or by customer service.
#pragma once

#include <string_view>

#include "src/returns/draft.hpp"

namespace returngate {

// Agreed, and no clock runs yet: the caller starts one. Where no parcel is awaited the money goes.
void approve(Draft& draft, std::string_view by);

// Agreed, and the buyer has its time to ship from now on, where a parcel is awaited.
void agree(Draft& draft, std::string_view by);
// The seller did not answer in time, or its superior did not: agreed as it was applied for.
void agree_by_silence(Draft& draft);

}  // namespace returngate
