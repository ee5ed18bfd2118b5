// A courier reports: events merge into the milestones, and what follows from them is decided anew.
#include <algorithm>
#include <array>

#include "src/advance/commit.hpp"
#include "src/returns/broker.hpp"
#include "src/returns/handlers.hpp"
#include "src/returns/refunds.hpp"
#include "src/returns/self_shipped.hpp"
#include "src/returns/silence.hpp"
#include "src/returns/waybill_arrival.hpp"

namespace returngate {
namespace {

bool is_of_advance(const CaseFile& file, const Booking& booking) {
    return file.advance && file.advance->booking == booking.reference;
}

// Somebody else has the parcel.
void give_up(Draft& draft, Booking& booking) {
    if (!booking.is_self_shipped()) return cancel_at_courier(draft, booking);
    booking.status = BookingStatus::cancelled;
    draft.done(JobKind::self_shipped_deadline, booking.reference.value);
    draft.done(JobKind::confirm_collection, booking.reference.value);
}

// The courier came, whatever we had decided in between: a cancellation or a next courier loses.
void serve_pickup(Draft& draft, Booking& booking) {
    CaseFile& file = draft.file();
    for (Booking* other : {file.live_booking(), file.self_shipped()}) {
        if (other == nullptr || other == &booking) continue;
        // One parcel, two couriers who say that they have it: a person asks which.
        const bool has_it = other->status == BookingStatus::collected || is_of_advance(file, *other);
        if (has_it) return freeze(draft, "collected_twice");
        give_up(draft, *other);
    }
    if (booking.is_self_shipped()) {
        if (file.has_live_pickup()) end_pickup(draft, PickupStatus::cancelled);
        booking.status = BookingStatus::collected;
        return draft.done(JobKind::self_shipped_deadline, booking.reference.value);
    }
    if (!file.case_.pickup) return;
    // Only what this booking can still have going: this is the busiest path, and every key costs a look-up.
    const BookingStatus was = booking.status;
    if (was < BookingStatus::accepted) draft.done(JobKind::accept_deadline, booking.reference.value);
    if (!is_live(was)) draft.done(JobKind::cancel_booking, booking.reference.value);
    if (file.case_.pickup->promise_missed) draft.done(JobKind::door_give_up, booking.reference.value);
    draft.done(JobKind::door_deadline, to_string(file.case_.pickup->id));
    booking.pickup = file.case_.pickup->id;
    booking.status = BookingStatus::collected;
    file.case_.pickup->status = PickupStatus::collected;
}

// The promise is kept by the time of the event, not by the time of its report.
void judge_promise(Draft& draft, const Booking& booking) {
    if (booking.status != BookingStatus::collected || booking.is_self_shipped() || !draft.case_().pickup)
        return;
    Pickup& pickup = *draft.case_().pickup;
    const bool is_missed = booking.milestones.standing_collection_at() > pickup.door_by;
    if (is_missed == pickup.promise_missed) return;
    pickup.promise_missed = is_missed;
    draft.note(is_missed ? "pickup.promise_missed" : "pickup.promise_kept_after_all",
               {{"pickup_id", to_string(pickup.id)},
                {"promised_at", format_rfc3339(pickup.door_by)},
                {"courier", booking.courier.value}});
}

// Nobody promised to fetch what the buyer took to a counter.
void note_collection(Draft& draft, const Booking& booking) {
    const auto at = booking.milestones.standing_collection_at().value_or(draft.now());
    if (booking.is_self_shipped()) {
        return draft.note("pickup.collected",
                          {{"courier", booking.courier.value}, {"occurred_at", format_rfc3339(at)}});
    }
    draft.note("pickup.collected",
               {{"courier", booking.courier.value},
                {"occurred_at", format_rfc3339(at)},
                {"promise_kept", draft.case_().pickup && at <= draft.case_().pickup->door_by}});
}

void on_collected(Draft& draft, Booking& booking) {
    if (is_of_advance(draft.file(), booking)) {
        thaw(draft, "collection_undone_after_advance");
        thaw(draft, "cancelled_after_advance");
        refund_after_receipt(draft);  // what the doubt held up, had the advance been rejected meanwhile
    }
    if (!booking.collected_known_at) {
        booking.collected_known_at = draft.situation().received_at;
        serve_pickup(draft, booking);
        ReturnCase& return_case = draft.case_();
        if (is_over(return_case.status)) freeze(draft, "collected_when_over");
        if (return_case.status < CaseStatus::in_carriage) return_case.status = CaseStatus::in_carriage;
        note_collection(draft, booking);
    }
    judge_promise(draft, booking);
}

// Its word is confirmed from now on, and people look at it.
void courier_contradicted(Draft& draft, const Booking& booking) {
    draft.note("courier.contradicted",
               {{"courier", booking.courier.value},
                {"booking_reference", booking.reference.value},
                {"by", std::string(booking.milestones.is_cancelled() ? "cancelled" : "undone")}});
}

// The collection was withdrawn before money moved (decision 38): everything waits for it again.
void collection_withdrawn(Draft& draft, Booking& booking) {
    booking.collected_known_at.reset();
    draft.note("pickup.collection_undone", {{"courier", booking.courier.value}});
    draft.done(JobKind::confirm_collection, booking.reference.value);
    if (booking.status != BookingStatus::collected) return;
    booking.status = BookingStatus::accepted;
    if (!booking.is_self_shipped()) {
        Pickup& pickup = *draft.case_().pickup;
        pickup.status = PickupStatus::booked;
        draft.schedule(JobKind::door_deadline, to_string(pickup.id), std::max(pickup.door_by, draft.now()));
    }
    if (draft.case_().status != CaseStatus::in_carriage) return;
    draft.case_().status = CaseStatus::awaiting_parcel;
    draft.schedule(JobKind::ship_deadline, "", draft.now() + draft.policy().clocks.buyer_ships);
    if (booking.is_self_shipped()) watch_self_shipped_anew(draft, booking);
}

// Decisions 18 and 38. Told once per loss, however many reports repeat it.
void collection_lost_after_advance(Draft& draft, const Booking& booking) {
    const std::string before = draft.case_().frozen;
    freeze(draft,
           booking.milestones.is_cancelled() ? "cancelled_after_advance" : "collection_undone_after_advance");
    if (draft.case_().frozen != before) courier_contradicted(draft, booking);
}

void on_not_collected(Draft& draft, Booking& booking) {
    const Milestones& known = booking.milestones;
    if (booking.collected_known_at) {
        if (is_of_advance(draft.file(), booking)) return collection_lost_after_advance(draft, booking);
        courier_contradicted(draft, booking);
        collection_withdrawn(draft, booking);
    }
    // Nobody booked a typed number: there is nothing to accept, or to cancel where it was given up.
    if (known.is_accepted() && !known.is_cancelled() && !booking.is_self_shipped())
        accept_booking(draft, booking);
}

void on_delivered(Draft& draft, const Booking& booking) {
    ReturnCase& return_case = draft.case_();
    const auto at = booking.milestones.at(Milestone::delivered);
    if (return_case.delivered_at) {
        return_case.delivered_at = std::min(return_case.delivered_at, at);
        return;
    }
    return_case.delivered_at = at;
    end_self_shipped_watch(draft);
    if (return_case.status < CaseStatus::delivered) return_case.status = CaseStatus::delivered;
    draft.note("parcel.delivered", {{"courier", booking.courier.value},
                                    {"waybill", booking.waybill},
                                    {"occurred_at", format_rfc3339(*at)}});
    if (return_case.receipt == ReceiptOutcome::none && !is_over(return_case.status)) {
        draft.schedule(JobKind::receipt_deadline, "",
                       draft.now() + draft.policy().clocks.seller_confirms_receipt);
    }
}

// The parcel does not reach the seller; if it is paid for, the courier owes us (decision 18).
void on_returned(Draft& draft, const Booking& booking) {
    freeze(draft, is_of_advance(draft.file(), booking) ? "returned_after_advance" : "returned");
}

void on_news(Draft& draft, Booking& booking) {
    if (booking.milestones.is_collected()) {
        on_collected(draft, booking);
    } else {
        on_not_collected(draft, booking);
    }
    if (booking.milestones.is_delivered()) on_delivered(draft, booking);
    if (booking.milestones.is_returned()) on_returned(draft, booking);
}

// The courier ends it before the collection: the next one is asked. One that only failed to collect
// may still hold the order.
void on_given_up(Draft& draft, Booking& booking) {
    const Milestones& known = booking.milestones;
    const bool is_cancelled = known.is_cancelled();
    const bool has_failed = known.at(Milestone::collect_failed) && !known.is_collected();
    if ((!is_cancelled && !has_failed) || is_of_advance(draft.file(), booking)) return;
    if (booking.status == BookingStatus::cancelling && is_cancelled) {
        booking.status = BookingStatus::cancelled;
        draft.done(JobKind::cancel_booking, booking.reference.value);
    } else if (is_live(booking.status) && !booking.is_self_shipped()) {
        rebroker(draft, booking, is_cancelled ? BookingStatus::refused : BookingStatus::expired,
                 is_cancelled ? "cancelled_by_courier" : "collect_failed");  // invalidates `booking`
    }
}

bool is_distrusted(const Draft& draft, const CourierCode& courier) {
    const CourierRecord* record = draft.record_of(courier);
    return record != nullptr && record->contradicted_at &&
           draft.now() < *record->contradicted_at + draft.policy().broker.distrust;
}

// A courier who assigns somebody else says so with one of these.
constexpr std::array kNamesWhoComes{TrackingStatus::accepted, TrackingStatus::courier_assigned,
                                    TrackingStatus::rebooked};

// Until the parcel is collected; afterwards nobody needs to know, and the busiest path writes no row for it.
void hear_who_comes(Draft& draft, const Booking& booking, const CourierReported& report) {
    const bool is_awaited = is_live(booking.status) && !booking.milestones.is_collected();
    if (!is_awaited || booking.is_self_shipped()) return;
    std::optional<DoorContact>& door = draft.decision().door;
    for (const auto& event : report.events) {
        const bool names_somebody = std::ranges::count(kNamesWhoComes, event.status) > 0 &&
                                    !(event.courier_person.empty() && event.courier_phone.empty());
        if (!names_somebody && event.pickup_code.empty()) continue;
        DoorContact told{booking.reference, {}, {}, event.pickup_code, event.occurred_at};
        if (names_somebody) {
            told.name = event.courier_person;
            told.phone = event.courier_phone;
        }
        if (door)
            merge(*door, told);
        else
            door = std::move(told);
    }
    if (door) draft.note("pickup.courier_named", {{"courier", booking.courier.value}});
}

void merge_events(Draft& draft, Booking& booking, const CourierReported& report) {
    const bool counts = counts_without_query(draft.policy(), report.proof, draft.case_().amount_fen) &&
                        (report.proof == Proof::query || !is_distrusted(draft, report.courier));
    const bool had_number = !booking.waybill.empty();
    for (const auto& event : report.events) {
        booking.milestones.merge(event, counts);
        if (event.waybill) waybill_arrived(draft, booking, *event.waybill, report.proof);
        const bool is_replaced = event.replaced_by || event.status == TrackingStatus::replaced;
        if (is_replaced) freeze(draft, "waybill_replaced");
    }
    if (booking.is_self_shipped()) heard_of_self_shipped(draft, booking, report.proof);
    if (!booking.milestones.is_collection_proved()) {
        if (!booking.is_self_shipped()) booking.confirmed_at.reset();
    } else if (!booking.confirmed_at) {
        booking.confirmed_at = draft.now();
        // Only what has a number can have been asked about.
        if (had_number) draft.done(JobKind::confirm_collection, booking.reference.value);
    }
}

// Decision 10: 0.2, 0.5, 1, 2 s, then a steady poll, as long as the answer is missing.
void ask_again(Draft& draft, const Booking& booking, int attempt) {
    if (!awaits_confirmation(draft.file(), booking)) {
        if (booking.is_self_shipped()) return watch_self_shipped(draft, booking);
        return draft.done(JobKind::confirm_collection, booking.reference.value);
    }
    const auto& schedule = draft.policy().confirm_after;
    const auto index = static_cast<std::size_t>(attempt - 1);
    const Duration wait =
        index < schedule.size() ? Duration(schedule.at(index)) : Duration(draft.policy().confirm_poll);
    draft.schedule(JobKind::confirm_collection, booking.reference.value, draft.now() + wait);
}

}  // namespace

Result<Decision> courier_reported(Draft draft, const CourierReported& report) {
    Booking* booking = draft.file().booking(report.reference);
    if (booking == nullptr) return fail(ErrorKind::not_found, "booking_unknown", "No such booking.");
    if (booking->courier != report.courier) {
        return fail(ErrorKind::unauthorized, "courier_mismatch",
                    "The booking was made with another courier.");
    }
    if (booking->account != report.account) {
        return fail(ErrorKind::unauthorized, "account_mismatch",
                    "The booking was made with another account at this courier.");
    }
    const Milestones before = booking->milestones;
    merge_events(draft, *booking, report);
    const bool is_news = booking->milestones != before;
    if (is_news) on_news(draft, *booking);
    hear_who_comes(draft, *booking, report);
    advance_when_due(draft, *booking);
    if (report.on_silence) {
        ask_on(draft, *booking, is_news);
    } else if (report.attempt > 0) {
        ask_again(draft, *booking, report.attempt);
    }
    if (is_news) on_given_up(draft, *booking);  // invalidates `booking`
    return std::move(draft).finish();
}

}  // namespace returngate
