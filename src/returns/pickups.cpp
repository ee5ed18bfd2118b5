// The buyer books and cancels; the courier answers our booking and our cancellation.
#include <algorithm>

#include "src/advance/commit.hpp"
#include "src/returns/broker.hpp"
#include "src/returns/freeze.hpp"
#include "src/returns/handlers.hpp"
#include "src/returns/pickup_request.hpp"
#include "src/returns/waybill_arrival.hpp"

namespace returngate {
namespace {

Error return_not_found() {
    return Error{ErrorKind::not_found, "return_not_found", "No such return."};
}

// Asking again for a lost answer: soon, then slower.
Duration resolve_after(int attempt) {
    return std::chrono::milliseconds(attempt < 6 ? 500 << std::max(attempt, 0) : 30000);
}

// What the courier's terms allow when a booking was sent and no answer came.
void resolve_lost_answer(Draft& draft, const Booking& booking, int attempt) {
    const CourierTerms* terms = draft.policy().terms(booking.courier);
    const Instant due = draft.now() + resolve_after(attempt);
    if (terms != nullptr && terms->finds_by_reference) {
        draft.done(JobKind::place_booking, booking.reference.value);
        draft.schedule(JobKind::resolve_booking, booking.reference.value, due);
    } else if (terms != nullptr && terms->repeats_reference) {
        draft.schedule(JobKind::place_booking, booking.reference.value, due);
    } else {
        draft.done(JobKind::place_booking, booking.reference.value);  // the accept deadline decides
    }
}

// Whose number it is decides by which rules it was judged, and under which code it is claimed.
void carried_by(Draft& draft, Booking& booking, const std::string& courier) {
    if (courier.empty() || courier == booking.number_courier()) return;
    if (!booking.waybill.empty()) return freeze(draft, "waybill_courier_changed");
    booking.carrying_courier = courier;
}

void taken_down(Draft& draft, Booking& booking, const BookingAnswered& answer) {
    draft.done(JobKind::place_booking, answer.reference.value);
    draft.done(JobKind::resolve_booking, answer.reference.value);
    carried_by(draft, booking, answer.carrying_courier);
    if (!answer.courier_key.empty()) booking.courier_key = answer.courier_key;
    if (!answer.pickup_code.empty())
        draft.decision().door = DoorContact{booking.reference, {}, {}, answer.pickup_code, booking.placed_at};
    if (answer.waybill) waybill_arrived(draft, booking, *answer.waybill, Proof::query);
    if (booking.status == BookingStatus::placing) booking.status = BookingStatus::placed;
    if (answer.outcome == BookingAnswered::Outcome::accepted || !is_live(booking.status))
        accept_booking(draft, booking);
    advance_when_due(draft, booking);
}

// A callback was faster, or we have moved on; only a number may still be missing.
void no_news(Draft& draft, const Booking& booking, const BookingAnswered& answer) {
    using Outcome = BookingAnswered::Outcome;
    const bool is_lost = answer.outcome == Outcome::in_doubt || answer.outcome == Outcome::unavailable;
    if (is_lost && is_live(booking.status) && booking.waybill.empty()) {
        return resolve_lost_answer(draft, booking, answer.attempt);
    }
    draft.done(JobKind::place_booking, answer.reference.value);
    draft.done(JobKind::resolve_booking, answer.reference.value);
}

std::string_view reason_of(const BookingAnswered& answer) {
    using Outcome = BookingAnswered::Outcome;
    if (answer.outcome == Outcome::unavailable) return "unavailable";
    if (answer.outcome == Outcome::unknown_there) return "not_placed";
    return answer.reason;
}

void promise(Draft& draft, Pickup& pickup, const Window& window) {
    pickup.window = window;
    pickup.requested_at = draft.now();
    pickup.door_by = window.start + draft.policy().clocks.courier_at_door;
    pickup.promise_missed = false;
    pickup.status = PickupStatus::brokering;
    draft.schedule(JobKind::door_deadline, to_string(pickup.id), pickup.door_by);
}

// Collected, says the courier: the collected event, or our question, will tell the rest.
void ask_for_collection(Draft& draft, const Booking& booking) {
    if (!booking.waybill.empty() && !booking.confirmed_at)
        draft.schedule(JobKind::confirm_collection, booking.reference.value, draft.now());
}

// By the courier's own operation. A booking that is still being placed is not there to be moved.
bool can_be_moved(const Draft& draft, const Booking& booking, const Window& window) {
    const CourierTerms* terms = draft.policy().terms(booking.courier);
    return terms != nullptr && terms->enabled && terms->moves_bookings &&
           booking.status != BookingStatus::placing && is_after_opening(window, terms->hours) &&
           is_within_cut_off(window, terms->hours);
}

// The courier's promise stands as it was given, so the pickup stays booked while it is asked.
void move_booking(Draft& draft, Booking& booking, const Window& window) {
    booking.window = window;
    if (booking.status == BookingStatus::accepted) draft.case_().pickup->status = PickupStatus::booked;
    draft.done(JobKind::door_give_up, booking.reference.value);
    draft.done(JobKind::ask_courier, booking.reference.value);
    draft.schedule(JobKind::move_booking, booking.reference.value, draft.now());
}

}  // namespace

Result<void> request_pickup(Draft& draft, const PickupRequest& request) {
    CaseFile& file = draft.file();
    if (file.case_.status != CaseStatus::awaiting_parcel) {
        return fail(ErrorKind::conflict, "return_not_awaiting_parcel",
                    "The return is not waiting for a parcel.");
    }
    if (file.self_shipped() != nullptr) {
        return fail(ErrorKind::conflict, "already_shipped", "The buyer has shipped the parcel already.");
    }
    if (file.has_live_pickup()) {
        return fail(ErrorKind::conflict, "pickup_already_live",
                    "A pickup is booked already; cancel it first.");
    }
    auto window =
        choose_window(draft.policy().pickup, draft.now(), request.window, draft.policy().courier_hours());
    if (!window) return tl::unexpected(window.error());
    Pickup pickup;
    pickup.id = request.id;
    pickup.contact = request.contact;
    promise(draft, pickup, *window);
    file.case_.pickup = pickup;
    place_first_booking(draft, request.region);
    return {};
}

Result<Decision> book_pickup(Draft draft, const BookPickup& command) {
    if (draft.case_().version == 0) return tl::unexpected(return_not_found());
    if (const auto booked = request_pickup(draft, command.request); !booked)
        return tl::unexpected(booked.error());
    return std::move(draft).finish();
}

Result<Decision> cancel_pickup(Draft draft, const CancelPickup&) {
    if (draft.case_().version == 0) return tl::unexpected(return_not_found());
    CaseFile& file = draft.file();
    if (!file.case_.pickup || file.case_.pickup->status == PickupStatus::unserved) {
        return fail(ErrorKind::not_found, "pickup_not_found", "There is no pickup to cancel.");
    }
    if (file.case_.pickup->status == PickupStatus::cancelled) return std::move(draft).finish();
    if (file.case_.pickup->status == PickupStatus::collected) {
        return fail(ErrorKind::conflict, "already_collected", "The parcel has been collected.");
    }
    if (Booking* booking = file.live_booking()) cancel_at_courier(draft, *booking);
    end_pickup(draft, PickupStatus::cancelled);
    draft.note("pickup.cancelled",
               {{"pickup_id", to_string(file.case_.pickup->id)}, {"by", std::string("buyer")}});
    return std::move(draft).finish();
}

Result<Decision> reschedule_pickup(Draft draft, const ReschedulePickup& command) {
    if (draft.case_().version == 0) return tl::unexpected(return_not_found());
    CaseFile& file = draft.file();
    if (!file.has_live_pickup())
        return fail(ErrorKind::not_found, "pickup_not_found", "There is no pickup to move.");
    Pickup& pickup = *file.case_.pickup;
    if (pickup.status == PickupStatus::collected)
        return fail(ErrorKind::conflict, "already_collected", "The parcel has been collected.");
    if (file.case_.status != CaseStatus::awaiting_parcel) {
        return fail(ErrorKind::conflict, "return_not_awaiting_parcel",
                    "The return is not waiting for a parcel.");
    }
    const auto window =
        choose_window(draft.policy().pickup, draft.now(), command.window, draft.policy().courier_hours());
    if (!window) return tl::unexpected(window.error());
    if (*window == pickup.window) return std::move(draft).finish();
    draft.note("pickup.rescheduled", {{"pickup_id", to_string(pickup.id)},
                                      {"window_start", format_rfc3339(window->start)},
                                      {"window_end", format_rfc3339(window->end)}});
    Booking* booking = file.live_booking();
    const bool is_moved = booking != nullptr && can_be_moved(draft, *booking, *window);
    if (booking != nullptr && !is_moved) cancel_at_courier(draft, *booking);
    promise(draft, pickup, *window);
    if (is_moved) {
        move_booking(draft, *booking, *window);
    } else {
        place_next_booking(draft);
    }
    return std::move(draft).finish();
}

Result<Decision> booking_moved(Draft draft, const BookingMoved& answer) {
    Booking* booking = draft.file().booking(answer.reference);
    if (booking == nullptr) return fail(ErrorKind::not_found, "booking_unknown", "No such booking.");
    // A typed number is nobody's visit: there is nothing to move.
    const bool is_awaited = is_live(booking->status) && booking->status != BookingStatus::collected &&
                            !booking->is_self_shipped();
    if (is_awaited && answer.window != booking->window) {
        draft.schedule(JobKind::move_booking, booking->reference.value,
                       draft.now());  // moved again meanwhile
        return std::move(draft).finish();
    }
    draft.done(JobKind::move_booking, answer.reference.value);
    if (!is_awaited) return std::move(draft).finish();
    if (answer.outcome == BookingMoved::Outcome::moved) {
        draft.note("pickup.moved", {{"courier", booking->courier.value},
                                    {"window_start", format_rfc3339(answer.window.start)},
                                    {"window_end", format_rfc3339(answer.window.end)}});
    } else if (answer.outcome == BookingMoved::Outcome::too_late) {
        ask_for_collection(draft, *booking);
    } else {
        cancel_at_courier(draft, *booking);
        place_next_booking(draft);  // invalidates `booking`
    }
    return std::move(draft).finish();
}

Result<Decision> booking_answered(Draft draft, const BookingAnswered& answer) {
    Booking* booking = draft.file().booking(answer.reference);
    if (booking == nullptr) return fail(ErrorKind::not_found, "booking_unknown", "No such booking.");
    using Outcome = BookingAnswered::Outcome;
    if (answer.outcome == Outcome::accepted || answer.outcome == Outcome::pending) {
        taken_down(draft, *booking, answer);
    } else if (booking->status != BookingStatus::placing) {
        no_news(draft, *booking, answer);
    } else if (answer.outcome == Outcome::in_doubt) {
        resolve_lost_answer(draft, *booking, answer.attempt);
    } else if (answer.outcome == Outcome::dead) {
        rebook_dead(draft, *booking);
    } else {
        // Unavailable may be said of a second try, whose first one arrived: then it is cancelled there.
        const bool is_certain = answer.outcome != Outcome::unavailable;
        rebroker(draft, *booking, is_certain ? BookingStatus::refused : BookingStatus::expired,
                 reason_of(answer));
    }
    return std::move(draft).finish();
}

Result<Decision> booking_cancelled(Draft draft, const BookingCancelled& answer) {
    Booking* booking = draft.file().booking(answer.reference);
    if (booking == nullptr) return fail(ErrorKind::not_found, "booking_unknown", "No such booking.");
    draft.done(JobKind::cancel_booking, answer.reference.value);
    if (answer.outcome == BookingCancelled::Outcome::too_late) {
        ask_for_collection(draft, *booking);
        draft.note("pickup.cancel_too_late", {{"courier", booking->courier.value}});
    } else if (answer.outcome == BookingCancelled::Outcome::without_key) {
        // Should it say yes to the booking after all, it is told again.
        draft.note("pickup.cancel_impossible",
                   {{"courier", booking->courier.value}, {"booking_reference", booking->reference.value}});
    } else if (!is_live(booking->status)) {
        booking->status = BookingStatus::cancelled;
    }
    return std::move(draft).finish();
}

}  // namespace returngate
