// The port behind which state lives: load what a batch touches, save what it changed, all or nothing.
// Implemented by adapters/postgres; a simulator implements it in memory. One instance belongs to one
// thread.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "src/base/ids.hpp"
#include "src/base/result.hpp"
#include "src/returns/contact.hpp"
#include "src/returns/decide.hpp"
#include "src/returns/waybill_acceptance.hpp"

namespace returngate::store {

struct InboxKey {
    Cell cell = 0;
    std::string source;      // courier code, provider code
    std::string dedupe_key;  // unique per event of that source
    auto operator<=>(const InboxKey&) const = default;
};
struct InboxRow {
    InboxKey key;
    std::string payload_hash;  // 32 bytes
    Proof proof = Proof::secret_url;
    Instant received_at{};
    std::string payload;  // raw bytes as received
};

struct IdempotencyKey {
    Cell cell = 0;
    std::array<std::uint8_t, 16> key_id{};  // the caller's API key: keys are scoped to it
    std::string key;
    auto operator<=>(const IdempotencyKey&) const = default;
};
struct StoredAnswer {
    IdempotencyKey key;
    std::string fingerprint;  // SHA-256 of method, path and body
    int status = 0;
    std::string body;
};

// What one batch touches; duplicates are fine.
struct LoadRequest {
    std::vector<ReturnId> returns;
    std::vector<BookingReference> bookings;
    std::vector<std::pair<Cell, AfterSaleId>> after_sales;
    std::vector<std::pair<Cell, OrderId>> orders;
    std::vector<BuyerId> buyers;  // credit lines
    std::vector<ReturnId> ruled;  // whose rulings are wanted; among `returns` too
    std::vector<BuyerId> standings;
    std::vector<InboxKey> inbox;
    std::vector<IdempotencyKey> idempotency;
};

struct CaseRows {
    ReturnCase case_;
    std::vector<Booking> bookings;
    std::optional<Advance> advance;
    std::vector<Refund> refunds;
    std::vector<Ruling> rulings;  // in their order; where they were asked for
};

struct LoadedRows {
    std::vector<CaseRows> cases;
    std::vector<CreditLine> lines;
    std::vector<BuyerTrust> trusts;  // of the buyers asked for by name
    std::vector<Standing> standings;
    std::vector<Order> orders;
    std::vector<SellerTerms> sellers;                     // of these orders
    std::vector<std::pair<InboxKey, std::string>> inbox;  // with the payload hash
    std::vector<StoredAnswer> answers;
};

struct ClaimRequest {
    ClaimKey key;
    ReturnId return_id;
    Instant at{};
};

// Inserted rows.
// What one decision notes: events numbered from `first_seq`.
struct EntryRow {
    ReturnId return_id;
    std::int32_t first_seq = 0;
    Instant at{};
    std::vector<CaseEvent> events;
};
struct TransferRow {
    JournalId journal;
    int line = 0;
    ReturnId return_id;
    ledger::Transfer transfer;
    Instant at{};
};
struct ApplicationRow {
    ReturnId return_id;
    ApplicationRecord record;
};
struct EvidenceRow {
    ReturnId return_id;
    std::int32_t seq = 0;
    EvidenceRecord record;
    Instant at{};
};
struct MoneyBackRow {
    ReturnId return_id;
    MoneyBackRecord record;
    Instant at{};
};

// Rows with a version are written with version + 1 and only where the stored one is still `version`
// (0: not stored yet). The case a row belongs to is named beside it.
struct Changes {
    std::vector<Order> orders;
    std::vector<CreditLine> lines;
    std::vector<BuyerTrust> trusts;
    std::vector<ReturnCase> cases;
    std::vector<std::pair<ReturnId, Pickup>> replaced_pickups;  // another one stands in the case now
    std::vector<std::pair<ReturnId, Booking>> bookings;         // of one pickup: oldest first
    std::vector<std::pair<ReturnId, Booking>> moved_bookings;   // stored ones that have another window now
    struct AdvanceChange {
        ReturnId return_id;
        BuyerId buyer;
        Advance advance;
    };
    std::vector<AdvanceChange> advances;
    std::vector<std::pair<ReturnId, Refund>> refunds;
    std::vector<std::pair<ReturnId, Ruling>> rulings;
    std::vector<Standing> standings;
    std::vector<Contact> contacts;
    std::vector<DoorContact> doors;  // one per booking
    std::vector<ApplicationRow> applications;
    std::vector<EvidenceRow> evidence;
    std::vector<TransferRow> transfers;
    std::vector<MoneyBackRow> recoveries;
    std::vector<MoneyBackRow> repayments;
    std::vector<EntryRow> entries;
    std::vector<InboxRow> inbox;
    std::vector<StoredAnswer> answers;
    std::vector<JobChange> jobs;        // one per key
    std::vector<JobChange> first_jobs;  // whose keys cannot be stored yet; each has a time
    Instant at{};

    [[nodiscard]] bool empty() const;
};

struct SaveOutcome {
    enum class Kind {
        committed,
        stale,        // somebody was faster: load again, decide again
        violated,     // a constraint said no: `constraint` names it
        unavailable,  // certainly not committed
        in_doubt,     // the answer to COMMIT was lost: run the same commands again
    } kind = Kind::unavailable;
    std::string constraint;
    std::string detail;  // for logs; no personal data
};

// Errors of claim and load: `unavailable` (the database is away), `invalid` (the request names what no
// text of the database can be) and `malformed` (a stored row cannot be read). The last two are about
// single rows: asked apart, the others are answered.
class Store {
public:
    virtual ~Store() = default;
    // Commits the claims (the first return that presents a number owns it) and says who owns each,
    // in the order asked.
    [[nodiscard]] virtual Result<std::vector<ReturnId>> claim(const std::vector<ClaimRequest>& requests) = 0;
    // Those of these claims that were made, with whose they are.
    [[nodiscard]] virtual Result<std::vector<RelatedClaim>> find_claims(
        const std::vector<ClaimKey>& keys) = 0;
    [[nodiscard]] virtual Result<LoadedRows> load(const LoadRequest& request) = 0;
    [[nodiscard]] virtual SaveOutcome save(const Changes& changes) = 0;
};

}  // namespace returngate::store
