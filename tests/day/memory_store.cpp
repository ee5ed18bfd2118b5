// The same answers as the schema's: versions, unique keys, and the checks on money.
#include "tests/day/memory_store.hpp"

#include <algorithm>

namespace returngate::test {
namespace {

using Outcome = store::SaveOutcome;

std::string name_of(Cell cell, const std::string& text) {
    return std::to_string(cell) + "/" + text;
}
std::string name_of(const Order& order) {
    return name_of(cell_of(order.buyer.value), order.id.value);
}

Outcome violated(std::string constraint) {
    return {Outcome::Kind::violated, std::move(constraint), {}};
}

template <class Map, class Key>
std::int64_t version_in(const Map& rows, const Key& key) {
    const auto found = rows.find(key);
    return found == rows.end() ? 0 : found->second.version;
}

template <class Row>
Row stored(Row row) {
    row.version += 1;
    return row;
}

const Booking* booking_in(const store::CaseRows* rows, const BookingReference& reference) {
    if (rows == nullptr) return nullptr;
    const auto found = std::ranges::find(rows->bookings, reference, &Booking::reference);
    return found == rows->bookings.end() ? nullptr : &*found;
}
const Refund* refund_in(const store::CaseRows* rows, const RefundId& id) {
    if (rows == nullptr) return nullptr;
    const auto found = std::ranges::find(rows->refunds, id, &Refund::id);
    return found == rows->refunds.end() ? nullptr : &*found;
}

const Ruling* ruling_in(const store::CaseRows* rows, std::int32_t number) {
    if (rows == nullptr) return nullptr;
    const auto found = std::ranges::find(rows->rulings, number, &Ruling::number);
    return found == rows->rulings.end() ? nullptr : &*found;
}

template <class Row>
void put(std::vector<Row>& rows, const Row* known, Row row) {
    if (known == nullptr) {
        rows.push_back(std::move(row));
    } else {
        rows[static_cast<std::size_t>(known - rows.data())] = std::move(row);
    }
}

// One advance per return, with one key, payee and amount for ever.
bool is_same_payout(const Advance& a, const Advance& b) {
    return a.id == b.id && a.amount_fen == b.amount_fen && a.payee == b.payee && a.provider == b.provider;
}

class MemoryStore final : public store::Store {
public:
    MemoryStore(Tables& tables, std::function<CommitFault()> fault)
        : tables_(tables), fault_(std::move(fault)) {}

    Result<std::vector<ReturnId>> claim(const std::vector<store::ClaimRequest>& requests) override {
        std::vector<ReturnId> owners;
        for (const auto& request : requests) {
            const std::pair name{request.key.courier, request.key.number};
            owners.push_back(tables_.claims.try_emplace(name, Tables::Claim{request.return_id, request.at})
                                 .first->second.owner);
        }
        return owners;
    }

    Result<std::vector<RelatedClaim>> find_claims(const std::vector<ClaimKey>& keys) override {
        std::vector<RelatedClaim> found;
        for (const auto& key : keys) {
            const auto claim = tables_.claims.find({key.courier, key.number});
            if (claim == tables_.claims.end()) continue;
            const auto owner = tables_.cases.find(claim->second.owner);
            if (owner == tables_.cases.end()) continue;
            const ReturnCase& its = owner->second.case_;
            found.push_back({key, its.id, its.buyer, its.seller, claim->second.at});
        }
        return found;
    }

    Result<store::LoadedRows> load(const store::LoadRequest& request) override;

    Outcome save(const store::Changes& changes) override {
        const CommitFault fault = fault_();
        if (fault == CommitFault::stale) return {Outcome::Kind::stale, {}, {}};
        if (fault == CommitFault::unavailable) return {Outcome::Kind::unavailable, {}, {}};
        auto outcome = tables_.check(changes);
        if (outcome.kind != Outcome::Kind::committed) return outcome;
        tables_.apply(changes);
        if (fault == CommitFault::answer_lost) outcome.kind = Outcome::Kind::in_doubt;
        return outcome;
    }

private:
    void add_case(const ReturnId& id, std::set<ReturnId>& seen, store::LoadedRows& loaded) const;
    void add_buyer(const BuyerId& buyer, store::LoadedRows& loaded) const;

    Tables& tables_;
    std::function<CommitFault()> fault_;
};

void MemoryStore::add_buyer(const BuyerId& buyer, store::LoadedRows& loaded) const {
    if (const auto line = tables_.lines.find(buyer); line != tables_.lines.end())
        loaded.lines.push_back(line->second);
    if (const auto trust = tables_.trusts.find(buyer); trust != tables_.trusts.end())
        loaded.trusts.push_back(trust->second);
}

void MemoryStore::add_case(const ReturnId& id, std::set<ReturnId>& seen, store::LoadedRows& loaded) const {
    const auto found = tables_.cases.find(id);
    if (found == tables_.cases.end() || !seen.insert(id).second) return;
    loaded.cases.push_back(found->second);
    add_buyer(found->second.case_.buyer, loaded);
}

Result<store::LoadedRows> MemoryStore::load(const store::LoadRequest& request) {
    store::LoadedRows loaded;
    std::set<ReturnId> seen;
    for (const auto& id : request.returns) add_case(id, seen, loaded);
    for (const auto& reference : request.bookings) {
        if (const auto found = tables_.by_booking.find(reference.value); found != tables_.by_booking.end())
            add_case(found->second, seen, loaded);
    }
    for (const auto& [cell, after_sale] : request.after_sales) {
        const auto found = tables_.by_after_sale.find(name_of(cell, after_sale.value));
        if (found != tables_.by_after_sale.end()) add_case(found->second, seen, loaded);
    }
    for (const auto& [cell, id] : request.orders) {
        const auto found = tables_.orders.find(name_of(cell, id.value));
        if (found == tables_.orders.end()) continue;
        loaded.orders.push_back(found->second);
        const auto seller = tables_.sellers.find(found->second.seller);
        if (seller != tables_.sellers.end()) loaded.sellers.push_back(seller->second);
    }
    for (const auto& buyer : request.buyers) add_buyer(buyer, loaded);
    for (const auto& buyer : request.standings) {
        const auto standing = tables_.standings.find(buyer);
        if (standing != tables_.standings.end()) loaded.standings.push_back(standing->second);
    }
    for (const auto& key : request.inbox) {
        const auto found = tables_.inbox.find(key);
        if (found != tables_.inbox.end()) loaded.inbox.emplace_back(*found);
    }
    return loaded;
}

}  // namespace

StoredJob Tables::lease(JobName name, Instant until) {
    StoredJob& job = jobs.at(name);
    due_.erase({job.run_at, name});
    job.run_at = until;
    ++job.attempts;
    due_.emplace(job.run_at, name);
    return job;
}

// As the job table: adding one that exists moves its time and keeps what was tried.
void Tables::change(const JobChange& change) {
    const JobName name{change.key.return_id, change.key.kind, change.key.subject};
    const auto known = jobs.find(name);
    if (known != jobs.end()) due_.erase({known->second.run_at, name});
    if (!change.due_at) {
        if (known != jobs.end()) jobs.erase(known);
        return;
    }
    StoredJob& job = jobs[name];
    job.key = change.key;
    job.run_at = job.due_at = *change.due_at;
    due_.emplace(job.run_at, name);
}

Outcome Tables::check(const store::Changes& changes) const {
    const Outcome stale{Outcome::Kind::stale, {}, {}};
    const auto rows_of = [&](const ReturnId& id) {
        const auto found = cases.find(id);
        return found == cases.end() ? nullptr : &found->second;
    };
    for (const auto& row : changes.orders) {
        if (version_in(orders, name_of(row)) != row.version) return stale;
    }
    for (const auto& row : changes.lines) {
        if (version_in(lines, row.buyer) != row.version) return stale;
        if (row.held_fen < 0 || row.open_fen < 0 || row.held_fen + row.open_fen > row.bound_fen)
            return violated("credit_line_bound");
    }
    for (const auto& row : changes.trusts) {
        if (version_in(trusts, row.buyer) != row.version) return stale;
    }
    for (const auto& row : changes.standings) {
        if (version_in(standings, row.buyer) != row.version) return stale;
    }
    for (const auto& [id, row] : changes.rulings) {
        const Ruling* known = ruling_in(rows_of(id), row.number);
        if ((known == nullptr ? 0 : known->version) != row.version) return stale;
    }
    for (const auto& row : changes.cases) {
        const auto* rows = rows_of(row.id);
        if ((rows == nullptr ? 0 : rows->case_.version) != row.version) return stale;
    }
    for (const auto* bookings : {&changes.bookings, &changes.moved_bookings}) {
        for (const auto& [id, row] : *bookings) {
            const Booking* known = booking_in(rows_of(id), row.reference);
            if ((known == nullptr ? 0 : known->version) != row.version) return stale;
        }
    }
    for (const auto& change : changes.advances) {
        const auto* rows = rows_of(change.return_id);
        const bool is_known = rows != nullptr && rows->advance;
        if ((is_known ? rows->advance->version : 0) != change.advance.version) return stale;
        if (is_known && !is_same_payout(*rows->advance, change.advance))
            return violated("advance_is_for_ever");
    }
    for (const auto& [id, row] : changes.refunds) {
        const Refund* known = refund_in(rows_of(id), row.id);
        if ((known == nullptr ? 0 : known->version) != row.version) return stale;
    }
    for (const auto& row : changes.inbox) {
        if (inbox.contains(row.key)) return stale;
    }
    for (const auto& row : changes.transfers) {
        if (row.transfer.amount_fen <= 0) return violated("positive_amount");
    }
    return {Outcome::Kind::committed, {}, {}};
}

void Tables::apply(const store::Changes& changes) {
    for (const auto& row : changes.orders) orders[name_of(row)] = stored(row);
    for (const auto& row : changes.lines) lines[row.buyer] = stored(row);
    for (const auto& row : changes.trusts) trusts[row.buyer] = stored(row);
    for (const auto& row : changes.standings) standings[row.buyer] = stored(row);
    for (const auto& [id, row] : changes.rulings) {
        auto& rows = cases[id];
        put(rows.rulings, ruling_in(&rows, row.number), stored(row));
    }
    for (const auto& row : changes.cases) {
        cases[row.id].case_ = stored(row);
        by_after_sale.emplace(name_of(row.id.cell(), row.after_sale.value), row.id);
    }
    for (const auto* bookings : {&changes.bookings, &changes.moved_bookings}) {
        for (const auto& [id, row] : *bookings) {
            auto& rows = cases[id];
            put(rows.bookings, booking_in(&rows, row.reference), stored(row));
            by_booking.emplace(row.reference.value, id);
        }
    }
    for (const auto& change : changes.advances) cases[change.return_id].advance = stored(change.advance);
    for (const auto& [id, row] : changes.refunds) {
        auto& rows = cases[id];
        put(rows.refunds, refund_in(&rows, row.id), stored(row));
    }
    for (const auto& row : changes.inbox) inbox.emplace(row.key, row.payload_hash);
    for (const auto& row : changes.entries) {
        for (const auto& event : row.events) timelines[row.return_id].push_back({row.at, event});
    }
    transfers.insert(transfers.end(), changes.transfers.begin(), changes.transfers.end());
    for (const auto& job : changes.first_jobs) change(job);
    for (const auto& job : changes.jobs) change(job);
}

std::unique_ptr<store::Store> make_memory_store(Tables& tables, std::function<CommitFault()> fault) {
    return std::make_unique<MemoryStore>(tables, std::move(fault));
}

}  // namespace returngate::test
