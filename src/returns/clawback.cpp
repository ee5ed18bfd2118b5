// States and notices; the postings follow the money that the platform reports.
#include "src/returns/clawback.hpp"

#include <algorithm>
#include <utility>

#include "src/returns/conduct.hpp"
#include "src/returns/freeze.hpp"
#include "src/returns/handlers.hpp"
#include "src/returns/refunds.hpp"

namespace returngate {
namespace {

constexpr std::string_view kOverdue = "repayment_overdue";

}  // namespace

Fen asked_back_fen(const CaseFile& file) {
    const auto& advance = file.advance;
    if (!advance) return 0;
    return asked_back_fen(advance->clawback, advance->owed_fen(), advance->repaid_fen, file.case_.short_fen);
}

Fen asked_back_fen(std::string_view clawback, Fen owed_fen, Fen repaid_fen, Fen short_fen) {
    if (clawback.empty()) return 0;
    if (clawback != kUnitsMissing) return owed_fen;
    return std::clamp<Fen>(short_fen - repaid_fen, 0, owed_fen);
}

void notify_clawback(Draft& draft, std::string_view reason) {
    auto& advance = draft.file().advance;
    if (!advance || !is_open(advance->state) || !advance->clawback.empty()) return;
    advance->clawback = reason;
    advance->repay_by = draft.now() + draft.policy().clocks.buyer_repays;
    draft.schedule(JobKind::repayment_deadline, "", *advance->repay_by);
    draft.note("clawback.notified", {{"reason", std::string(reason)},
                                     {"amount_fen", asked_back_fen(draft.file())},
                                     {"repay_by", format_rfc3339(*advance->repay_by)}});
}

void withdraw_clawback(Draft& draft, std::string_view reason) {
    auto& advance = draft.file().advance;
    if (!advance || advance->clawback != reason || advance->owed_fen() == 0) return;
    advance->clawback.clear();
    advance->repay_by.reset();
    draft.done(JobKind::repayment_deadline, "");
    thaw(draft, kOverdue);
    draft.note("clawback.withdrawn", {{"reason", std::string(reason)}});
}

// The escrow owes the whole advance again. Repayments are in no book yet (docs/rules.md), so none is posted
// back here: the restitution stands in the books by itself, as every refund does.
void stop_asking(Draft& draft, std::string_view reason) {
    auto& advance = draft.file().advance;
    if (!advance || advance->clawback.empty() || advance->clawback != reason) return;
    const Fen repaid_fen = std::exchange(advance->repaid_fen, 0);
    withdraw_clawback(draft, reason);
    if (repaid_fen > 0) commit_refund(draft, RefundKind::restitution, repaid_fen);
}

void repayment_overdue(Draft& draft) {
    const Fen asked_fen = asked_back_fen(draft.file());
    if (asked_fen == 0) return;
    freeze(draft, kOverdue);
    draft.note("clawback.overdue", {{"amount_fen", asked_fen}});
    remember_conduct(draft, kUnpaidClawback);
}

Result<Decision> report_repayment(Draft draft, const ReportRepayment& repayment) {
    auto& advance = draft.file().advance;
    if (draft.case_().version == 0 || !advance) {
        return fail(ErrorKind::not_found, "advance_not_found", "This return has no advance.");
    }
    if (advance->clawback.empty()) {
        return fail(ErrorKind::conflict, "no_clawback", "The buyer was not asked for the money back.");
    }
    if (advance->state == AdvanceState::committed) {
        return fail(ErrorKind::conflict, "advance_not_paid",
                    "The provider has not said yet that the advance was paid; report the repayment again.");
    }
    if (repayment.amount_fen <= 0 || repayment.amount_fen > asked_back_fen(draft.file())) {
        return fail(ErrorKind::invalid, "repayment_exceeds_debt", "More than the buyer owes.");
    }
    advance->repaid_fen += repayment.amount_fen;
    draft.decision().repayment = MoneyBackRecord{repayment.reference, repayment.amount_fen};
    const Fen owed_fen = asked_back_fen(draft.file());
    draft.note(
        "clawback.repaid",
        {{"amount_fen", repayment.amount_fen}, {"reference", repayment.reference}, {"owed_fen", owed_fen}});
    if (owed_fen == 0) {
        draft.done(JobKind::repayment_deadline, "");
        thaw(draft, kOverdue);
    }
    return std::move(draft).finish();
}

}  // namespace returngate
