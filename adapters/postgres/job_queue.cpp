// The lease statement, and the one join that brings what the calls need.
#include "adapters/postgres/job_queue.hpp"

#include <algorithm>
#include <pqxx/pqxx>

#include "adapters/postgres/connection.hpp"
#include "adapters/postgres/row_reader.hpp"

namespace returngate::postgres {
namespace {

constexpr const char* kLease = R"(
WITH due AS (
    SELECT cell, return_id, kind, subject FROM job d
    WHERE run_at <= $1::timestamptz AND kind = ANY($3::text[])
      AND (cardinality($5::text[]) = 0 OR NOT EXISTS (SELECT 1 FROM booking o
          WHERE o.cell = d.cell AND o.booking_reference = d.subject AND o.courier = ANY($5::text[])))
    ORDER BY run_at LIMIT $4::int FOR UPDATE SKIP LOCKED
), leased AS (
    UPDATE job j SET run_at = $2::timestamptz, attempts = j.attempts + 1
    FROM due d WHERE (j.cell, j.return_id, j.kind, j.subject) = (d.cell, d.return_id, d.kind, d.subject)
    RETURNING j.cell, j.return_id, j.kind, j.subject, j.due_at, j.attempts
)
SELECT l.return_id, l.kind, l.subject, l.due_at, l.attempts,
       b.courier, b.account, b.region, c.seller_id, b.carrying_courier, b.courier_key, b.waybill, b.window_start, b.window_end,
       s.name, s.phone, s.province, s.city, s.county, s.address,
       r.name, r.phone, r.province, r.city, r.county, r.address,
       a.advance_id, a.state, a.amount_fen, y.payee_reference,
       f.state, f.amount_fen, z.payee_reference
FROM leased l
JOIN return_case c USING (cell, return_id)
LEFT JOIN booking b ON b.cell = l.cell AND b.booking_reference = l.subject
LEFT JOIN contact s ON s.cell = c.cell AND s.contact_id = c.pickup_contact_id AND b.pickup_id = c.pickup_id
LEFT JOIN seller w ON w.seller_id = c.seller_id AND b.booking_reference IS NOT NULL
LEFT JOIN contact r ON r.cell = 0 AND r.contact_id = w.return_contact_id
LEFT JOIN advance a ON a.cell = l.cell AND a.return_id = l.return_id
LEFT JOIN contact y ON y.cell = a.cell AND y.contact_id = a.payee_contact_id
LEFT JOIN refund f ON f.cell = l.cell AND f.provider_key = l.subject AND l.kind IN ('pay', 'resolve_payout')
LEFT JOIN contact z ON z.cell = f.cell AND z.contact_id = f.payee_contact_id
ORDER BY l.due_at)";

constexpr const char* kHandBack = R"(
UPDATE job SET run_at = due_at, attempts = attempts - 1
WHERE cell = $1::int2 AND return_id = $2::uuid AND kind = $3 AND subject = $4)";

constexpr const char* kHalt = R"(
INSERT INTO money_halt (halted, reason, by_whom, at)
SELECT true, $1, 'returngate', $2::timestamptz
WHERE NOT coalesce((SELECT halted FROM money_halt ORDER BY halt_id DESC LIMIT 1), false))";

// A kind of a newer program is left to that program. Its words need no quotes.
std::string kinds_literal(const LeaseTerms& terms) {
    std::string text;
    for (std::size_t i = 0; i < kJobKinds; ++i) {
        const auto kind = static_cast<JobKind>(i);
        if (terms.payouts_halted && kind == JobKind::pay) continue;
        if (!terms.kinds.empty() && std::ranges::count(terms.kinds, kind) == 0) continue;
        text.append(text.empty() ? "{" : ",").append(to_string(kind));
    }
    return text.empty() ? "{}" : text + "}";
}

// Codes are letters and digits.
std::string codes_literal(const std::vector<CourierCode>& couriers) {
    std::string text = "{";
    for (const auto& courier : couriers) text.append(text.size() > 1 ? "," : "").append(courier.value);
    return text + "}";
}

Contact read_contact(RowReader& in) {
    Contact contact;
    contact.name = in.text();
    contact.phone = in.text();
    contact.province = in.text();
    contact.city = in.text();
    contact.county = in.text();
    contact.address = in.text();
    return contact;
}

LeasedJob read_job(RowReader& in) {
    LeasedJob job;
    job.key.return_id = in.id<ReturnId>();
    const auto kind = parse_job_kind(in.view());
    if (!kind) throw std::runtime_error("a job of a kind that this program does not know");
    job.key.kind = *kind;
    job.key.subject = in.text();
    job.due_at = in.instant();
    job.attempt = static_cast<int>(in.integer());
    if (in.is_null()) {
        in.skip(9);
    } else {
        job.courier.value = in.text();
        job.account = in.text();
        job.region = in.text();
        job.seller.value = in.text();
        job.number_courier = in.text();
        if (job.number_courier.empty()) job.number_courier = job.courier.value;
        job.courier_key = in.text();
        job.waybill = in.text();
        job.window.start = in.instant();
        job.window.end = in.instant();
    }
    job.sender = read_contact(in);
    job.recipient = read_contact(in);
    if (!in.is_null()) {
        job.advance = in.id<AdvanceId>();
        job.advance_state = in.word<AdvanceState>(6);
        job.amount_fen = in.integer();
        job.payee_reference = in.text();
    } else {
        in.skip(4);
    }
    if (!in.is_null()) {
        job.refund_state = in.word<RefundState>(3);
        job.amount_fen = in.integer();
        job.payee_reference = in.text();
    }
    return job;
}

}  // namespace

JobQueue::JobQueue(std::string dsn) : dsn_(std::move(dsn)) {}

pqxx::connection& JobQueue::connection() {
    if (!connection_) {
        auto made = connect(dsn_);
        prefer_indexes(*made);
        // A lease that a crash forgets is taken again: it need not wait for the disk.
        pqxx::nontransaction(*made).exec("SET synchronous_commit = off");
        made->prepare("lease", kLease);
        made->prepare("hand_back", kHandBack);
        connection_ = std::move(made);
    }
    return *connection_;
}

std::vector<LeasedJob> JobQueue::lease(const LeaseTerms& terms) {
    pqxx::nontransaction session(connection());
    const auto rows = session.exec_prepared("lease", format_rfc3339(terms.now),
                                            format_rfc3339(terms.now + terms.lease), kinds_literal(terms),
                                            static_cast<int>(terms.most), codes_literal(terms.without));
    std::vector<LeasedJob> jobs;
    for (const auto& row : rows) {
        RowReader in(row);
        jobs.push_back(read_job(in));
        jobs.back().payouts_halted = terms.payouts_halted;
    }
    return jobs;
}

void JobQueue::hand_back(const std::vector<LeasedJob>& jobs) {
    pqxx::nontransaction session(connection());
    for (const auto& job : jobs) {
        session.exec_prepared("hand_back", static_cast<int>(job.key.return_id.cell()),
                              detail::to_hex(job.key.return_id.bytes), std::string(to_string(job.key.kind)),
                              job.key.subject);
    }
}

bool JobQueue::money_halted() {
    pqxx::nontransaction session(connection());
    const auto rows = session.exec("SELECT halted FROM money_halt ORDER BY halt_id DESC LIMIT 1");
    return !rows.empty() && rows[0][0].as<bool>();
}

void JobQueue::halt_money(const std::string& reason, Instant at) {
    pqxx::work transaction(connection());
    transaction.exec("SET LOCAL synchronous_commit = on");
    transaction.exec_params(kHalt, reason, format_rfc3339(at));
    transaction.commit();
}

}  // namespace returngate::postgres
