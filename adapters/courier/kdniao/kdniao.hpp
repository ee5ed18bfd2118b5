// KDNiao (快递鸟), a broker: door pickup 1801 and what belongs to it.
#pragma once

#include "adapters/courier/courier.hpp"

namespace returngate::courier {

[[nodiscard]] const Courier& kdniao();

}  // namespace returngate::courier
