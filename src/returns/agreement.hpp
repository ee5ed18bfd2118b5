// The application is agreed to: by the rules, by the seller, by silence or by customer service.
#pragma once

#include <string_view>

#include "src/returns/draft.hpp"

namespace returngate {

// Agreed, and no clock runs yet: the caller starts one.
void approve(Draft& draft, std::string_view by);

// Agreed, and the buyer has its time to ship from now on.
void agree(Draft& draft, std::string_view by);

}  // namespace returngate
