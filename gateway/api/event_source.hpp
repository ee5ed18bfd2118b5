// Server-sent events from a position in the feed on: an answer that stays open, or one that ends with the
// first news.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "gateway/api/handlers.hpp"
#include "gateway/api/services.hpp"

namespace returngate::api {

// What a reader asked for, and where it stands.
struct Reading {
    postgres::EventPosition from{};  // the last event that the reader has
    std::optional<Instant> since{};  // older events are passed over
    // What follows a position, and how a position of this stream is written.
    std::function<std::vector<postgres::FeedEvent>(postgres::Desk&, const postgres::EventPosition&)> read{};
    std::function<std::string(const postgres::EventPosition&)> id_of{};
    // How long to wait for the first news, with which the answer ends; absent: the answer stays open.
    std::optional<std::chrono::seconds> wait{};
    // Whether the reader's key is good still.
    std::function<bool()> is_admitted{};
};

// While all places for waiting are taken, with what there is, at once.
[[nodiscard]] Answering answer_with_events(Services& services, Reading reading);

}  // namespace returngate::api
