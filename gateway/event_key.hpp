// The key under which an event is stored once: the courier's, and a hash where a courier repeats its events
// with new values.
#pragma once

#include <string>
#include <string_view>

#include "src/pickup/tracking.hpp"

namespace returngate {

// SHA-256 over what an event says, without the body around it: couriers send the same event alone and
// in a list. Raw bytes.
[[nodiscard]] std::string hash_of_event(const TrackingEvent& event);

// `payload_hash` is the body's for an event that came alone, hash_of_event's otherwise.
[[nodiscard]] std::string stored_key(const TrackingEvent& event, std::string_view payload_hash);

}  // namespace returngate
