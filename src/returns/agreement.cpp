// The seller answers the application, the buyer answers another amount, or the buyer withdraws (C4, C5).
#include "src/returns/agreement.hpp"

#include "src/returns/broker.hpp"
#include "src/returns/handlers.hpp"
#include "src/returns/receipt.hpp"

namespace returngate {
namespace {

// The seller's refusal keeps its evidence; customer service can be called in.
Result<Decision> refuse_application(Draft draft, const AnswerApplication& command) {
    if (command.reason.empty() || command.evidence.empty()) {
        return fail(ErrorKind::invalid, "reason_and_evidence_required",
                    "A refusal needs a reason and evidence.");
    }
    draft.case_().status = CaseStatus::refused;
    release_hold(draft);
    draft.decision().evidence = EvidenceRecord{"refusal", command.reason, command.evidence};
    draft.note("return.refused", {{"by", std::string("seller")}});
    return std::move(draft).finish();
}

Result<Decision> offer_amount(Draft draft, Fen amount_fen) {
    ReturnCase& return_case = draft.case_();
    if (amount_fen <= 0 || amount_fen > return_case.amount_fen) {
        return fail(ErrorKind::invalid, "amount_above_application",
                    "Another amount is positive and not above the one applied for.");
    }
    return_case.status = CaseStatus::awaiting_buyer;
    return_case.offer_fen = amount_fen;
    draft.schedule(JobKind::offer_deadline, "", draft.now() + draft.policy().clocks.buyer_answers_offer);
    draft.note("return.offered", {{"amount_fen", amount_fen}, {"applied_for_fen", return_case.amount_fen}});
    return std::move(draft).finish();
}

// What is refunded shrinks; so does what is reserved for it.
void take_offer(Draft& draft) {
    ReturnCase& return_case = draft.case_();
    const Fen amount_fen = *return_case.offer_fen;
    if (return_case.held_fen > 0) {
        draft.file().line = release_reserved(draft.file().line, return_case.held_fen - amount_fen);
        return_case.held_fen = amount_fen;
    }
    return_case.amount_fen = amount_fen;
    return_case.offer_fen.reset();
    agree(draft, "buyer");
}

}  // namespace

void approve(Draft& draft, std::string_view by) {
    draft.case_().status = CaseStatus::awaiting_parcel;
    draft.note("return.approved", {{"by", std::string(by)}, {"amount_fen", draft.case_().amount_fen}});
}

void agree(Draft& draft, std::string_view by) {
    approve(draft, by);
    draft.schedule(JobKind::ship_deadline, "", draft.now() + draft.policy().clocks.buyer_ships);
}

Result<Decision> answer_application(Draft draft, const AnswerApplication& command) {
    if (draft.case_().version == 0 || draft.case_().seller != command.seller) {
        return fail(ErrorKind::not_found, "return_not_found", "No such return.");
    }
    if (draft.case_().status != CaseStatus::awaiting_agreement) {
        return fail(ErrorKind::conflict, "already_answered", "The application has been answered already.");
    }
    draft.done(JobKind::seller_answer_deadline, "");
    if (!command.agreed) return refuse_application(std::move(draft), command);
    if (command.amount_fen && *command.amount_fen != draft.case_().amount_fen)
        return offer_amount(std::move(draft), *command.amount_fen);
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
        draft.case_().offer_fen.reset();
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
    return_case.offer_fen.reset();
    draft.note("return.withdrawn", {{"reason", command.reason}});
    close_case(draft, "withdrawn");
    return std::move(draft).finish();
}

}  // namespace returngate
