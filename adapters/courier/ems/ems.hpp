// China Post EMS (邮政速递), platform for agreement customers.
#pragma once

#include "adapters/courier/courier.hpp"

namespace returngate::courier {

[[nodiscard]] const Courier& ems();

}  // namespace returngate::courier
