// What the read model answers: values for people and programs, shaped for the routes that show them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "src/returns/case_file.hpp"
#include "src/returns/contact.hpp"
#include "src/returns/job.hpp"

namespace returngate::postgres {

struct BookingView {
    BookingReference reference;
    std::optional<PickupId> pickup;  // absent: self-shipped
    CourierCode courier;
    std::string status;
    std::string waybill;  // accepted; may be empty
    Instant placed_at{};
};

struct PickupView {
    PickupId id;
    Window window;
    Instant requested_at{};
    Instant door_by{};
    PickupStatus status{};
};

struct AdvanceView {
    AdvanceId id;
    ReturnId return_id;
    BuyerId buyer;
    Fen amount_fen = 0;
    AdvanceState state{};
    std::string provider;
    std::string waybill;
    Instant trigger_at{};
    Instant committed_at{};
    std::optional<Instant> paid_at;
    Fen recovered_fen = 0;
    std::optional<Instant> settled_at;
    std::string clawback;  // why the buyer is asked for the money back; empty: not asked
    std::optional<Instant> repay_by;
    Fen repaid_fen = 0;
    Fen short_fen = 0;  // what the return's units that did not come are worth
};

struct RefundView {
    RefundId id;
    RefundKind kind{};
    Fen amount_fen = 0;
    RefundState state{};
    Instant committed_at{};
    std::optional<Instant> paid_at;
};

struct ReturnView {
    ReturnCase case_;
    std::string approval_rules;  // JSON, as stored with the decision
    std::string refund_rules;
    std::string amount;      // JSON: how it was computed; empty or "{}" of returns from before that was kept
    Contact return_address;  // of the seller
    CreditLine line;
    std::optional<PickupView> pickup;   // the live one, else the latest
    std::vector<BookingView> bookings;  // of all pickups, oldest first
    std::optional<AdvanceView> advance;
    std::vector<RefundView> refunds;  // in the order of their commitment
    std::optional<DoorContact> door;  // of the booking that is expected at the door; personal data
};

struct EvidenceView {
    int seq = 0;  // of the event that it came with
    Instant given_at{};
    std::string kind;
    std::string given_by;
    std::string reason;
    std::string items;  // JSON: references, or objects with digest and time
};

struct PenaltyView {
    BuyerId buyer;
    Penalty penalty;
};

struct EventView {
    int seq = 0;
    Instant at{};
    std::string type;
    std::string data;  // JSON
};

struct TimelineView {
    ReturnCase case_;
    int policy_version = 0;      // that the application was decided by
    std::string approval_rules;  // JSON
    std::string refund_rules;
    std::vector<EventView> events;
    std::vector<PickupView> pickups;  // oldest first
    std::optional<AdvanceView> advance;
};

struct EntitlementView {
    CreditLine line;
    std::string excluded;                    // why nothing is advanced for good; empty: not excluded
    std::vector<AdvanceView> open_advances;  // oldest first
};

// Where a page of a list begins: after this row.
struct PagePosition {
    Instant at{};
    std::array<std::uint8_t, 16> id{};
};

struct AdvanceTotals {
    AdvanceState state{};
    std::int64_t count = 0;
    Fen amount_fen = 0;
    Fen recovered_fen = 0;
};

// How one return's amount was computed, what was agreed to, and what was advanced of it.
struct AmountView {
    ReturnId return_id;
    OrderId order;
    SellerId seller;
    Instant applied_at{};
    CaseStatus status{};
    std::string amount;  // JSON, as stored with the application
    Fen agreed_fen = 0;
    Fen short_fen = 0;  // taken off what was agreed to before, for units that did not come
    std::optional<AdvanceId> advance;
    std::optional<AdvanceState> advance_state;
    Fen advanced_fen = 0;
};

struct BreakView {
    int number = 0;
    std::string kind;
    std::optional<ReturnId> return_id;
    Fen amount_fen = 0;
    int age_hours = 0;
    std::string detail;
};

struct RunView {
    std::array<std::uint8_t, 16> run_id{};
    Instant started_at{};
    std::string counts;  // JSON
    std::vector<BreakView> breaks;
};

struct QuarantineView {
    QuarantineId id;
    CourierCode courier;
    std::string state;
    std::string match_key;
    std::string reason;
    Instant received_at{};
    std::optional<Instant> decided_at;
};

// With the callback as it came in: personal data, for replay only.
struct QuarantinedCallback {
    QuarantineView view;
    std::string account;  // of ours at the courier, that it came to; empty: the first one
    std::string target;
    std::string content_type;
    std::string payload;
};

struct ClockView {
    JobKind kind{};
    ReturnId return_id;
    std::string subject;
    Instant due_at{};
};

// Of the promises to be at the door that ran out, or were kept, in some hours: one courier's in one place.
struct DoorPromisesView {
    CourierCode courier;
    std::string province;
    std::string city;
    std::int64_t due = 0;
    std::int64_t kept = 0;  // the others were missed
};

struct HaltView {
    bool halted = false;
    std::string reason;
    std::string by_whom;
    Instant at{};
};

struct KeyView {
    std::array<std::uint8_t, 16> key_id{};
    std::string hash;  // 32 bytes
    std::string caller;
    std::string owner;
    std::string seller_id;
    Instant created_at{};
    Instant expires_at{};
    std::optional<Instant> revoked_at;
    std::string client_certificate;  // hex; "": bound to none
};

}  // namespace returngate::postgres
