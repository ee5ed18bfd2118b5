// YTO's pushes: order state and track on one URL.
#pragma once

#include <vector>

#include "adapters/courier/courier.hpp"

namespace returngate::courier {

[[nodiscard]] Result<Proof> authenticate_yto_push(const Account& account, const Push& push);
[[nodiscard]] Result<std::vector<TrackingEvent>> decode_yto_push(const Push& push);
[[nodiscard]] http::Response acknowledge_yto_push(const Push& push, AckOutcome outcome);

}  // namespace returngate::courier
