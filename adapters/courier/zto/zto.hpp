// ZTO Express (中通), open platform, door pickup.
#pragma once

#include "adapters/courier/courier.hpp"

namespace returngate::courier {

[[nodiscard]] const Courier& zto();

}  // namespace returngate::courier
