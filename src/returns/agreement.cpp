// The seller answers the application, the buyer answers another amount, or the buyer withdraws (C4, C5).
#include "src/returns/agreement.hpp"

#include "src/advance/commit.hpp"
#include "src/returns/appeals.hpp"
#include "src/returns/broker.hpp"
#include "src/returns/handlers.hpp"
#include "src/returns/receipt.hpp"
#include "src/returns/refunds.hpp"

namespace returngate {
namespace {

bool awaits_seller(const ReturnCase& return_case) {
    return return_case.status == CaseStatus::awaiting_agreement ||
           return_case.status == CaseStatus::awaiting_consent;
}

// Other terms than applied for are gone: declined, or overtaken by a plain answer.
void drop_terms(ReturnCase& return_case) {
    return_case.offer_fen.reset();
    return_case.offer_by.clear();
    if (return_case.kind == CaseKind::keeps_goods) return_case.kind = CaseKind::goods_return;
}

// The seller's refusal keeps its evidence; customer service can be called in.
Result<Decision> refuse_application(Draft draft, const AnswerApplication& command) {
    if (draft.case_().kind == CaseKind::unshipped) {
        return fail(ErrorKind::conflict, "unshipped_not_refusable",
                    "What was not shipped is refunded; ship it, and the application ends.");
    }
    if (command.reason.empty() || command.evidence.empty()) {
        return fail(ErrorKind::invalid, "reason_and_evidence_required",
                    "A refusal needs a reason and evidence.");
    }
    draft.done(JobKind::seller_answer_deadline, "");
    drop_terms(draft.case_());
    draft.case_().status = CaseStatus::refused;
    release_hold(draft);
    draft.decision().evidence = EvidenceRecord{"refusal", "seller", command.reason, command.evidence};
    draft.note("return.refused", {{"by", std::string("seller")}});
    return std::move(draft).finish();
}

// What the seller agrees to, where it is not what the buyer applied for.
struct Terms {
    Fen amount_fen = 0;
    CaseKind kind = CaseKind::goods_return;
};

Result<Terms> terms_of(const ReturnCase& return_case, const AnswerApplication& command) {
    const Terms terms{command.amount_fen.value_or(return_case.amount_fen),
                      command.keeps_goods ? CaseKind::keeps_goods : CaseKind::goods_return};
    if (return_case.kind == CaseKind::unshipped) {
        return fail(ErrorKind::conflict, "unshipped_is_refunded_whole",
                    "What was not shipped is refunded as it was applied for.");
    }
    if (terms.amount_fen <= 0 || terms.amount_fen > return_case.amount_fen) {
        return fail(ErrorKind::invalid, "amount_above_application",
                    "Another amount is positive and not above the one applied for.");
    }
    return terms;
}

// The seller's clock goes on: a superior's silence is the seller's.
Result<Decision> ask_superior(Draft draft, const Terms& terms, const std::string& owner) {
    ReturnCase& return_case = draft.case_();
    return_case.status = CaseStatus::awaiting_consent;
    return_case.offer_fen = terms.amount_fen;
    return_case.offer_by = owner;
    return_case.kind = terms.kind;
    draft.note("return.consent_awaited", {{"amount_fen", terms.amount_fen},
                                          {"applied_for_fen", return_case.amount_fen},
                                          {"keeps_goods", terms.kind == CaseKind::keeps_goods}});
    return std::move(draft).finish();
}

void offer(Draft& draft, const Terms& terms) {
    ReturnCase& return_case = draft.case_();
    return_case.status = CaseStatus::awaiting_buyer;
    return_case.offer_fen = terms.amount_fen;
    return_case.offer_by.clear();
    draft.schedule(JobKind::offer_deadline, "", draft.now() + draft.policy().clocks.buyer_answers_offer);
    draft.note("return.offered",
               {{"amount_fen", terms.amount_fen}, {"applied_for_fen", return_case.amount_fen}});
}

// C5: on large amounts, terms count when another person of the seller's says the same.
Result<Decision> agree_to_terms(Draft draft, const Terms& terms, const std::string& owner) {
    ReturnCase& return_case = draft.case_();
    const bool is_large = terms.amount_fen > draft.policy().negotiation.superior_above_fen;
    const bool is_proposed = return_case.status == CaseStatus::awaiting_consent &&
                             return_case.offer_fen == terms.amount_fen && return_case.kind == terms.kind;
    if (is_large && is_proposed && return_case.offer_by == owner) {
        return fail(ErrorKind::conflict, "superior_required",
                    "These terms count when another person of the seller's agrees to them.");
    }
    if (is_large && !is_proposed) return ask_superior(std::move(draft), terms, owner);
    draft.done(JobKind::seller_answer_deadline, "");
    return_case.kind = terms.kind;
    if (terms.amount_fen != return_case.amount_fen) {
        offer(draft, terms);
    } else {
        return_case.offer_fen.reset();
        return_case.offer_by.clear();
        agree(draft, "seller");
    }
    return std::move(draft).finish();
}

void take_offer(Draft& draft) {
    lower_amount(draft, *draft.case_().offer_fen);
    draft.case_().offer_fen.reset();
    agree(draft, "buyer");
}

}  // namespace

void approve(Draft& draft, std::string_view by) {
    ReturnCase& return_case = draft.case_();
    draft.note("return.approved", {{"by", std::string(by)}, {"amount_fen", return_case.amount_fen}});
    if (return_case.kind != CaseKind::goods_return) return refund_directly(draft);
    return_case.status = CaseStatus::awaiting_parcel;
}

void agree(Draft& draft, std::string_view by) {
    approve(draft, by);
    if (draft.case_().status != CaseStatus::awaiting_parcel) return;
    draft.schedule(JobKind::ship_deadline, "", draft.now() + draft.policy().clocks.buyer_ships);
    take_restored_line(draft);
}

void agree_by_silence(Draft& draft) {
    if (!awaits_seller(draft.case_())) return;
    drop_terms(draft.case_());
    agree(draft, "silence");
}

Result<Decision> answer_application(Draft draft, const AnswerApplication& command) {
    ReturnCase& return_case = draft.case_();
    if (return_case.version == 0 || return_case.seller != command.seller) {
        return fail(ErrorKind::not_found, "return_not_found", "No such return.");
    }
    if (!awaits_seller(return_case)) {
        return fail(ErrorKind::conflict, "already_answered", "The application has been answered already.");
    }
    if (!command.agreed) return refuse_application(std::move(draft), command);
    const bool has_terms =
        command.keeps_goods || command.amount_fen.value_or(return_case.amount_fen) != return_case.amount_fen;
    if (has_terms) {
        const auto terms = terms_of(return_case, command);
        if (!terms) return tl::unexpected(terms.error());
        return agree_to_terms(std::move(draft), *terms, command.owner);
    }
    draft.done(JobKind::seller_answer_deadline, "");
    drop_terms(return_case);
    agree(draft, "seller");
    return std::move(draft).finish();
}

Result<Decision> answer_offer(Draft draft, const AnswerOffer& command) {
    if (draft.case_().version == 0) return fail(ErrorKind::not_found, "return_not_found", "No such return.");
    if (draft.case_().status != CaseStatus::awaiting_buyer) {
        return fail(ErrorKind::conflict, "no_offer", "No other amount waits for the buyer's answer.");
    }
    draft.done(JobKind::offer_deadline, "");
    if (command.accepted) {
        take_offer(draft);
    } else {
        // As if the seller had refused: either side can call in customer service.
        draft.case_().status = CaseStatus::refused;
        drop_terms(draft.case_());
        release_hold(draft);
        draft.note("return.refused", {{"by", std::string("buyer")}});
    }
    return std::move(draft).finish();
}

Result<Decision> withdraw(Draft draft, const Withdraw& command) {
    ReturnCase& return_case = draft.case_();
    if (return_case.version == 0) return fail(ErrorKind::not_found, "return_not_found", "No such return.");
    if (return_case.status == CaseStatus::closed) {
        return fail(ErrorKind::conflict, "already_closed", "The return is closed already.");
    }
    const auto& advance = draft.file().advance;
    if (advance && is_open(advance->state)) {
        return fail(ErrorKind::conflict, "advance_open",
                    "Money was advanced for this return; it is to come back first.");
    }
    if (draft.file().goods_refund() != nullptr || draft.file().has_refund_under_way()) {
        return fail(ErrorKind::conflict, "refund_under_way", "The money is on its way to the buyer.");
    }
    if (draft.file().has_live_pickup() && draft.case_().pickup->status == PickupStatus::collected) {
        return fail(ErrorKind::conflict, "already_collected", "The parcel has been collected.");
    }
    if (draft.file().self_shipped() != nullptr) {
        return fail(ErrorKind::conflict, "already_shipped", "The parcel is under way already.");
    }
    if (Booking* booking = draft.file().live_booking()) {
        cancel_at_courier(draft, *booking);
        end_pickup(draft, PickupStatus::cancelled);
    }
    for (const auto kind : {JobKind::seller_answer_deadline, JobKind::offer_deadline, JobKind::ship_deadline,
                            JobKind::intervention_deadline, JobKind::receipt_deadline}) {
        draft.done(kind, "");
    }
    drop_terms(return_case);
    withdraw_appeal(draft);
    draft.note("return.withdrawn", {{"reason", command.reason}});
    close_case(draft, "withdrawn");
    return std::move(draft).finish();
}

}  // namespace returngate
