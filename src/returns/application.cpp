// The buyer applies: two verdicts, one reservation, at once.
#include "src/advance/eligibility.hpp"
#include "src/advance/reservation.hpp"
#include "src/returns/agreement.hpp"
#include "src/returns/amount.hpp"
#include "src/returns/handlers.hpp"
#include "src/returns/pickup_request.hpp"
#include "src/returns/unshipped.hpp"

namespace returngate {
namespace {

// The after-sale id is the natural idempotency key: the same application again is the same return.
Result<Decision> repeat_application(Draft draft, const ApplyForReturn& command) {
    const ReturnCase& known = draft.case_();
    const bool is_unshipped = known.kind == CaseKind::unshipped;
    if (known.buyer != command.buyer || known.order != command.order ||
        known.after_sale != command.after_sale || is_unshipped != command.is_unshipped) {
        return fail(ErrorKind::conflict, "after_sale_id_reused",
                    "This after-sale id belongs to another application.");
    }
    return std::move(draft).finish();
}

ReturnCase new_case(const ApplyForReturn& command, const Order& order, Fen amount_fen, Instant now) {
    ReturnCase made;
    made.id = command.id;
    made.buyer = command.buyer;
    made.seller = order.seller;
    made.order = command.order;
    made.after_sale = command.after_sale;
    made.kind = command.is_unshipped ? CaseKind::unshipped : CaseKind::goods_return;
    made.amount_fen = amount_fen;
    made.provider = order.provider;
    made.payee = order.payee;
    made.outbound_waybill = order.outbound_waybill;
    made.applied_at = now;
    return made;
}

std::vector<std::string> items_of(const ApplyForReturn& command) {
    std::vector<std::string> ids;
    for (const auto& item : command.items) ids.push_back(item.item_id);
    return ids;
}

void reserve_line(Draft& draft) {
    auto reserved = reserve(draft.file().line, draft.case_().amount_fen);
    if (!reserved) return;  // the rule has said so already
    hold(draft, *reserved);
    draft.case_().refund = RefundPath::advance;
}

void answer_pickup_request(Draft& draft, const ApplyForReturn& command) {
    if (!command.pickup) return;
    if (draft.case_().status != CaseStatus::awaiting_parcel) {
        draft.decision().pickup_refusal = Error{ErrorKind::conflict, "awaiting_agreement",
                                                "A pickup can be booked once the seller has agreed."};
        return;
    }
    const auto booked = request_pickup(draft, *command.pickup);
    if (!booked) draft.decision().pickup_refusal = booked.error();
}

Result<void> fits_the_order(const Order& order, const ApplyForReturn& command) {
    if (command.is_unshipped && order.state != "paid") {
        return fail(ErrorKind::conflict, "order_shipped", "The order has been shipped; apply for a return.");
    }
    if (!command.is_unshipped && order.state == "paid") {
        return fail(ErrorKind::invalid, "order_not_shipped", "The order has not been shipped.");
    }
    return {};
}

ApplicationRecord judged(const Draft& draft, const CaseFile& file, const ApplyForReturn& command,
                         const Taken& taken) {
    const auto item_ids = items_of(command);
    const ApplicationFacts facts{.policy = draft.policy(),
                                 .order = taken.order,
                                 .line = file.line,
                                 .trust = file.trust,
                                 .items = item_ids,
                                 .is_pilot_seller = file.seller && file.seller->pilot,
                                 .amount_fen = taken.amount.total_fen,
                                 .pictures = command.pictures.size(),
                                 .reason = command.reason,
                                 .now = draft.now()};
    ApplicationRecord record{command.items,          command.reason,   command.pictures, {}, {},
                             draft.policy().version, inputs_of(facts), taken.amount};
    if (command.is_unshipped) {
        record.inputs.is_unshipped = true;
        record.approval_rules = unshipped_rules(facts);
    } else {
        record.approval_rules = approval_rules(facts);
        record.refund_rules = refund_rules(facts);
    }
    return record;
}

// An unshipped order's refund is no advance: it touches no line.
void choose_refund(Draft& draft, const ApplicationRecord& record) {
    ReturnCase& return_case = draft.case_();
    if (return_case.kind == CaseKind::unshipped) {
        return_case.refund = RefundPath::direct;
    } else if (all_passed(record.refund_rules)) {
        reserve_line(draft);
    } else {
        return_case.above_line = is_above_line_only(record.refund_rules);
    }
}

}  // namespace

Result<Decision> apply_for_return(Draft draft, const ApplyForReturn& command) {
    if (draft.case_().version != 0) return repeat_application(std::move(draft), command);
    CaseFile& file = draft.file();
    if (!file.order || file.order->buyer != command.buyer) {
        return fail(ErrorKind::not_found, "order_not_found", "The buyer has no such order.");
    }
    if (const auto fits = fits_the_order(*file.order, command); !fits) return tl::unexpected(fits.error());
    auto taken =
        take_items(*file.order, command.items, command.is_unshipped ? Charges::refunded : Charges::kept);
    if (!taken) return tl::unexpected(taken.error());
    auto record = judged(draft, file, command, *taken);
    draft.case_() = new_case(command, taken->order, taken->amount.total_fen, draft.now());
    file.order = std::move(taken->order);
    remember_takings(*file.order, command.id, command.is_unshipped, record.amount);
    draft.case_().approval = all_passed(record.approval_rules) ? Approval::automatic : Approval::seller;
    choose_refund(draft, record);
    draft.note("return.applied", {{"amount_fen", draft.case_().amount_fen},
                                  {"approval", std::string(to_string(draft.case_().approval))},
                                  {"refund", std::string(to_string(draft.case_().refund))}});
    if (command.is_unshipped) trace_outbound(draft);
    if (draft.case_().approval == Approval::automatic) {
        approve(draft, "rules");
    } else {
        draft.schedule(JobKind::seller_answer_deadline, "",
                       draft.now() + draft.policy().clocks.seller_answers_application);
    }
    draft.decision().application = std::move(record);
    answer_pickup_request(draft, command);
    // While a courier is to come, the pickup's clocks stand in for the buyer's.
    if (draft.case_().status == CaseStatus::awaiting_parcel && !draft.file().has_live_pickup())
        draft.schedule(JobKind::ship_deadline, "", draft.now() + draft.policy().clocks.buyer_ships);
    return std::move(draft).finish();
}

}  // namespace returngate
