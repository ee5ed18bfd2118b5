// The one exception to "never on format alone": a trusted buyer's number of a strong format.
#include "src/returns/self_shipped.hpp"

#include <algorithm>

#include "src/advance/commit.hpp"
#include "src/returns/clawback.hpp"
#include "src/returns/conduct.hpp"
#include "src/returns/freeze.hpp"
#include "src/returns/handlers.hpp"
#include "src/returns/receipt.hpp"
#include "src/returns/waybill_acceptance.hpp"
#include "src/returns/waybill_arrival.hpp"
#include "src/waybill/check.hpp"

namespace returngate {
namespace {

constexpr std::string_view kNotCollected = "not_collected";
constexpr int kWeakestTyped = 3;  // tiers of src/waybill/format_table.hpp
constexpr int kWeakestKnown = 4;

// A check digit vouches for the number itself; anything else waits for the courier.
bool counts_as_typed(const waybill::Candidate& format) {
    return format.tier <= kWeakestTyped && format.check == waybill::CheckDigit::pass;
}
bool counts_when_known(const waybill::Candidate& format) {
    return format.tier <= kWeakestKnown && format.check == waybill::CheckDigit::none;
}

template <class Counts>
bool format_of(const Booking& booking, Counts counts) {
    const auto report = waybill::check(booking.waybill, booking.courier.value);
    return report.verdict == waybill::Verdict::ok && !report.candidates.empty() &&
           counts(report.candidates.front());
}

std::string first_failed(const std::vector<RuleResult>& rules) {
    return std::string(std::ranges::find(rules, false, &RuleResult::passed)->name);
}

void defer_unless_trusted(Draft& draft) {
    if (draft.file().line.stars < draft.policy().self_shipped.min_stars) defer_refund(draft, "self_shipped");
}

// The number may be real all the same: no money moves on it, the seller's silence about the parcel is no
// confirmation, and a person looks. The seller that has the parcel, or customer service, settles it.
void hold_when_suspect(Draft& draft, const Booking& booking) {
    const ClaimKey typed{std::string(booking.number_courier()), booking.waybill};
    const auto rules = judge_claims(typed, draft.case_(), draft.situation().related_claims, draft.now(),
                                    draft.policy().typed_numbers);
    if (all_passed(rules)) return;
    draft.note("waybill.suspect", {{"courier", typed.courier},
                                   {"waybill", typed.number},
                                   {"reason", first_failed(rules)},
                                   {"failed", failed_rules(rules)}});
    freeze(draft, kWaybillSuspect);
    draft.case_().above_line = false;  // nor when the line comes back
    defer_refund(draft, kWaybillSuspect);
}

Booking typed_in(Draft& draft, const CourierCode& courier) {
    Booking booking;
    booking.reference = draft.ids().next_booking_reference(draft.cell());
    booking.courier = courier;
    booking.window = {draft.now(), draft.now()};
    booking.status = BookingStatus::accepted;
    booking.placed_at = draft.now();
    return booking;
}

// Without its courier's word nothing is known of the parcel: neither for the buyer nor against.
bool can_be_asked(const Draft& draft, const CourierCode& courier) {
    const CourierTerms* terms = draft.policy().terms(courier);
    return terms != nullptr && terms->enabled;
}

// Asked generously: what was never noted is withdrawn in vain.
bool may_be_accused(Draft& draft, const Booking& booking) {
    const auto& advance = draft.file().advance;
    return booking.status == BookingStatus::expired || (advance && advance->clawback == kNotCollected) ||
           draft.now() >= booking.placed_at + draft.policy().clocks.self_shipped_collected;
}

// There was a parcel after all.
void number_was_true(Draft& draft, const Booking& booking) {
    if (!may_be_accused(draft, booking)) return;
    stop_asking(draft, kNotCollected);
    forget_conduct(draft, kFalseWaybill);
}

bool has_moved_money(const CaseFile& file, const Booking& booking) {
    return file.advance && file.advance->booking == booking.reference &&
           file.advance->state != AdvanceState::reversed;
}

// The buyer is free to withdraw, to type another number, or to have the parcel fetched.
void give_up(Draft& draft, Booking& booking) {
    booking.status = BookingStatus::expired;
    draft.done(JobKind::confirm_collection, booking.reference.value);
}

bool is_awaited(const ReturnCase& return_case, const Booking& booking) {
    const bool is_there = return_case.receipt == ReceiptOutcome::confirmed || return_case.delivered_at;
    return booking.is_self_shipped() && is_live(booking.status) && !booking.milestones.is_collected() &&
           !is_there && return_case.status != CaseStatus::closed;
}

}  // namespace

void heard_of_self_shipped(Draft& draft, Booking& booking, Proof proof) {
    if (booking.milestones.is_collected() && !booking.collected_known_at) number_was_true(draft, booking);
    if (!draft.file().advance) defer_unless_trusted(draft);  // the stars may have fallen since
    const bool is_proved = proof == Proof::query && format_of(booking, counts_when_known);
    if (is_proved && !booking.confirmed_at) booking.confirmed_at = draft.now();
}

void watch_self_shipped(Draft& draft, const Booking& booking) {
    const ReturnCase& return_case = draft.case_();
    const bool is_arrived = booking.milestones.is_delivered() || booking.milestones.is_returned() ||
                            return_case.receipt == ReceiptOutcome::confirmed;
    const bool is_watched = is_live(booking.status) && !is_arrived && !is_over(return_case.status);
    if (!is_watched || !can_be_asked(draft, booking.courier)) {
        return draft.done(JobKind::confirm_collection, booking.reference.value);
    }
    draft.schedule(JobKind::confirm_collection, booking.reference.value,
                   draft.now() + draft.policy().self_shipped.poll);
}

void watch_self_shipped_anew(Draft& draft, const Booking& booking) {
    draft.schedule(JobKind::self_shipped_deadline, booking.reference.value,
                   draft.now() + draft.policy().clocks.self_shipped_collected);
    watch_self_shipped(draft, booking);
}

std::optional<Instant> self_shipped_may_arrive_until(Draft& draft) {
    const auto& clocks = draft.policy().clocks;
    std::optional<Instant> until;
    for (const auto& booking : draft.file().bookings) {
        const bool is_unheard = booking.is_self_shipped() && booking.status == BookingStatus::expired &&
                                !can_be_asked(draft, booking.courier);
        if (!is_unheard) continue;
        // As long as the buyer has to ship, and the seller to answer for what was delivered.
        const Instant end = booking.placed_at + clocks.buyer_ships + clocks.seller_confirms_receipt;
        until = std::max(until.value_or(end), end);
    }
    return until;
}

void self_shipped_not_collected(Draft& draft, Booking& booking) {
    if (!is_awaited(draft.case_(), booking)) return;
    if (!has_moved_money(draft.file(), booking)) give_up(draft, booking);
    if (!can_be_asked(draft, booking.courier)) return;
    draft.note("waybill.not_collected", {{"courier", booking.courier.value}, {"waybill", booking.waybill}});
    notify_clawback(draft, kNotCollected);
    remember_conduct(draft, kFalseWaybill);
}

void end_self_shipped_watch(Draft& draft) {
    for (const auto& booking : draft.file().bookings) {
        if (!booking.is_self_shipped() || booking.collected_known_at) continue;
        draft.done(JobKind::self_shipped_deadline, booking.reference.value);
        draft.done(JobKind::confirm_collection, booking.reference.value);
    }
}

void self_shipped_arrived(Draft& draft) {
    end_self_shipped_watch(draft);
    for (const auto& booking : draft.file().bookings) {
        if (booking.is_self_shipped() && !booking.collected_known_at) number_was_true(draft, booking);
    }
}

Result<Decision> ship_yourself(Draft draft, const ShipYourself& command) {
    CaseFile& file = draft.file();
    if (file.case_.version == 0) return fail(ErrorKind::not_found, "return_not_found", "No such return.");
    if (file.case_.status != CaseStatus::awaiting_parcel) {
        return fail(ErrorKind::conflict, "return_not_awaiting_parcel",
                    "The return is not waiting for a parcel.");
    }
    if (file.has_live_pickup()) {
        return fail(ErrorKind::conflict, "pickup_already_live",
                    "A pickup is booked; cancel it before shipping yourself.");
    }
    if (file.self_shipped() != nullptr) {
        return fail(ErrorKind::conflict, "already_shipped", "A number was given for this parcel already.");
    }
    Booking booking = typed_in(draft, command.courier);
    waybill_arrived(draft, booking, command.waybill, Proof::query);
    if (booking.waybill.empty()) {
        return fail(ErrorKind::invalid, "waybill_refused",
                    "The number cannot be accepted: " + booking.waybill_verdict + ".");
    }
    if (!can_be_asked(draft, command.courier)) defer_refund(draft, "courier_not_asked");
    defer_unless_trusted(draft);
    hold_when_suspect(draft, booking);
    if (format_of(booking, counts_as_typed)) booking.confirmed_at = draft.now();
    Booking& kept = file.bookings.emplace_back(std::move(booking));
    watch_self_shipped_anew(draft, kept);
    advance_when_due(draft, kept);
    return std::move(draft).finish();
}

}  // namespace returngate
