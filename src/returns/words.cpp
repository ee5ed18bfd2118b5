// The words of the case's enums, as the database and the API spell them.
#include <array>

#include "src/returns/case_file.hpp"
#include "src/returns/job.hpp"

namespace returngate {
namespace {

template <class Enum, std::size_t N>
std::string_view word(const std::array<std::string_view, N>& words, Enum value) {
    return words.at(static_cast<std::size_t>(value));
}

constexpr std::array<std::string_view, 11> kCaseStatus{
    "awaiting_agreement", "awaiting_consent", "awaiting_buyer", "awaiting_parcel", "in_carriage", "delivered",
    "received",           "refunding",        "disputed",       "refused",         "closed"};
constexpr std::array<std::string_view, 3> kCaseKind{"goods_return", "keeps_goods", "unshipped"};
constexpr std::array<std::string_view, 4> kRefundKind{"refund", "unshipped", "postage", "restitution"};
constexpr std::array<std::string_view, 3> kRefundState{"committed", "paid", "rejected"};
constexpr std::array<std::string_view, 2> kApproval{"automatic", "seller"};
constexpr std::array<std::string_view, 3> kRefundPath{"advance", "after_receipt", "direct"};
constexpr std::array<std::string_view, 3> kReceipt{"none", "confirmed", "disputed"};
constexpr std::array<std::string_view, 5> kPickupStatus{"brokering", "booked", "collected", "unserved",
                                                        "cancelled"};
constexpr std::array<std::string_view, 8> kBookingStatus{"placing", "placed",  "accepted",   "collected",
                                                         "refused", "expired", "cancelling", "cancelled"};
constexpr std::array<std::string_view, 6> kAdvanceState{"committed",   "paid",        "recovered",
                                                        "clawed_back", "written_off", "reversed"};
constexpr std::array<std::string_view, kJobKinds> kJobKind{"place_booking",
                                                           "resolve_booking",
                                                           "cancel_booking",
                                                           "move_booking",
                                                           "confirm_collection",
                                                           "ask_courier",
                                                           "pay",
                                                           "resolve_payout",
                                                           "trace_outbound",
                                                           "look_at_order",
                                                           "note_conduct",
                                                           "seller_answer_deadline",
                                                           "ship_deadline",
                                                           "accept_deadline",
                                                           "door_deadline",
                                                           "door_give_up",
                                                           "receipt_deadline",
                                                           "offer_deadline",
                                                           "intervention_deadline",
                                                           "self_shipped_deadline",
                                                           "repayment_deadline",
                                                           "appeal_deadline",
                                                           "reservation_deadline"};

}  // namespace

std::string_view to_string(CaseStatus status) {
    return word(kCaseStatus, status);
}
std::string_view to_string(CaseKind kind) {
    return word(kCaseKind, kind);
}
std::string_view to_string(RefundKind kind) {
    return word(kRefundKind, kind);
}
std::string_view to_string(RefundState state) {
    return word(kRefundState, state);
}
std::string_view to_string(Approval approval) {
    return word(kApproval, approval);
}
std::string_view to_string(RefundPath path) {
    return word(kRefundPath, path);
}
std::string_view to_string(ReceiptOutcome outcome) {
    return word(kReceipt, outcome);
}
std::string_view to_string(PickupStatus status) {
    return word(kPickupStatus, status);
}
std::string_view to_string(BookingStatus status) {
    return word(kBookingStatus, status);
}
std::string_view to_string(AdvanceState state) {
    return word(kAdvanceState, state);
}
std::string_view to_string(JobKind kind) {
    return word(kJobKind, kind);
}

std::optional<JobKind> parse_job_kind(std::string_view text) {
    for (std::size_t i = 0; i < kJobKind.size(); ++i) {
        if (kJobKind.at(i) == text) return static_cast<JobKind>(i);
    }
    return std::nullopt;
}

}  // namespace returngate
