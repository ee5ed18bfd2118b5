// What a courier of the sandbox knows of one booking, and the life that the parcel leads.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/sandbox/script.hpp"
#include "src/base/time.hpp"

namespace returngate::sandbox {

struct ParcelEvent {
    Stage stage = Stage::booked;
    Instant at{};          // the courier's stamp
    std::uint64_t id = 0;  // unique within the courier
};

struct Parcel {
    std::string reference;
    std::string waybill;        // what the courier truly gave it
    std::string told_waybill;   // what it tells us, by script; empty: not told at booking
    std::string body_digest;    // of the booking's content: the same reference with another one is noted
    std::string sender_digest;  // of who sends what from where: two live ones are twins
    std::string window_start;
    std::string window_end;
    std::string callback_url;  // of this order, and its salt; empty where the courier has one for all
    std::string salt;
    Stage stage = Stage::booked;
    bool is_live = true;
    int requests = 1;          // how often this reference was asked for
    int changed_requests = 0;  // … with another content
    int hidden_queries = 0;    // how many more queries see nothing
    int queries = 0;           // how often its events were asked for
    std::vector<ParcelEvent> events;
    Behaviour behaviour;
};

}  // namespace returngate::sandbox
