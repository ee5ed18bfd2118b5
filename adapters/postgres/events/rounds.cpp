// A round: lease an endpoint, read what is due, and write what became of it.
#include <algorithm>
#include <pqxx/pqxx>
#include <set>

#include "adapters/postgres/events/endpoints.hpp"
#include "adapters/postgres/read/session.hpp"
#include "adapters/postgres/row_reader.hpp"
#include "src/webhook/event_types.hpp"

namespace returngate::postgres {
namespace {

// An endpoint with nothing to send is read, never written.
constexpr const char* kLease = R"(
WITH due AS (
    SELECT endpoint_id FROM webhook_endpoint p
    WHERE state = 'active' AND next_at <= $1::timestamptz AND leased_until < $1::timestamptz
      AND (EXISTS (SELECT 1 FROM webhook_due d WHERE d.endpoint_id = p.endpoint_id
                                                 AND d.next_at <= $1::timestamptz)
        OR EXISTS (SELECT 1 FROM case_entry e
                   WHERE e.tx >= p.cursor_tx AND e.tx < pg_snapshot_xmin(pg_current_snapshot())
                     AND (e.tx, e.cell, e.return_id, e.first_seq + json_array_length(e.events) - 1)
                         > (p.cursor_tx, p.cursor_cell, p.cursor_return, p.cursor_seq)))
    ORDER BY next_at LIMIT 1 FOR UPDATE SKIP LOCKED)
UPDATE webhook_endpoint p SET lease = $2::uuid, leased_until = $3::timestamptz
FROM due WHERE p.endpoint_id = due.endpoint_id
RETURNING p.endpoint_id, url, types, failures, failing_since, next_at, cursor_tx, cursor_return, cursor_seq,
          CASE WHEN not_before = '-infinity' THEN NULL ELSE not_before END)";

constexpr const char* kDue = R"(
SELECT 0, e.return_id, e.seq, e.at, e.type, e.data, d.attempts
FROM webhook_due d JOIN case_event e ON e.cell = d.cell AND e.return_id = d.return_id AND e.seq = d.seq
WHERE d.endpoint_id = $1::uuid AND d.next_at <= $2::timestamptz
ORDER BY d.next_at LIMIT $3::int)";

constexpr const char* kKeep = R"(
INSERT INTO webhook_pending (endpoint_id, cell, return_id, seq, at, attempts, next_at)
VALUES ($1::uuid, $2::smallint, $3::uuid, $4::int, $5::timestamptz, $6::int, $7::timestamptz)
ON CONFLICT (endpoint_id, cell, return_id, seq) DO UPDATE SET (attempts, next_at) = (EXCLUDED.attempts, EXCLUDED.next_at))";

constexpr const char* kFinish = R"(
UPDATE webhook_endpoint SET cursor_tx = $2::xid8, cursor_cell = $3::smallint, cursor_return = $4::uuid,
    cursor_seq = $5::int, failures = $6::int, failing_since = nullif($7, '')::timestamptz,
    next_at = $8::timestamptz, lease = NULL, leased_until = '-infinity',
    last_attempt_at = CASE WHEN $9 THEN $10::timestamptz ELSE last_attempt_at END,
    last_success_at = CASE WHEN $9 AND $11 THEN $10::timestamptz ELSE last_success_at END,
    last_status = CASE WHEN $9 THEN $12::int ELSE last_status END,
    last_error = CASE WHEN $9 THEN $13 ELSE last_error END,
    state = CASE WHEN $14 = '' THEN state ELSE 'paused' END,
    pause_reason = CASE WHEN $14 = '' OR state = 'paused' THEN pause_reason ELSE $14 END,
    paused_at = CASE WHEN $14 = '' OR state = 'paused' THEN paused_at ELSE $10::timestamptz END
WHERE endpoint_id = $1::uuid)";

struct Leased {
    Round round;
    std::string types;
    std::optional<Instant> not_before;
};

Leased read_leased(const pqxx::row& row, const LeaseId& lease) {
    RowReader in(row);
    Leased leased;
    leased.round.lease = lease;
    leased.round.id = in.id<EndpointId>();
    leased.round.url = in.text();
    leased.types = in.text();
    leased.round.health.failures = static_cast<int>(in.integer());
    leased.round.health.failing_since = in.optional_instant();
    leased.round.health.next_at = in.instant();
    leased.round.cursor.tx = static_cast<std::uint64_t>(in.integer());
    leased.round.cursor.return_id = in.id<ReturnId>();
    leased.round.cursor.seq = static_cast<int>(in.integer());
    leased.not_before = in.optional_instant();
    return leased;
}

bool is_wanted(const Leased& leased, const FeedEvent& event) {
    if (!webhook::is_event_type(event.type)) return false;
    if (leased.not_before && event.at < *leased.not_before) return false;
    const std::string types = "," + leased.types + ",";
    return leased.types.empty() || types.find("," + event.type + ",") != std::string::npos;
}

std::vector<OutgoingEvent> read_due(pqxx::connection& connection, EndpointId id, Instant now, int most) {
    pqxx::nontransaction session(connection);
    std::vector<OutgoingEvent> due;
    for (const auto& row : session.exec_params(kDue, uuid_text(id), format_rfc3339(now), most)) {
        RowReader in(row);
        in.skip();
        OutgoingEvent one;
        one.is_pending = true;
        one.event.position.return_id = in.id<ReturnId>();
        one.event.position.seq = static_cast<int>(in.integer());
        one.event.at = in.instant();
        one.event.type = in.text();
        one.event.data = in.text();
        one.attempts = static_cast<int>(in.integer());
        due.push_back(std::move(one));
    }
    return due;
}

std::set<ReturnId> waiting_returns(pqxx::connection& connection, EndpointId id) {
    pqxx::nontransaction session(connection);
    std::set<ReturnId> waiting;
    for (const auto& row : session.exec_params(
             "SELECT DISTINCT return_id FROM webhook_pending WHERE endpoint_id = $1::uuid", uuid_text(id))) {
        RowReader in(row);
        waiting.insert(in.id<ReturnId>());
    }
    return waiting;
}

// One attempt says whether the endpoint is back.
void leave_one(Round& round) {
    if (round.events.size() <= 1) return;
    for (std::size_t i = 1; i < round.events.size(); ++i)
        round.held_back.push_back(std::move(round.events[i]));
    round.events.resize(1);
}

}  // namespace

std::optional<Round> Rounds::lease(const RoundTerms& terms) {
    auto& connection = session_.connection();
    std::optional<Leased> leased;
    {
        pqxx::nontransaction session(connection);
        const auto rows = session.exec_params(kLease, format_rfc3339(terms.now), uuid_text(terms.lease),
                                              format_rfc3339(terms.leased_until));
        if (rows.empty()) return std::nullopt;
        leased = read_leased(rows[0], terms.lease);
    }
    Round& round = leased->round;
    const bool is_probing = round.health.failures >= terms.breaker_failures;
    round.sealed_secrets = Endpoints(session_).sealed_secrets(round.id, terms.now);
    round.events = read_due(connection, round.id, terms.now, is_probing ? 1 : terms.most_pending);
    // A slow endpoint first takes what waits.
    const std::size_t enough = is_probing ? 1 : static_cast<std::size_t>(terms.most_pending);
    if (round.events.size() >= enough) return std::move(round);
    const auto waiting = waiting_returns(connection, round.id);
    for (auto& event : EventFeed(session_).after(round.cursor, is_probing ? 1 : terms.most_decisions)) {
        round.cursor = event.position;
        if (!is_wanted(*leased, event)) continue;
        auto& into = waiting.contains(event.position.return_id) ? round.held_back : round.events;
        into.push_back(OutgoingEvent{std::move(event)});
    }
    if (is_probing) leave_one(round);
    return std::move(round);
}

bool Rounds::finish(const RoundOutcome& outcome) {
    pqxx::work transaction(session_.connection());
    const std::string id = uuid_text(outcome.id);
    const auto held = transaction.exec_params(
        "SELECT 1 FROM webhook_endpoint WHERE endpoint_id = $1::uuid AND lease = $2::uuid FOR UPDATE", id,
        uuid_text(outcome.lease));
    if (held.empty()) return false;
    for (const auto& one : outcome.arrived) {
        if (!one.is_pending) continue;
        const EventPosition& position = one.event.position;
        transaction.exec_params(
            "DELETE FROM webhook_pending WHERE endpoint_id = $1::uuid AND cell = $2::smallint AND "
            "return_id = $3::uuid AND seq = $4::int",
            id, cell_number(position.return_id.cell()), uuid_text(position.return_id), position.seq);
    }
    for (const auto& kept : outcome.kept) {
        const EventPosition& position = kept.event.event.position;
        transaction.exec_params(
            kKeep, id, cell_number(position.return_id.cell()), uuid_text(position.return_id), position.seq,
            format_rfc3339(kept.event.event.at), kept.event.attempts, format_rfc3339(kept.next_at));
    }
    if (outcome.has_recovered) {
        transaction.exec_params(
            "UPDATE webhook_pending SET next_at = $2::timestamptz WHERE endpoint_id = $1::uuid", id,
            format_rfc3339(outcome.now));
    }
    const webhook::Attempt last = outcome.last_attempt.value_or(webhook::Attempt());
    const auto& since = outcome.health.failing_since;
    transaction.exec_params(kFinish, id, std::to_string(outcome.cursor.tx),
                            cell_number(outcome.cursor.return_id.cell()), uuid_text(outcome.cursor.return_id),
                            outcome.cursor.seq, outcome.health.failures,
                            since ? format_rfc3339(*since) : std::string(),
                            format_rfc3339(outcome.health.next_at), outcome.last_attempt.has_value(),
                            format_rfc3339(outcome.now), last.verdict == webhook::Verdict::delivered,
                            last.status, last.error, std::string(webhook::to_string(outcome.pause)));
    transaction.commit();
    return true;
}

}  // namespace returngate::postgres
