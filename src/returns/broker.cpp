// One pickup, one live booking; the next courier inside the same promise.
#include "src/returns/broker.hpp"

#include <algorithm>
#include <array>

#include "src/pickup/ranking.hpp"
#include "src/pickup/region.hpp"

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

// What couriers say when they would come, but not now: our words for their codes.
constexpr std::array<std::string_view, 4> kNobodyFree{"no_capacity", "slot_full", "time_not_served",
                                                      "time_not_supported"};

bool is_full(const Draft& draft, const CourierRecord& record, std::string_view region) {
    const auto full = std::ranges::find(record.full, region, &FullRegion::region);
    return full != record.full.end() && draft.now() < full->at + draft.policy().broker.stand_back;
}

// `again` may be tried a second time.
std::vector<RankedCourier> ranking_for(const Draft& draft, const CaseFile& file, const Booking& wanted,
                                       const CourierCode& again) {
    const Situation& situation = draft.situation();
    std::vector<CourierCandidate> candidates;
    for (const auto& terms : draft.policy().couriers) {
        const CourierRecord* record = draft.record_of(terms.code);
        const CourierQuote* quote =
            find_quote(situation.quotes, terms.code, wanted.region, file.case_.seller);
        candidates.push_back(
            {.code = terms.code,
             .priority = terms.priority,
             .enabled = terms.enabled,
             .breaker_open = std::ranges::count(situation.open_breakers, terms.code) > 0,
             .already_tried = tries_of(file, terms.code) > (terms.code == again ? 1 : 0),
             .hours = terms.hours,
             .fee_fen = quote != nullptr ? quote->fee_fen.value_or(terms.fee_fen) : terms.fee_fen,
             .record = record != nullptr ? *record : CourierRecord{},
             .is_covered = covers(terms.coverage, wanted.region),
             .is_served = quote == nullptr || quote->serves,
             .is_full = record != nullptr && is_full(draft, *record, wanted.region)});
    }
    return rank_couriers(candidates, wanted.window, draft.policy().broker.weights);
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
                            JobKind::move_booking, JobKind::door_give_up, JobKind::ask_courier}) {
        draft.done(kind, booking.reference.value);
    }
}

// Of the pickup that has been booked before.
std::string region_of_pickup(const CaseFile& file) {
    const auto known = std::ranges::find_if(
        file.bookings, [&](const Booking& booking) { return booking.pickup == file.case_.pickup->id; });
    return known == file.bookings.end() ? std::string() : known->region;
}

void place_booking(Draft& draft, std::string region, const CourierCode& again) {
    CaseFile& file = draft.file();
    Pickup& pickup = *file.case_.pickup;
    const auto attempt = 1 + std::ranges::count_if(file.bookings, [&](const Booking& booking) {
                             return is_of_request(pickup, booking);
                         });
    Booking booking;
    booking.pickup = pickup.id;
    booking.region = std::move(region);
    booking.window = window_left(draft, pickup, attempt == 1);
    auto ranking = ranking_for(draft, file, booking, again);
    if (ranking.empty() || ranking.front().excluded) {
        end_pickup(draft, PickupStatus::unserved);
        draft.note("pickup.unserved", {{"pickup_id", to_string(pickup.id)},
                                       {"attempts", attempt - 1},
                                       {"ranking", std::move(ranking)}});
        return;
    }
    booking.reference = draft.ids().next_booking_reference(draft.cell());
    booking.courier = ranking.front().code;
    booking.account = account_for(*draft.policy().terms(booking.courier), booking.region, file.case_.seller);
    booking.placed_at = draft.now();
    pickup.status = PickupStatus::brokering;
    draft.note(attempt == 1 ? "pickup.booked" : "pickup.rebrokered",
               {{"pickup_id", to_string(pickup.id)},
                {"courier", booking.courier.value},
                {"attempt", attempt},
                {"window_start", format_rfc3339(booking.window.start)},
                {"window_end", format_rfc3339(booking.window.end)},
                {"ranking", std::move(ranking)}});
    draft.schedule(JobKind::place_booking, booking.reference.value, draft.now());
    draft.schedule(JobKind::accept_deadline, booking.reference.value,
                   draft.now() + draft.policy().clocks.courier_accepts);
    if (pickup.promise_missed) watch_door(draft, booking);  // the promise's own clock has run out already
    file.bookings.push_back(std::move(booking));
}

}  // namespace

void place_first_booking(Draft& draft, std::string region) {
    place_booking(draft, std::move(region), CourierCode{});
}

void place_next_booking(Draft& draft) {
    place_booking(draft, region_of_pickup(draft.file()), CourierCode{});
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
    if (std::ranges::count(kNobodyFree, reason) > 0) {
        draft.note("courier.full", {{"courier", courier.value},
                                    {"booking_reference", booking.reference.value},
                                    {"reason", std::string(reason)}});
    }
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
    place_booking(draft, region_of_pickup(draft.file()), courier);  // invalidates `booking`
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
