// A parcel's traces, as pushed (lastResult) and as queried: one shape.
#pragma once

#include <vector>

#include "adapters/courier/courier.hpp"
#include "adapters/json/reader.hpp"

namespace returngate::courier {

// {"nu","com","state","data":[{"time","status","statusCode"?,…}, newest first]}. Oldest first in our list;
// `key_prefix` tells what is pushed from what is queried.
[[nodiscard]] Result<std::vector<TrackingEvent>> read_kuaidi100_traces(const json::Value& result,
                                                                       std::string_view key_prefix);

}  // namespace returngate::courier
