// Kuaidi100's pushes: order states and traces, on one URL with our reference in it.
#pragma once

#include <vector>

#include "adapters/courier/courier.hpp"

namespace returngate::courier {

[[nodiscard]] Result<Proof> authenticate_kuaidi100_push(const Account& account, const Push& push);
[[nodiscard]] Result<std::vector<TrackingEvent>> decode_kuaidi100_push(const Push& push);
[[nodiscard]] http::Response acknowledge_kuaidi100_push(AckOutcome outcome);

}  // namespace returngate::courier
