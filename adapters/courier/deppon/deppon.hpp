// Deppon Express (德邦), open platform, loose orders with door pickup.
#pragma once

#include "adapters/courier/courier.hpp"

namespace returngate::courier {

[[nodiscard]] const Courier& deppon();

}  // namespace returngate::courier
