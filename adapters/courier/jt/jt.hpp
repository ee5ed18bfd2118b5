// J&T Express China (极兔), open platform: contract and loose orders.
#pragma once

#include "adapters/courier/courier.hpp"

namespace returngate::courier {

[[nodiscard]] const Courier& jt();

}  // namespace returngate::courier
