// The column lists, and the one place where each value type meets its row.
#include "adapters/postgres/tables.hpp"

#include <algorithm>

#include "adapters/postgres/json_texts.hpp"

namespace returngate::postgres {
namespace {

constexpr std::array kOrder{Column{"cell", "int2"},
                            Column{"order_id", "text"},
                            Column{"buyer_id", "text"},
                            Column{"seller_id", "text"},
                            Column{"items", "json"},
                            Column{"paid_fen", "int8"},
                            Column{"trade_kind", "text"},
                            Column{"category", "text"},
                            Column{"state", "text"},
                            Column{"received_at", "timestamptz"},
                            Column{"outbound_courier", "text"},
                            Column{"outbound_waybill", "text"},
                            Column{"provider", "text"},
                            Column{"payee_contact_id", "uuid"},
                            Column{"payment_reference", "text"},
                            Column{"version", "int8"}};
constexpr std::array kCreditLine{Column{"cell", "int2"},      Column{"buyer_id", "text"},
                                 Column{"stars", "int2"},     Column{"line_fen", "int8"},
                                 Column{"bound_fen", "int8"}, Column{"held_fen", "int8"},
                                 Column{"open_fen", "int8"},  Column{"version", "int8"}};
constexpr std::array kContact{Column{"cell", "int2"},    Column{"contact_id", "uuid"},
                              Column{"kind", "text"},    Column{"name", "text"},
                              Column{"phone", "text"},   Column{"province", "text"},
                              Column{"city", "text"},    Column{"county", "text"},
                              Column{"address", "text"}, Column{"payee_reference", "text"}};
constexpr std::array kCase{Column{"cell", "int2"},
                           Column{"return_id", "uuid"},
                           Column{"buyer_id", "text"},
                           Column{"seller_id", "text"},
                           Column{"order_id", "text"},
                           Column{"after_sale_id", "text"},
                           Column{"approval", "text"},
                           Column{"amount_fen", "int8"},
                           Column{"provider", "text"},
                           Column{"payee_contact_id", "uuid"},
                           Column{"outbound_waybill", "text"},
                           Column{"applied_at", "timestamptz"},
                           Column{"status", "text"},
                           Column{"refund", "text"},
                           Column{"held_fen", "int8"},
                           Column{"pickup_id", "uuid"},
                           Column{"frozen", "text"},
                           Column{"delivered_at", "timestamptz"},
                           Column{"receipt", "text"},
                           Column{"receipt_at", "timestamptz"},
                           Column{"closed_at", "timestamptz"},
                           Column{"event_seq", "int4"},
                           Column{"version", "int8"}};
constexpr std::array kApplication{Column{"cell", "int2"},         Column{"return_id", "uuid"},
                                  Column{"items", "json"},        Column{"reason", "text"},
                                  Column{"pictures", "json"},     Column{"approval_rules", "json"},
                                  Column{"refund_rules", "json"}, Column{"policy_version", "int4"}};
constexpr std::array kEvidence{Column{"cell", "int2"},      Column{"return_id", "uuid"},
                               Column{"event_seq", "int4"}, Column{"kind", "text"},
                               Column{"reason", "text"},    Column{"pictures", "json"}};
constexpr std::array kPickup{Column{"cell", "int2"},
                             Column{"pickup_id", "uuid"},
                             Column{"return_id", "uuid"},
                             Column{"window_start", "timestamptz"},
                             Column{"window_end", "timestamptz"},
                             Column{"contact_id", "uuid"},
                             Column{"requested_at", "timestamptz"},
                             Column{"door_by", "timestamptz"},
                             Column{"status", "text"},
                             Column{"promise_missed", "bool"},
                             Column{"version", "int8"}};
constexpr std::array kBooking{Column{"cell", "int2"},
                              Column{"booking_reference", "text"},
                              Column{"return_id", "uuid"},
                              Column{"courier", "text"},
                              Column{"window_start", "timestamptz"},
                              Column{"window_end", "timestamptz"},
                              Column{"placed_at", "timestamptz"},
                              Column{"pickup_id", "uuid"},
                              Column{"carrying_courier", "text"},
                              Column{"courier_key", "text"},
                              Column{"status", "text"},
                              Column{"waybill", "text"},
                              Column{"waybill_held", "text"},
                              Column{"waybill_verdict", "text"},
                              Column{"milestones", "text", "u.milestones::bigint[]"},
                              Column{"collected_known_at", "timestamptz"},
                              Column{"confirmed_at", "timestamptz"},
                              Column{"version", "int8"}};
constexpr std::array kAdvance{Column{"cell", "int2"},
                              Column{"return_id", "uuid"},
                              Column{"advance_id", "uuid"},
                              Column{"buyer_id", "text"},
                              Column{"amount_fen", "int8"},
                              Column{"provider", "text"},
                              Column{"provider_key", "text"},
                              Column{"payee_contact_id", "uuid"},
                              Column{"booking_reference", "text"},
                              Column{"waybill", "text"},
                              Column{"trigger_at", "timestamptz"},
                              Column{"committed_at", "timestamptz"},
                              Column{"state", "text"},
                              Column{"paid_at", "timestamptz"},
                              Column{"provider_reference", "text"},
                              Column{"recovered_fen", "int8"},
                              Column{"settled_at", "timestamptz"},
                              Column{"version", "int8"}};
constexpr std::array kTransfer{Column{"cell", "int2"},
                               Column{"journal_id", "uuid"},
                               Column{"line", "int2"},
                               Column{"return_id", "uuid"},
                               Column{"debit", "text", "u.debit::ledger_account"},
                               Column{"credit", "text", "u.credit::ledger_account"},
                               Column{"amount_fen", "int8"},
                               Column{"reason", "text"},
                               Column{"posted_at", "timestamptz"}};
constexpr std::array kRecovery{Column{"cell", "int2"}, Column{"reference", "text"},
                               Column{"return_id", "uuid"}, Column{"amount_fen", "int8"},
                               Column{"recorded_at", "timestamptz"}};
constexpr std::array kEntry{Column{"cell", "int2"}, Column{"return_id", "uuid"}, Column{"first_seq", "int4"},
                            Column{"at", "timestamptz"}, Column{"events", "json"}};
constexpr std::array kInbox{Column{"cell", "int2"},       Column{"source", "text"},
                            Column{"dedupe_key", "text"}, Column{"payload_hash", "bytea"},
                            Column{"proof", "text"},      Column{"received_at", "timestamptz"},
                            Column{"payload", "bytea"}};
constexpr std::array kIdempotency{Column{"cell", "int2"},
                                  Column{"key_id", "uuid"},
                                  Column{"key", "text"},
                                  Column{"fingerprint", "bytea"},
                                  Column{"status", "int2"},
                                  Column{"body", "text"},
                                  Column{"stored_at", "timestamptz"}};
constexpr std::array kJob{Column{"cell", "int2"},          Column{"return_id", "uuid"},
                          Column{"kind", "text"},          Column{"subject", "text"},
                          Column{"due_at", "timestamptz"}, Column{"run_at", "timestamptz"}};
constexpr std::array kJobKey{Column{"cell", "int2"}, Column{"return_id", "uuid"}, Column{"kind", "text"},
                             Column{"subject", "text"}};

std::string milestones_literal(const Milestones& milestones) {
    std::string text = "{";
    for (std::size_t i = 0; i < kMilestones; ++i) {
        const auto at = milestones.at(static_cast<Milestone>(i));
        if (i > 0) text += ',';
        text += std::to_string(at ? at->time_since_epoch().count() : 0);
    }
    return text + "}";
}

void put(RowSet& rows, const Order& order) {
    rows.put_cell(cell_of(order.buyer.value)).put(order.id).put(order.buyer).put(order.seller);
    rows.put(items_json(order.items)).put(order.paid_fen).put(order.trade_kind).put(order.category);
    rows.put(order.state).put(order.received_at).put(order.outbound_courier).put(order.outbound_waybill);
    rows.put(order.provider).put(order.payee).put(order.payment_reference).put(order.version + 1);
}

void put(RowSet& rows, const CreditLine& line) {
    rows.put_cell(cell_of(line.buyer.value)).put(line.buyer).put(std::int64_t{line.stars}).put(line.line_fen);
    rows.put(line.bound_fen).put(line.held_fen).put(line.open_fen).put(line.version + 1);
}

void put(RowSet& rows, const Contact& contact) {
    rows.put_cell(contact.id.cell()).put(contact.id).put(contact.kind).put(contact.name).put(contact.phone);
    rows.put(contact.province).put(contact.city).put(contact.county).put(contact.address);
    rows.put(contact.payee_reference);
}

void put(RowSet& rows, const ReturnCase& row) {
    rows.put_cell(row.id.cell())
        .put(row.id)
        .put(row.buyer)
        .put(row.seller)
        .put(row.order)
        .put(row.after_sale);
    rows.put(to_string(row.approval)).put(row.amount_fen).put(row.provider).put(row.payee);
    rows.put(row.outbound_waybill).put(row.applied_at);
    rows.put(to_string(row.status)).put(to_string(row.refund)).put(row.held_fen).put(row.pickup);
    rows.put(row.frozen).put(row.delivered_at).put(to_string(row.receipt)).put(row.receipt_at);
    rows.put(row.closed_at).put(std::int64_t{row.event_seq}).put(row.version + 1);
}

void put(RowSet& rows, const store::ApplicationRow& row) {
    const auto& record = row.record;
    rows.put_cell(row.return_id.cell()).put(row.return_id).put(application_items_json(record.items));
    rows.put(record.reason).put(strings_json(record.pictures)).put(rules_json(record.approval_rules));
    rows.put(rules_json(record.refund_rules)).put(std::int64_t{record.policy_version});
}

void put(RowSet& rows, const store::EvidenceRow& row) {
    rows.put_cell(row.return_id.cell()).put(row.return_id).put(std::int64_t{row.seq}).put(row.record.kind);
    rows.put(row.record.reason).put(strings_json(row.record.references));
}

void put(RowSet& rows, const std::pair<ReturnId, Pickup>& row) {
    const auto& [return_id, pickup] = row;
    rows.put_cell(return_id.cell())
        .put(pickup.id)
        .put(return_id)
        .put(pickup.window.start)
        .put(pickup.window.end);
    rows.put(pickup.contact).put(pickup.requested_at).put(pickup.door_by).put(to_string(pickup.status));
    rows.put(pickup.promise_missed).put(pickup.version + 1);
}

void put(RowSet& rows, const std::pair<ReturnId, Booking>& row) {
    const auto& [return_id, booking] = row;
    rows.put_cell(return_id.cell()).put(booking.reference).put(return_id).put(booking.courier);
    rows.put(booking.window.start).put(booking.window.end).put(booking.placed_at);
    rows.put(booking.pickup)
        .put(booking.carrying_courier)
        .put(booking.courier_key)
        .put(to_string(booking.status))
        .put(booking.waybill)
        .put(booking.waybill_held)
        .put(booking.waybill_verdict);
    rows.put(milestones_literal(booking.milestones))
        .put(booking.collected_known_at)
        .put(booking.confirmed_at)
        .put(booking.version + 1);
}

void put(RowSet& rows, const store::Changes::AdvanceChange& row) {
    const Advance& advance = row.advance;
    rows.put_cell(row.return_id.cell())
        .put(row.return_id)
        .put(advance.id)
        .put(row.buyer)
        .put(advance.amount_fen);
    rows.put(advance.provider).put(advance.provider_key()).put(advance.payee).put(advance.booking);
    rows.put(advance.waybill).put(advance.trigger_at).put(advance.committed_at);
    rows.put(to_string(advance.state))
        .put(advance.paid_at)
        .put(advance.provider_reference)
        .put(advance.recovered_fen)
        .put(advance.settled_at);
    rows.put(advance.version + 1);
}

void put(RowSet& rows, const store::TransferRow& row) {
    rows.put_cell(row.return_id.cell()).put(row.journal).put(std::int64_t{row.line}).put(row.return_id);
    rows.put(ledger::to_string(row.transfer.debit)).put(ledger::to_string(row.transfer.credit));
    rows.put(row.transfer.amount_fen).put(ledger::to_string(row.transfer.reason)).put(row.at);
}

void put(RowSet& rows, const store::RecoveryRow& row) {
    rows.put_cell(row.return_id.cell())
        .put(row.record.reference)
        .put(row.return_id)
        .put(row.record.amount_fen);
    rows.put(row.at);
}

void put(RowSet& rows, const store::EntryRow& row) {
    rows.put_cell(row.return_id.cell()).put(row.return_id).put(std::int64_t{row.first_seq}).put(row.at);
    rows.put(events_json(row.events));
}

void put(RowSet& rows, const store::InboxRow& row) {
    rows.put_cell(row.key.cell).put(row.key.source).put(row.key.dedupe_key).put_bytes(row.payload_hash);
    rows.put(to_string(row.proof)).put(row.received_at).put_bytes(row.payload);
}

void put(RowSet& rows, const std::pair<store::StoredAnswer, Instant>& row) {
    const auto& [answer, at] = row;
    rows.put_cell(answer.key.cell)
        .put_uuid(answer.key.key_id)
        .put(answer.key.key)
        .put_bytes(answer.fingerprint);
    rows.put(std::int64_t{answer.status}).put(answer.body).put(at);
}

void put_key(RowSet& rows, const JobKey& key) {
    rows.put_cell(key.return_id.cell()).put(key.return_id).put(to_string(key.kind)).put(key.subject);
}

// Without a time: the key alone.
void put(RowSet& rows, const JobChange& job) {
    put_key(rows, job.key);
    if (job.due_at) rows.put(*job.due_at).put(*job.due_at);
}

template <class Rows>
void add(std::vector<RowSet>& sets, const Table& table, Write write, const Rows& rows) {
    if (rows.empty()) return;
    RowSet& set = sets.emplace_back(table, write);
    for (const auto& row : rows) put(set, row);
}

// What the version of a row is read from: rows of parts of a case carry the case's id beside them.
const auto& versioned(const store::Changes::AdvanceChange& row) {
    return row.advance;
}
template <class Part>
const Part& versioned(const std::pair<ReturnId, Part>& row) {
    return row.second;
}
template <class Row>
const Row& versioned(const Row& row) {
    return row;
}

// Rows of version 0 are new. Updates are written first: what stops being live makes room for what begins.
template <class Rows>
void add_versioned(std::vector<RowSet>& sets, const Table& table, const Rows& rows,
                   Write write = Write::update) {
    RowSet updated(table, write);
    RowSet inserted(table, Write::insert);
    for (const auto& row : rows) put(versioned(row).version == 0 ? inserted : updated, row);
    if (updated.rows() > 0) sets.push_back(std::move(updated));
    if (inserted.rows() > 0) sets.push_back(std::move(inserted));
}

void add_jobs(std::vector<RowSet>& sets, const std::vector<JobChange>& jobs) {
    RowSet wanted(kJobTable, Write::replace);
    RowSet done(kJobDoneTable, Write::remove);
    for (const auto& job : jobs) put(job.due_at ? wanted : done, job);
    if (wanted.rows() > 0) sets.push_back(std::move(wanted));
    if (done.rows() > 0) sets.push_back(std::move(done));
}

}  // namespace

const Table kOrderTable{"shop_order", kOrder, 2};
const Table kCreditLineTable{"credit_line", kCreditLine, 2};
const Table kContactTable{"contact", kContact, 2};
const Table kCaseTable{"return_case", kCase, 2, 10};
const Table kApplicationTable{"application", kApplication, 2};
const Table kEvidenceTable{"evidence", kEvidence, 3};
const Table kPickupTable{"pickup", kPickup, 2, 6};
const Table kBookingTable{"booking", kBooking, 2, 5};
const Table kAdvanceTable{"advance", kAdvance, 2, 10};
const Table kTransferTable{"ledger_transfer", kTransfer, 3};
const Table kRecoveryTable{"recovery", kRecovery, 2};
const Table kEntryTable{"case_entry", kEntry, 3};
const Table kInboxTable{"inbox", kInbox, 3};
const Table kIdempotencyTable{"idempotency", kIdempotency, 3};
const Table kJobTable{"job", kJob, 4};
const Table kJobDoneTable{"job", kJobKey, 4};

// Planted bug 5 (gateway/pipeline/plant.hpp): the line was checked when it was read, and is written as if
// nobody else could have used it since.
constexpr Write kLineWrite = RETURNGATE_PLANT == 5 ? Write::replace : Write::update;

bool is_versioned_key(std::string_view constraint) {
    constexpr std::array<std::string_view, 5> kKeys{"shop_order_pkey", "credit_line_pkey", "return_case_pkey",
                                                    "pickup_pkey", "booking_pkey"};
    return std::ranges::find(kKeys, constraint) != kKeys.end();
}

std::vector<RowSet> rows_of(const store::Changes& changes) {
    std::vector<RowSet> sets;
    add(sets, kContactTable, Write::replace, changes.contacts);
    add_versioned(sets, kOrderTable, changes.orders);
    add_versioned(sets, kCreditLineTable, changes.lines, kLineWrite);
    add_versioned(sets, kCaseTable, changes.cases);
    add(sets, kApplicationTable, Write::insert, changes.applications);
    add(sets, kEvidenceTable, Write::insert, changes.evidence);
    add_versioned(sets, kPickupTable, changes.pickups);
    add_versioned(sets, kBookingTable, changes.bookings);
    add_versioned(sets, kAdvanceTable, changes.advances);
    add(sets, kTransferTable, Write::insert, changes.transfers);
    add(sets, kRecoveryTable, Write::insert, changes.recoveries);
    add(sets, kEntryTable, Write::insert, changes.entries);
    add(sets, kInboxTable, Write::insert, changes.inbox);
    std::vector<std::pair<store::StoredAnswer, Instant>> answers;
    for (const auto& answer : changes.answers) answers.emplace_back(answer, changes.at);
    add(sets, kIdempotencyTable, Write::insert, answers);
    add(sets, kJobTable, Write::insert, changes.first_jobs);
    add_jobs(sets, changes.jobs);
    return sets;
}

}  // namespace returngate::postgres
