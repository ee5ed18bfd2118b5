// The advances, and what reconciliation found.
#include <pqxx/pqxx>
#include <stdexcept>

#include "adapters/postgres/read/desk.hpp"
#include "adapters/postgres/read/rows.hpp"
#include "adapters/postgres/read/session.hpp"
#include "adapters/postgres/reconciliation.hpp"

namespace returngate::postgres {
namespace {

using Snapshot = pqxx::transaction<pqxx::repeatable_read, pqxx::read_only>;

const std::string kAdvances = std::string("SELECT ") + kAdvanceColumns + R"(
FROM advance WHERE ($1 = '' OR state = $1)
  AND ($2 = '' OR (committed_at, advance_id) < ($2::timestamptz, nullif($3, '')::uuid))
ORDER BY committed_at DESC, advance_id DESC LIMIT $4::int)";

constexpr const char* kTotals = R"(
SELECT state, count(*), sum(amount_fen)::bigint, sum(recovered_fen)::bigint FROM advance GROUP BY state ORDER BY state)";

// By the primary key, so that an export of everything reads each row once.
constexpr const char* kAmounts = R"(
SELECT c.return_id, c.order_id, c.seller_id, c.applied_at, c.status, p.amount, c.amount_fen, c.short_fen,
       a.advance_id, a.state, a.amount_fen
FROM application p
JOIN return_case c USING (cell, return_id)
LEFT JOIN advance a USING (cell, return_id)
WHERE (p.cell, p.return_id) > ($1::int2, $2::uuid) AND p.amount::text <> '{}'
ORDER BY p.cell, p.return_id LIMIT $3::int)";

constexpr const char* kRun = R"(
SELECT run_id, started_at, counts FROM reconciliation_run
WHERE $1 = '' OR run_id = nullif($1, '')::uuid ORDER BY started_at DESC LIMIT 1)";
constexpr const char* kBreaks = R"(
SELECT number, kind, return_id, amount_fen, age_hours, detail FROM reconciliation_break
WHERE run_id = $1::uuid ORDER BY number)";

AmountView read_amount(const pqxx::row& row) {
    RowReader in(row);
    AmountView view;
    view.return_id = in.id<ReturnId>();
    view.order.value = in.text();
    view.seller.value = in.text();
    view.applied_at = in.instant();
    view.status = in.word<CaseStatus>(11);
    view.amount = in.text();
    view.agreed_fen = in.integer();
    view.short_fen = in.integer();
    if (in.is_null()) return view;
    view.advance = in.id<AdvanceId>();
    view.advance_state = in.word<AdvanceState>(6);
    view.advanced_fen = in.integer();
    return view;
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

std::vector<AmountView> ReadModel::amounts(const std::optional<ReturnId>& after, int most) {
    pqxx::nontransaction session(session_.connection());
    const ReturnId first = after.value_or(ReturnId{});
    const int cell = after ? cell_number(after->cell()) : -1;
    std::vector<AmountView> found;
    for (const auto& row : session.exec_params(kAmounts, cell, uuid_text(first), most))
        found.push_back(read_amount(row));
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

RunView Desk::reconcile(Instant now, const reconcile::Ages& ages, std::array<std::uint8_t, 16> run_id) {
    const auto run = run_reconciliation(session_->connection(), now, ages, run_id);
    if (!run) throw std::runtime_error(run.error().code);
    return read_.find_run(run_id).value();
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
    for (const auto& found : snapshot.exec_params(kBreaks, uuid_text(run.run_id)))
        run.breaks.push_back(read_break(found));
    return run;
}

}  // namespace returngate::postgres
