// KDNiao's pushes, and the traces that pushes and queries share.
#pragma once

#include <vector>

#include "adapters/courier/courier.hpp"
#include "adapters/json/reader.hpp"

namespace returngate::courier {

[[nodiscard]] Result<Proof> authenticate_kdniao_push(const Account& account, const Push& push);
[[nodiscard]] Result<std::vector<TrackingEvent>> decode_kdniao_push(const Push& push);
[[nodiscard]] http::Response acknowledge_kdniao_push(const Account& account, const Push& push,
                                                     AckOutcome outcome);

// {"LogisticCode","State","StateEx"?,"Traces":[{"AcceptTime","Action"?,…}, oldest first]}; `key_prefix` tells
// what is pushed from what is queried.
[[nodiscard]] Result<std::vector<TrackingEvent>> read_kdniao_traces(const json::Value& parcel,
                                                                    std::string_view key_prefix);

}  // namespace returngate::courier
