// The rows of one batch in memory: commands are decided on them one after the other, and what
// changed goes out together.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <unordered_map>

#include "gateway/pipeline/submission.hpp"

namespace returngate::pipeline {

class WorkingSet {
public:
    explicit WorkingSet(store::LoadedRows loaded);

    // The case file that the command is decided on; a new one where nothing is stored yet.
    [[nodiscard]] CaseFile file_for(const Command& command) const;

    // Events not taken before; counts those whose id came again with another body.
    struct Unseen {
        std::vector<TrackingEvent> events;
        std::vector<store::InboxRow> rows;
        int conflicting_repeats = 0;
    };
    [[nodiscard]] Unseen unseen(const CourierReported& report,
                                const std::vector<store::InboxRow>& rows) const;

    [[nodiscard]] const store::StoredAnswer* answer(const store::IdempotencyKey& key) const;
    void remember(store::StoredAnswer answer);

    // Takes the decision's effects over; later commands of the batch see them.
    void apply(const CaseFile& before, Decision decision, const Submission& submission,
               std::vector<store::InboxRow> inbox, Instant now);

    [[nodiscard]] store::Changes take_changes(Instant now);

private:
    struct CaseEntry {
        store::CaseRows rows;
        bool case_dirty = false;
        bool advance_dirty = false;
        std::vector<bool> booking_dirty;  // beside rows.bookings
        std::vector<bool> refund_dirty;   // beside rows.refunds
        std::vector<bool> ruling_dirty;   // beside rows.rulings
    };
    template <class Row>
    struct Entry {
        Row row;
        bool dirty = false;
    };

    [[nodiscard]] std::optional<ReturnId> return_of(const Command& command) const;
    void apply_case(const CaseFile& before, CaseFile& after, bool has_jobs);
    void apply_records(Decision& decision, const Submission& submission, Instant now);
    [[nodiscard]] bool is_first(const JobChange& job) const;
    void take_case(ReturnId id, CaseEntry& entry, store::Changes& changes) const;

    std::unordered_map<ReturnId, CaseEntry> cases_;
    std::unordered_map<BookingReference, ReturnId> by_booking_;
    // The outside's names are unique within a cell. Sorted maps: rows leave in one order everywhere, so
    // that two gateways wait for each other's rows instead of deadlocking.
    std::map<std::pair<Cell, AfterSaleId>, ReturnId> by_after_sale_;
    std::map<BuyerId, Entry<CreditLine>> lines_;
    std::map<BuyerId, Entry<BuyerTrust>> trusts_;
    std::map<BuyerId, Entry<Standing>> standings_;
    std::map<SellerId, SellerTerms> sellers_;
    std::map<std::pair<Cell, OrderId>, Entry<Order>> orders_;
    std::map<ContactId, Contact> contacts_;
    std::map<BookingReference, DoorContact> doors_;
    std::set<BookingReference> moved_bookings_;
    std::map<store::InboxKey, std::string> inbox_;
    std::map<store::IdempotencyKey, store::StoredAnswer> answers_;
    std::map<std::pair<ReturnId, std::pair<JobKind, std::string>>, JobChange> jobs_;
    store::Changes inserts_;
};

}  // namespace returngate::pipeline
