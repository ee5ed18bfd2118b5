// Yunda Express (韵达), open platform, loose pickup orders.
#pragma once

#include "adapters/courier/courier.hpp"

namespace returngate::courier {

[[nodiscard]] const Courier& yunda();

}  // namespace returngate::courier
