// An event as it leaves the house: by webhook and in the streams it is the same JSON.
#pragma once

#include <string>

#include "adapters/postgres/events/feed.hpp"
#include "adapters/webhook/signature.hpp"
#include "src/webhook/endpoint_id.hpp"

namespace returngate::work {

// {"type","timestamp","data":{"return_id","seq","facts":{…}}}
[[nodiscard]] std::string body_of(const postgres::FeedEvent& event);
// The id is the event's: "evt_", the return, "_", its number. So it is the same on every attempt, and in a
// replay, too.
[[nodiscard]] webhook::Message message_of(const postgres::FeedEvent& event);
// Of type webhook.test, about no return.
[[nodiscard]] webhook::Message test_message(webhook::EndpointId endpoint,
                                            const std::array<std::uint8_t, 16>& id, Instant at);

}  // namespace returngate::work
