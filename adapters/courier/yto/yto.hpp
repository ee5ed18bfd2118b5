// YTO Express (圆通), open platform, contract orders.
#pragma once

#include "adapters/courier/courier.hpp"

namespace returngate::courier {

[[nodiscard]] const Courier& yto();

}  // namespace returngate::courier
