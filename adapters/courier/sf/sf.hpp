// SF Express (顺丰), open platform 丰桥, JSON generation (/std/service).
#pragma once

#include "adapters/courier/courier.hpp"

namespace returngate::courier {

[[nodiscard]] const Courier& sf();

}  // namespace returngate::courier
