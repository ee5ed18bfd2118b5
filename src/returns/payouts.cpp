// The provider answers: paid, rejected for good, or still in doubt.
#include "src/returns/clawback.hpp"
#include "src/returns/freeze.hpp"
#include "src/returns/handlers.hpp"
#include "src/returns/refunds.hpp"

namespace returngate {
namespace {

using Outcome = PayoutAnswered::Outcome;

void paid(Draft& draft, Advance& advance, const PayoutAnswered& answer) {
    advance.state = AdvanceState::paid;
    advance.paid_at = draft.now();
    advance.provider_reference = answer.provider_reference;
    draft.post(ledger::advance_paid(advance.amount_fen));
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(draft.now() - advance.trigger_at);
    draft.note("advance.paid", {{"amount_fen", advance.amount_fen},
                                {"elapsed_ms", static_cast<std::int64_t>(took.count())},
                                {"promise_kept", took <= draft.policy().clocks.advance_pays}});
}

// The line is free again; the buyer gets the refund when the seller has the parcel (decision 16).
void reverse(Draft& draft, Advance& advance, const PayoutAnswered& answer) {
    if (!advance.clawback.empty())
        withdraw_clawback(draft, std::string(advance.clawback));  // nothing to pay back
    advance.state = AdvanceState::reversed;
    advance.settled_at = draft.now();
    draft.file().line = close_open(draft.file().line, advance.amount_fen);
    draft.case_().refund = RefundPath::after_receipt;
    draft.post(ledger::advance_reversed(advance.amount_fen));
    draft.note("advance.reversed", {{"amount_fen", advance.amount_fen}, {"reason", answer.reason}});
    refund_after_receipt(draft);
}

// The books follow the first definite answer; one that contradicts it is a person's, not ours.
void answered_before(Draft& draft, const Advance& advance, const PayoutAnswered& answer) {
    const bool was_paid = advance.state != AdvanceState::reversed;
    if (!was_paid && answer.outcome == Outcome::executed) freeze(draft, "paid_after_reversal");
    if (was_paid && answer.outcome == Outcome::rejected) freeze(draft, "rejected_after_payment");
}

}  // namespace

Result<Decision> payout_answered(Draft draft, const PayoutAnswered& answer) {
    if (!answer.payout.empty()) return refund_answered(std::move(draft), answer);
    if (!draft.file().advance)
        return fail(ErrorKind::not_found, "advance_not_found", "This return has no advance.");
    Advance& advance = *draft.file().advance;
    const std::string subject = to_string(advance.id);
    draft.done(JobKind::pay, subject);
    if (advance.state != AdvanceState::committed) {
        draft.done(JobKind::resolve_payout, subject);
        answered_before(draft, advance, answer);
        return std::move(draft).finish();
    }
    if (answer.outcome == Outcome::unknown) {
        // Asked again under the same key until it is definite; never paid under another one (decision 14).
        draft.schedule(JobKind::resolve_payout, subject, draft.now() + ask_payout_after(answer.attempt));
        return std::move(draft).finish();
    }
    draft.done(JobKind::resolve_payout, subject);
    if (answer.outcome == Outcome::executed) {
        paid(draft, advance, answer);
    } else {
        reverse(draft, advance, answer);
    }
    return std::move(draft).finish();
}

}  // namespace returngate
