// Our own protocol (OPEN), for couriers and fleets that have none: docs/courier-protocol.md.
#pragma once

#include "adapters/courier/courier.hpp"

namespace returngate::courier {

[[nodiscard]] const Courier& open_protocol();

}  // namespace returngate::courier
