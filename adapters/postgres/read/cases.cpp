// Questions about one return, one buyer, one waybill number.
#include <algorithm>
#include <pqxx/pqxx>

#include "adapters/postgres/read/desk.hpp"
#include "adapters/postgres/read/rows.hpp"
#include "adapters/postgres/read/session.hpp"

namespace returngate::postgres {
namespace {

using Snapshot = pqxx::transaction<pqxx::repeatable_read, pqxx::read_only>;

constexpr const char* kReturn = R"(
SELECT c.return_id, c.buyer_id, c.seller_id, c.order_id, c.after_sale_id, c.status, c.approval, c.refund,
       c.amount_fen, c.held_fen, c.frozen, c.applied_at, c.delivered_at, c.receipt, c.receipt_at, c.closed_at,
       c.kind, c.offer_fen, c.short_fen, c.registered_at, c.intervention_by, c.intervention_at,
       p.approval_rules, p.refund_rules, coalesce(p.policy_version, 0), p.amount,
       r.name, r.phone, r.province, r.city, r.county, r.address,
       l.stars, l.line_fen, l.held_fen, l.open_fen,
       c.pickup_id, c.pickup_window_start, c.pickup_window_end, c.pickup_requested_at, c.pickup_door_by, c.pickup_status
FROM return_case c
LEFT JOIN application p USING (cell, return_id)
LEFT JOIN seller s ON s.seller_id = c.seller_id
LEFT JOIN contact r ON r.cell = 0 AND r.contact_id = s.return_contact_id
LEFT JOIN credit_line l ON l.cell = c.cell AND l.buyer_id = c.buyer_id
WHERE c.cell = $1::int2 AND c.return_id = $2::uuid)";

constexpr const char* kPickups = R"(
SELECT pickup_id, window_start, window_end, requested_at, door_by, status FROM pickup
WHERE cell = $1::int2 AND return_id = $2::uuid ORDER BY requested_at, pickup_id)";

constexpr const char* kBookings = R"(
SELECT booking_reference, pickup_id, courier, status, waybill, placed_at FROM booking
WHERE cell = $1::int2 AND return_id = $2::uuid ORDER BY placed_at, booking_reference)";

const std::string kAdvance =
    std::string("SELECT ") + kAdvanceColumns + " FROM advance WHERE cell = $1::int2 AND return_id = $2::uuid";

constexpr const char* kDoor = R"(
SELECT name, phone, pickup_code, told_at FROM contact
WHERE cell = $1::int2 AND contact_id = $2::uuid AND kind = 'courier')";

constexpr const char* kRefunds = R"(
SELECT refund_id, kind, amount_fen, state, committed_at, paid_at FROM refund
WHERE cell = $1::int2 AND return_id = $2::uuid ORDER BY committed_at, kind)";

constexpr const char* kEvents = R"(
SELECT seq, at, type, data FROM case_event WHERE cell = $1::int2 AND return_id = $2::uuid ORDER BY seq)";

constexpr const char* kLine = R"(
SELECT l.stars, l.line_fen, l.held_fen, l.open_fen, coalesce(t.excluded, '')
FROM credit_line l LEFT JOIN buyer_trust t USING (cell, buyer_id) WHERE cell = $1::int2 AND buyer_id = $2)";

const std::string kOpenAdvances = std::string("SELECT ") + kAdvanceColumns + R"(
FROM advance JOIN return_case c USING (cell, return_id)
WHERE cell = $1::int2 AND c.buyer_id = $2 AND state IN ('committed', 'paid')
ORDER BY committed_at, advance_id LIMIT 200)";

constexpr const char* kReturnAddress = R"(
SELECT r.name, r.phone, r.province, r.city, r.county, r.address FROM seller s
JOIN contact r ON r.cell = 0 AND r.contact_id = s.return_contact_id WHERE s.seller_id = $1)";

// From the number's cell to the return's, over the claim: a number is looked up in one place only.
constexpr const char* kBookingOf = R"(
SELECT b.booking_reference FROM waybill_claim w
JOIN booking b ON b.cell = get_byte(uuid_send(w.return_id), 0)::int2 AND b.return_id = w.return_id
                  AND b.waybill = w.number
WHERE w.cell = $1::int2 AND w.courier = $2 AND w.number = $3
ORDER BY b.placed_at DESC LIMIT 1)";

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
    row.frozen = in.text();
    row.applied_at = in.instant();
    row.delivered_at = in.optional_instant();
    row.receipt = in.word<ReceiptOutcome>(3);
    row.receipt_at = in.optional_instant();
    row.closed_at = in.optional_instant();
    row.kind = in.word<CaseKind>(3);
    row.offer_fen = in.optional_integer();
    row.short_fen = in.integer();
    row.registered_at = in.optional_instant();
    if (in.is_null()) {
        in.skip(2);
    } else {
        row.intervention.emplace().by = in.text();
        row.intervention->opened_at = in.instant();
    }
    return row;
}

CreditLine read_line(RowReader& in, const BuyerId& buyer) {
    CreditLine line;
    line.buyer = buyer;
    if (in.is_null()) {
        in.skip(4);
        return line;
    }
    line.stars = static_cast<int>(in.integer());
    line.line_fen = in.integer();
    line.held_fen = in.integer();
    line.open_fen = in.integer();
    line.version = 1;
    return line;
}

PickupView read_pickup(RowReader& in) {
    PickupView pickup;
    pickup.id = in.id<PickupId>();
    pickup.window.start = in.instant();
    pickup.window.end = in.instant();
    pickup.requested_at = in.instant();
    pickup.door_by = in.instant();
    pickup.status = in.word<PickupStatus>(5);
    return pickup;
}

PickupView read_one_pickup(const pqxx::row& row) {
    RowReader in(row);
    return read_pickup(in);
}

BookingView read_booking(const pqxx::row& row) {
    RowReader in(row);
    BookingView booking;
    booking.reference.value = in.text();
    booking.pickup = in.optional_id<PickupId>();
    booking.courier.value = in.text();
    booking.status = in.text();
    booking.waybill = in.text();
    booking.placed_at = in.instant();
    return booking;
}

RefundView read_refund(const pqxx::row& row) {
    RowReader in(row);
    RefundView refund;
    refund.id = in.id<RefundId>();
    refund.kind = in.word<RefundKind>(4);
    refund.amount_fen = in.integer();
    refund.state = in.word<RefundState>(3);
    refund.committed_at = in.instant();
    refund.paid_at = in.optional_instant();
    return refund;
}

EventView read_event(const pqxx::row& row) {
    RowReader in(row);
    EventView event;
    event.seq = static_cast<int>(in.integer());
    event.at = in.instant();
    event.type = in.text();
    event.data = in.text();
    return event;
}

// Of `rows`, each made by `read`.
template <class View>
std::vector<View> read_all(const pqxx::result& rows, View (*read)(const pqxx::row&)) {
    std::vector<View> all;
    all.reserve(rows.size());
    for (const auto& row : rows) all.push_back(read(row));
    return all;
}

std::optional<DoorContact> read_door(Snapshot& snapshot, const BookingReference& reference) {
    const auto id = door_contact_of(reference);
    if (!id) return std::nullopt;
    const auto rows = snapshot.exec_params(kDoor, cell_number(id->cell()), uuid_text(*id));
    if (rows.empty()) return std::nullopt;
    const pqxx::row row = rows[0];
    RowReader in(row);
    DoorContact door;
    door.booking = reference;
    door.name = in.text();
    door.phone = in.text();
    door.pickup_code = in.text();
    door.told_at = in.instant();
    return door;
}

std::optional<AdvanceView> read_one_advance(const pqxx::result& rows) {
    if (rows.empty()) return std::nullopt;
    return read_advance(rows[0]);
}

}  // namespace

std::optional<ReturnView> ReadModel::find_return(ReturnId id) {
    Snapshot snapshot(session_.connection());
    const int cell = cell_number(id.cell());
    const std::string key = uuid_text(id);
    const auto rows = snapshot.exec_params(kReturn, cell, key);
    if (rows.empty()) return std::nullopt;
    const pqxx::row row = rows[0];
    RowReader in(row);
    ReturnView view;
    view.case_ = read_case(in);
    view.approval_rules = in.text();
    view.refund_rules = in.text();
    in.skip();
    view.amount = in.text();
    view.return_address = read_contact(in);
    view.line = read_line(in, view.case_.buyer);
    if (!in.is_null()) view.pickup = read_pickup(in);
    view.bookings = read_all(snapshot.exec_params(kBookings, cell, key), read_booking);
    view.advance = read_one_advance(snapshot.exec_params(kAdvance, cell, key));
    view.refunds = read_all(snapshot.exec_params(kRefunds, cell, key), read_refund);
    // One that is only being placed has nobody to come yet, and is not asked about: an application that books
    // is answered from here.
    const auto coming = std::ranges::find_if(view.bookings, [](const BookingView& booking) {
        return booking.pickup && (booking.status == "placed" || booking.status == "accepted");
    });
    if (coming != view.bookings.end()) view.door = read_door(snapshot, coming->reference);
    return view;
}

std::optional<TimelineView> ReadModel::find_timeline(ReturnId id) {
    Snapshot snapshot(session_.connection());
    const int cell = cell_number(id.cell());
    const std::string key = uuid_text(id);
    const auto rows = snapshot.exec_params(kReturn, cell, key);
    if (rows.empty()) return std::nullopt;
    const pqxx::row row = rows[0];
    RowReader in(row);
    TimelineView view;
    view.case_ = read_case(in);
    view.approval_rules = in.text();
    view.refund_rules = in.text();
    view.policy_version = static_cast<int>(in.integer());
    view.events = read_all(snapshot.exec_params(kEvents, cell, key), read_event);
    view.pickups = read_all(snapshot.exec_params(kPickups, cell, key), read_one_pickup);
    view.advance = read_one_advance(snapshot.exec_params(kAdvance, cell, key));
    return view;
}

Contact ReadModel::return_address(const SellerId& seller) {
    pqxx::nontransaction session(session_.connection());
    const auto rows = session.exec_params(kReturnAddress, seller.value);
    if (rows.empty()) return {};
    const pqxx::row row = rows[0];
    RowReader in(row);
    return read_contact(in);
}

std::optional<SellerId> ReadModel::seller_of(ReturnId id) {
    pqxx::nontransaction session(session_.connection());
    const auto rows = session.exec_params(
        "SELECT seller_id FROM return_case WHERE cell = $1::int2 AND return_id = $2::uuid",
        cell_number(id.cell()), uuid_text(id));
    if (rows.empty()) return std::nullopt;
    return SellerId{rows[0][0].c_str()};
}

std::optional<EntitlementView> ReadModel::find_entitlement(const BuyerId& buyer) {
    Snapshot snapshot(session_.connection());
    const int cell = cell_number(cell_of(buyer.value));
    const auto rows = snapshot.exec_params(kLine, cell, buyer.value);
    if (rows.empty()) return std::nullopt;
    const pqxx::row row = rows[0];
    RowReader in(row);
    EntitlementView view;
    view.line = read_line(in, buyer);
    view.excluded = in.text();
    view.open_advances = read_all(snapshot.exec_params(kOpenAdvances, cell, buyer.value), read_advance);
    return view;
}

std::optional<BookingReference> ReadModel::booking_of(const std::string& courier, const std::string& number) {
    pqxx::nontransaction session(session_.connection());
    const auto rows = session.exec_params(kBookingOf, cell_number(cell_of(number)), courier, number);
    if (rows.empty()) return std::nullopt;
    return BookingReference{rows[0][0].c_str()};
}

}  // namespace returngate::postgres
