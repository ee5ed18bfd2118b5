// J&T's pushes: order state, track and bill on one URL; and the scans that pushes and queries share.
#pragma once

#include <string_view>
#include <vector>

#include "adapters/courier/courier.hpp"
#include "adapters/json/reader.hpp"

namespace returngate::courier {

// One of `details`. Keys of pushed and of queried scans begin with `key_prefix`.
[[nodiscard]] Result<TrackingEvent> read_jt_scan(const json::Value& detail, std::string_view waybill,
                                                 std::string_view key_prefix);

[[nodiscard]] Result<Proof> authenticate_jt_push(const Account& account, const Push& push);
[[nodiscard]] Result<std::vector<TrackingEvent>> decode_jt_push(const Push& push);
[[nodiscard]] http::Response acknowledge_jt_push(AckOutcome outcome);

}  // namespace returngate::courier
