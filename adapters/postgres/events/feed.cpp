// Reads case_entry up to the oldest transaction that is still running.
#include "adapters/postgres/events/feed.hpp"

#include <charconv>
#include <pqxx/pqxx>

#include "adapters/postgres/read/session.hpp"
#include "adapters/postgres/row_reader.hpp"

namespace returngate::postgres {
namespace {

using Snapshot = pqxx::transaction<pqxx::repeatable_read, pqxx::read_only>;

// A transaction's rows carry the time at which their commands came in; how late such a transaction can
// commit beside a younger one is bounded by the statement time-out and by the time for running it again.
constexpr std::chrono::minutes kOverlap{10};

constexpr const char* kAfter = R"(
WITH e AS (
    SELECT tx, cell, return_id, first_seq, at, events FROM case_entry
    WHERE tx >= $1::xid8 AND tx < pg_snapshot_xmin(pg_current_snapshot())
      AND (tx, cell, return_id, first_seq + json_array_length(events) - 1)
          > ($1::xid8, $2::smallint, $3::uuid, $4::int)
    ORDER BY tx, cell, return_id, first_seq LIMIT $5::int)
SELECT tx, return_id, first_seq + n::int - 1 AS seq, at, event ->> 'type', event -> 'data'
FROM e CROSS JOIN LATERAL json_array_elements(events) WITH ORDINALITY AS noted(event, n)
WHERE (tx, cell, return_id, first_seq + n::int - 1) > ($1::xid8, $2::smallint, $3::uuid, $4::int)
ORDER BY tx, cell, return_id, seq)";

constexpr const char* kOfReturn = R"(
SELECT 0, return_id, seq, at, type, data FROM case_event
WHERE cell = $1::int2 AND return_id = $2::uuid AND seq > $3::int ORDER BY seq)";

// Of the first transaction from there on: its id, and its latest time.
constexpr const char* kProbe = R"(
SELECT tx, max(at) FROM case_entry
WHERE tx = (SELECT tx FROM case_entry WHERE tx >= $1::xid8 AND tx < $2::xid8 ORDER BY tx LIMIT 1)
GROUP BY tx)";

FeedEvent read_event(const pqxx::row& row) {
    RowReader in(row);
    FeedEvent event;
    event.position.tx = static_cast<std::uint64_t>(in.integer());
    event.position.return_id = in.id<ReturnId>();
    event.position.seq = static_cast<int>(in.integer());
    event.at = in.instant();
    event.type = in.text();
    event.data = in.text();
    return event;
}

std::vector<FeedEvent> read_events(const pqxx::result& rows) {
    std::vector<FeedEvent> events;
    events.reserve(rows.size());
    for (const auto& row : rows) events.push_back(read_event(row));
    return events;
}

template <class Number>
bool read_number(std::string_view text, Number& number) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && end == text.data() + text.size();
}

}  // namespace

std::string to_string(const EventPosition& position) {
    return std::to_string(position.tx) + "." + detail::to_hex(position.return_id.bytes) + "." +
           std::to_string(position.seq);
}

std::optional<EventPosition> parse_position(std::string_view text) {
    const auto first = text.find('.');
    const auto second = text.rfind('.');
    if (first == text.npos || second - first != 33) return std::nullopt;
    EventPosition position;
    const auto bytes = detail::from_hex(text.substr(first + 1, 32));
    if (!bytes || !read_number(text.substr(0, first), position.tx) || position.tx > INT64_MAX ||
        !read_number(text.substr(second + 1), position.seq) || position.seq < 0) {
        return std::nullopt;
    }
    position.return_id = ReturnId{*bytes};
    return position;
}

EventPosition EventFeed::end() {
    pqxx::nontransaction session(session_.connection());
    EventPosition position;
    position.tx = session.exec1("SELECT pg_snapshot_xmin(pg_current_snapshot())")[0].as<std::uint64_t>();
    return position;
}

EventPosition EventFeed::before(Instant since) {
    const Instant from = since - kOverlap;
    EventPosition position = end();
    const std::string horizon = std::to_string(position.tx);
    Snapshot snapshot(session_.connection());
    // The first transaction that is late enough stands in [low, high].
    std::uint64_t low = 0;
    std::uint64_t high = position.tx;
    while (low < high) {
        const std::uint64_t middle = low + (high - low) / 2;
        const auto rows = snapshot.exec_params(kProbe, std::to_string(middle), horizon);
        if (rows.empty() || parse_timestamp(rows[0][1].c_str()) >= from) {
            high = middle;
        } else {
            low = rows[0][0].as<std::uint64_t>() + 1;
        }
    }
    position.tx = high;
    return position;
}

std::vector<FeedEvent> EventFeed::after(const EventPosition& position, int most) {
    pqxx::nontransaction session(session_.connection());
    return read_events(session.exec_params(kAfter, std::to_string(position.tx),
                                           cell_number(position.return_id.cell()),
                                           uuid_text(position.return_id), position.seq, most));
}

std::vector<FeedEvent> EventFeed::of_return(ReturnId id, int seq) {
    pqxx::nontransaction session(session_.connection());
    return read_events(session.exec_params(kOfReturn, cell_number(id.cell()), uuid_text(id), seq));
}

}  // namespace returngate::postgres
