// The three-way match: what the ledger advanced, what couriers delivered, what sellers confirmed and
// escrow paid back; with the provider's settlement lines where they are given. Pure; touches no row.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/ids.hpp"
#include "src/base/money.hpp"
#include "src/base/result.hpp"
#include "src/base/time.hpp"
#include "src/returns/case_file.hpp"

namespace returngate::reconcile {

struct AdvanceRecord {
    ReturnId return_id;
    AdvanceId id;
    Fen amount_fen = 0;
    AdvanceState state = AdvanceState::committed;
    Instant committed_at{};
    std::optional<Instant> paid_at;
};

struct DeliveryRecord {
    ReturnId return_id;
    CourierCode courier;
    WaybillNumber waybill;
    Instant delivered_at{};
};

struct ReceiptRecord {
    ReturnId return_id;
    ReceiptOutcome outcome = ReceiptOutcome::confirmed;
    Instant at{};
};

struct RecoveryRecord {
    ReturnId return_id;
    Fen amount_fen = 0;
    Instant at{};
    std::string reference;
};

// A line of the provider's settlement file that pays an advance; the key is the advance's id.
struct PayoutLine {
    std::string key;
    Fen amount_fen = 0;
    Instant at{};
};

// Returns on the advance path only: a delivery of a classic return expects no advance. Any order.
struct Books {
    std::span<const AdvanceRecord> advances;
    std::span<const DeliveryRecord> deliveries;
    std::span<const ReceiptRecord> receipts;
    std::span<const RecoveryRecord> recoveries;
    std::optional<std::span<const PayoutLine>> payouts;  // absent: that side is not compared
};

// How long a leg may be missing before it is a break.
struct Ages {
    Duration paid = std::chrono::hours{24};              // after the commitment
    Duration in_statement = std::chrono::hours{2 * 24};  // after the payment
    Duration delivered = std::chrono::hours{15 * 24};    // after the payment
    Duration received = std::chrono::hours{11 * 24};     // after the delivery; sellers have ten days
    Duration recovered = std::chrono::hours{3 * 24};     // after the confirmed receipt
    Duration advanced = std::chrono::hours{24};          // after a delivery or receipt that had none yet
};

enum class BreakKind : std::uint8_t {
    advance_not_paid,
    duplicate_advance,
    delivery_missing,
    receipt_missing,
    receipt_disputed,
    recovery_missing,
    recovery_amount_differs,
    recovery_without_advance,
    delivery_without_advance,
    receipt_without_advance,
    paid_twice,
    paid_though_reversed,
    payment_not_recorded,  // the provider paid what we still think unpaid
    provider_amount_differs,
    provider_unknown_payout,
    provider_payout_missing,
};
[[nodiscard]] std::string_view to_string(BreakKind kind);

struct Break {
    BreakKind kind = BreakKind::advance_not_paid;
    ReturnId return_id;     // nil: a payout of no return that we know
    std::string reference;  // the other side's, where there is one: payout key, recovery reference
    Fen amount_fen = 0;     // at stake: the advance, or the difference without its sign
    Duration age{};         // since the fact that the missing or wrong leg followed
    bool operator==(const Break&) const = default;
};

struct Count {
    std::int64_t records = 0;
    Fen amount_fen = 0;
    bool operator==(const Count&) const = default;
};

// Every return of any book stands in exactly one of matched, open, settled_otherwise and broken; every
// payout line in exactly one of payouts_matched and payouts_broken.
struct Outcome {
    Count advances;
    Count deliveries;  // these two carry no money of their own
    Count receipts;
    Count recoveries;
    Count payouts;
    Count matched;            // all legs there and equal
    Count open;               // a leg is missing, still within its age
    Count settled_otherwise;  // reversed, clawed back or written off: no recovery is due
    Count broken;
    Count payouts_matched;
    Count payouts_broken;
    std::vector<Break> breaks;  // by return, then unknown payouts
};

// Fails only when sums leave 64 bits.
[[nodiscard]] Result<Outcome> match(const Books& books, const Ages& ages, Instant now);

}  // namespace returngate::reconcile
