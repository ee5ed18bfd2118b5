// STO's pushes: dispatch states, tracks and settled weights on one URL. A trace of the query has the pushed
// shape.
#pragma once

#include <vector>

#include "adapters/courier/courier.hpp"
#include "adapters/json/reader.hpp"

namespace returngate::courier {

// One scan, of a push or of a query; the caller names the parcel and makes the key.
[[nodiscard]] Result<TrackingEvent> read_sto_scan(const json::Value& scan);

[[nodiscard]] Result<Proof> authenticate_sto_push(const Account& account, const Push& push);
[[nodiscard]] Result<std::vector<TrackingEvent>> decode_sto_push(const Push& push);
[[nodiscard]] http::Response acknowledge_sto_push(AckOutcome outcome);

}  // namespace returngate::courier
