// Cainiao (菜鸟), LINK gateway: door pickup by Guoguo (裹裹).
#pragma once

#include "adapters/courier/courier.hpp"

namespace returngate::courier {

[[nodiscard]] const Courier& cainiao();

}  // namespace returngate::courier
