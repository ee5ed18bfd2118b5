// Investigated by customer service with the evidence that was kept, decided by two people, and carried out on
// money and rating.
#include "src/returns/appeals.hpp"

#include <algorithm>

#include "src/base/working_days.hpp"
#include "src/returns/agreement.hpp"
#include "src/returns/clawback.hpp"
#include "src/returns/conduct.hpp"
#include "src/returns/freeze.hpp"
#include "src/returns/handlers.hpp"
#include "src/returns/receipt.hpp"
#include "src/returns/refunds.hpp"

namespace returngate {
namespace {

constexpr std::string_view kAppealUpheld = "appeal_upheld";

std::string side_of(const SellerId& seller) {
    return seller.value.empty() ? "buyer" : "seller";
}

bool is_sellers_or_buyers(const ReturnCase& return_case, const SellerId& seller) {
    return return_case.version != 0 && (seller.value.empty() || return_case.seller == seller);
}

Ruling* open_appeal(CaseFile& file) {
    const auto found = std::ranges::find_if(
        file.rulings, [](const Ruling& ruling) { return ruling.is_appeal && ruling.outcome.empty(); });
    return found == file.rulings.end() ? nullptr : &*found;
}

bool has_appealed(const CaseFile& file, std::string_view by) {
    return std::ranges::any_of(file.rulings,
                               [&](const Ruling& ruling) { return ruling.is_appeal && ruling.by == by; });
}

bool has_money_gone_out(const CaseFile& file) {
    const Refund* refund = file.goods_refund();
    const bool is_advanced = file.advance && file.advance->state != AdvanceState::reversed;
    return is_advanced || (refund != nullptr && refund->state != RefundState::rejected);
}

// What this side can want to be otherwise.
bool is_against(const CaseFile& file, std::string_view side) {
    const ReturnCase& return_case = file.case_;
    const bool is_buyers = side == "buyer";
    switch (return_case.status) {
        case CaseStatus::refused:
        case CaseStatus::disputed: return is_buyers;
        case CaseStatus::received:
        case CaseStatus::closed:
            if (return_case.receipt == ReceiptOutcome::disputed) return is_buyers;
            return is_buyers ? return_case.short_fen > 0 : has_money_gone_out(file);
        default: return false;
    }
}

// When it was decided, or ended; absent: neither yet. Customer service's word counts anew.
std::optional<Instant> outcome_at(const CaseFile& file) {
    std::optional<Instant> latest;
    const auto take = [&](const std::optional<Instant>& at) {
        if (at && (!latest || *at > *latest)) latest = at;
    };
    for (const auto& ruling : file.rulings) take(ruling.decided_at);
    if (file.case_.status == CaseStatus::closed) take(file.case_.closed_at);
    if (file.case_.receipt == ReceiptOutcome::confirmed) take(file.case_.receipt_at);
    return latest;
}

bool is_hashed(const Evidence& evidence) {
    return !evidence.reference.empty() && !evidence.sha256.empty() && evidence.taken_at;
}

Error evidence_not_hashed() {
    return Error{ErrorKind::invalid, "evidence_not_hashed",
                 "Evidence is named with its SHA-256 and the time when it was made."};
}

Result<void> may_appeal(CaseFile& file, const Appeal& command, Instant now, Duration within) {
    const std::string side = side_of(command.seller);
    if (open_appeal(file) != nullptr)
        return fail(ErrorKind::conflict, "appeal_open", "An appeal is being looked at already.");
    const auto decided = outcome_at(file);
    if (!decided || !is_against(file, side)) {
        return fail(ErrorKind::conflict, "not_appealable",
                    "There is no outcome against this side that could be appealed.");
    }
    if (has_appealed(file, side))
        return fail(ErrorKind::conflict, "appealed_before", "Each side may appeal once.");
    if (now > *decided + within) {
        return fail(ErrorKind::conflict, "appeal_too_late",
                    "The time limit ended at " + format_rfc3339(*decided + within) + ".");
    }
    if (command.reason.empty() || command.evidence.empty())
        return fail(ErrorKind::invalid, "reason_and_evidence_required",
                    "An appeal needs a reason and evidence.");
    if (!std::ranges::all_of(command.evidence, is_hashed)) return tl::unexpected(evidence_not_hashed());
    return {};
}

void reopen(Draft& draft) {
    if (draft.case_().status != CaseStatus::closed) return;
    draft.case_().closed_at.reset();
    draft.note("return.reopened", {{"reason", std::string(kAppealUpheld)}});
}

// What the buyer has paid back goes to the buyer again; what was asked for is not asked any more.
void stop_asking(Draft& draft) {
    const auto& advance = draft.file().advance;
    if (advance) stop_asking(draft, std::string(advance->clawback));
}

// The units did come.
void restore_amount(Draft& draft) {
    ReturnCase& return_case = draft.case_();
    const Fen short_fen = return_case.short_fen;
    const bool is_refunded = draft.file().goods_refund() != nullptr;
    thaw(draft, kUnitsMissing);
    stop_asking(draft);
    if (is_refunded) return commit_refund(draft, RefundKind::restitution, short_fen);
    return_case.amount_fen += short_fen;
    return_case.short_fen = 0;
}

void decide_for_buyer(Draft& draft) {
    const ReturnCase& return_case = draft.case_();
    forget_conduct(draft, "");
    if (return_case.status == CaseStatus::refused) return agree(draft, "appeal");
    if (return_case.receipt == ReceiptOutcome::confirmed) return restore_amount(draft);
    reopen(draft);
    stop_asking(draft);
    confirm_received(draft, "appeal");
}

// An open advance is asked back; what is settled already is for people and the two sides' banks.
void decide_for_seller(Draft& draft) {
    CaseFile& file = draft.file();
    remember_conduct(draft, kDisputeLost);
    if (!file.advance || !is_open(file.advance->state)) {
        draft.note("appeal.settlement_due", {{"amount_fen", file.case_.amount_fen}});
        return freeze(draft, kAppealUpheld);
    }
    withdraw_clawback(draft, kUnitsMissing);
    file.case_.status = CaseStatus::disputed;
    file.case_.receipt = ReceiptOutcome::disputed;
    notify_clawback(draft, kAppealUpheld);
}

}  // namespace

void withdraw_appeal(Draft& draft) {
    Ruling* open = open_appeal(draft.file());
    if (open == nullptr) return;
    open->outcome = "withdrawn";
    open->decided_at = draft.now();
    draft.done(JobKind::appeal_deadline, "");
    draft.note("appeal.decided", {{"by", open->by}, {"outcome", open->outcome}});
}

void appeal_overdue(Draft& draft) {
    const Ruling* open = open_appeal(draft.file());
    if (open == nullptr) return;
    draft.note("appeal.escalated", {{"opened_at", format_rfc3339(open->opened_at)}});
}

Result<Decision> appeal(Draft draft, const Appeal& command) {
    CaseFile& file = draft.file();
    if (!is_sellers_or_buyers(file.case_, command.seller))
        return fail(ErrorKind::not_found, "return_not_found", "No such return.");
    const Policy& policy = draft.policy();
    if (const auto may = may_appeal(file, command, draft.now(), policy.clocks.appeal_within); !may)
        return tl::unexpected(may.error());
    Ruling ruling;
    ruling.number = static_cast<std::int32_t>(file.rulings.size()) + 1;
    ruling.is_appeal = true;
    ruling.by = side_of(command.seller);
    ruling.opened_at = draft.now();
    const Instant due = end_of_working_day(draft.now(), policy.clocks.appeal_days,
                                           {policy.calendar.holidays, policy.calendar.worked_weekends});
    draft.schedule(JobKind::appeal_deadline, "", due);
    draft.decision().evidence = EvidenceRecord{"appeal", ruling.by, command.reason, command.evidence};
    draft.note("appeal.opened", {{"by", ruling.by}, {"due_at", format_rfc3339(due)}});
    file.rulings.push_back(std::move(ruling));
    return std::move(draft).finish();
}

Result<Decision> decide_appeal(Draft draft, const DecideAppeal& command) {
    if (draft.case_().version == 0) return fail(ErrorKind::not_found, "return_not_found", "No such return.");
    Ruling* open = open_appeal(draft.file());
    if (open == nullptr) return fail(ErrorKind::conflict, "no_appeal", "Nobody has appealed.");
    const std::string outcome = command.upheld ? "upheld" : "dismissed";
    if (open->proposed == outcome && open->proposed_by == command.owner) {
        return fail(ErrorKind::conflict, "second_person_required",
                    "A decision takes effect when another person agrees.");
    }
    if (open->proposed != outcome) {  // the first word, or another one than the colleague's
        open->proposed = outcome;
        open->proposed_by = command.owner;
        draft.note("appeal.decision_proposed", {{"outcome", outcome}, {"reason", command.reason}});
        return std::move(draft).finish();
    }
    open->outcome = outcome;
    open->decided_at = draft.now();
    const bool is_buyers = open->by == "buyer";
    draft.note("appeal.decided", {{"by", open->by}, {"outcome", outcome}, {"reason", command.reason}});
    draft.done(JobKind::appeal_deadline, "");
    if (command.upheld) is_buyers ? decide_for_buyer(draft) : decide_for_seller(draft);
    return std::move(draft).finish();
}

Result<Decision> add_evidence(Draft draft, const AddEvidence& command) {
    CaseFile& file = draft.file();
    if (!is_sellers_or_buyers(file.case_, command.seller))
        return fail(ErrorKind::not_found, "return_not_found", "No such return.");
    if (!file.case_.intervention && open_appeal(file) == nullptr) {
        return fail(ErrorKind::conflict, "nothing_investigated",
                    "Evidence is taken while customer service looks at the return.");
    }
    if (command.evidence.empty() || !std::ranges::all_of(command.evidence, is_hashed))
        return tl::unexpected(evidence_not_hashed());
    const std::string by = side_of(command.seller);
    draft.decision().evidence = EvidenceRecord{"answer", by, "", command.evidence};
    draft.note("evidence.added", {{"by", by}, {"count", static_cast<std::int64_t>(command.evidence.size())}});
    return std::move(draft).finish();
}

}  // namespace returngate
