// Kuaidi100 (快递100), a broker of couriers: merchant pickup 商家寄件 and its tracking.
#pragma once

#include "adapters/courier/courier.hpp"

namespace returngate::courier {

[[nodiscard]] const Courier& kuaidi100();

}  // namespace returngate::courier
