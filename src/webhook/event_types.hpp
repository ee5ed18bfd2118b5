// The events that leave the house. What else the timeline notes is for the people who work a case.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace returngate::webhook {

inline constexpr std::array<std::string_view, 36> kEventTypes{
    "return.applied",   "return.approved",   "return.refused",        "return.closed",
    "pickup.booked",    "pickup.accepted",   "pickup.rebrokered",     "pickup.promise_missed",
    "pickup.collected", "pickup.unserved",   "pickup.cancelled",      "waybill.accepted",
    "waybill.refused",  "waybill.replaced",  "advance.committed",     "advance.paid",
    "advance.reversed", "advance.recovered", "clawback.notified",     "clawback.repaid",
    "parcel.delivered", "receipt.confirmed", "receipt.disputed",      "refund.committed",
    "refund.paid",      "refund.rejected",   "refund.shipped_anyway", "refund.turned_instant",
    "appeal.opened",    "appeal.decided",    "receipt.short",         "penalty.imposed",
    "penalty.reversed", "break.opened",      "break.resolved",        "money.halted"};

[[nodiscard]] constexpr bool is_event_type(std::string_view type) {
    return std::ranges::find(kEventTypes, type) != kEventTypes.end();
}

}  // namespace returngate::webhook
