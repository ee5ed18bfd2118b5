// The return case and everything that hangs on it, as plain values: what a command is decided on.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "src/advance/credit_line.hpp"
#include "src/advance/standing.hpp"
#include "src/advance/trust.hpp"
#include "src/base/ids.hpp"
#include "src/base/money.hpp"
#include "src/base/time.hpp"
#include "src/pickup/milestones.hpp"

namespace returngate {

// Master data of the platform (decision 2). Amounts are what all units of the item cost the buyer, before
// what was taken off the order as a whole.
struct OrderItem {
    std::string item_id;
    std::string title;
    std::int32_t quantity = 0;
    Fen amount_fen = 0;
    std::int32_t returned_quantity = 0;  // ours: units in live or finished returns
    Fen returned_fen = 0;                // ours: never above amount_fen
    bool operator==(const OrderItem&) const = default;
};

// What the buyer paid beside the goods: the freight out, a gift wrapping.
struct Charge {
    std::string name;
    Fen amount_fen = 0;
    Fen returned_fen = 0;  // ours: never above amount_fen
    bool operator==(const Charge&) const = default;
};
// What was taken off the order as a whole: a coupon, a full-reduction.
struct Discount {
    std::string name;
    std::string borne_by;  // seller | platform
    Fen amount_fen = 0;
    bool operator==(const Discount&) const = default;
};

// What one return took of an order; given back when it ends without parcel and money.
struct Taking {
    ReturnId return_id;
    bool is_unshipped = false;
    std::string name;           // item id, or name of a charge
    std::int32_t quantity = 0;  // units of the item; 0: a charge
    Fen amount_fen = 0;
    bool operator==(const Taking&) const = default;
};

struct Order {
    OrderId id;
    BuyerId buyer;
    SellerId seller;
    std::vector<OrderItem> items;
    std::vector<Charge> charges;
    std::vector<Discount> discounts;  // already off the paid amount, not yet off the items' amounts
    Fen paid_fen = 0;
    std::string trade_kind;
    std::string category;
    std::string state;  // paid | shipped | received
    std::optional<Instant> received_at;
    std::string outbound_courier;
    std::string outbound_waybill;  // canonical
    std::string provider;          // payment provider that holds the payment
    ContactId payee;               // the payer's token stands in the contact table (decision 29)
    std::string payment_reference;
    std::vector<Taking> takings;  // ours
    std::int64_t version = 0;     // 0: not stored yet
    bool operator==(const Order&) const = default;
};

enum class CaseStatus : std::uint8_t {
    awaiting_agreement,  // the seller has its time to answer
    awaiting_consent,    // the seller agrees to other terms; its superior is to agree too
    awaiting_buyer,      // the seller agrees to another amount; the buyer has its time to take it
    awaiting_parcel,     // agreed; the buyer hands the parcel over
    in_carriage,         // collected
    delivered,           // at the seller's address
    received,            // the seller confirmed; waiting for the refund, or for the escrow
    refunding,           // no parcel is awaited; the money is on its way to the buyer
    disputed,            // the seller disputes the parcel
    refused,             // the application was refused
    closed,              // done, or given up
};
[[nodiscard]] std::string_view to_string(CaseStatus status);
[[nodiscard]] constexpr bool is_over(CaseStatus status) {
    return status >= CaseStatus::refused;
}

// What the money is refunded for.
enum class CaseKind : std::uint8_t {
    goods_return,  // a parcel that comes back
    keeps_goods,   // nothing: the seller lets the buyer keep the goods (C5)
    unshipped,     // an order that was never shipped (D1)
};
[[nodiscard]] std::string_view to_string(CaseKind kind);

enum class Approval : std::uint8_t { automatic, seller };
[[nodiscard]] std::string_view to_string(Approval approval);
enum class RefundPath : std::uint8_t { advance, after_receipt, direct };  // direct: once approved, no parcel
[[nodiscard]] std::string_view to_string(RefundPath path);
enum class ReceiptOutcome : std::uint8_t { none, confirmed, disputed };
[[nodiscard]] std::string_view to_string(ReceiptOutcome outcome);

// Put forward to prove something: kept elsewhere and named here, with the digest that shows it unchanged
// (E2).
struct Evidence {
    std::string reference;
    std::string sha256{};               // lower-case hex; empty: not given
    std::optional<Instant> taken_at{};  // when it was made, as its giver says
    bool operator==(const Evidence&) const = default;
};

// Customer service was called in (C4, C6). A ruling takes two people: one proposes, another one agrees.
struct Intervention {
    std::string by;  // buyer | seller
    Instant opened_at{};
    std::string proposed;     // for_buyer | for_seller; empty: nobody has proposed yet
    std::string proposed_by;  // owner of the key
    bool operator==(const Intervention&) const = default;
};

// How customer service ruled on an intervention, and every appeal (E2). By two people, like an intervention.
struct Ruling {
    std::int32_t number = 0;  // of the return's, from 1
    bool is_appeal = false;
    std::string by;  // who called for it: buyer | seller
    Instant opened_at{};
    std::string proposed;     // for_buyer | for_seller, of an appeal upheld | dismissed; empty: not yet
    std::string proposed_by;  // owner of the key
    std::string outcome;      // the same words; empty: open
    std::optional<Instant> decided_at;
    std::int64_t version = 0;
    bool operator==(const Ruling&) const = default;
};

enum class PickupStatus : std::uint8_t {
    brokering,  // a courier is being found
    booked,     // a courier accepted
    collected,  // the parcel is with the courier
    unserved,   // no courier left
    cancelled,  // by the buyer
};
[[nodiscard]] std::string_view to_string(PickupStatus status);
[[nodiscard]] constexpr bool is_live(PickupStatus status) {
    return status <= PickupStatus::collected;
}

// The visit and its promise. One live pickup per return.
struct Pickup {
    PickupId id;
    Window window;
    ContactId contact;
    Instant requested_at{};
    Instant door_by{};  // the promise: a courier at the door
    PickupStatus status = PickupStatus::brokering;
    bool promise_missed = false;
    bool operator==(const Pickup&) const = default;
};

struct ReturnCase {
    ReturnId id;
    CaseKind kind = CaseKind::goods_return;
    BuyerId buyer;
    SellerId seller;
    OrderId order;
    AfterSaleId after_sale;
    CaseStatus status = CaseStatus::awaiting_agreement;
    Approval approval = Approval::seller;
    RefundPath refund = RefundPath::after_receipt;
    Fen amount_fen = 0;
    Fen held_fen = 0;  // of the credit line, by this case; 0 once advanced or released
    std::string provider;
    ContactId payee;
    std::string outbound_waybill;  // canonical; may be empty
    std::optional<Pickup> pickup;  // the live one, else the latest
    std::string frozen;  // why operations must look before money moves (freeze.hpp); empty: not frozen
    Instant applied_at{};
    std::optional<Instant> delivered_at;
    ReceiptOutcome receipt = ReceiptOutcome::none;
    std::optional<Instant> receipt_at;
    std::optional<Instant> closed_at;
    std::optional<Fen> offer_fen;  // by the seller, while the buyer or a superior is to answer
    std::string offer_by;          // owner of the key, while a superior is to answer
    Fen short_fen = 0;             // of what was agreed to, for units that the seller did not find (C5)
    bool above_line = false;       // only the line stood against an advance: it may still become one (A3, A6)
    std::optional<Instant> registered_at;  // the warehouse has the parcel (C3); says nothing of its content
    std::optional<Intervention> intervention;
    std::int32_t event_seq = 0;  // of the last event of this case; gapless
    std::int64_t version = 0;    // 0: not stored yet
    bool operator==(const ReturnCase&) const = default;
};

enum class BookingStatus : std::uint8_t {
    placing,  // intent committed; the call is under way or in doubt
    placed,   // the courier has it, not accepted yet
    accepted,
    collected,
    refused,     // the courier said no
    expired,     // not accepted, or not at the door, in time
    cancelling,  // we no longer want it; the courier has not confirmed that yet
    cancelled,
};
[[nodiscard]] std::string_view to_string(BookingStatus status);
[[nodiscard]] constexpr bool is_live(BookingStatus status) {
    return status <= BookingStatus::collected;
}

// One attempt with one courier; or a parcel that the buyer took to one, whose number was typed in.
struct Booking {
    BookingReference reference;
    std::optional<PickupId> pickup;  // absent: self-shipped
    CourierCode courier;
    std::string account;           // of ours at this courier, that it was placed with; empty: the first one
    std::string region;            // where the courier comes to (src/pickup/region.hpp)
    std::string carrying_courier;  // whose number it is; empty: the booking courier's
    std::string courier_key;       // a broker's own name of the order; empty: ours is enough
    Window window;                 // asked of this courier: the pickup's, or what is left of it
    BookingStatus status = BookingStatus::placing;
    std::string waybill;       // canonical and accepted; empty: none yet
    std::string waybill_held;  // presented but not accepted, with the reason in `waybill_verdict`
    std::string waybill_verdict;
    Milestones milestones;
    // When we heard of the collection, or of the number if that came later: the one second starts here.
    std::optional<Instant> collected_known_at;
    std::optional<Instant> confirmed_at;  // when it counted as proved: by query, or by a callback that counts
    Instant placed_at{};                  // when the intent was committed: "before this booking was made"
    std::int64_t version = 0;
    bool operator==(const Booking&) const = default;

    [[nodiscard]] std::string_view number_courier() const {
        return carrying_courier.empty() ? std::string_view(courier.value)
                                        : std::string_view(carrying_courier);
    }
    [[nodiscard]] bool is_self_shipped() const { return !pickup; }
};

enum class AdvanceState : std::uint8_t { committed, paid, recovered, clawed_back, written_off, reversed };
[[nodiscard]] std::string_view to_string(AdvanceState state);
// Open: counts against the credit line.
[[nodiscard]] constexpr bool is_open(AdvanceState state) {
    return state <= AdvanceState::paid;
}

// Platform money to the buyer; at most one per return, one key and one rail for ever.
struct Advance {
    AdvanceId id;
    Fen amount_fen = 0;
    AdvanceState state = AdvanceState::committed;
    std::string provider;
    ContactId payee;
    BookingReference booking;
    std::string waybill;
    Instant trigger_at{};  // receipt of the last needed fact: the one second starts here (decision 11)
    Instant committed_at{};
    std::optional<Instant> paid_at;
    std::string provider_reference;
    Fen recovered_fen = 0;
    std::optional<Instant> settled_at;
    std::string clawback;  // why the buyer is asked for the money back (A4); empty: not asked
    std::optional<Instant> repay_by;
    Fen repaid_fen = 0;
    std::int64_t version = 0;
    bool operator==(const Advance&) const = default;

    // Neither the escrow nor the buyer has paid this back.
    [[nodiscard]] Fen owed_fen() const { return amount_fen - recovered_fen - repaid_fen; }
    // The provider's idempotency key, derived and therefore immutable.
    [[nodiscard]] std::string provider_key() const { return to_string(id); }
};

// Money to the buyer that is no advance: it does not touch the credit line (decision 14).
enum class RefundKind : std::uint8_t {
    refund,       // of goods that came back, or that the buyer may keep
    unshipped,    // of goods that never left
    postage,      // of what the buyer paid to send the parcel
    restitution,  // of what an appeal gives back: paid back by the buyer, or not refunded for missing units
};
[[nodiscard]] std::string_view to_string(RefundKind kind);
[[nodiscard]] constexpr bool is_of_goods(RefundKind kind) {
    return kind == RefundKind::refund || kind == RefundKind::unshipped;
}
enum class RefundState : std::uint8_t { committed, paid, rejected };
[[nodiscard]] std::string_view to_string(RefundState state);

struct RefundTag {
    static constexpr std::string_view prefix = "rfd_";
};
using RefundId = Id<RefundTag>;

// At most one for the goods, one for the postage and one after an appeal of a return; one key and one rail
// for ever.
struct Refund {
    RefundId id;
    RefundKind kind = RefundKind::refund;
    Fen amount_fen = 0;
    RefundState state = RefundState::committed;
    std::string provider;
    ContactId payee;
    Instant committed_at{};
    std::optional<Instant> paid_at;
    std::string provider_reference;
    std::int64_t version = 0;
    bool operator==(const Refund&) const = default;

    [[nodiscard]] std::string provider_key() const { return to_string(id); }
};

struct SellerTerms {
    SellerId id;
    bool pilot = false;
    std::optional<ContactId> return_contact;
};

// What one command may read and change. Absent parts are not stored yet, or not needed by the command.
struct CaseFile {
    std::optional<Order> order;
    std::optional<SellerTerms> seller;
    ReturnCase case_;               // version 0: no such case yet
    std::vector<Booking> bookings;  // of all pickups of the case, oldest first
    std::optional<Advance> advance;
    std::vector<Refund> refunds;
    CreditLine line;
    BuyerTrust trust;             // read with applications, and with what changes it
    std::vector<Ruling> rulings;  // in their order; read with rulings and appeals only
    Standing standing;            // read with what changes it only

    [[nodiscard]] Booking* booking(const BookingReference& reference);
    [[nodiscard]] const Booking* booking(const BookingReference& reference) const;
    // The booking that the live pickup stands on; nullptr when none is live.
    [[nodiscard]] Booking* live_booking();
    [[nodiscard]] const Booking* live_booking() const;
    [[nodiscard]] bool has_live_pickup() const { return case_.pickup && is_live(case_.pickup->status); }
    // The parcel that the buyer took to a courier; nullptr: none, or its number was given up.
    [[nodiscard]] Booking* self_shipped();
    [[nodiscard]] const Booking* self_shipped() const;
    // What was refunded for the goods themselves, whatever became of it; nullptr: nothing yet.
    [[nodiscard]] const Refund* goods_refund() const;
    [[nodiscard]] bool has_refund_under_way() const;
};

}  // namespace returngate
