// Clocks that ran out: every silence has a recorded outcome.
#include "src/advance/reservation.hpp"
#include "src/returns/agreement.hpp"
#include "src/returns/appeals.hpp"
#include "src/returns/broker.hpp"
#include "src/returns/clawback.hpp"
#include "src/returns/handlers.hpp"
#include "src/returns/intervention.hpp"
#include "src/returns/receipt.hpp"
#include "src/returns/self_shipped.hpp"
#include "src/returns/silence.hpp"

namespace returngate {
namespace {

constexpr std::chrono::hours kLookAgainAfter{24};

// The seller's own application amount was not to be had, and the buyer did not take the other one.
void buyer_did_not_answer(Draft& draft) {
    if (draft.case_().status != CaseStatus::awaiting_buyer) return;
    draft.case_().offer_fen.reset();
    draft.case_().kind = CaseKind::goods_return;  // whatever was offered is off
    close_case(draft, "offer_not_answered");
}

void self_shipped_watch_ended(Draft& draft, const std::string& reference) {
    Booking* booking = draft.file().booking(BookingReference{reference});
    if (booking != nullptr) self_shipped_not_collected(draft, *booking);
}

void buyer_did_not_ship(Draft& draft) {
    if (draft.case_().status != CaseStatus::awaiting_parcel) return;
    // Its own clocks end it; look again afterwards.
    if (draft.file().has_live_pickup() || draft.file().self_shipped() != nullptr) {
        return draft.schedule(JobKind::ship_deadline, "", draft.now() + kLookAgainAfter);
    }
    const auto until = self_shipped_may_arrive_until(draft);
    if (until && *until > draft.now()) return draft.schedule(JobKind::ship_deadline, "", *until);
    close_case(draft, "not_shipped");
}

void courier_did_not_accept(Draft& draft, const std::string& reference) {
    Booking* booking = draft.file().booking(BookingReference{reference});
    if (booking == nullptr) return;
    if (booking->status != BookingStatus::placing && booking->status != BookingStatus::placed) return;
    rebroker(draft, *booking, BookingStatus::expired, "not_accepted_in_time");
}

void courier_not_at_door(Draft& draft, const std::string& pickup) {
    CaseFile& file = draft.file();
    if (!file.has_live_pickup() || file.case_.pickup->status == PickupStatus::collected) return;
    if (to_string(file.case_.pickup->id) != pickup) return;
    const Booking* booking = file.live_booking();
    if (!file.case_.pickup->promise_missed) {
        file.case_.pickup->promise_missed = true;
        draft.note("pickup.promise_missed",
                   {{"pickup_id", to_string(file.case_.pickup->id)},
                    {"promised_at", format_rfc3339(file.case_.pickup->door_by)},
                    {"courier", booking != nullptr ? booking->courier.value : std::string()}});
    }
    if (booking == nullptr) return;
    watch_door(draft, *booking);
    ask_at_the_door(draft, *booking);
}

void give_courier_up(Draft& draft, const std::string& reference) {
    Booking* booking = draft.file().booking(BookingReference{reference});
    if (booking == nullptr || !is_live(booking->status) || booking->status == BookingStatus::collected)
        return;
    rebroker(draft, *booking, BookingStatus::expired, "not_at_the_door");
}

void seller_did_not_confirm(Draft& draft) {
    if (draft.case_().receipt != ReceiptOutcome::none || !draft.case_().delivered_at) return;
    if (is_over(draft.case_().status)) return;
    if (!draft.case_().frozen.empty()) {  // silence about a doubtful parcel is no confirmation
        return draft.schedule(JobKind::receipt_deadline, "", draft.now() + kLookAgainAfter);
    }
    confirm_received(draft, "silence");
}

}  // namespace

Result<Decision> timer_fired(Draft draft, const TimerFired& timer) {
    if (draft.case_().version == 0) return fail(ErrorKind::not_found, "return_not_found", "No such return.");
    draft.done(timer.kind, timer.subject);
    switch (timer.kind) {
        case JobKind::seller_answer_deadline: agree_by_silence(draft); break;
        case JobKind::ship_deadline: buyer_did_not_ship(draft); break;
        case JobKind::accept_deadline: courier_did_not_accept(draft, timer.subject); break;
        case JobKind::door_deadline: courier_not_at_door(draft, timer.subject); break;
        case JobKind::door_give_up: give_courier_up(draft, timer.subject); break;
        case JobKind::receipt_deadline: seller_did_not_confirm(draft); break;
        case JobKind::offer_deadline: buyer_did_not_answer(draft); break;
        case JobKind::intervention_deadline: intervention_overdue(draft); break;
        case JobKind::self_shipped_deadline: self_shipped_watch_ended(draft, timer.subject); break;
        case JobKind::repayment_deadline: repayment_overdue(draft); break;
        case JobKind::appeal_deadline: appeal_overdue(draft); break;
        case JobKind::reservation_deadline: reservation_ran_out(draft); break;
        default: return fail(ErrorKind::invalid, "not_a_timer", "This job calls out; it is no timer.");
    }
    return std::move(draft).finish();
}

}  // namespace returngate
