// The four books as queries; advances and their returns only, so a classic return is no break.
#include "adapters/postgres/reconciliation.hpp"

#include <pqxx/pqxx>

#include "adapters/json/writer.hpp"
#include "adapters/postgres/binary_parameters.hpp"
#include "adapters/postgres/row_reader.hpp"
#include "adapters/postgres/tables.hpp"

namespace returngate::postgres {
namespace {

constexpr const char* kAdvances =
    "SELECT return_id, advance_id, amount_fen, state, committed_at, paid_at FROM advance";
// The parcel that the advance rests on; of a return without an advance, whatever was delivered.
constexpr const char* kDeliveries =
    "SELECT DISTINCT ON (c.cell, c.return_id) c.return_id, b.courier, b.waybill, c.delivered_at FROM "
    "return_case c "
    "JOIN booking b USING (cell, return_id) LEFT JOIN advance a USING (cell, return_id) "
    "WHERE c.delivered_at IS NOT NULL AND (c.refund = 'advance' OR a.advance_id IS NOT NULL) "
    "ORDER BY c.cell, c.return_id, (b.booking_reference = a.booking_reference) DESC NULLS LAST, b.placed_at "
    "DESC";
constexpr const char* kReceipts =
    "SELECT c.return_id, c.receipt, c.receipt_at FROM return_case c LEFT JOIN advance a USING (cell, "
    "return_id) "
    "WHERE c.receipt <> 'none' AND (c.refund = 'advance' OR a.advance_id IS NOT NULL)";
constexpr const char* kRecoveries = "SELECT return_id, amount_fen, recorded_at, reference FROM recovery";

template <class Record, class Read>
std::vector<Record> read_all(pqxx::transaction_base& snapshot, const char* sql, Read read) {
    std::vector<Record> records;
    const auto rows = snapshot.exec(sql);
    records.reserve(rows.size());
    for (const auto& row : rows) {
        RowReader in(row);
        records.push_back(read(in));
    }
    return records;
}

reconcile::AdvanceRecord read_advance(RowReader& in) {
    reconcile::AdvanceRecord record;
    record.return_id = in.id<ReturnId>();
    record.id = in.id<AdvanceId>();
    record.amount_fen = in.integer();
    record.state = in.word<AdvanceState>(6);
    record.committed_at = in.instant();
    record.paid_at = in.optional_instant();
    return record;
}

reconcile::DeliveryRecord read_delivery(RowReader& in) {
    reconcile::DeliveryRecord record;
    record.return_id = in.id<ReturnId>();
    record.courier.value = in.text();
    record.waybill.value = in.text();
    record.delivered_at = in.instant();
    return record;
}

reconcile::ReceiptRecord read_receipt(RowReader& in) {
    reconcile::ReceiptRecord record;
    record.return_id = in.id<ReturnId>();
    record.outcome = in.word<ReceiptOutcome>(3);
    record.at = in.instant();
    return record;
}

reconcile::RecoveryRecord read_recovery(RowReader& in) {
    reconcile::RecoveryRecord record;
    record.return_id = in.id<ReturnId>();
    record.amount_fen = in.integer();
    record.at = in.instant();
    record.reference = in.text();
    return record;
}

constexpr std::array kBreakColumns{Column{"run_id", "uuid"},     Column{"number", "int4"},
                                   Column{"kind", "text"},       Column{"return_id", "uuid"},
                                   Column{"amount_fen", "int8"}, Column{"age_hours", "int4"},
                                   Column{"detail", "text"}};
constexpr Table kBreakTable{"reconciliation_break", kBreakColumns, 2};

void store_breaks(pqxx::transaction_base& snapshot, const std::array<std::uint8_t, 16>& run_id,
                  const std::vector<reconcile::Break>& breaks) {
    if (breaks.empty()) return;
    RowSet rows(kBreakTable, Write::insert);
    std::int64_t number = 0;
    for (const auto& found : breaks) {
        rows.put_uuid(run_id).put(++number).put(to_string(found.kind));
        rows.put(found.return_id.is_nil() ? std::nullopt : std::optional(found.return_id))
            .put(found.amount_fen);
        rows.put(std::int64_t{std::chrono::duration_cast<std::chrono::hours>(found.age).count()})
            .put(found.reference);
    }
    const std::string statement = "WITH " + save_expression(rows, 1) + " SELECT 1";
    RowSet* const only = &rows;
    const auto parameters = binary_parameters({&only, 1});
    snapshot.exec_params(statement, pqxx::prepare::make_dynamic_params(parameters));
}

}  // namespace

std::string counts_json(const reconcile::Outcome& outcome) {
    json::Writer counts;
    counts.begin_object()
        .member("advances", outcome.advances.records)
        .member("deliveries", outcome.deliveries.records);
    counts.member("receipts", outcome.receipts.records).member("recoveries", outcome.recoveries.records);
    counts.member("matched", outcome.matched.records).member("open", outcome.open.records);
    counts.member("settled_otherwise", outcome.settled_otherwise.records)
        .member("broken", outcome.broken.records);
    return counts.end_object().take();
}

Result<ReconciliationRun> run_reconciliation(pqxx::connection& connection, Instant now,
                                             const reconcile::Ages& ages,
                                             std::array<std::uint8_t, 16> run_id) {
    pqxx::transaction<pqxx::repeatable_read> snapshot(connection);
    snapshot.exec("SET LOCAL statement_timeout = 0");
    const auto advances = read_all<reconcile::AdvanceRecord>(snapshot, kAdvances, read_advance);
    const auto deliveries = read_all<reconcile::DeliveryRecord>(snapshot, kDeliveries, read_delivery);
    const auto receipts = read_all<reconcile::ReceiptRecord>(snapshot, kReceipts, read_receipt);
    const auto recoveries = read_all<reconcile::RecoveryRecord>(snapshot, kRecoveries, read_recovery);
    const reconcile::Books books{advances, deliveries, receipts, recoveries, std::nullopt};
    auto outcome = reconcile::match(books, ages, now);
    if (!outcome) return tl::unexpected(outcome.error());
    snapshot.exec_params("INSERT INTO reconciliation_run (run_id, started_at, counts) VALUES ($1, $2, $3)",
                         detail::to_hex(run_id), format_rfc3339(now), counts_json(*outcome));
    store_breaks(snapshot, run_id, outcome->breaks);
    snapshot.commit();
    return ReconciliationRun{"run_" + detail::to_hex(run_id), now, std::move(*outcome)};
}

}  // namespace returngate::postgres
