// The statements, and the rows that they bring.
#include "adapters/postgres/load.hpp"

#include <algorithm>
#include <set>
#include <unordered_map>

#include "adapters/postgres/binary_parameters.hpp"
#include "adapters/postgres/json_texts.hpp"
#include "adapters/postgres/row_reader.hpp"

namespace returngate::postgres {
namespace {

// Every look-up is a LATERAL with a LIMIT or OFFSET: a fence that keeps the planner from walking a table
// that its statistics still call empty, once per batch, while it grows. What a case still holds of its
// line it has not advanced, so there is no advance to look for.
constexpr const char* kLoadCases = R"(
WITH wanted AS (
    SELECT w.cell, w.return_id FROM (SELECT unnest($1::int2[]) AS cell, unnest($2::uuid[]) AS return_id) w
    UNION
    SELECT w.cell, b.return_id FROM (SELECT unnest($3::int2[]) AS cell, unnest($4::text[]) AS reference) w
    CROSS JOIN LATERAL (SELECT k.return_id FROM booking k
        WHERE k.cell = w.cell AND k.booking_reference = w.reference LIMIT 1) b
    UNION
    SELECT w.cell, c.return_id FROM (SELECT unnest($5::int2[]) AS cell, unnest($6::text[]) AS after_sale_id) w
    CROSS JOIN LATERAL (SELECT k.return_id FROM return_case k
        WHERE k.cell = w.cell AND k.after_sale_id = w.after_sale_id LIMIT 1) c
)
SELECT c.ctid, c.return_id, c.buyer_id, c.seller_id, c.order_id, c.after_sale_id, c.status, c.approval, c.refund,
       c.amount_fen, c.held_fen, c.provider, c.payee_contact_id, c.outbound_waybill,
       c.pickup_id, c.pickup_window_start, c.pickup_window_end, c.pickup_contact_id, c.pickup_requested_at,
       c.pickup_door_by, c.pickup_status, c.pickup_promise_missed, c.frozen,
       c.applied_at, c.delivered_at, c.receipt, c.receipt_at, c.closed_at, c.kind, c.offer_fen,
       c.offer_by, c.short_fen, c.above_line, c.registered_at,
       c.intervention_by, c.intervention_at, c.ruling_proposed, c.ruling_by, c.event_seq, c.version,
       l.ctid, l.stars, l.line_fen, l.bound_fen, l.held_fen, l.open_fen, l.version,
       a.ctid, a.advance_id, a.amount_fen, a.state, a.provider, a.payee_contact_id, a.booking_reference, a.waybill,
       a.trigger_at, a.committed_at, a.paid_at, a.provider_reference, a.recovered_fen, a.settled_at,
       a.clawback, a.repay_by, a.repaid_fen, a.version,
       b.ctid, b.booking_reference, b.pickup_id, b.courier, b.account, b.region, b.carrying_courier, b.courier_key, b.window_start, b.window_end,
       b.status, b.waybill, b.waybill_held, b.waybill_verdict, b.milestones, b.collected_known_at, b.confirmed_at,
       b.placed_at, b.version
FROM wanted w
CROSS JOIN LATERAL (SELECT k.ctid, k.* FROM return_case k
    WHERE k.cell = w.cell AND k.return_id = w.return_id LIMIT 1) c
LEFT JOIN LATERAL (SELECT k.ctid, k.* FROM credit_line k
    WHERE k.cell = c.cell AND k.buyer_id = c.buyer_id LIMIT 1) l ON true
LEFT JOIN LATERAL (SELECT k.ctid, k.* FROM advance k
    WHERE c.held_fen = 0 AND k.cell = c.cell AND k.return_id = c.return_id LIMIT 1) a ON true
LEFT JOIN LATERAL (SELECT k.ctid, k.* FROM booking k
    WHERE k.cell = c.cell AND k.return_id = c.return_id OFFSET 0) b ON true
ORDER BY c.return_id, b.placed_at, b.booking_reference)";
constexpr int kLineColumns = 7;
constexpr int kAdvanceColumns = 18;

constexpr const char* kLoadRefunds = R"(
SELECT r.return_id, r.refund_id, r.kind, r.amount_fen, r.state, r.provider, r.payee_contact_id, r.committed_at,
       r.paid_at, r.provider_reference, r.version
FROM (SELECT unnest($1::int2[]) AS cell, unnest($2::uuid[]) AS return_id) w
CROSS JOIN LATERAL (SELECT * FROM refund k WHERE k.cell = w.cell AND k.return_id = w.return_id OFFSET 0) r
ORDER BY r.return_id, r.committed_at, r.kind)";

constexpr const char* kLoadRulings = R"(
SELECT r.return_id, r.number, r.is_appeal, r.called_by, r.opened_at, r.proposed, r.proposed_by, r.outcome,
       r.decided_at, r.version
FROM (SELECT unnest($1::int2[]) AS cell, unnest($2::uuid[]) AS return_id) w
CROSS JOIN LATERAL (SELECT * FROM ruling k WHERE k.cell = w.cell AND k.return_id = w.return_id OFFSET 0) r
ORDER BY r.return_id, r.number)";

constexpr const char* kLoadStandings = R"(
SELECT s.buyer_id, s.stars, s.line_fen, s.excluded, s.is_by_records, s.as_of, s.facts, s.penalties, s.version
FROM (SELECT unnest($1::int2[]) AS cell, unnest($2::text[]) AS buyer_id) w
CROSS JOIN LATERAL (SELECT * FROM buyer_standing k
    WHERE k.cell = w.cell AND k.buyer_id = w.buyer_id LIMIT 1) s)";

constexpr const char* kLoadLines = R"(
SELECT l.ctid, l.buyer_id, l.stars, l.line_fen, l.bound_fen, l.held_fen, l.open_fen, l.version,
       t.refund_rate_bp, t.complaints, t.dispute_rate_bp, t.is_selected, t.excluded, t.version
FROM (SELECT unnest($1::int2[]) AS cell, unnest($2::text[]) AS buyer_id) w
CROSS JOIN LATERAL (SELECT k.ctid, k.* FROM credit_line k
    WHERE k.cell = w.cell AND k.buyer_id = w.buyer_id LIMIT 1) l
LEFT JOIN LATERAL (SELECT * FROM buyer_trust k WHERE k.cell = w.cell AND k.buyer_id = w.buyer_id LIMIT 1) t ON true)";

constexpr const char* kLoadOrders = R"(
SELECT o.ctid, o.order_id, o.buyer_id, o.seller_id, o.items, o.paid_fen, o.trade_kind, o.category, o.state, o.received_at,
       o.outbound_courier, o.outbound_waybill, o.provider, o.payee_contact_id, o.payment_reference, o.terms, o.version,
       s.pilot
FROM (SELECT unnest($1::int2[]) AS cell, unnest($2::text[]) AS order_id) w
CROSS JOIN LATERAL (SELECT k.ctid, k.* FROM shop_order k
    WHERE k.cell = w.cell AND k.order_id = w.order_id LIMIT 1) o
LEFT JOIN LATERAL (SELECT k.pilot FROM seller k WHERE k.seller_id = o.seller_id LIMIT 1) s ON true)";

constexpr const char* kLoadInbox = R"(
SELECT w.cell, w.source, w.dedupe_key, i.payload_hash
FROM (SELECT unnest($1::int2[]) AS cell, unnest($2::text[]) AS source, unnest($3::text[]) AS dedupe_key) w
CROSS JOIN LATERAL (SELECT k.payload_hash FROM inbox k
    WHERE k.cell = w.cell AND k.source = w.source AND k.dedupe_key = w.dedupe_key LIMIT 1) i)";

constexpr const char* kLoadAnswers = R"(
SELECT w.cell, w.key_id, w.key, i.fingerprint, i.status, i.body
FROM (SELECT unnest($1::int2[]) AS cell, unnest($2::uuid[]) AS key_id, unnest($3::text[]) AS key) w
CROSS JOIN LATERAL (SELECT * FROM idempotency k
    WHERE k.cell = w.cell AND k.key_id = w.key_id AND k.key = w.key LIMIT 1) i)";

struct ReadStatement {
    const char* name;
    const char* sql;
};
constexpr std::array kReads{
    ReadStatement{"load_cases", kLoadCases},     ReadStatement{"load_refunds", kLoadRefunds},
    ReadStatement{"load_rulings", kLoadRulings}, ReadStatement{"load_standings", kLoadStandings},
    ReadStatement{"load_lines", kLoadLines},     ReadStatement{"load_orders", kLoadOrders},
    ReadStatement{"load_inbox", kLoadInbox},     ReadStatement{"load_answers", kLoadAnswers}};

// Key columns of the set-based reads.
constexpr std::array kCellAndUuid{Column{"cell", "int2"}, Column{"id", "uuid"}};
constexpr std::array kCellAndText{Column{"cell", "int2"}, Column{"key", "text"}};
constexpr std::array kInboxKey{Column{"cell", "int2"}, Column{"source", "text"},
                               Column{"dedupe_key", "text"}};
constexpr std::array kAnswerKey{Column{"cell", "int2"}, Column{"key_id", "uuid"}, Column{"key", "text"}};
constexpr Table kCellAndUuidShape{"", kCellAndUuid, 2};
constexpr Table kCellAndTextShape{"", kCellAndText, 2};
constexpr Table kInboxKeyShape{"", kInboxKey, 3};
constexpr Table kAnswerKeyShape{"", kAnswerKey, 3};

std::optional<Intervention> read_intervention(RowReader& in) {
    if (in.is_null()) {
        in.skip(4);
        return std::nullopt;
    }
    Intervention read;
    read.by = in.text();
    read.opened_at = in.instant();
    if (in.is_null()) {
        in.skip(2);
    } else {
        read.proposed = in.text();
        read.proposed_by = in.text();
    }
    return read;
}

std::optional<Pickup> read_pickup(RowReader& in) {
    if (in.is_null()) {
        in.skip(8);
        return std::nullopt;
    }
    Pickup pickup;
    pickup.id = in.id<PickupId>();
    pickup.window.start = in.instant();
    pickup.window.end = in.instant();
    pickup.contact = in.id<ContactId>();
    pickup.requested_at = in.instant();
    pickup.door_by = in.instant();
    pickup.status = in.word<PickupStatus>(5);
    pickup.promise_missed = in.flag();
    return pickup;
}

ReturnCase read_case(RowReader& in) {
    ReturnCase row;
    row.id = in.id<ReturnId>();
    row.buyer.value = in.text();
    row.seller.value = in.text();
    row.order.value = in.text();
    row.after_sale.value = in.text();
    row.status = in.word<CaseStatus>(11);
    row.approval = in.word<Approval>(2);
    row.refund = in.word<RefundPath>(3);
    row.amount_fen = in.integer();
    row.held_fen = in.integer();
    row.provider = in.text();
    row.payee = in.id<ContactId>();
    row.outbound_waybill = in.text();
    row.pickup = read_pickup(in);
    row.frozen = in.text();
    row.applied_at = in.instant();
    row.delivered_at = in.optional_instant();
    row.receipt = in.word<ReceiptOutcome>(3);
    row.receipt_at = in.optional_instant();
    row.closed_at = in.optional_instant();
    row.kind = in.word<CaseKind>(3);
    row.offer_fen = in.optional_integer();
    row.offer_by = in.text();
    row.short_fen = in.integer();
    row.above_line = in.flag();
    row.registered_at = in.optional_instant();
    row.intervention = read_intervention(in);
    row.event_seq = static_cast<std::int32_t>(in.integer());
    row.version = in.integer();
    return row;
}

CreditLine read_line(RowReader& in, BuyerId buyer) {
    CreditLine line;
    line.buyer = std::move(buyer);
    line.stars = static_cast<int>(in.integer());
    line.line_fen = in.integer();
    line.bound_fen = in.integer();
    line.held_fen = in.integer();
    line.open_fen = in.integer();
    line.version = in.integer();
    return line;
}

BuyerTrust read_trust(RowReader& in, BuyerId buyer) {
    BuyerTrust trust;
    trust.buyer = std::move(buyer);
    trust.refund_rate_bp = static_cast<std::int32_t>(in.integer());
    trust.complaints = static_cast<std::int32_t>(in.integer());
    trust.dispute_rate_bp = static_cast<std::int32_t>(in.integer());
    trust.is_selected = in.flag();
    trust.excluded = in.text();
    trust.version = in.integer();
    return trust;
}

Advance read_advance(RowReader& in) {
    Advance advance;
    advance.id = in.id<AdvanceId>();
    advance.amount_fen = in.integer();
    advance.state = in.word<AdvanceState>(6);
    advance.provider = in.text();
    advance.payee = in.id<ContactId>();
    advance.booking.value = in.text();
    advance.waybill = in.text();
    advance.trigger_at = in.instant();
    advance.committed_at = in.instant();
    advance.paid_at = in.optional_instant();
    advance.provider_reference = in.text();
    advance.recovered_fen = in.integer();
    advance.settled_at = in.optional_instant();
    advance.clawback = in.text();
    advance.repay_by = in.optional_instant();
    advance.repaid_fen = in.integer();
    advance.version = in.integer();
    return advance;
}

Booking read_booking(RowReader& in) {
    Booking booking;
    booking.reference.value = in.text();
    booking.pickup = in.optional_id<PickupId>();
    booking.courier.value = in.text();
    booking.account = in.text();
    booking.region = in.text();
    booking.carrying_courier = in.text();
    booking.courier_key = in.text();
    booking.window.start = in.instant();
    booking.window.end = in.instant();
    booking.status = in.word<BookingStatus>(8);
    booking.waybill = in.text();
    booking.waybill_held = in.text();
    booking.waybill_verdict = in.text();
    booking.milestones = in.milestones();
    booking.collected_known_at = in.optional_instant();
    booking.confirmed_at = in.optional_instant();
    booking.placed_at = in.instant();
    booking.version = in.integer();
    return booking;
}

Refund read_refund(RowReader& in) {
    Refund refund;
    refund.id = in.id<RefundId>();
    refund.kind = in.word<RefundKind>(4);
    refund.amount_fen = in.integer();
    refund.state = in.word<RefundState>(3);
    refund.provider = in.text();
    refund.payee = in.id<ContactId>();
    refund.committed_at = in.instant();
    refund.paid_at = in.optional_instant();
    refund.provider_reference = in.text();
    refund.version = in.integer();
    return refund;
}

Ruling read_ruling(RowReader& in) {
    Ruling ruling;
    ruling.number = static_cast<std::int32_t>(in.integer());
    ruling.is_appeal = in.flag();
    ruling.by = in.text();
    ruling.opened_at = in.instant();
    ruling.proposed = in.text();
    ruling.proposed_by = in.text();
    ruling.outcome = in.text();
    ruling.decided_at = in.optional_instant();
    ruling.version = in.integer();
    return ruling;
}

Standing read_standing(RowReader& in) {
    Standing standing;
    standing.buyer.value = in.text();
    standing.stars = static_cast<int>(in.integer());
    standing.line_fen = in.optional_integer();
    standing.excluded = in.text();
    standing.is_by_records = in.flag();
    standing.as_of = in.optional_instant();
    standing.facts = parse_facts(in.view());
    standing.penalties = parse_penalties(in.view());
    standing.version = in.integer();
    return standing;
}

Order read_order(RowReader& in) {
    Order order;
    order.id.value = in.text();
    order.buyer.value = in.text();
    order.seller.value = in.text();
    order.items = parse_items(in.view());
    order.paid_fen = in.integer();
    order.trade_kind = in.text();
    order.category = in.text();
    order.state = in.text();
    order.received_at = in.optional_instant();
    order.outbound_courier = in.text();
    order.outbound_waybill = in.text();
    order.provider = in.text();
    order.payee = in.id<ContactId>();
    order.payment_reference = in.text();
    parse_terms(in.view(), order);
    order.version = in.integer();
    return order;
}

// One result row is one booking of a case; what belongs to the case repeats.
void read_case_rows(const pqxx::result& result, store::LoadedRows& loaded, RowAddresses& addresses) {
    for (const auto& row : result) {
        RowReader in(row);
        const auto address = parse_address(in.view());
        auto return_case = read_case(in);
        addresses.cases.insert_or_assign(name_of_return(return_case.id), address);
        if (loaded.cases.empty() || loaded.cases.back().case_.id != return_case.id) {
            store::CaseRows& rows = loaded.cases.emplace_back();
            if (in.is_null()) {
                in.skip(kLineColumns);
            } else {
                addresses.lines.insert_or_assign(return_case.buyer.value, parse_address(in.view()));
                loaded.lines.push_back(read_line(in, return_case.buyer));
            }
            if (in.is_null()) {
                in.skip(kAdvanceColumns);
            } else {
                addresses.advances.insert_or_assign(name_of_return(return_case.id), parse_address(in.view()));
                rows.advance = read_advance(in);
            }
            rows.case_ = std::move(return_case);
        } else {
            in.skip(kLineColumns + kAdvanceColumns);
        }
        if (in.is_null()) continue;
        const auto booking_address = parse_address(in.view());
        const auto& booking = loaded.cases.back().bookings.emplace_back(read_booking(in));
        addresses.bookings.insert_or_assign(booking.reference.value, booking_address);
    }
}

void load_cases(pqxx::transaction_base& session, const store::LoadRequest& request, store::LoadedRows& loaded,
                RowAddresses& addresses) {
    if (request.returns.empty() && request.bookings.empty() && request.after_sales.empty()) return;
    RowSet returns(kCellAndUuidShape, Write::insert);
    for (const auto& id : request.returns) returns.put_cell(id.cell()).put(id);
    RowSet bookings(kCellAndTextShape, Write::insert);
    for (const auto& reference : request.bookings) {
        bookings.put_cell(cell_of(reference).value_or(0)).put(reference);
    }
    RowSet after_sales(kCellAndTextShape, Write::insert);
    for (const auto& [cell, id] : request.after_sales) after_sales.put_cell(cell).put(id);
    read_case_rows(read(session, "load_cases", {&returns, &bookings, &after_sales}), loaded, addresses);
}

// Refunds begin where a parcel was received or none is awaited, and may be disputed afterwards; what the
// buyer of a typed number had paid back is given back as soon as the parcel is heard of. The busy cases have
// none.
bool may_have_refunds(const store::CaseRows& rows) {
    const CaseStatus status = rows.case_.status;
    const bool is_typed = std::ranges::any_of(rows.bookings, &Booking::is_self_shipped);
    return status == CaseStatus::received || status == CaseStatus::refunding ||
           status == CaseStatus::disputed || status == CaseStatus::closed || (rows.advance && is_typed);
}

void load_refunds(pqxx::transaction_base& session, store::LoadedRows& loaded) {
    RowSet keys(kCellAndUuidShape, Write::insert);
    std::unordered_map<ReturnId, store::CaseRows*> by_id;
    for (auto& rows : loaded.cases) {
        if (!may_have_refunds(rows)) continue;
        keys.put_cell(rows.case_.id.cell()).put(rows.case_.id);
        by_id.emplace(rows.case_.id, &rows);
    }
    if (by_id.empty()) return;
    for (const auto& row : read(session, "load_refunds", {&keys})) {
        RowReader in(row);
        store::CaseRows& rows = *by_id.at(in.id<ReturnId>());
        rows.refunds.push_back(read_refund(in));
    }
}

void load_rulings(pqxx::transaction_base& session, const store::LoadRequest& request,
                  store::LoadedRows& loaded) {
    if (request.ruled.empty()) return;
    RowSet keys(kCellAndUuidShape, Write::insert);
    const std::set<ReturnId> asked(request.ruled.begin(), request.ruled.end());
    for (const auto& id : asked) keys.put_cell(id.cell()).put(id);
    std::unordered_map<ReturnId, store::CaseRows*> by_id;
    for (auto& rows : loaded.cases) by_id.emplace(rows.case_.id, &rows);
    for (const auto& row : read(session, "load_rulings", {&keys})) {
        RowReader in(row);
        const auto found = by_id.find(in.id<ReturnId>());
        if (found != by_id.end()) found->second->rulings.push_back(read_ruling(in));
    }
}

void load_standings(pqxx::transaction_base& session, const store::LoadRequest& request,
                    store::LoadedRows& loaded) {
    if (request.standings.empty()) return;
    RowSet keys(kCellAndTextShape, Write::insert);
    const std::set<BuyerId> asked(request.standings.begin(), request.standings.end());
    for (const auto& buyer : asked) keys.put_cell(cell_of(buyer.value)).put(buyer);
    for (const auto& row : read(session, "load_standings", {&keys})) {
        RowReader in(row);
        loaded.standings.push_back(read_standing(in));
    }
}

void load_lines(pqxx::transaction_base& session, const store::LoadRequest& request, store::LoadedRows& loaded,
                RowAddresses& addresses) {
    if (request.buyers.empty()) return;
    RowSet keys(kCellAndTextShape, Write::insert);
    for (const auto& buyer : request.buyers) keys.put_cell(cell_of(buyer.value)).put(buyer);
    for (const auto& row : read(session, "load_lines", {&keys})) {
        RowReader in(row);
        const auto address = parse_address(in.view());
        BuyerId buyer{in.text()};
        addresses.lines.insert_or_assign(buyer.value, address);
        loaded.lines.push_back(read_line(in, buyer));
        if (!in.is_null()) loaded.trusts.push_back(read_trust(in, std::move(buyer)));
    }
}

void load_orders(pqxx::transaction_base& session, const store::LoadRequest& request,
                 store::LoadedRows& loaded, RowAddresses& addresses) {
    if (request.orders.empty()) return;
    RowSet keys(kCellAndTextShape, Write::insert);
    for (const auto& [cell, order] : request.orders) keys.put_cell(cell).put(order);
    for (const auto& row : read(session, "load_orders", {&keys})) {
        RowReader in(row);
        const auto address = parse_address(in.view());
        const Order& order = loaded.orders.emplace_back(read_order(in));
        addresses.orders.insert_or_assign(name_of_order(cell_of(order.buyer.value), order.id), address);
        if (!in.is_null()) loaded.sellers.push_back({order.seller, in.flag(), std::nullopt});
    }
}

void load_inbox(pqxx::transaction_base& session, const store::LoadRequest& request,
                store::LoadedRows& loaded) {
    if (request.inbox.empty()) return;
    RowSet keys(kInboxKeyShape, Write::insert);
    for (const auto& key : request.inbox) keys.put_cell(key.cell).put(key.source).put(key.dedupe_key);
    for (const auto& row : read(session, "load_inbox", {&keys})) {
        RowReader in(row);
        store::InboxKey key{static_cast<Cell>(in.integer()), in.text(), in.text()};
        loaded.inbox.emplace_back(std::move(key), in.bytes());
    }
}

void load_answers(pqxx::transaction_base& session, const store::LoadRequest& request,
                  store::LoadedRows& loaded) {
    if (request.idempotency.empty()) return;
    RowSet keys(kAnswerKeyShape, Write::insert);
    for (const auto& key : request.idempotency) keys.put_cell(key.cell).put_uuid(key.key_id).put(key.key);
    for (const auto& row : read(session, "load_answers", {&keys})) {
        RowReader in(row);
        store::StoredAnswer answer;
        answer.key.cell = static_cast<Cell>(in.integer());
        answer.key.key_id = in.uuid();
        answer.key.key = in.text();
        answer.fingerprint = in.bytes();
        answer.status = static_cast<int>(in.integer());
        answer.body = in.text();
        loaded.answers.push_back(std::move(answer));
    }
}

}  // namespace

void prepare_load(pqxx::connection& connection) {
    for (const auto& read : kReads) connection.prepare(read.name, read.sql);
}

pqxx::result read(pqxx::transaction_base& session, const char* name, std::initializer_list<RowSet*> keys) {
    const auto parameters = binary_parameters({keys.begin(), keys.size()});
    return session.exec_prepared(name, pqxx::prepare::make_dynamic_params(parameters));
}

store::LoadedRows load_rows(pqxx::transaction_base& session, const store::LoadRequest& request,
                            RowAddresses& addresses) {
    store::LoadedRows loaded;
    addresses = {};
    load_cases(session, request, loaded, addresses);
    load_refunds(session, loaded);
    load_rulings(session, request, loaded);
    load_standings(session, request, loaded);
    load_lines(session, request, loaded, addresses);
    load_orders(session, request, loaded, addresses);
    load_inbox(session, request, loaded);
    load_answers(session, request, loaded);
    return loaded;
}

}  // namespace returngate::postgres
