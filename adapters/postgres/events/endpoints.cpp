// Endpoints and their secrets.
#include "adapters/postgres/events/endpoints.hpp"

#include <pqxx/pqxx>

#include "adapters/postgres/read/session.hpp"
#include "adapters/postgres/row_reader.hpp"

namespace returngate::postgres {
namespace {

constexpr const char* kAdd = R"(
INSERT INTO webhook_endpoint (endpoint_id, url, description, types, state, pause_reason, created_at, cursor_tx,
    cursor_cell, cursor_return, cursor_seq, not_before, failures, next_at, last_status, last_error, leased_until)
VALUES ($1::uuid, $2, $3, $4, 'active', '', $5::timestamptz, pg_snapshot_xmin(pg_current_snapshot()), 0,
        '00000000-0000-0000-0000-000000000000', 0, '-infinity', 0, $5::timestamptz, 0, '', '-infinity'))";

constexpr const char* kSelect = R"(
SELECT p.endpoint_id, url, description, types, state = 'active', pause_reason, created_at, paused_at, failures,
       failing_since, p.next_at, last_attempt_at, last_success_at, last_status, last_error,
       (SELECT count(*) FROM webhook_pending w WHERE w.endpoint_id = p.endpoint_id),
       (SELECT count(*) FROM webhook_secret s WHERE s.endpoint_id = p.endpoint_id
                                                AND (s.expires_at IS NULL OR s.expires_at > $2::timestamptz))
FROM webhook_endpoint p WHERE $1 = '' OR p.endpoint_id = nullif($1, '')::uuid ORDER BY created_at, p.endpoint_id)";

// Paused by hand, it stays paused; resumed, it is as good as new.
constexpr const char* kChange = R"(
UPDATE webhook_endpoint SET
    description = coalesce($2, description), types = coalesce($3, types),
    state = CASE $4 WHEN 'true' THEN 'active' WHEN 'false' THEN 'paused' ELSE state END,
    pause_reason = CASE WHEN $4 = 'true' THEN '' WHEN $4 = 'false' AND state = 'active' THEN 'by_request'
                        ELSE pause_reason END,
    paused_at = CASE WHEN $4 = 'true' THEN NULL WHEN $4 = 'false' AND state = 'active' THEN $5::timestamptz
                     ELSE paused_at END,
    failures = CASE WHEN $4 = 'true' AND state = 'paused' THEN 0 ELSE failures END,
    failing_since = CASE WHEN $4 = 'true' AND state = 'paused' THEN NULL ELSE failing_since END,
    next_at = CASE WHEN $4 = 'true' AND state = 'paused' THEN $5::timestamptz ELSE next_at END
WHERE endpoint_id = $1::uuid RETURNING state = 'active')";

EndpointView read_endpoint(const pqxx::row& row) {
    RowReader in(row);
    EndpointView view;
    view.id = in.id<EndpointId>();
    view.url = in.text();
    view.description = in.text();
    view.types = in.text();
    view.is_active = in.flag();
    view.pause_reason = in.text();
    view.created_at = in.instant();
    view.paused_at = in.optional_instant();
    view.health.failures = static_cast<int>(in.integer());
    view.health.failing_since = in.optional_instant();
    view.health.next_at = in.instant();
    view.last_attempt_at = in.optional_instant();
    view.last_success_at = in.optional_instant();
    view.last_status = static_cast<int>(in.integer());
    view.last_error = in.text();
    view.pending = in.integer();
    view.secrets = static_cast<int>(in.integer());
    return view;
}

void add_secret_row(pqxx::work& transaction, EndpointId id, const std::string& sealed, Instant now) {
    transaction.exec_params(
        "INSERT INTO webhook_secret (endpoint_id, sealed, created_at) VALUES ($1::uuid, $2::bytea, "
        "$3::timestamptz)",
        uuid_text(id), bytea_text(sealed), format_rfc3339(now));
}

}  // namespace

void Endpoints::add(const EndpointView& endpoint, const std::string& sealed) {
    pqxx::work transaction(session_.connection());
    transaction.exec_params(kAdd, uuid_text(endpoint.id), endpoint.url, endpoint.description, endpoint.types,
                            format_rfc3339(endpoint.created_at));
    add_secret_row(transaction, endpoint.id, sealed, endpoint.created_at);
    transaction.commit();
}

std::vector<EndpointView> Endpoints::all(Instant now) {
    pqxx::nontransaction session(session_.connection());
    std::vector<EndpointView> views;
    for (const auto& row : session.exec_params(kSelect, "", format_rfc3339(now)))
        views.push_back(read_endpoint(row));
    return views;
}

std::optional<EndpointView> Endpoints::find(EndpointId id, Instant now) {
    pqxx::nontransaction session(session_.connection());
    const auto rows = session.exec_params(kSelect, uuid_text(id), format_rfc3339(now));
    if (rows.empty()) return std::nullopt;
    return read_endpoint(rows[0]);
}

bool Endpoints::change(EndpointId id, const EndpointChange& change, Instant now) {
    pqxx::work transaction(session_.connection());
    const char* word = !change.is_active ? "" : *change.is_active ? "true" : "false";
    const auto rows = transaction.exec_params(
        kChange, uuid_text(id), change.description ? change.description->c_str() : nullptr,
        change.types ? change.types->c_str() : nullptr, word, format_rfc3339(now));
    if (change.is_active == true) {
        transaction.exec_params(
            "UPDATE webhook_pending SET next_at = $2::timestamptz WHERE endpoint_id = $1::uuid",
            uuid_text(id), format_rfc3339(now));
    }
    transaction.commit();
    return !rows.empty();
}

bool Endpoints::remove(EndpointId id) {
    pqxx::work transaction(session_.connection());
    const auto removed =
        transaction.exec_params("DELETE FROM webhook_endpoint WHERE endpoint_id = $1::uuid", uuid_text(id));
    transaction.commit();
    return removed.affected_rows() > 0;
}

bool Endpoints::add_secret(EndpointId id, const std::string& sealed, Instant now, Instant old_until) {
    pqxx::work transaction(session_.connection());
    const auto known = transaction.exec_params(
        "SELECT 1 FROM webhook_endpoint WHERE endpoint_id = $1::uuid FOR UPDATE", uuid_text(id));
    if (known.empty()) return false;
    transaction.exec_params(
        "DELETE FROM webhook_secret WHERE endpoint_id = $1::uuid AND expires_at IS NOT NULL", uuid_text(id));
    transaction.exec_params(
        "UPDATE webhook_secret SET expires_at = $2::timestamptz WHERE endpoint_id = $1::uuid", uuid_text(id),
        format_rfc3339(old_until));
    add_secret_row(transaction, id, sealed, now);
    transaction.commit();
    return true;
}

std::vector<std::string> Endpoints::sealed_secrets(EndpointId id, Instant now) {
    pqxx::nontransaction session(session_.connection());
    std::vector<std::string> sealed;
    for (const auto& row : session.exec_params(
             "SELECT sealed FROM webhook_secret WHERE endpoint_id = $1::uuid "
             "AND (expires_at IS NULL OR expires_at > $2::timestamptz) ORDER BY expires_at DESC NULLS FIRST",
             uuid_text(id), format_rfc3339(now))) {
        RowReader in(row);
        sealed.push_back(in.bytes());
    }
    return sealed;
}

int Endpoints::seal_plain_secrets(const SealSecret& seal) {
    pqxx::work transaction(session_.connection());
    const auto rows =
        transaction.exec("SELECT endpoint_id, sealed FROM webhook_secret WHERE is_plain FOR UPDATE");
    for (const auto& row : rows) {
        RowReader in(row);
        const auto id = in.id<EndpointId>();
        const std::string plain = in.bytes();
        transaction.exec_params(
            "UPDATE webhook_secret SET sealed = $3::bytea, is_plain = false WHERE endpoint_id = $1::uuid "
            "AND sealed = $2::bytea",
            uuid_text(id), bytea_text(plain), bytea_text(seal(id, plain)));
    }
    transaction.commit();
    return static_cast<int>(rows.size());
}

// What waits and is as young is on its way again by the cursor; what is older stays in front of it.
bool Endpoints::replay(EndpointId id, const EventPosition& from, Instant since, Instant now) {
    pqxx::work transaction(session_.connection());
    const auto moved = transaction.exec_params(
        "UPDATE webhook_endpoint SET cursor_tx = $2::xid8, cursor_cell = 0, "
        "cursor_return = '00000000-0000-0000-0000-000000000000', cursor_seq = 0, not_before = "
        "$3::timestamptz, next_at = CASE WHEN failures = 0 THEN $4::timestamptz ELSE next_at END, "
        "lease = NULL, leased_until = '-infinity' WHERE endpoint_id = $1::uuid",
        uuid_text(id), std::to_string(from.tx), format_rfc3339(since), format_rfc3339(now));
    transaction.exec_params(
        "DELETE FROM webhook_pending WHERE endpoint_id = $1::uuid AND at >= $2::timestamptz", uuid_text(id),
        format_rfc3339(since));
    transaction.commit();
    return moved.affected_rows() > 0;
}

EndpointTotals Endpoints::totals() {
    pqxx::nontransaction session(session_.connection());
    const auto row = session.exec1(
        "SELECT count(*) FILTER (WHERE state = 'active'), "
        "count(*) FILTER (WHERE pause_reason IN ('gone', 'failing')), "
        "(SELECT count(*) FROM webhook_pending) FROM webhook_endpoint");
    return {row[0].as<std::int64_t>(), row[1].as<std::int64_t>(), row[2].as<std::int64_t>()};
}

}  // namespace returngate::postgres
