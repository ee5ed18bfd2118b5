// Rows carry the version that is stored until they change; then one more, so that a case made in this
// batch is a known one for the next command.
#include "gateway/pipeline/working_set.hpp"

#include <algorithm>

namespace returngate::pipeline {
namespace {

template <class Row>
void mark(Row& after, bool& dirty) {
    if (!dirty) after.version += 1;
    dirty = true;
}

// The parts of a case that have come or changed; none of them goes.
template <class Part>
void mark_parts(const std::vector<Part>& before, std::vector<Part>& after, std::vector<bool>& dirty) {
    dirty.resize(after.size());
    for (std::size_t i = 0; i < after.size(); ++i) {
        if (i < before.size() && before[i] == after[i]) continue;
        bool is_dirty = dirty[i];
        mark(after[i], is_dirty);
        dirty[i] = true;
    }
}

template <class Row>
Row as_stored(Row row) {
    row.version -= 1;
    return row;
}

std::pair<Cell, AfterSaleId> after_sale_key(const ReturnCase& return_case) {
    return {return_case.id.cell(), return_case.after_sale};
}

std::pair<Cell, OrderId> order_key(const Order& order) {
    return {cell_of(order.buyer.value), order.id};
}

// Ids made here must not repeat those that decide() drew from the same seed.
IdSource pipeline_ids(std::array<std::uint8_t, 16> seed) {
    seed[0] = static_cast<std::uint8_t>(seed[0] ^ 0x5c);
    return IdSource(seed);
}

}  // namespace

WorkingSet::WorkingSet(store::LoadedRows loaded) {
    for (auto& rows : loaded.cases) {
        const ReturnId id = rows.case_.id;
        for (const auto& booking : rows.bookings) by_booking_.emplace(booking.reference, id);
        by_after_sale_.emplace(after_sale_key(rows.case_), id);
        CaseEntry entry;
        entry.booking_dirty.resize(rows.bookings.size());
        entry.refund_dirty.resize(rows.refunds.size());
        entry.ruling_dirty.resize(rows.rulings.size());
        entry.rows = std::move(rows);
        cases_.emplace(id, std::move(entry));
    }
    for (auto& line : loaded.lines) lines_.try_emplace(line.buyer, Entry<CreditLine>{line, false});
    for (auto& trust : loaded.trusts) trusts_.try_emplace(trust.buyer, Entry<BuyerTrust>{trust, false});
    for (auto& standing : loaded.standings)
        standings_.try_emplace(standing.buyer, Entry<Standing>{standing, false});
    for (auto& seller : loaded.sellers) sellers_.try_emplace(seller.id, seller);
    for (auto& order : loaded.orders) orders_.try_emplace(order_key(order), Entry<Order>{order, false});
    for (auto& [key, hash] : loaded.inbox) inbox_.emplace(std::move(key), std::move(hash));
    for (auto& answer : loaded.answers) answers_.emplace(answer.key, answer);
}

std::optional<ReturnId> WorkingSet::return_of(const Command& command) const {
    if (const auto* report = std::get_if<CourierReported>(&command)) {
        const auto found = by_booking_.find(report->reference);
        if (found == by_booking_.end()) return std::nullopt;
        return found->second;
    }
    if (const auto* apply = std::get_if<ApplyForReturn>(&command)) {
        const auto found = by_after_sale_.find({cell_of(command), apply->after_sale});
        return found == by_after_sale_.end() ? apply->id : found->second;
    }
    return std::visit(
        [](const auto& about_a_return) -> std::optional<ReturnId> {
            if constexpr (requires { about_a_return.id; }) return about_a_return.id;
            return std::nullopt;
        },
        command);
}

CaseFile WorkingSet::file_for(const Command& command) const {
    CaseFile file;
    BuyerId buyer;
    if (const auto id = return_of(command)) {
        file.case_.id = *id;
        if (const auto found = cases_.find(*id); found != cases_.end()) {
            const store::CaseRows& rows = found->second.rows;
            file.case_ = rows.case_;
            file.bookings = rows.bookings;
            file.advance = rows.advance;
            file.refunds = rows.refunds;
            file.rulings = rows.rulings;
            buyer = rows.case_.buyer;
        }
    }
    std::optional<OrderId> order;
    if (const auto* put = std::get_if<PutOrder>(&command)) {
        order = put->order.id;
        buyer = put->order.buyer;
    } else if (const auto* set = std::get_if<SetTrust>(&command)) {
        buyer = set->buyer;
    } else if (const auto* apply = std::get_if<ApplyForReturn>(&command)) {
        order = apply->order;
        if (buyer.value.empty()) buyer = apply->buyer;
    } else if (const auto* look = std::get_if<LookAtOrder>(&command)) {
        order = look->order;
    } else if (const auto* receipt = std::get_if<ConfirmReceipt>(&command)) {
        if (!receipt->received.empty()) order = receipt->order;
    }
    if (order) {
        if (const auto found = orders_.find({cell_of(command), *order}); found != orders_.end())
            file.order = found->second.row;
    }
    if (file.order) {
        if (const auto found = sellers_.find(file.order->seller); found != sellers_.end())
            file.seller = found->second;
    }
    file.line.buyer = buyer;
    file.trust.buyer = buyer;
    if (const auto found = lines_.find(buyer); found != lines_.end()) file.line = found->second.row;
    if (const auto found = trusts_.find(buyer); found != trusts_.end()) file.trust = found->second.row;
    file.standing.buyer = buyer;
    if (const auto found = standings_.find(buyer); found != standings_.end())
        file.standing = found->second.row;
    return file;
}

WorkingSet::Unseen WorkingSet::unseen(const CourierReported& report,
                                      const std::vector<store::InboxRow>& rows) const {
    Unseen result;
    for (std::size_t i = 0; i < report.events.size(); ++i) {
        if (i >= rows.size()) {  // an answer to our own question: not remembered, harmless to repeat
            result.events.push_back(report.events[i]);
            continue;
        }
        const auto known = inbox_.find(rows[i].key);
        if (known == inbox_.end()) {
            result.events.push_back(report.events[i]);
            result.rows.push_back(rows[i]);
        } else if (known->second != rows[i].payload_hash && !report.events[i].repeats_with_new_values) {
            ++result.conflicting_repeats;
        }
    }
    return result;
}

const store::StoredAnswer* WorkingSet::answer(const store::IdempotencyKey& key) const {
    const auto found = answers_.find(key);
    return found == answers_.end() ? nullptr : &found->second;
}

void WorkingSet::remember(store::StoredAnswer answer) {
    inserts_.answers.push_back(answer);
    answers_.emplace(answer.key, std::move(answer));
}

void WorkingSet::apply_case(const CaseFile& before, CaseFile& after, bool has_jobs) {
    auto [found, is_new] = cases_.try_emplace(after.case_.id);
    CaseEntry& entry = found->second;
    if (is_new) by_after_sale_.emplace(after_sale_key(after.case_), after.case_.id);
    // Jobs have no version of their own: what was decided on an old state must not undo what a newer
    // decision has scheduled, so the case's version stands for them.
    if (has_jobs || after.case_ != before.case_) mark(after.case_, entry.case_dirty);
    entry.rows.case_ = after.case_;
    if (const auto& pickup = before.case_.pickup; pickup && pickup->id != after.case_.pickup->id)
        inserts_.replaced_pickups.emplace_back(after.case_.id, *pickup);
    entry.booking_dirty.resize(after.bookings.size());
    for (std::size_t i = 0; i < after.bookings.size(); ++i) {
        const bool unchanged = i < before.bookings.size() && before.bookings[i] == after.bookings[i];
        if (unchanged) continue;
        bool dirty = entry.booking_dirty[i];
        mark(after.bookings[i], dirty);
        entry.booking_dirty[i] = true;
        if (i < before.bookings.size() && before.bookings[i].window != after.bookings[i].window)
            moved_bookings_.insert(after.bookings[i].reference);
        by_booking_.emplace(after.bookings[i].reference, after.case_.id);
    }
    entry.rows.bookings = after.bookings;
    mark_parts(before.refunds, after.refunds, entry.refund_dirty);
    entry.rows.refunds = after.refunds;
    mark_parts(before.rulings, after.rulings, entry.ruling_dirty);
    entry.rows.rulings = after.rulings;
    if (after.advance != before.advance) mark(*after.advance, entry.advance_dirty);
    entry.rows.advance = after.advance;
}

void WorkingSet::apply_records(Decision& decision, const Submission& submission, Instant now) {
    const ReturnId id = decision.after.case_.id;
    const std::int32_t last_seq = decision.after.case_.event_seq;
    if (!decision.events.empty()) {
        const auto first_seq = last_seq - static_cast<std::int32_t>(decision.events.size()) + 1;
        inserts_.entries.push_back({id, first_seq, now, std::move(decision.events)});
    }
    if (!decision.transfers.empty()) {
        auto ids = pipeline_ids(submission.seed);
        const auto journal = ids.next<JournalTag>(id.cell());
        int line = 0;
        for (const auto& transfer : decision.transfers)
            inserts_.transfers.push_back({journal, line++, id, transfer, now});
    }
    if (decision.door) {
        const auto [known, is_new] = doors_.try_emplace(decision.door->booking, *decision.door);
        if (!is_new) merge(known->second, *decision.door);
    }
    if (decision.application) inserts_.applications.push_back({id, std::move(*decision.application)});
    if (decision.evidence) inserts_.evidence.push_back({id, last_seq, std::move(*decision.evidence), now});
    if (decision.recovery) inserts_.recoveries.push_back({id, std::move(*decision.recovery), now});
    if (decision.repayment) inserts_.repayments.push_back({id, std::move(*decision.repayment), now});
    for (auto& job : decision.jobs) {
        const std::pair key{job.key.return_id, std::pair{job.key.kind, job.key.subject}};
        jobs_.insert_or_assign(key, std::move(job));
    }
}

void WorkingSet::apply(const CaseFile& before, Decision decision, const Submission& submission,
                       std::vector<store::InboxRow> inbox, Instant now) {
    CaseFile& after = decision.after;
    after.case_.event_seq += static_cast<std::int32_t>(decision.events.size());
    // A repeated application brings its contact again; nothing would point at it.
    bool is_contact_wanted = std::holds_alternative<PutOrder>(submission.command);
    if (after.order && after.order != before.order) {
        auto& entry = orders_[order_key(*after.order)];
        mark(*after.order, entry.dirty);
        entry.row = *after.order;
        is_contact_wanted = true;
    }
    if (after.line != before.line) {
        auto& entry = lines_[after.line.buyer];
        mark(after.line, entry.dirty);
        entry.row = after.line;
        is_contact_wanted = true;
    }
    if (after.trust != before.trust) {
        auto& entry = trusts_[after.trust.buyer];
        mark(after.trust, entry.dirty);
        entry.row = after.trust;
    }
    if (after.standing != before.standing) {
        auto& entry = standings_[after.standing.buyer];
        mark(after.standing, entry.dirty);
        entry.row = after.standing;
    }
    const bool about_a_return = !after.case_.id.is_nil() && !after.case_.buyer.value.empty();
    if (about_a_return) {
        is_contact_wanted = is_contact_wanted || after.case_ != before.case_;
        apply_case(before, after, !decision.jobs.empty());
    }
    apply_records(decision, submission, now);
    if (is_contact_wanted) {
        for (const auto& contact : submission.contacts) contacts_.insert_or_assign(contact.id, contact);
    }
    for (auto& row : inbox) {
        inbox_.emplace(row.key, row.payload_hash);
        inserts_.inbox.push_back(std::move(row));
    }
}

// A row that stops being live makes room for the one that becomes it: the index on live ones is checked
// row by row.
void WorkingSet::take_case(ReturnId id, CaseEntry& entry, store::Changes& changes) const {
    if (entry.case_dirty) changes.cases.push_back(as_stored(entry.rows.case_));
    for (const bool live : {false, true}) {
        for (std::size_t i = 0; i < entry.rows.bookings.size(); ++i) {
            const Booking& booking = entry.rows.bookings[i];
            if (!entry.booking_dirty[i] || is_live(booking.status) != live) continue;
            // One that is made in this batch is written whole anyway.
            const bool is_moved = booking.version > 1 && moved_bookings_.contains(booking.reference);
            (is_moved ? changes.moved_bookings : changes.bookings).emplace_back(id, as_stored(booking));
        }
    }
    if (entry.advance_dirty)
        changes.advances.push_back({id, entry.rows.case_.buyer, as_stored(*entry.rows.advance)});
    for (std::size_t i = 0; i < entry.rows.refunds.size(); ++i) {
        if (entry.refund_dirty[i]) changes.refunds.emplace_back(id, as_stored(entry.rows.refunds[i]));
    }
    for (std::size_t i = 0; i < entry.rows.rulings.size(); ++i) {
        if (entry.ruling_dirty[i]) changes.rulings.emplace_back(id, as_stored(entry.rows.rulings[i]));
    }
}

// Made with its case or, to pay, with its advance, neither of which is stored yet: nothing can stand under
// its key, and an application, which makes three, need not look for them.
bool WorkingSet::is_first(const JobChange& job) const {
    if (!job.due_at) return false;
    const auto found = cases_.find(job.key.return_id);
    if (found == cases_.end()) return false;
    const CaseEntry& entry = found->second;
    if (entry.case_dirty && as_stored(entry.rows.case_).version == 0) return true;
    return job.key.kind == JobKind::pay && entry.advance_dirty && as_stored(*entry.rows.advance).version == 0;
}

store::Changes WorkingSet::take_changes(Instant now) {
    store::Changes changes = std::move(inserts_);
    changes.at = now;
    std::ranges::sort(changes.inbox, {}, &store::InboxRow::key);
    std::ranges::sort(changes.answers, {}, &store::StoredAnswer::key);
    for (auto& [id, contact] : contacts_) changes.contacts.push_back(std::move(contact));
    for (auto& [reference, door] : doors_) changes.doors.push_back(std::move(door));
    for (const auto& [key, entry] : orders_) {
        if (entry.dirty) changes.orders.push_back(as_stored(entry.row));
    }
    for (const auto& [id, entry] : lines_) {
        if (entry.dirty) changes.lines.push_back(as_stored(entry.row));
    }
    for (const auto& [id, entry] : trusts_) {
        if (entry.dirty) changes.trusts.push_back(as_stored(entry.row));
    }
    for (const auto& [id, entry] : standings_) {
        if (entry.dirty) changes.standings.push_back(as_stored(entry.row));
    }
    for (const auto& [key, id] : by_after_sale_) take_case(id, cases_.at(id), changes);
    for (auto& [key, job] : jobs_) {
        auto& jobs = is_first(job) ? changes.first_jobs : changes.jobs;
        jobs.push_back(std::move(job));
    }
    return changes;
}

}  // namespace returngate::pipeline
