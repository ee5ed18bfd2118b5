// Receipt and recovery, and the closing that follows when both are there.
#include "src/returns/receipt.hpp"

#include "src/advance/reservation.hpp"
#include "src/returns/freeze.hpp"
#include "src/returns/handlers.hpp"
#include "src/returns/refunds.hpp"
#include "src/returns/self_shipped.hpp"
#include "src/returns/short_receipt.hpp"

namespace returngate {
namespace {

bool expects_parcel(const ReturnCase& return_case) {
    return !is_over(return_case.status) && return_case.status >= CaseStatus::awaiting_parcel &&
           return_case.kind == CaseKind::goods_return;
}

Error no_parcel_expected() {
    return Error{ErrorKind::conflict, "no_parcel_expected", "No parcel is expected for this return."};
}

bool is_refunded(const CaseFile& file) {
    const Refund* refund = file.goods_refund();
    return refund != nullptr && refund->state == RefundState::paid;
}

// Its order's items may be applied for again.
bool came_to_nothing(const CaseFile& file) {
    const bool is_advanced = file.advance && file.advance->state != AdvanceState::reversed;
    return file.case_.receipt == ReceiptOutcome::none && !is_advanced && file.goods_refund() == nullptr;
}

}  // namespace

void close_when_square(Draft& draft) {
    const CaseFile& file = draft.file();
    if (is_over(file.case_.status) || file.has_refund_under_way()) return;
    const bool has_parcel =
        file.case_.kind != CaseKind::goods_return || file.case_.receipt == ReceiptOutcome::confirmed;
    if (!has_parcel) return;
    if (file.advance && file.advance->state == AdvanceState::recovered) return close_case(draft, "recovered");
    if (is_refunded(file)) close_case(draft, "refunded");
}

void lower_amount(Draft& draft, Fen amount_fen) {
    ReturnCase& return_case = draft.case_();
    if (return_case.held_fen > 0) {
        draft.file().line = release_reserved(draft.file().line, return_case.held_fen - amount_fen);
        return_case.held_fen = amount_fen;
    }
    return_case.amount_fen = amount_fen;
}

void release_hold(Draft& draft) {
    if (draft.case_().held_fen == 0) return;
    draft.file().line = release_reserved(draft.file().line, draft.case_().held_fen);
    end_reservation(draft);
}

void defer_refund(Draft& draft, std::string_view reason) {
    ReturnCase& return_case = draft.case_();
    if (return_case.refund != RefundPath::advance || draft.file().advance) return;
    release_hold(draft);
    return_case.refund = RefundPath::after_receipt;
    draft.note("refund.deferred", {{"reason", std::string(reason)}});
}

void close_case(Draft& draft, std::string_view reason) {
    ReturnCase& return_case = draft.case_();
    release_hold(draft);
    if (return_case.intervention) {  // settled without it (C6)
        return_case.intervention.reset();
        draft.done(JobKind::intervention_deadline, "");
    }
    end_self_shipped_watch(draft);
    return_case.status = CaseStatus::closed;
    return_case.closed_at = draft.now();
    if (came_to_nothing(draft.file()))
        draft.schedule(JobKind::look_at_order, return_case.order.value, draft.now());
    draft.note("return.closed", {{"reason", std::string(reason)}});
}

void confirm_received(Draft& draft, std::string_view by) {
    draft.case_().receipt = ReceiptOutcome::confirmed;
    draft.case_().receipt_at = draft.now();
    draft.case_().status = CaseStatus::received;
    draft.done(JobKind::receipt_deadline, "");
    draft.note("receipt.confirmed", {{"by", std::string(by)}});
    self_shipped_arrived(draft);
    if (by != "silence") thaw(draft, kWaybillSuspect);  // somebody has the parcel, or judged about it
    defer_refund(draft, "received_first");  // the seller's word is stronger than the one that was waited for
    refund_after_receipt(draft);
    close_when_square(draft);
}

Result<Decision> register_parcel(Draft draft, const RegisterParcel& arrival) {
    ReturnCase& return_case = draft.case_();
    if (return_case.version == 0 || return_case.seller != arrival.seller) {
        return fail(ErrorKind::not_found, "return_not_found", "No such return.");
    }
    if (!expects_parcel(return_case)) return tl::unexpected(no_parcel_expected());
    if (return_case.registered_at) return std::move(draft).finish();  // said before
    return_case.registered_at = draft.now();
    draft.note("parcel.registered");
    return std::move(draft).finish();
}

Result<Decision> confirm_receipt(Draft draft, const ConfirmReceipt& receipt) {
    ReturnCase& return_case = draft.case_();
    if (return_case.version == 0 || return_case.seller != receipt.seller) {
        return fail(ErrorKind::not_found, "return_not_found", "No such return.");
    }
    if (return_case.receipt != ReceiptOutcome::none) {
        return fail(ErrorKind::conflict, "receipt_already_given",
                    "The seller has answered for this parcel already.");
    }
    if (!expects_parcel(return_case)) return tl::unexpected(no_parcel_expected());
    if (receipt.confirmed) {
        self_shipped_arrived(draft);  // first: what is asked for missing units is asked for anew
        if (const auto short_of = take_short_receipt(draft, receipt); !short_of)
            return tl::unexpected(short_of.error());
        confirm_received(draft, "seller");
        return std::move(draft).finish();
    }
    if (receipt.reason.empty() || receipt.evidence.empty()) {
        return fail(ErrorKind::invalid, "reason_and_evidence_required",
                    "A dispute needs a reason and evidence.");
    }
    return_case.receipt = ReceiptOutcome::disputed;
    return_case.receipt_at = draft.now();
    return_case.status = CaseStatus::disputed;
    defer_refund(draft, "disputed");  // not advanced yet, and now nobody would
    draft.done(JobKind::receipt_deadline, "");
    draft.decision().evidence = EvidenceRecord{"dispute", "seller", receipt.reason, receipt.evidence};
    draft.note("receipt.disputed", {{"fault", receipt.fault}});
    return std::move(draft).finish();
}

Result<Decision> report_recovery(Draft draft, const ReportRecovery& recovery) {
    CaseFile& file = draft.file();
    if (file.case_.version == 0 || !file.advance) {
        return fail(ErrorKind::not_found, "advance_not_found", "This return has no advance.");
    }
    Advance& advance = *file.advance;
    if (advance.state != AdvanceState::paid) {
        return fail(ErrorKind::conflict, "advance_not_open",
                    "The advance is not paid, or is settled already.");
    }
    // What the buyer paid back the escrow does not owe any more.
    if (recovery.amount_fen <= 0 || recovery.amount_fen > advance.owed_fen()) {
        return fail(ErrorKind::invalid, "recovery_exceeds_advance", "More than is open on the advance.");
    }
    advance.recovered_fen += recovery.amount_fen;
    file.line = close_open(file.line, recovery.amount_fen);
    draft.post(ledger::advance_recovered(recovery.amount_fen));
    draft.decision().recovery = MoneyBackRecord{recovery.reference, recovery.amount_fen};
    if (advance.recovered_fen == advance.amount_fen) {
        advance.state = AdvanceState::recovered;
        advance.settled_at = draft.now();
    }
    draft.note("advance.recovered", {{"amount_fen", recovery.amount_fen},
                                     {"reference", recovery.reference},
                                     {"open_fen", advance.amount_fen - advance.recovered_fen}});
    close_when_square(draft);
    return std::move(draft).finish();
}

}  // namespace returngate
