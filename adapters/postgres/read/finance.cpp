// The books, the open advances, and what reconciliation found.
#include <pqxx/pqxx>

#include "adapters/postgres/read/desk.hpp"
#include "adapters/postgres/read/rows.hpp"
#include "adapters/postgres/read/session.hpp"

namespace returngate::postgres {
namespace {

using Snapshot = pqxx::transaction<pqxx::repeatable_read, pqxx::read_only>;

const std::string kAdvances = std::string("SELECT ") + kAdvanceColumns + R"(
FROM advance WHERE ($1 = '' OR state = $1)
  AND ($2 = '' OR (committed_at, advance_id) < ($2::timestamptz, nullif($3, '')::uuid))
ORDER BY committed_at DESC, advance_id DESC LIMIT $4::int)";

constexpr const char* kTotals = R"(
SELECT state, count(*), sum(amount_fen)::bigint, sum(recovered_fen)::bigint FROM advance GROUP BY state ORDER BY state)";

constexpr const char* kBookAdvances =
    "SELECT return_id, advance_id, amount_fen, state, committed_at, paid_at FROM advance";
// Element 5 is the milestone `delivered` (src/pickup/milestones.hpp).
constexpr const char* kBookDeliveries = R"(
SELECT c.return_id, coalesce(b.courier, ''), coalesce(nullif(b.waybill, ''), a.waybill, ''), c.delivered_at
FROM return_case c
LEFT JOIN advance a USING (cell, return_id)
LEFT JOIN LATERAL (SELECT courier, waybill FROM booking WHERE cell = c.cell AND return_id = c.return_id
                   AND milestones[5] <> 0 ORDER BY placed_at DESC LIMIT 1) b ON true
WHERE c.delivered_at IS NOT NULL AND (c.refund = 'advance' OR a.advance_id IS NOT NULL))";
constexpr const char* kBookReceipts = R"(
SELECT c.return_id, c.receipt, c.receipt_at FROM return_case c LEFT JOIN advance a USING (cell, return_id)
WHERE c.receipt <> 'none' AND (c.refund = 'advance' OR a.advance_id IS NOT NULL))";
constexpr const char* kBookRecoveries = "SELECT return_id, amount_fen, recorded_at, reference FROM recovery";

constexpr const char* kRun = R"(
SELECT run_id, started_at, counts FROM reconciliation_run
WHERE $1 = '' OR run_id = nullif($1, '')::uuid ORDER BY started_at DESC LIMIT 1)";
constexpr const char* kBreaks = R"(
SELECT number, kind, return_id, amount_fen, age_hours, detail FROM reconciliation_break
WHERE run_id = $1::uuid ORDER BY number)";

constexpr const char* kAddBreaks = R"(
INSERT INTO reconciliation_break (run_id, number, kind, return_id, amount_fen, age_hours, detail)
VALUES ($1::uuid, $2, $3, nullif($4, '')::uuid, $5, $6, $7))";

reconcile::AdvanceRecord book_advance(const pqxx::row& row) {
    RowReader in(row);
    reconcile::AdvanceRecord record;
    record.return_id = in.id<ReturnId>();
    record.id = in.id<AdvanceId>();
    record.amount_fen = in.integer();
    record.state = in.word<AdvanceState>(6);
    record.committed_at = in.instant();
    record.paid_at = in.optional_instant();
    return record;
}

reconcile::DeliveryRecord book_delivery(const pqxx::row& row) {
    RowReader in(row);
    reconcile::DeliveryRecord record;
    record.return_id = in.id<ReturnId>();
    record.courier.value = in.text();
    record.waybill.value = in.text();
    record.delivered_at = in.instant();
    return record;
}

reconcile::ReceiptRecord book_receipt(const pqxx::row& row) {
    RowReader in(row);
    reconcile::ReceiptRecord record;
    record.return_id = in.id<ReturnId>();
    record.outcome = in.word<ReceiptOutcome>(3);
    record.at = in.instant();
    return record;
}

reconcile::RecoveryRecord book_recovery(const pqxx::row& row) {
    RowReader in(row);
    reconcile::RecoveryRecord record;
    record.return_id = in.id<ReturnId>();
    record.amount_fen = in.integer();
    record.at = in.instant();
    record.reference = in.text();
    return record;
}

BreakView read_break(const pqxx::row& row) {
    RowReader in(row);
    BreakView found;
    found.number = static_cast<int>(in.integer());
    found.kind = in.text();
    found.return_id = in.optional_id<ReturnId>();
    found.amount_fen = in.integer();
    found.age_hours = static_cast<int>(in.integer());
    found.detail = in.text();
    return found;
}

}  // namespace

std::vector<AdvanceView> ReadModel::advances(std::optional<AdvanceState> state,
                                             const std::optional<PagePosition>& after, int most) {
    pqxx::nontransaction session(session_.connection());
    const auto rows = session.exec_params(kAdvances, state ? std::string(to_string(*state)) : std::string(),
                                          after ? format_rfc3339(after->at) : std::string(),
                                          after ? uuid_text(after->id) : std::string(), most);
    std::vector<AdvanceView> found;
    for (const auto& row : rows) found.push_back(read_advance(row));
    return found;
}

std::vector<AdvanceTotals> ReadModel::advance_totals() {
    pqxx::nontransaction session(session_.connection());
    std::vector<AdvanceTotals> totals;
    for (const auto& row : session.exec(kTotals)) {
        RowReader in(row);
        AdvanceTotals total;
        total.state = in.word<AdvanceState>(6);
        total.count = in.integer();
        total.amount_fen = in.integer();
        total.recovered_fen = in.integer();
        totals.push_back(total);
    }
    return totals;
}

LoadedBooks Desk::load_books() {
    Snapshot snapshot(session_->connection());
    LoadedBooks books;
    for (const auto& row : snapshot.exec(kBookAdvances)) books.advances.push_back(book_advance(row));
    for (const auto& row : snapshot.exec(kBookDeliveries)) books.deliveries.push_back(book_delivery(row));
    for (const auto& row : snapshot.exec(kBookReceipts)) books.receipts.push_back(book_receipt(row));
    for (const auto& row : snapshot.exec(kBookRecoveries)) books.recoveries.push_back(book_recovery(row));
    return books;
}

std::optional<RunView> ReadModel::find_run(const std::optional<std::array<std::uint8_t, 16>>& run_id) {
    Snapshot snapshot(session_.connection());
    const auto rows = snapshot.exec_params(kRun, run_id ? uuid_text(*run_id) : std::string());
    if (rows.empty()) return std::nullopt;
    const pqxx::row row = rows[0];
    RowReader in(row);
    RunView run;
    run.run_id = in.uuid();
    run.started_at = in.instant();
    run.counts = in.text();
    for (const auto& found : snapshot.exec_params(kBreaks, uuid_text(run.run_id))) run.breaks.push_back(read_break(found));
    return run;
}

void Records::add_run(const RunView& run) {
    pqxx::work work(session_.connection());
    const std::string run_id = uuid_text(run.run_id);
    work.exec_params("INSERT INTO reconciliation_run (run_id, started_at, counts) VALUES ($1::uuid, $2::timestamptz, $3::jsonb)",
                     run_id, format_rfc3339(run.started_at), run.counts);
    for (const auto& found : run.breaks) {
        work.exec_params(kAddBreaks, run_id, found.number, found.kind,
                         found.return_id ? uuid_text(*found.return_id) : std::string(), found.amount_fen,
                         found.age_hours, found.detail);
    }
    work.commit();
}

}  // namespace returngate::postgres
