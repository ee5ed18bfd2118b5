// One transaction: case, credit line (reserved → open), advance, transfer, payout job.
#include "src/advance/commit.hpp"

#include "src/advance/reservation.hpp"
#include "src/returns/receipt.hpp"

namespace returngate {
namespace {

// Decision 12: the parcel was on its way, or given up, before we asked for it, so the number is somebody
// else's. Couriers' clocks have a resolution of one second and are not ours.
bool reported_before(Instant asked_at, const Booking& booking, std::chrono::seconds clock_skew) {
    const auto placed = std::chrono::floor<std::chrono::seconds>(asked_at) - clock_skew;
    const auto collected = booking.milestones.collected_at();
    const auto cancelled = booking.milestones.at(Milestone::cancelled);
    return (collected && *collected < placed) || (cancelled && *cancelled < placed);
}

bool is_wanted(const CaseFile& file) {
    return file.case_.refund == RefundPath::advance && !file.advance && file.case_.frozen.empty() &&
           !is_over(file.case_.status) && file.case_.status != CaseStatus::disputed;
}

// What was promised at the application is kept when the line is lowered, not when there is none any more: the
// buyer is excluded, banned, or has lost the privilege since.
bool has_no_line(Draft& draft) {
    if (draft.file().line.line_fen > 0) return false;
    draft.case_().above_line = false;  // nor when a line comes back
    defer_refund(draft, "excluded");
    return true;
}

// The reservation made at application; when it ran out in between, what is left of the line now.
bool has_reservation(Draft& draft) {
    ReturnCase& return_case = draft.case_();
    if (has_no_line(draft)) return false;
    if (return_case.held_fen == return_case.amount_fen) return true;
    auto reserved = reserve(draft.file().line, return_case.amount_fen);
    if (!reserved) {
        return_case.refund = RefundPath::after_receipt;
        return_case.above_line = true;
        draft.note("refund.deferred", {{"reason", reserved.error().code}});
        return false;
    }
    draft.file().line = *reserved;
    return_case.held_fen = return_case.amount_fen;
    return true;
}

void commit_advance(Draft& draft, const Booking& booking) {
    CaseFile& file = draft.file();
    Advance advance;
    advance.id = AdvanceId{file.case_.id.bytes};
    advance.amount_fen = file.case_.amount_fen;
    advance.provider = file.case_.provider;
    advance.payee = file.case_.payee;
    advance.booking = booking.reference;
    advance.waybill = booking.waybill;
    advance.trigger_at = booking.collected_known_at.value_or(draft.situation().received_at);
    advance.committed_at = draft.now();
    file.line = open_reserved(file.line, advance.amount_fen);
    end_reservation(draft);
    draft.post(ledger::advance_committed(advance.amount_fen));
    draft.schedule(JobKind::pay, to_string(advance.id), draft.now());
    draft.note("advance.committed", {{"advance_id", to_string(advance.id)},
                                     {"amount_fen", advance.amount_fen},
                                     {"courier", booking.courier.value},
                                     {"waybill", booking.waybill}});
    file.advance = std::move(advance);
}

}  // namespace

bool counts_without_query(const Policy& policy, Proof proof, Fen amount_fen) {
    switch (proof) {
        case Proof::query: return true;
        case Proof::secret_url: return false;
        case Proof::weak_signature:
            return policy.confirm_by_query == ConfirmByQuery::unsigned_only &&
                   amount_fen <= policy.weak_limit_fen;
        case Proof::strong_signature: return policy.confirm_by_query != ConfirmByQuery::always;
    }
    return false;
}

bool awaits_confirmation(const CaseFile& file, const Booking& booking) {
    // The courier can be asked by number only; without one the number's arrival asks.
    return is_wanted(file) && booking.milestones.is_collected() && !booking.confirmed_at &&
           !booking.waybill.empty();
}

void take_restored_line(Draft& draft) {
    const CaseFile& file = draft.file();
    ReturnCase& return_case = draft.case_();
    const bool is_waiting = return_case.above_line && return_case.refund == RefundPath::after_receipt &&
                            return_case.receipt == ReceiptOutcome::none && !file.advance;
    if (!is_waiting || is_over(return_case.status)) return;
    auto reserved = reserve(file.line, return_case.amount_fen);
    if (!reserved) return;
    hold(draft, *reserved);
    return_case.refund = RefundPath::advance;
    return_case.above_line = false;
    draft.note("refund.turned_instant", {{"amount_fen", return_case.amount_fen}});
}

void advance_when_due(Draft& draft, Booking& booking) {
    const CaseFile& file = draft.file();
    if (!booking.is_self_shipped() && booking.milestones.is_collected()) take_restored_line(draft);
    if (!is_wanted(file)) return;
    if (booking.is_self_shipped() && !is_live(booking.status)) return;  // given up
    // A number typed in by the trusted moves money before the collection (decision 13).
    if (!booking.is_self_shipped() && !booking.milestones.is_collected()) return;
    const Instant asked_at = booking.is_self_shipped() ? file.case_.applied_at : booking.placed_at;
    if (reported_before(asked_at, booking, draft.policy().clock_skew))
        return freeze(draft, "reported_before_booking");
    if (awaits_confirmation(file, booking)) {
        return draft.schedule(JobKind::confirm_collection, booking.reference.value, draft.now());
    }
    if (!booking.confirmed_at || booking.waybill.empty() || !has_reservation(draft)) return;
    commit_advance(draft, booking);
}

}  // namespace returngate
