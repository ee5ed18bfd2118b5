// One function per promise.
#include "gateway/api/promises.hpp"

#include <algorithm>

#include "adapters/json/reader.hpp"

namespace returngate::api {
namespace {

using postgres::EventView;
using postgres::TimelineView;

Promise judged(std::string_view name, Instant promised_at, std::optional<Instant> actual_at, Instant now,
               bool is_owed = true) {
    Promise promise{name, promised_at, actual_at, std::nullopt};
    if (actual_at) {
        promise.kept = *actual_at <= promised_at;
    } else if (is_owed && now > promised_at) {
        promise.kept = false;
    }
    return promise;
}

const EventView* first_of(const TimelineView& timeline, std::initializer_list<std::string_view> types,
                          int after_seq = 0) {
    for (const auto& event : timeline.events) {
        if (event.seq > after_seq && std::ranges::find(types, event.type) != types.end()) return &event;
    }
    return nullptr;
}

std::optional<Instant> time_of(const EventView* event) {
    if (event == nullptr) return std::nullopt;
    return event->at;
}

std::string fact(const EventView& event, std::string_view name) {
    const auto data = json::parse(event.data);
    if (!data) return {};
    return std::string((*data)[name].string().value_or(""));
}

// The courier's own time of the visit; ours of hearing of it where there is none.
std::optional<Instant> occurred_at(const EventView* event) {
    if (event == nullptr) return std::nullopt;
    const auto told = parse_rfc3339(fact(*event, "occurred_at"));
    return told ? told : std::optional<Instant>(event->at);
}

void seller_answers(const TimelineView& timeline, const Clocks& clocks, Instant now,
                    std::vector<Promise>& into) {
    if (timeline.case_.approval == Approval::automatic) return;
    const EventView* answer = first_of(timeline, {"return.approved", "return.refused"});
    into.push_back(judged("seller_answers_application",
                          timeline.case_.applied_at + clocks.seller_answers_application, time_of(answer),
                          now));
}

// Both promises of one visit run from its request; a cancelled one owes nothing.
void pickup_promises(const TimelineView& timeline, const Clocks& clocks, Instant now,
                     std::vector<Promise>& into) {
    for (std::size_t i = 0; i < timeline.pickups.size(); ++i) {
        const auto& pickup = timeline.pickups[i];
        const bool is_owed = pickup.status != PickupStatus::cancelled;
        const auto booked = std::ranges::find_if(timeline.events, [&](const EventView& event) {
            return event.type == "pickup.booked" && fact(event, "pickup_id") == to_string(pickup.id);
        });
        const int begins = booked == timeline.events.end() ? 0 : booked->seq;
        const EventView* next = first_of(timeline, {"pickup.booked"}, begins);
        const auto within = [&](const EventView* event) {
            return event != nullptr && (next == nullptr || event->seq < next->seq) ? event : nullptr;
        };
        const EventView* accepted =
            within(first_of(timeline, {"pickup.accepted", "pickup.collected"}, begins));
        const EventView* collected = within(first_of(timeline, {"pickup.collected"}, begins));
        into.push_back(judged("courier_accepts", pickup.requested_at + clocks.courier_accepts,
                              time_of(accepted), now, is_owed));
        into.push_back(judged("courier_at_door", pickup.door_by, occurred_at(collected), now, is_owed));
    }
}

void advance_pays(const TimelineView& timeline, const Clocks& clocks, Instant now,
                  std::vector<Promise>& into) {
    if (!timeline.advance) return;
    const auto& advance = *timeline.advance;
    const bool is_owed = advance.state != AdvanceState::reversed;
    into.push_back(
        judged("advance_pays", advance.trigger_at + clocks.advance_pays, advance.paid_at, now, is_owed));
}

void seller_confirms(const TimelineView& timeline, const Clocks& clocks, Instant now,
                     std::vector<Promise>& into) {
    const EventView* delivered = first_of(timeline, {"parcel.delivered"});
    if (delivered == nullptr) return;
    const EventView* answer = first_of(timeline, {"receipt.confirmed", "receipt.disputed"});
    into.push_back(judged("seller_confirms_receipt", delivered->at + clocks.seller_confirms_receipt,
                          time_of(answer), now));
}

}  // namespace

std::vector<Promise> promises_of(const TimelineView& timeline, const Clocks& clocks, Instant now) {
    std::vector<Promise> all;
    seller_answers(timeline, clocks, now, all);
    pickup_promises(timeline, clocks, now, all);
    advance_pays(timeline, clocks, now, all);
    seller_confirms(timeline, clocks, now, all);
    return all;
}

}  // namespace returngate::api
