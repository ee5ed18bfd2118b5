// STO Express (申通), open platform, dispatch orders: pickup at the door.
#pragma once

#include "adapters/courier/courier.hpp"

namespace returngate::courier {

[[nodiscard]] const Courier& sto();

}  // namespace returngate::courier
