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
    std::optional<Fen> line_fen;  // the platform's override; absent: by stars
};

// A pickup asked for, in the application or later.
struct PickupRequest {
    PickupId id;
    std::optional<Window> window;  // absent: now
    ContactId contact;             // stored in the same transaction
};

struct ApplyForReturn {
    ReturnId id;
    BuyerId buyer;
    OrderId order;
    AfterSaleId after_sale;
    struct Item {
        std::string item_id;
        std::int32_t quantity = 0;
    };
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
    std::vector<std::string> evidence;
};

struct BookPickup {
    ReturnId id;
    PickupRequest request;
};
struct CancelPickup {
    ReturnId id;
};

// The courier's answer to our booking, or that there was none.
struct BookingAnswered {
    ReturnId id;
    BookingReference reference;
    enum class Outcome {
        accepted,      // it will come
        pending,       // taken down, acceptance follows
        refused,       // a plain no, or a dead reference
        unavailable,   // never reached the courier, or its breaker is open
        in_doubt,      // sent, no answer
        unknown_there  // asked: the courier does not know the reference
    } outcome = Outcome::in_doubt;
    std::string reason;
    std::optional<std::string> waybill;  // raw
    std::string carrying_courier;
    std::string courier_key;
    int attempt = 1;  // of the job that asked
};
struct BookingCancelled {  // the courier's answer to our cancellation
    ReturnId id;
    BookingReference reference;
    bool too_late = false;  // already collected
};

// Events of one booking, from a callback or from a query.
struct CourierReported {
    CourierCode courier;  // who reports
    BookingReference reference;
    std::vector<TrackingEvent> events;  // new ones only: the inbox has filtered repeats
    Proof proof = Proof::secret_url;
    int attempt = 0;  // of the confirming query; 0: a callback
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
};

struct ConfirmReceipt {  // the seller
    ReturnId id;
    SellerId seller;
    bool confirmed = false;
    std::string reason;  // of a dispute
    std::vector<std::string> evidence;
};

struct ReportRecovery {  // the platform: escrow released money
    ReturnId id;
    Fen amount_fen = 0;
    std::string reference;  // the platform's own number, unique
};

using Command = std::variant<PutOrder, SetTrust, ApplyForReturn, AnswerApplication, BookPickup, CancelPickup,
                             BookingAnswered, BookingCancelled, CourierReported, TimerFired, PayoutAnswered,
                             ConfirmReceipt, ReportRecovery>;

// Chooses the committer and the shard.
[[nodiscard]] Cell cell_of(const Command& command);
[[nodiscard]] std::string_view name_of(const Command& command);

}  // namespace returngate
