// One connection for questions and for the small writes that are no commands about a case. One thread.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/postgres/events/endpoints.hpp"
#include "adapters/postgres/events/feed.hpp"
#include "adapters/postgres/read/policies.hpp"
#include "adapters/postgres/read/views.hpp"
#include "src/pickup/courier_record.hpp"
#include "src/reconcile/reconcile.hpp"
#include "src/returns/command.hpp"
#include "src/returns/policy.hpp"

namespace returngate::postgres {

struct Session;

// Questions. Every method is one statement or one snapshot; they throw what libpqxx throws, to be
// called inside Desk::run.
class ReadModel {
public:
    explicit ReadModel(Session& session) : session_(session) {}

    [[nodiscard]] std::optional<ReturnView> find_return(ReturnId id);
    [[nodiscard]] std::optional<TimelineView> find_timeline(ReturnId id);
    // Where parcels for this seller go; empty while the seller is unknown.
    [[nodiscard]] Contact return_address(const SellerId& seller);
    // Only the seller of a return, for who may see it.
    [[nodiscard]] std::optional<SellerId> seller_of(ReturnId id);
    // Of the pickups that were asked for since then, the worst places first; a pickup that went from courier
    // to courier counts for the last one.
    [[nodiscard]] std::vector<DoorPromisesView> door_promises(Instant since, Instant now, int most);
    // Of the bookings, contradictions and full regions of the rules' last hours; by code.
    [[nodiscard]] std::vector<CourierRecord> courier_records(Instant now, const CourierRules& rules);
    [[nodiscard]] std::optional<OrderId> order_of(ReturnId id);
    // What was put forward in a return, in its order.
    [[nodiscard]] std::vector<EvidenceView> evidence(ReturnId id);
    // Of one buyer, or of all: the latest first.
    [[nodiscard]] std::vector<PenaltyView> penalties(const std::optional<BuyerId>& buyer, int most);
    // What we ourselves have on record of a buyer since then (A7).
    [[nodiscard]] RecordFigures record_of(const BuyerId& buyer, Instant since);
    // Collected, placed within the time, without a scan since, and nobody asks about them yet; at most so
    // many of each courier, the oldest first.
    [[nodiscard]] std::vector<WatchParcel> silent_bookings(Instant from, Instant until, Instant silent_since,
                                                           int most);
    // Absent when the platform has told us nothing of this buyer.
    [[nodiscard]] std::optional<EntitlementView> find_entitlement(const BuyerId& buyer);
    // The booking that a number was accepted for; `courier` is the carrying one, `number` canonical.
    [[nodiscard]] std::optional<BookingReference> booking_of(const std::string& courier,
                                                             const std::string& number);

    // Latest first.
    [[nodiscard]] std::vector<AdvanceView> advances(std::optional<AdvanceState> state,
                                                    const std::optional<PagePosition>& after, int most);
    [[nodiscard]] std::vector<AdvanceTotals> advance_totals();
    // In the order of their ids, after that one.
    [[nodiscard]] std::vector<AmountView> amounts(const std::optional<ReturnId>& after, int most);
    // The latest one without an id.
    [[nodiscard]] std::optional<RunView> find_run(const std::optional<std::array<std::uint8_t, 16>>& run_id);

    // Oldest first.
    [[nodiscard]] std::vector<QuarantineView> quarantine(const std::string& state,
                                                         const std::optional<PagePosition>& after, int most);
    [[nodiscard]] std::optional<QuarantinedCallback> find_quarantined(QuarantineId id);
    [[nodiscard]] std::vector<QuarantineId> parked_under(const std::string& match_key);
    // The next keys after `after` ("" from the start) that callbacks are parked under.
    [[nodiscard]] std::vector<std::string> parked_keys(const std::string& after, int most);
    // Latest first.
    [[nodiscard]] std::vector<HaltView> halts(int most);
    // Timers that run out before `until`, soonest first; overdue ones too.
    [[nodiscard]] std::vector<ClockView> clocks(Instant until, int most);
    [[nodiscard]] std::vector<KeyView> keys();
    // Jobs whose time passed more than `late` ago and that nobody has leased.
    [[nodiscard]] std::int64_t jobs_overdue(Instant now, std::chrono::seconds late);
    [[nodiscard]] int schema_version();

private:
    Session& session_;
};

struct SellerRow {
    SellerId id;
    std::string name;
    bool is_pilot = false;
    Contact return_address;  // of cell 0, with a new id
    Instant at{};
};

// Small writes, each one transaction; they throw what libpqxx throws.
class Records {
public:
    explicit Records(Session& session) : session_(session) {}

    // The address of a known seller is overwritten in its place. False: nothing was known before.
    bool put_seller(const SellerRow& seller);
    // The same callback again changes nothing.
    void quarantine(const QuarantinedCallback& callback);
    // What became of a callback that was taken again; false when somebody else has decided it already.
    bool bind_quarantined(QuarantineId id, Instant at);
    // Awaited no longer, and undecided still: a person is to look at it.
    bool quarantine_parked(QuarantineId id, const std::string& reason);
    void halt_money(const HaltView& halt);

private:
    Session& session_;
};

class Desk {
public:
    // Connects at the first use, and again after a lost connection.
    explicit Desk(std::string dsn);
    ~Desk();

    [[nodiscard]] ReadModel& read() { return read_; }
    [[nodiscard]] Records& write() { return write_; }
    [[nodiscard]] EventFeed& events() { return events_; }
    [[nodiscard]] Endpoints& endpoints() { return endpoints_; }
    [[nodiscard]] Rounds& rounds() { return rounds_; }
    [[nodiscard]] Policies& policies() { return policies_; }
    // A run now, stored with its breaks (adapters/postgres/reconciliation.hpp).
    [[nodiscard]] RunView reconcile(Instant now, const reconcile::Ages& ages,
                                    std::array<std::uint8_t, 16> run_id);

    // Exceptions end here: `unavailable` database_unavailable, `conflict` constraint_NAME, or `in_doubt`
    // internal_error. The texts hold no row contents.
    [[nodiscard]] Result<void> run(const std::function<void(Desk&)>& work);

private:
    std::unique_ptr<Session> session_;
    ReadModel read_;
    Records write_;
    EventFeed events_;
    Endpoints endpoints_;
    Rounds rounds_;
    Policies policies_;
};

}  // namespace returngate::postgres
