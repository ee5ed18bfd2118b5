// JD Logistics (京东物流), LOP gateway, solution ECAP.
#pragma once

#include "adapters/courier/courier.hpp"

namespace returngate::courier {

[[nodiscard]] const Courier& jd();

}  // namespace returngate::courier
