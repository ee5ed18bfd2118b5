// Taking a pickup on: window, promise, first courier.
#pragma once

#include "src/returns/draft.hpp"

namespace returngate {

// Fails with `invalid` when the window cannot be had (the message says why), `conflict` when a
// pickup is live or the return is not at that point.
[[nodiscard]] Result<void> request_pickup(Draft& draft, const PickupRequest& request);

}  // namespace returngate
