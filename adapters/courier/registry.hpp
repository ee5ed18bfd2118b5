// All couriers that we speak: one row each in registry.cpp.
#pragma once

#include <span>
#include <string_view>

#include "adapters/courier/courier.hpp"

namespace returngate::courier {

[[nodiscard]] std::span<const Courier* const> all_couriers();
// nullptr when we do not speak that courier.
[[nodiscard]] const Courier* find_courier(std::string_view code);

}  // namespace returngate::courier
