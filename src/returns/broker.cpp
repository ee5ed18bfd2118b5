// One pickup, one live booking; the next courier inside the same promise.
#include "src/returns/broker.hpp"

#include <algorithm>

#include "src/pickup/ranking.hpp"

namespace returngate {
namespace {

constexpr std::chrono::hours kShipsAfterPickup{24};

// A pickup that was moved to another window starts afresh.
bool is_of_request(const Pickup& pickup, const Booking& booking) {
    return booking.pickup == pickup.id && booking.placed_at >= pickup.requested_at;
}

std::ptrdiff_t tries_of(const CaseFile& file, const CourierCode& courier) {
    return std::ranges::count_if(file.bookings, [&](const Booking& booking) {
        return is_of_request(*file.case_.pickup, booking) && booking.courier == courier;
    });
}

// `again` may be tried a second time.
std::vector<RankedCourier> ranking_for(const Draft& draft, const CaseFile& file, const Window& window,
                                       const CourierCode& again) {
    const Situation& situation = draft.situation();
    std::vector<CourierCandidate> candidates;
    for (const auto& terms : draft.policy().couriers) {
        const CourierRecord* record = draft.record_of(terms.code);
        candidates.push_back({.code = terms.code,
                              .priority = terms.priority,
                              .enabled = terms.enabled,
                              .breaker_open = std::ranges::count(situation.open_breakers, terms.code) > 0,
                              .already_tried = tries_of(file, terms.code) > (terms.code == again ? 1 : 0),
                              .hours = terms.hours,
                              .fee_fen = terms.fee_fen,
                              .record = record != nullptr ? *record : CourierRecord{}});
    }
    return rank_couriers(candidates, window, draft.policy().broker.weights);
}

// A re-broker sends [now, end of the promise] (decision 20); past the promise, a whole slot from now.
Window window_left(const Draft& draft, const Pickup& pickup, bool is_first) {
    if (is_first && pickup.window.start >= draft.now()) return pickup.window;
    const auto slot = draft.policy().pickup.slot_length;
    const Instant end = pickup.window.end > draft.now() ? pickup.window.end : draft.now() + slot;
    return {std::max(pickup.window.start, draft.now()), end};
}

// Nothing more is asked or waited for.
void drop_clocks(Draft& draft, const Booking& booking) {
    for (const auto kind : {JobKind::place_booking, JobKind::resolve_booking, JobKind::accept_deadline,
                            JobKind::door_give_up, JobKind::ask_courier}) {
        draft.done(kind, booking.reference.value);
    }
}

void place_booking(Draft& draft, const CourierCode& again) {
    CaseFile& file = draft.file();
    Pickup& pickup = *file.case_.pickup;
    const auto attempt = 1 + std::ranges::count_if(file.bookings, [&](const Booking& booking) {
                             return is_of_request(pickup, booking);
                         });
    const Window window = window_left(draft, pickup, attempt == 1);
    auto ranking = ranking_for(draft, file, window, again);
    if (ranking.empty() || ranking.front().excluded) {
        end_pickup(draft, PickupStatus::unserved);
        draft.note("pickup.unserved", {{"pickup_id", to_string(pickup.id)},
                                       {"attempts", attempt - 1},
                                       {"ranking", std::move(ranking)}});
        return;
    }
    Booking booking;
    booking.reference = draft.ids().next_booking_reference(draft.cell());
    booking.pickup = pickup.id;
    booking.courier = ranking.front().code;
    booking.window = window;
    booking.placed_at = draft.now();
    pickup.status = PickupStatus::brokering;
    draft.note(attempt == 1 ? "pickup.booked" : "pickup.rebrokered",
               {{"pickup_id", to_string(pickup.id)},
                {"courier", booking.courier.value},
                {"attempt", attempt},
                {"window_start", format_rfc3339(window.start)},
                {"window_end", format_rfc3339(window.end)},
                {"ranking", std::move(ranking)}});
    draft.schedule(JobKind::place_booking, booking.reference.value, draft.now());
    draft.schedule(JobKind::accept_deadline, booking.reference.value,
                   draft.now() + draft.policy().clocks.courier_accepts);
    if (pickup.promise_missed) watch_door(draft, booking);  // the promise's own clock has run out already
    file.bookings.push_back(std::move(booking));
}

}  // namespace

void place_next_booking(Draft& draft) {
    place_booking(draft, CourierCode{});
}

void end_pickup(Draft& draft, PickupStatus status) {
    Pickup& pickup = *draft.case_().pickup;
    pickup.status = status;
    draft.done(JobKind::door_deadline, to_string(pickup.id));
    const ReturnCase& return_case = draft.case_();
    // Agreed to by somebody, the case has had its clock from before the pickup.
    if (return_case.status != CaseStatus::awaiting_parcel || return_case.approval != Approval::automatic)
        return;
    const Instant due = return_case.applied_at + draft.policy().clocks.buyer_ships;
    draft.schedule(JobKind::ship_deadline, "", std::max(due, draft.now() + kShipsAfterPickup));
}

void watch_door(Draft& draft, const Booking& booking) {
    draft.schedule(JobKind::door_give_up, booking.reference.value,
                   booking.window.end + draft.policy().clocks.door_grace);
}

void cancel_at_courier(Draft& draft, Booking& booking) {
    booking.status = BookingStatus::cancelling;
    drop_clocks(draft, booking);
    draft.schedule(JobKind::cancel_booking, booking.reference.value, draft.now());
}

void rebroker(Draft& draft, Booking& booking, BookingStatus status, std::string_view reason) {
    const bool was_live = is_live(booking.status);
    const bool courier_may_hold_it = status == BookingStatus::expired;
    const CourierCode courier = booking.courier;
    booking.status = status;
    drop_clocks(draft, booking);
    if (courier_may_hold_it) {
        draft.schedule(JobKind::cancel_booking, booking.reference.value, draft.now());
    }
    if (!was_live || !draft.file().has_live_pickup()) return;
    draft.note("pickup.courier_gave_up", {{"courier", courier.value}, {"reason", std::string(reason)}});
    place_next_booking(draft);  // invalidates `booking`
}

void rebook_dead(Draft& draft, Booking& booking) {
    const CourierCode courier = booking.courier;
    booking.status = BookingStatus::refused;
    drop_clocks(draft, booking);
    draft.note("pickup.dead_reference",
               {{"courier", courier.value}, {"booking_reference", booking.reference.value}});
    place_booking(draft, courier);  // invalidates `booking`
}

void accept_booking(Draft& draft, Booking& booking) {
    if (booking.status == BookingStatus::accepted || booking.status == BookingStatus::collected) return;
    if (!is_live(booking.status) || draft.file().live_booking() != &booking)
        return cancel_at_courier(draft, booking);
    booking.status = BookingStatus::accepted;
    draft.case_().pickup->status = PickupStatus::booked;
    draft.done(JobKind::accept_deadline, booking.reference.value);
    // A call that is still under way may bring the number, so it goes on.
    draft.note("pickup.accepted",
               {{"courier", booking.courier.value}, {"booking_reference", booking.reference.value}});
}

}  // namespace returngate
