// The order's own state decides (D1); what a courier knows better is found out and reported (D3).
#include "src/returns/unshipped.hpp"

#include <algorithm>
#include <set>

#include "src/returns/amount.hpp"
#include "src/returns/freeze.hpp"
#include "src/returns/handlers.hpp"
#include "src/returns/receipt.hpp"

namespace returngate {
namespace {

constexpr std::string_view kShippedAnyway = "shipped_anyway";

bool is_shipped(const Order& order) {
    return order.state != "paid";
}

bool is_refunded_unshipped(const CaseFile& file) {
    return file.case_.kind == CaseKind::unshipped && file.goods_refund() != nullptr;
}

// The seller bears the loss; once is enough.
void report_shipped(Draft& draft, std::string_view found_by, std::string_view courier,
                    std::string_view waybill) {
    if (is_frozen_for(draft.case_(), kShippedAnyway)) return;
    draft.note("refund.shipped_anyway", {{"found_by", std::string(found_by)},
                                         {"borne_by", std::string("seller")},
                                         {"courier", std::string(courier)},
                                         {"waybill", std::string(waybill)}});
    freeze(draft, kShippedAnyway);
}

// C7: nobody has approved it yet, and the goods are on their way.
void close_shipped(Draft& draft) {
    draft.done(JobKind::seller_answer_deadline, "");
    close_case(draft, "order_shipped");
}

bool is_come_to_nothing(const CaseFile& file) {
    const bool is_advanced = file.advance && file.advance->state != AdvanceState::reversed;
    return file.case_.status == CaseStatus::closed && file.case_.receipt == ReceiptOutcome::none &&
           !is_advanced && file.goods_refund() == nullptr;
}

std::string trace_subject(std::string_view courier, std::string_view waybill) {
    return std::string(courier) + "/" + std::string(waybill);
}

}  // namespace

void trace_outbound(Draft& draft) {
    const Order& order = *draft.file().order;
    if (order.outbound_waybill.empty() || order.outbound_courier.empty()) return;
    const CourierTerms* terms = draft.policy().terms(CourierCode{order.outbound_courier});
    if (terms == nullptr || !terms->enabled) return;
    draft.schedule(JobKind::trace_outbound, trace_subject(order.outbound_courier, order.outbound_waybill),
                   draft.now());
}

void tell_unshipped(Draft& draft, const Order& before, const Order& now) {
    const bool has_shipped = is_shipped(now) && !is_shipped(before);
    const bool has_number = now.outbound_waybill != before.outbound_waybill && !now.outbound_waybill.empty();
    if (!has_shipped && !has_number) return;
    std::set<ReturnId> told;
    for (const auto& taking : now.takings) {
        if (!taking.is_unshipped || !told.insert(taking.return_id).second) continue;
        const JobKey key{taking.return_id, JobKind::look_at_order, now.id.value};
        draft.decision().jobs.push_back(JobChange{key, draft.now()});
    }
}

Result<Decision> look_at_order(Draft draft, const LookAtOrder& command) {
    CaseFile& file = draft.file();
    if (file.case_.version == 0 || file.case_.order != command.order) {
        return fail(ErrorKind::not_found, "return_not_found", "No such return.");
    }
    if (file.order && file.case_.kind == CaseKind::unshipped) {
        const Order& order = *file.order;
        if (is_refunded_unshipped(file)) {
            trace_outbound(draft);
            if (is_shipped(order))
                report_shipped(draft, "order", order.outbound_courier, order.outbound_waybill);
        } else if (is_shipped(order) && !is_over(file.case_.status)) {
            close_shipped(draft);
        }
    }
    if (file.order && is_come_to_nothing(file)) give_back(*file.order, file.case_.id);
    draft.done(JobKind::look_at_order, command.order.value);
    return std::move(draft).finish();
}

Result<Decision> outbound_traced(Draft draft, const OutboundTraced& answer) {
    const CaseFile& file = draft.file();
    if (file.case_.version == 0) return fail(ErrorKind::not_found, "return_not_found", "No such return.");
    const std::string subject = trace_subject(answer.courier.value, answer.waybill);
    draft.done(JobKind::trace_outbound, subject);
    if (file.case_.kind != CaseKind::unshipped) return std::move(draft).finish();
    if (answer.collected_at && is_refunded_unshipped(file)) {
        report_shipped(draft, "trace", answer.courier.value, answer.waybill);
    } else if (answer.collected_at && file.case_.status == CaseStatus::awaiting_agreement) {
        close_shipped(draft);
    } else if ((is_refunded_unshipped(file) || !is_over(file.case_.status)) &&
               answer.attempt < draft.policy().unshipped.traces) {
        draft.schedule(JobKind::trace_outbound, subject, draft.now() + draft.policy().unshipped.trace_every);
    }
    return std::move(draft).finish();
}

}  // namespace returngate
