// Everything that can change a return case: one struct per command, one variant of all.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "src/base/ids.hpp"
#include "src/base/result.hpp"
#include "src/base/time.hpp"
#include "src/pickup/tracking.hpp"
#include "src/returns/amount.hpp"
#include "src/returns/case_file.hpp"
#include "src/returns/job.hpp"

namespace returngate {

// Master data, from the platform (decision 2).
struct PutOrder {
    Order order;  // returned_* and version are ours and ignored here
};
struct SetTrust {
    BuyerId buyer;
    int stars = 0;
    std::optional<Fen> line_fen;             // the platform's override; absent: by stars
    BuyerTrust trust{};                      // version is ours and ignored here
    std::optional<Instant> as_of{};          // of the snapshot; absent: now
    std::optional<RecordFigures> records{};  // our own, where the platform says nothing: stars are theirs
};

// A pickup asked for, in the application or later.
struct PickupRequest {
    PickupId id;
    std::optional<Window> window;  // absent: now
    ContactId contact;             // stored in the same transaction
    std::string region{};          // of that contact (src/pickup/region.hpp)
};

struct ApplyForReturn {
    ReturnId id;
    BuyerId buyer;
    OrderId order;
    AfterSaleId after_sale;
    bool is_unshipped = false;  // of an order that is paid and not shipped (D1): no parcel, no pickup
    using Item = ItemUnits;
    std::vector<Item> items;
    std::string reason;
    std::vector<std::string> pictures;  // references
    std::optional<PickupRequest> pickup;
};

struct AnswerApplication {  // the seller
    ReturnId id;
    SellerId seller;
    bool agreed = false;
    std::string reason;  // of a refusal
    std::vector<Evidence> evidence;
    std::optional<Fen> amount_fen{};  // another amount than applied for: the buyer is asked (C5)
    bool keeps_goods = false;         // refunded without a parcel (C5)
    std::string owner{};              // of the key: a superior is another person
};
struct AnswerOffer {  // the buyer
    ReturnId id;
    bool accepted = false;
};
struct Withdraw {  // the buyer: settled outside, or changed the mind
    ReturnId id;
    std::string reason;
};

// Either side calls in customer service (C4).
struct Intervene {
    ReturnId id;
    SellerId seller;  // empty: the buyer
    std::string reason;
    std::vector<Evidence> evidence;
};
struct Adjudicate {  // customer service; takes effect when a second owner says the same
    ReturnId id;
    bool for_buyer = false;
    std::string owner;
    std::string reason;
};

// Either side, against what was decided or closed (E2).
struct Appeal {
    ReturnId id;
    SellerId seller;  // empty: the buyer
    std::string reason;
    std::vector<Evidence> evidence;
};
struct DecideAppeal {  // customer service; takes effect when a second owner says the same
    ReturnId id;
    bool upheld = false;
    std::string owner;
    std::string reason;
};
struct AddEvidence {  // either side, while customer service looks at the case
    ReturnId id;
    SellerId seller;  // empty: the buyer
    std::vector<Evidence> evidence;
};

// What a buyer did in a return, to be remembered against the buyer (B6, E4); or that it was not so.
struct NoteConduct {
    ReturnId id;
    BuyerId buyer;
    std::string fact;  // standing.hpp; empty: all of this return's
    bool is_withdrawn = false;
    std::string owner{};  // who says it; empty: the rules
};
struct Penalise {  // a person of operations (E3)
    ReturnId id;   // the cause
    BuyerId buyer;
    PenaltyStep step{};
    std::string cause;
    std::string owner;
};
struct ReversePenalty {  // never by whoever imposed it
    ReturnId id;
    BuyerId buyer;
    std::int32_t number = 0;
    std::string reason;
    std::string owner;
};

// The number that the buyer typed in (A1, decision 13).
struct ShipYourself {
    ReturnId id;
    CourierCode courier;
    std::string waybill;  // raw
};

struct BookPickup {
    ReturnId id;
    PickupRequest request;
};
struct CancelPickup {
    ReturnId id;
};
struct ReschedulePickup {
    ReturnId id;
    std::optional<Window> window;  // absent: now
};

// The courier's answer to our booking, or that there was none.
struct BookingAnswered {
    ReturnId id;
    BookingReference reference;
    enum class Outcome {
        accepted,       // it will come
        pending,        // taken down, acceptance follows
        refused,        // a plain no, or a dead reference
        unavailable,    // never reached the courier, or its breaker is open
        in_doubt,       // sent, no answer
        unknown_there,  // asked: the courier does not know the reference
        dead            // it knows the reference as cancelled, and books nothing under it
    } outcome = Outcome::in_doubt;
    std::string reason;
    std::optional<std::string> waybill;  // raw
    std::string carrying_courier;
    std::string courier_key;
    int attempt = 1;            // of the job that asked
    std::string pickup_code{};  // personal data
};
struct BookingCancelled {  // the courier's answer to our cancellation
    // Too late: collected already. Without key: its answer to the booking was lost, and with it the order
    // number of its own that its cancellation wants.
    enum class Outcome { cancelled, too_late, without_key };
    ReturnId id;
    BookingReference reference;
    Outcome outcome = Outcome::cancelled;
};
// The courier's answer to our moving a booking to another window; too late: collected already.
struct BookingMoved {
    ReturnId id;
    BookingReference reference;
    Window window;  // that it was asked for
    enum class Outcome { moved, refused, too_late } outcome = Outcome::refused;
};

// Events of one booking, from a callback or from a query.
struct CourierReported {
    CourierCode courier;  // who reports …
    BookingReference reference;
    std::vector<TrackingEvent> events;  // new ones only: the inbox has filtered repeats
    Proof proof = Proof::secret_url;
    int attempt = 0;          // of the question that was asked; 0: a callback
    bool on_silence = false;  // asked because nothing was heard, not to confirm a collection
    std::string account{};    // … and to which account of ours; empty: the first one
};

// A parcel that nothing has been heard of for long, as the sweep found it.
struct WatchParcel {
    ReturnId id;
    BookingReference reference;
};

struct TimerFired {
    ReturnId id;
    JobKind kind{};
    std::string subject;
};

struct PayoutAnswered {
    ReturnId id;
    enum class Outcome { executed, rejected, unknown } outcome = Outcome::unknown;
    std::string provider_reference;
    std::string reason;
    int attempt = 1;
    std::string payout{};  // refund id; empty: the advance
};

struct RefundPostage {  // the seller: what the buyer paid to send the parcel (C5)
    ReturnId id;
    SellerId seller;
    Fen amount_fen = 0;
};

// What became of the order matters to the case, or the other way round.
struct LookAtOrder {
    ReturnId id;
    OrderId order;
};
// The courier's answer about the order's outbound number.
struct OutboundTraced {
    ReturnId id;
    CourierCode courier;
    std::string waybill;
    std::optional<Instant> collected_at;  // absent: not heard of, or no answer
    int attempt = 1;
};

struct RegisterParcel {  // the seller's warehouse (C3)
    ReturnId id;
    SellerId seller;
};
struct ConfirmReceipt {  // the seller
    ReturnId id;
    SellerId seller;
    bool confirmed = false;
    std::string reason;  // of a dispute
    std::vector<Evidence> evidence;
    std::string fault{};  // wrong_goods | damaged | missing | empty; empty: not said
    // Confirmed in part: the units that came, and the order that they belong to. Empty: as applied for.
    std::vector<ItemUnits> received{};
    OrderId order{};
};

struct ReportRecovery {  // the platform: escrow released money
    ReturnId id;
    Fen amount_fen = 0;
    std::string reference;  // the platform's own number, unique
};

struct ReportRepayment {  // the platform: the buyer paid back (A4)
    ReturnId id;
    Fen amount_fen = 0;
    std::string reference;
};

using Command =
    std::variant<PutOrder, SetTrust, ApplyForReturn, AnswerApplication, AnswerOffer, Withdraw, Intervene,
                 Adjudicate, ShipYourself, BookPickup, CancelPickup, ReschedulePickup, BookingAnswered,
                 BookingCancelled, CourierReported, WatchParcel, TimerFired, PayoutAnswered, RegisterParcel,
                 ConfirmReceipt, ReportRecovery, ReportRepayment, RefundPostage, LookAtOrder, OutboundTraced,
                 Appeal, DecideAppeal, AddEvidence, NoteConduct, Penalise, ReversePenalty, BookingMoved>;

// Chooses the committer and the shard.
[[nodiscard]] Cell cell_of(const Command& command);
[[nodiscard]] std::string_view name_of(const Command& command);

}  // namespace returngate
