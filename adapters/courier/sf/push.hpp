// SF's pushes: order states, routes (JSON or XML in a form) and fees, told apart by their bodies.
#pragma once

#include <vector>

#include "adapters/courier/courier.hpp"

namespace returngate::courier {

[[nodiscard]] Result<Proof> authenticate_sf_push(const Account& account, const Push& push);
[[nodiscard]] Result<std::vector<TrackingEvent>> decode_sf_push(const Push& push);
[[nodiscard]] http::Response acknowledge_sf_push(const Account& account, const Push& push,
                                                 AckOutcome outcome);

// The number that a re-labelled parcel goes on under, out of the words around it; nullopt when there
// is none or more than one.
[[nodiscard]] std::optional<std::string> new_number_in(std::string_view remark, std::string_view old_number);

}  // namespace returngate::courier
