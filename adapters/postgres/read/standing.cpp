// What is held against a buyer, what was put forward in a return, and our own records of both.
#include <pqxx/pqxx>

#include "adapters/postgres/json_texts.hpp"
#include "adapters/postgres/read/desk.hpp"
#include "adapters/postgres/read/rows.hpp"
#include "adapters/postgres/read/session.hpp"

namespace returngate::postgres {
namespace {

constexpr const char* kEvidence = R"(
SELECT e.event_seq, coalesce(e.given_at, n.at), e.kind, e.given_by, e.reason, e.pictures
FROM evidence e
LEFT JOIN LATERAL (SELECT at FROM case_entry k WHERE k.cell = e.cell AND k.return_id = e.return_id
    AND k.first_seq <= e.event_seq ORDER BY k.first_seq DESC LIMIT 1) n ON true
WHERE e.cell = $1::int2 AND e.return_id = $2::uuid ORDER BY e.event_seq)";

// All standings with a penalty are few; the view takes each apart.
constexpr const char* kPenalties = R"(
SELECT s.buyer_id, s.penalties FROM buyer_standing s
WHERE s.cell = $1::int2 AND s.buyer_id = $2 AND s.penalties::text <> '[]')";
constexpr const char* kAllPenalties = R"(
SELECT buyer_id, json_build_array(json_strip_nulls(json_build_object('number', number, 'step', step, 'cause', cause,
       'return_id', return_id, 'imposed_at', to_char(imposed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
       'imposed_by', imposed_by, 'reversal_by', reversal_by,
       'reversed_at', to_char(reversed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
       'reversed_by', reversed_by, 'reversal_reason', reversal_reason)))
FROM penalty ORDER BY imposed_at DESC, buyer_id, number DESC LIMIT $1::int)";

// A return that came to nothing is none; whoever withdrew it in time has returned nothing.
constexpr const char* kRecord = R"(
SELECT (SELECT count(*) FROM shop_order o WHERE o.cell = $1::int2 AND o.buyer_id = $2 AND o.told_at >= $3::timestamptz),
       count(*) FILTER (WHERE c.receipt <> 'none' OR c.status NOT IN ('closed', 'refused') OR r.return_id IS NOT NULL),
       count(*) FILTER (WHERE c.receipt = 'disputed' OR EXISTS
           (SELECT 1 FROM ruling k WHERE k.cell = c.cell AND k.return_id = c.return_id))
FROM return_case c
LEFT JOIN refund r ON r.cell = c.cell AND r.return_id = c.return_id AND r.kind IN ('refund', 'unshipped')
WHERE c.cell = $1::int2 AND c.buyer_id = $2 AND c.applied_at >= $3::timestamptz)";

}  // namespace

std::optional<OrderId> ReadModel::order_of(ReturnId id) {
    pqxx::nontransaction session(session_.connection());
    const auto rows =
        session.exec_params("SELECT order_id FROM return_case WHERE cell = $1::int2 AND return_id = $2::uuid",
                            cell_number(id.cell()), uuid_text(id));
    if (rows.empty()) return std::nullopt;
    return OrderId{rows[0][0].c_str()};
}

std::vector<EvidenceView> ReadModel::evidence(ReturnId id) {
    pqxx::nontransaction session(session_.connection());
    std::vector<EvidenceView> found;
    for (const auto& row : session.exec_params(kEvidence, cell_number(id.cell()), uuid_text(id))) {
        RowReader in(row);
        EvidenceView view;
        view.seq = static_cast<int>(in.integer());
        view.given_at = in.instant();
        view.kind = in.text();
        view.given_by = in.text();
        view.reason = in.text();
        view.items = in.text();
        found.push_back(std::move(view));
    }
    return found;
}

std::vector<PenaltyView> ReadModel::penalties(const std::optional<BuyerId>& buyer, int most) {
    pqxx::nontransaction session(session_.connection());
    const auto rows = buyer
                          ? session.exec_params(kPenalties, cell_number(cell_of(buyer->value)), buyer->value)
                          : session.exec_params(kAllPenalties, most);
    std::vector<PenaltyView> found;
    for (const auto& row : rows) {
        RowReader in(row);
        const BuyerId whose{in.text()};
        auto penalties = parse_penalties(in.view());
        for (auto penalty = penalties.rbegin(); penalty != penalties.rend(); ++penalty)
            found.push_back({whose, std::move(*penalty)});
    }
    if (found.size() > static_cast<std::size_t>(most)) found.resize(static_cast<std::size_t>(most));
    return found;
}

RecordFigures ReadModel::record_of(const BuyerId& buyer, Instant since) {
    pqxx::nontransaction session(session_.connection());
    const auto rows =
        session.exec_params(kRecord, cell_number(cell_of(buyer.value)), buyer.value, format_rfc3339(since));
    const pqxx::row row = rows[0];
    RowReader in(row);
    RecordFigures figures;
    figures.orders = in.integer();
    figures.refunds = in.integer();
    figures.disputes = in.integer();
    return figures;
}

}  // namespace returngate::postgres
