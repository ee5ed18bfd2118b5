// Pushes in our own courier protocol, and the events that pushes and track answers share.
#pragma once

#include <vector>

#include "adapters/courier/courier.hpp"
#include "adapters/json/reader.hpp"

namespace returngate::courier {

[[nodiscard]] Result<Proof> authenticate_open_push(const Account& account, const Push& push);
[[nodiscard]] Result<std::vector<TrackingEvent>> decode_open_push(const Push& push);
[[nodiscard]] http::Response acknowledge_open_push(const Push& push, AckOutcome outcome);

// {"events":[…]}; `key_prefix` tells what is pushed from what is queried. `malformed` names the member at
// fault, for whoever builds a sender.
[[nodiscard]] Result<std::vector<TrackingEvent>> read_open_events(const json::Value& document,
                                                                  std::string_view key_prefix);

}  // namespace returngate::courier
