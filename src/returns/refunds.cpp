// The same door as the advance's: intent committed, one key for ever, the books beside it.
#include "src/returns/refunds.hpp"

#include <algorithm>

#include "src/returns/freeze.hpp"
#include "src/returns/handlers.hpp"
#include "src/returns/receipt.hpp"

namespace returngate {
namespace {

using Outcome = PayoutAnswered::Outcome;

bool is_advanced(const CaseFile& file) {
    return file.advance && file.advance->state != AdvanceState::reversed;
}

void paid(Draft& draft, Refund& refund, const PayoutAnswered& answer) {
    refund.state = RefundState::paid;
    refund.paid_at = draft.now();
    refund.provider_reference = answer.provider_reference;
    draft.post(ledger::refund_paid(refund.amount_fen));
    draft.note("refund.paid", {{"refund_id", to_string(refund.id)},
                               {"kind", std::string(to_string(refund.kind))},
                               {"amount_fen", refund.amount_fen}});
}

// Another rail is a person's decision: the payee's account may be closed.
void rejected(Draft& draft, Refund& refund, const PayoutAnswered& answer) {
    refund.state = RefundState::rejected;
    draft.post(ledger::refund_reversed(refund.amount_fen));
    draft.note("refund.rejected", {{"refund_id", to_string(refund.id)},
                                   {"kind", std::string(to_string(refund.kind))},
                                   {"amount_fen", refund.amount_fen},
                                   {"reason", answer.reason}});
    freeze(draft, "refund_rejected");
}

// The books follow the first definite answer; one that contradicts it is a person's, not ours.
void answered_before(Draft& draft, const Refund& refund, const PayoutAnswered& answer) {
    const bool was_paid = refund.state == RefundState::paid;
    if (!was_paid && answer.outcome == Outcome::executed) freeze(draft, "paid_after_reversal");
    if (was_paid && answer.outcome == Outcome::rejected) freeze(draft, "rejected_after_payment");
}

bool is_sent(const ReturnCase& return_case) {
    const bool is_received =
        return_case.status == CaseStatus::received || return_case.status == CaseStatus::closed;
    return return_case.kind == CaseKind::goods_return && is_received &&
           return_case.receipt == ReceiptOutcome::confirmed;
}

// A classic return closes as soon as the goods are paid; the postage may follow as long as an appeal may.
bool is_in_time(Draft& draft) {
    const ReturnCase& return_case = draft.case_();
    return !return_case.closed_at ||
           draft.now() <= *return_case.closed_at + draft.policy().clocks.appeal_within;
}

}  // namespace

Duration ask_payout_after(int attempt) {
    return std::min<Duration>(std::chrono::milliseconds(200) * (1 << std::clamp(attempt - 1, 0, 12)),
                              std::chrono::minutes(5));
}

void commit_refund(Draft& draft, RefundKind kind, Fen amount_fen) {
    CaseFile& file = draft.file();
    Refund refund;
    refund.id = draft.ids().next<RefundTag>(draft.cell());
    refund.kind = kind;
    refund.amount_fen = amount_fen;
    refund.provider = file.case_.provider;
    refund.payee = file.case_.payee;
    refund.committed_at = draft.now();
    draft.post(ledger::refund_committed(amount_fen));
    draft.schedule(JobKind::pay, to_string(refund.id), draft.now());
    draft.note("refund.committed", {{"refund_id", to_string(refund.id)},
                                    {"kind", std::string(to_string(kind))},
                                    {"amount_fen", amount_fen}});
    file.refunds.push_back(std::move(refund));
}

void refund_after_receipt(Draft& draft) {
    const CaseFile& file = draft.file();
    const ReturnCase& return_case = file.case_;
    if (return_case.refund != RefundPath::after_receipt || return_case.receipt != ReceiptOutcome::confirmed)
        return;
    if (is_over(return_case.status) || !return_case.frozen.empty()) return;
    if (is_advanced(file) || file.goods_refund() != nullptr) return;
    commit_refund(draft, RefundKind::refund, return_case.amount_fen);
}

void refund_directly(Draft& draft) {
    ReturnCase& return_case = draft.case_();
    release_hold(draft);
    return_case.refund = RefundPath::direct;
    return_case.above_line = false;
    return_case.status = CaseStatus::refunding;
    const bool is_unshipped = return_case.kind == CaseKind::unshipped;
    commit_refund(draft, is_unshipped ? RefundKind::unshipped : RefundKind::refund, return_case.amount_fen);
}

Result<Decision> refund_answered(Draft draft, const PayoutAnswered& answer) {
    auto& refunds = draft.file().refunds;
    const auto refund = std::ranges::find(refunds, answer.payout, &Refund::provider_key);
    if (refund == refunds.end())
        return fail(ErrorKind::not_found, "refund_not_found", "This return has no such refund.");
    draft.done(JobKind::pay, answer.payout);
    if (refund->state == RefundState::committed && answer.outcome == Outcome::unknown) {
        draft.schedule(JobKind::resolve_payout, answer.payout,
                       draft.now() + ask_payout_after(answer.attempt));
        return std::move(draft).finish();
    }
    draft.done(JobKind::resolve_payout, answer.payout);
    if (refund->state != RefundState::committed) {
        answered_before(draft, *refund, answer);
    } else if (answer.outcome == Outcome::executed) {
        paid(draft, *refund, answer);
        close_when_square(draft);
    } else {
        rejected(draft, *refund, answer);
    }
    return std::move(draft).finish();
}

Result<Decision> refund_postage(Draft draft, const RefundPostage& command) {
    const CaseFile& file = draft.file();
    if (file.case_.version == 0 || file.case_.seller != command.seller) {
        return fail(ErrorKind::not_found, "return_not_found", "No such return.");
    }
    if (!is_sent(file.case_)) {
        return fail(ErrorKind::conflict, "receipt_not_confirmed",
                    "Postage is refunded once the parcel is received.");
    }
    if (!is_in_time(draft)) {
        return fail(ErrorKind::conflict, "postage_too_late",
                    "The return has been closed for too long for its postage to be refunded.");
    }
    if (!file.case_.frozen.empty()) {
        return fail(ErrorKind::conflict, "return_frozen", "A person has to look at this return first.");
    }
    const auto is_postage = [](const Refund& refund) { return refund.kind == RefundKind::postage; };
    if (std::ranges::any_of(file.refunds, is_postage)) {
        return fail(ErrorKind::conflict, "postage_refunded", "The postage has been refunded already.");
    }
    if (command.amount_fen <= 0 || command.amount_fen > draft.policy().negotiation.postage_at_most_fen) {
        return fail(ErrorKind::invalid, "postage_out_of_range",
                    "The postage is positive and within what may be refunded.");
    }
    commit_refund(draft, RefundKind::postage, command.amount_fen);
    return std::move(draft).finish();
}

}  // namespace returngate
