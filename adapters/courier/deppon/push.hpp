// Deppon's pushes: order state and traces on one URL; and the trace rows that pushes and queries share.
#pragma once

#include <string_view>
#include <vector>

#include "adapters/courier/courier.hpp"
#include "adapters/json/reader.hpp"

namespace returngate::courier {

// The rows of one `trace_list`. Keys of pushed and of queried rows begin with `key_prefix`.
[[nodiscard]] Result<void> append_deppon_traces(const json::Value& rows, std::string_view waybill,
                                                std::string_view key_prefix,
                                                std::vector<TrackingEvent>& events);

[[nodiscard]] Result<Proof> authenticate_deppon_push(const Account& account, const Push& push);
[[nodiscard]] Result<std::vector<TrackingEvent>> decode_deppon_push(const Account& account, const Push& push);
[[nodiscard]] http::Response acknowledge_deppon_push(const Account& account, const Push& push,
                                                     AckOutcome outcome);

}  // namespace returngate::courier
