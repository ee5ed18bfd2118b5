// The name of a place that our events are sent to.
#pragma once

#include "src/base/ids.hpp"

namespace returngate::webhook {

struct EndpointTag {
    static constexpr std::string_view prefix = "whe_";
};
using EndpointId = Id<EndpointTag>;

}  // namespace returngate::webhook
