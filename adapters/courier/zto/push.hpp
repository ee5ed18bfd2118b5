// ZTO's pushes: order states, tracks, settlements and labels on one URL.
#pragma once

#include <vector>

#include "adapters/courier/courier.hpp"

namespace returngate::courier {

[[nodiscard]] Result<Proof> authenticate_zto_push(const Account& account, const Push& push);
[[nodiscard]] Result<std::vector<TrackingEvent>> decode_zto_push(const Push& push);
[[nodiscard]] http::Response acknowledge_zto_push(AckOutcome outcome);

}  // namespace returngate::courier
