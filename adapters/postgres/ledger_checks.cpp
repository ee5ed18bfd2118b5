// One row per invariant: what is examined, and the query that names offenders.
#include "adapters/postgres/ledger_checks.hpp"

#include <array>
#include <pqxx/pqxx>

namespace returngate::postgres {
namespace {

struct Check {
    std::string_view name;
    std::string_view promise;
    std::string_view examined;   // SELECT count(*) …
    std::string_view offenders;  // SELECT one text column
};

constexpr std::array kChecks{
    Check{"one_advance_per_return", "A return has at most one advance.", "SELECT count(*) FROM advance",
          "SELECT return_id::text FROM advance GROUP BY cell, return_id HAVING count(*) > 1"},
    Check{"line_not_exceeded", "What is held and open stays within the credit line's bound.",
          "SELECT count(*) FROM credit_line",
          "SELECT buyer_id FROM credit_line WHERE held_fen + open_fen > bound_fen OR held_fen < 0 OR "
          "open_fen < 0"},
    Check{"open_is_the_sum", "A line's open amount is the sum of its open advances.",
          "SELECT count(*) FROM credit_line",
          "SELECT l.buyer_id FROM credit_line l LEFT JOIN (SELECT cell, buyer_id, sum(amount_fen - "
          "recovered_fen) AS open "
          "FROM advance WHERE state IN ('committed', 'paid') GROUP BY 1, 2) a USING (cell, buyer_id) "
          "WHERE l.open_fen <> coalesce(a.open, 0)"},
    Check{"held_is_the_sum", "A line's held amount is the sum of what its cases hold.",
          "SELECT count(*) FROM credit_line",
          "SELECT l.buyer_id FROM credit_line l LEFT JOIN (SELECT cell, buyer_id, sum(held_fen) AS held "
          "FROM return_case GROUP BY 1, 2) c USING (cell, buyer_id) WHERE l.held_fen <> coalesce(c.held, 0)"},
    Check{"held_is_not_advanced", "A case that was advanced holds nothing of its line any more.",
          "SELECT count(*) FROM advance",
          "SELECT a.return_id::text FROM advance a JOIN return_case c USING (cell, return_id) WHERE "
          "c.held_fen <> 0"},
    Check{"advance_within_return", "An advance is the amount of its return, and its buyer's.",
          "SELECT count(*) FROM advance",
          "SELECT a.return_id::text FROM advance a LEFT JOIN return_case c USING (cell, return_id) "
          "WHERE c.return_id IS NULL OR a.amount_fen <> c.amount_fen + c.short_fen OR a.buyer_id <> "
          "c.buyer_id"},
    Check{
        "postings_sum_to_zero", "All postings of a journal sum to zero.",
        "SELECT count(DISTINCT (cell, journal_id)) FROM ledger_posting",
        "SELECT journal_id::text FROM ledger_posting GROUP BY cell, journal_id HAVING sum(amount_fen) <> 0"},
    Check{
        "receivable_is_what_is_open", "The receivable of a return is what is open on its advance.",
        "SELECT count(*) FROM advance",
        "SELECT a.return_id::text FROM advance a LEFT JOIN (SELECT cell, return_id, sum(amount_fen) AS "
        "balance "
        "FROM ledger_posting WHERE account = 'advances_receivable' GROUP BY 1, 2) p USING (cell, return_id) "
        "WHERE coalesce(p.balance, 0) <> CASE WHEN a.state IN ('committed', 'paid') THEN a.amount_fen - "
        "a.recovered_fen ELSE 0 END"},
    Check{"every_change_has_its_entry",
          "An advance has one entry for its commit and one for what became of the payout.",
          "SELECT count(*) FROM advance",
          "SELECT a.return_id::text FROM advance a LEFT JOIN (SELECT cell, return_id, "
          "count(*) FILTER (WHERE reason = 'advance_committed') AS committed, "
          "count(*) FILTER (WHERE reason = 'advance_paid') AS paid, "
          "count(*) FILTER (WHERE reason = 'advance_reversed') AS reversed "
          "FROM ledger_transfer GROUP BY 1, 2) t USING (cell, return_id) "
          "WHERE coalesce(t.committed, 0) <> 1 OR coalesce(t.reversed, 0) <> (a.state = 'reversed')::int "
          "OR coalesce(t.paid, 0) <> (a.state IN ('paid', 'recovered', 'clawed_back', 'written_off'))::int"},
    Check{"no_entry_without_advance", "No money is posted for a return without an advance or a refund.",
          "SELECT count(*) FROM ledger_transfer",
          "SELECT t.return_id::text FROM ledger_transfer t LEFT JOIN advance a USING (cell, return_id) "
          "WHERE CASE WHEN t.reason LIKE 'refund%' THEN NOT EXISTS (SELECT 1 FROM refund r WHERE r.cell = "
          "t.cell "
          "AND r.return_id = t.return_id) ELSE a.advance_id IS NULL END"},
    Check{"every_refund_has_its_entries",
          "A return's refunds are posted once when committed and once for what became of the payout.",
          "SELECT count(*) FROM refund",
          "SELECT r.return_id::text FROM (SELECT cell, return_id, sum(amount_fen) AS committed, "
          "coalesce(sum(amount_fen) FILTER (WHERE state = 'paid'), 0) AS paid, "
          "coalesce(sum(amount_fen) FILTER (WHERE state = 'rejected'), 0) AS rejected FROM refund GROUP BY "
          "1, 2) r "
          "LEFT JOIN (SELECT cell, return_id, "
          "coalesce(sum(amount_fen) FILTER (WHERE reason = 'refund_committed'), 0) AS committed, "
          "coalesce(sum(amount_fen) FILTER (WHERE reason = 'refund_paid'), 0) AS paid, "
          "coalesce(sum(amount_fen) FILTER (WHERE reason = 'refund_reversed'), 0) AS rejected "
          "FROM ledger_transfer GROUP BY 1, 2) t USING (cell, return_id) "
          "WHERE r.committed <> coalesce(t.committed, 0) OR r.paid <> coalesce(t.paid, 0) "
          "OR r.rejected <> coalesce(t.rejected, 0)"},
    Check{"goods_are_paid_for_once",
          "A return's goods are advanced or refunded, never both, and never for more.",
          "SELECT count(*) FROM refund WHERE kind IN ('refund', 'unshipped')",
          "SELECT r.return_id::text FROM refund r LEFT JOIN return_case c USING (cell, return_id) "
          "LEFT JOIN advance a USING (cell, return_id) WHERE r.kind IN ('refund', 'unshipped') AND "
          "(c.return_id IS NULL OR "
          "c.amount_fen <> r.amount_fen OR a.state <> 'reversed' OR (r.kind = 'unshipped') <> (c.kind = "
          "'unshipped'))"},
    Check{"refund_is_being_paid", "A committed refund has its payout job; nothing is forgotten.",
          "SELECT count(*) FROM refund WHERE state = 'committed'",
          "SELECT r.return_id::text FROM refund r WHERE state = 'committed' AND NOT EXISTS (SELECT 1 FROM "
          "job j "
          "WHERE j.cell = r.cell AND j.return_id = r.return_id AND j.subject = r.provider_key AND j.kind IN "
          "('pay', 'resolve_payout'))"},
    Check{
        "parts_have_their_case",
        "No application, booking, replaced pickup or advance stands without its return.",
        "SELECT (SELECT count(*) FROM application) + (SELECT count(*) FROM replaced_pickup) + (SELECT "
        "count(*) FROM booking) + (SELECT count(*) FROM advance)",
        "SELECT part.return_id::text FROM (SELECT cell, return_id FROM application UNION ALL SELECT cell, "
        "return_id FROM replaced_pickup UNION ALL SELECT cell, return_id FROM booking UNION ALL SELECT cell, "
        "return_id "
        "FROM advance) part LEFT JOIN return_case c USING (cell, return_id) WHERE c.buyer_id IS NULL"},
    Check{"unpaid_is_being_paid", "A committed advance has its payout job; nothing is forgotten.",
          "SELECT count(*) FROM advance WHERE state = 'committed'",
          "SELECT a.return_id::text FROM advance a WHERE state = 'committed' AND NOT EXISTS (SELECT 1 FROM "
          "job j "
          "WHERE j.cell = a.cell AND j.return_id = a.return_id AND j.kind IN ('pay', 'resolve_payout'))"},
    Check{"recovered_is_the_sum", "What is recovered of an advance is the sum of its recoveries.",
          "SELECT count(*) FROM recovery",
          "SELECT a.return_id::text FROM advance a LEFT JOIN (SELECT cell, return_id, sum(amount_fen) AS sum "
          "FROM recovery "
          "GROUP BY 1, 2) r USING (cell, return_id) WHERE a.recovered_fen <> coalesce(r.sum, 0)"},
    Check{"repaid_is_recorded", "What is repaid of an advance is not more than its repayments.",
          "SELECT count(*) FROM repayment",
          "SELECT a.return_id::text FROM advance a LEFT JOIN (SELECT cell, return_id, sum(amount_fen) AS sum "
          "FROM repayment "
          "GROUP BY 1, 2) r USING (cell, return_id) WHERE a.repaid_fen > coalesce(r.sum, 0)"},
    Check{
        "closed_is_square", "A closed return has nothing open and nothing held.",
        "SELECT count(*) FROM return_case WHERE status = 'closed'",
        "SELECT c.return_id::text FROM return_case c LEFT JOIN (SELECT cell, return_id, sum(amount_fen) AS "
        "balance "
        "FROM ledger_posting WHERE account = 'advances_receivable' GROUP BY 1, 2) p USING (cell, return_id) "
        "WHERE c.status = 'closed' AND (coalesce(p.balance, 0) <> 0 OR c.held_fen <> 0)"},
    Check{"advance_has_its_evidence",
          "An advance rests on a collected, confirmed booking whose number its return owns.",
          "SELECT count(*) FROM advance",
          "SELECT a.return_id::text FROM advance a LEFT JOIN booking b ON b.cell = a.cell AND "
          "b.booking_reference = a.booking_reference "
          "LEFT JOIN waybill_claim w ON w.courier = coalesce(nullif(b.carrying_courier, ''), b.courier) AND "
          "w.number = a.waybill "
          "AND w.return_id = a.return_id "
          "WHERE b.return_id IS DISTINCT FROM a.return_id OR b.waybill <> a.waybill OR b.confirmed_at IS "
          "NULL OR w.number IS NULL"},
    Check{
        "events_without_gaps", "A return's events are numbered without gaps.",
        "SELECT count(*) FROM return_case",
        "SELECT c.return_id::text FROM return_case c LEFT JOIN (SELECT cell, return_id, count(*) AS n, "
        "max(seq) AS last, "
        "min(seq) AS first FROM case_event GROUP BY 1, 2) e USING (cell, return_id) "
        "WHERE coalesce(e.last, 0) <> c.event_seq OR coalesce(e.n, 0) <> coalesce(e.last - e.first + 1, 0)"},
};

}  // namespace

std::vector<CheckResult> check_ledger(pqxx::connection& connection) {
    // A whole ledger takes longer than a request may. Every check walks whole tables: nested loops, which
    // statistics from before a busy hour suggest, would take for ever.
    pqxx::transaction<pqxx::repeatable_read> snapshot(connection);
    snapshot.exec(
        "SET TRANSACTION READ ONLY; SET LOCAL statement_timeout = 0; SET LOCAL enable_nestloop = off; "
        "SET LOCAL enable_seqscan = on");
    std::vector<CheckResult> results;
    for (const auto& check : kChecks) {
        CheckResult result{check.name, check.promise, 0, 0, {}};
        result.examined = snapshot.exec1(std::string(check.examined))[0].as<std::int64_t>();
        const auto offenders = snapshot.exec(std::string(check.offenders));
        result.violations = static_cast<std::int64_t>(offenders.size());
        if (!offenders.empty()) result.first = offenders[0][0].as<std::string>();
        results.push_back(std::move(result));
    }
    return results;
}

}  // namespace returngate::postgres
