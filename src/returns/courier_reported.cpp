// A courier reports: events merge into the milestones, and what follows from them is decided anew.
#include <algorithm>

#include "src/advance/commit.hpp"
#include "src/returns/broker.hpp"
#include "src/returns/handlers.hpp"
#include "src/returns/waybill_arrival.hpp"

namespace returngate {
namespace {

bool implies_collected(TrackingStatus status) {
    switch (status) {
        case TrackingStatus::collected:
        case TrackingStatus::in_transit:
        case TrackingStatus::out_for_delivery:
        case TrackingStatus::at_station:
        case TrackingStatus::delivered: return true;
        default: return false;
    }
}

// The courier came, whatever we had decided in between: a cancellation or a next courier loses.
void serve_pickup(Draft& draft, Booking& booking) {
    CaseFile& file = draft.file();
    if (!file.pickup) return;
    if (Booking* other = file.live_booking(); other != nullptr && other != &booking) {
        cancel_at_courier(draft, *other);
        draft.done(JobKind::accept_deadline, other->reference.value);
        draft.done(JobKind::door_give_up, other->reference.value);
    }
    if (booking.status == BookingStatus::placing || booking.status == BookingStatus::placed) {
        draft.done(JobKind::accept_deadline, booking.reference.value);
        draft.done(JobKind::place_booking, booking.reference.value);
    }
    booking.pickup = file.pickup->id;
    booking.status = BookingStatus::collected;
    file.pickup->status = PickupStatus::collected;
    draft.done(JobKind::door_deadline, to_string(file.pickup->id));
}

void on_collected(Draft& draft, Booking& booking) {
    if (booking.collected_known_at) return;
    booking.collected_known_at = draft.situation().received_at;
    serve_pickup(draft, booking);
    CaseFile& file = draft.file();
    if (file.case_.status == CaseStatus::awaiting_parcel || file.case_.status == CaseStatus::awaiting_agreement) {
        file.case_.status = CaseStatus::in_carriage;
    }
    const auto at = booking.milestones.collected_at().value_or(draft.now());
    const bool kept = file.pickup && at <= file.pickup->door_by;
    draft.note("pickup.collected", {{"courier", booking.courier.value},
                                    {"occurred_at", format_rfc3339(at)},
                                    {"promise_kept", kept}});
    if (file.pickup && !kept && !file.pickup->promise_missed) {
        file.pickup->promise_missed = true;
        draft.note("pickup.promise_missed", {{"pickup_id", to_string(file.pickup->id)}});
    }
}

// The courier withdrew the collection (decision 38).
void on_undone(Draft& draft, Booking& booking) {
    if (!booking.collected_known_at) return;
    if (draft.file().advance) return freeze(draft, "collection_undone_after_advance");
    booking.collected_known_at.reset();
    booking.confirmed_at.reset();
    booking.status = BookingStatus::accepted;
    if (draft.file().pickup) draft.file().pickup->status = PickupStatus::booked;
    if (draft.case_().status == CaseStatus::in_carriage) draft.case_().status = CaseStatus::awaiting_parcel;
    draft.note("pickup.collection_undone", {{"courier", booking.courier.value}});
}

void on_delivered(Draft& draft, const Booking& booking) {
    ReturnCase& return_case = draft.case_();
    if (return_case.delivered_at) return;
    return_case.delivered_at = booking.milestones.at(Milestone::delivered);
    if (return_case.status < CaseStatus::delivered) return_case.status = CaseStatus::delivered;
    draft.note("parcel.delivered", {{"courier", booking.courier.value},
                                    {"waybill", booking.waybill},
                                    {"occurred_at", format_rfc3339(*return_case.delivered_at)}});
    if (return_case.receipt == ReceiptOutcome::none) {
        draft.schedule(JobKind::receipt_deadline, "",
                       draft.now() + draft.policy().clocks.seller_confirms_receipt);
    }
}

// The courier ends it: before the collection the next one is asked, after the advance a person looks
// (decision 18).
void on_ended(Draft& draft, Booking& booking) {
    const Milestones& known = booking.milestones;
    if (known.is_returned() && draft.file().advance) freeze(draft, "returned_after_advance");
    const bool gave_up = known.is_cancelled() || (known.at(Milestone::collect_failed) && !known.is_collected());
    if (!gave_up) return;
    if (draft.file().advance) return freeze(draft, "cancelled_after_advance");
    if (booking.status == BookingStatus::cancelling) {
        booking.status = BookingStatus::cancelled;
    } else if (is_live(booking.status)) {
        rebroker(draft, booking, BookingStatus::refused, "cancelled_by_courier");  // invalidates `booking`
    }
}

void merge_events(Draft& draft, Booking& booking, const CourierReported& report) {
    const bool counts = counts_without_query(draft.policy(), report.proof, draft.case_().amount_fen);
    for (const auto& event : report.events) {
        booking.milestones.merge(event);
        if (event.waybill) waybill_arrived(draft, booking, *event.waybill, report.proof);
        if (event.replaced_by && !booking.waybill.empty()) freeze(draft, "waybill_replaced");
        if (counts && implies_collected(event.status) && !booking.confirmed_at) {
            booking.confirmed_at = draft.now();
        }
    }
}

// Decision 10: 0.2, 0.5, 1, 2 s, then a steady poll, as long as the answer is missing.
void ask_again(Draft& draft, const Booking& booking, int attempt) {
    if (booking.confirmed_at || !booking.milestones.is_collected() || draft.file().advance) {
        return draft.done(JobKind::confirm_collection, booking.reference.value);
    }
    const auto& schedule = draft.policy().confirm_after;
    const auto index = static_cast<std::size_t>(attempt - 1);
    const Duration wait = index < schedule.size() ? Duration(schedule.at(index)) : Duration(draft.policy().confirm_poll);
    draft.schedule(JobKind::confirm_collection, booking.reference.value, draft.now() + wait);
}

}  // namespace

Result<Decision> courier_reported(Draft draft, const CourierReported& report) {
    Booking* booking = draft.file().booking(report.reference);
    if (booking == nullptr) return fail(ErrorKind::not_found, "booking_unknown", "No such booking.");
    if (booking->courier != report.courier) {
        return fail(ErrorKind::unauthorized, "courier_mismatch", "The booking was made with another courier.");
    }
    merge_events(draft, *booking, report);
    const Milestones& known = booking->milestones;
    if (known.is_collected()) {
        on_collected(draft, *booking);
    } else if (known.at(Milestone::undone)) {
        on_undone(draft, *booking);
    } else if (known.is_accepted() && !known.is_cancelled()) {
        accept_booking(draft, *booking);
    }
    if (known.is_delivered()) on_delivered(draft, *booking);
    advance_when_due(draft, *booking);
    if (report.attempt > 0) ask_again(draft, *booking, report.attempt);
    on_ended(draft, *booking);
    return std::move(draft).finish();
}

}  // namespace returngate
