// What is saved comes back as it was: every field, every kind of text, every absence.
#include "tests/adapters/postgres/stored.hpp"
#include "tests/support/migrated_database.hpp"

namespace returngate::test {
namespace {

using namespace std::chrono_literals;

class Rows : public ::testing::Test {
protected:
    testing::MigratedDatabase database_;
    std::unique_ptr<store::Store> store_ = open_store(database_.dsn());
};

Order a_full_order() {
    Order order = a_new_order();
    order.items = {OrderItem{"item \"1\"", kNasty, 3, 9900, 1, 3300}, OrderItem{"2", "", 1, 1, 0, 0}};
    order.trade_kind = kNasty;
    order.category = "女装";
    order.received_at = at("10:00") + 123456us;
    order.outbound_waybill = "";
    order.provider = kNasty;
    order.payment_reference = kNasty;
    order.charges = {Charge{kNasty, 800, 300}};
    order.takings = {Taking{kReturn, true, kNasty, 2, 6600}, Taking{an_id<ReturnId>(9), false, "", 0, 300}};
    order.discounts = {Discount{kNasty, "platform", 100}, Discount{"", "seller", 1}};
    return order;
}

ReturnCase a_full_case() {
    ReturnCase row = a_new_case();
    row.after_sale.value = kNasty;
    row.order.value = kNasty;
    row.seller.value = kNasty;
    row.status = CaseStatus::delivered;
    row.approval = Approval::automatic;
    row.refund = RefundPath::advance;
    row.held_fen = row.amount_fen;
    row.provider = kNasty;
    row.pickup = a_new_pickup();
    row.pickup->status = PickupStatus::collected;
    row.pickup->promise_missed = true;
    row.frozen = kNasty;
    row.applied_at = at("10:00") + 1us;
    row.kind = CaseKind::keeps_goods;
    row.above_line = true;
    row.delivered_at = at("15:00") + 999999us;
    row.receipt = ReceiptOutcome::confirmed;
    row.receipt_at = at("16:00");
    row.closed_at = at("17:00");
    row.event_seq = 2147483647;
    return row;
}

Booking a_full_booking() {
    Booking booking = a_new_booking(1, BookingStatus::collected);
    booking.courier.value = kNasty;
    booking.account = kNasty;
    booking.region = kNasty;
    booking.carrying_courier = kNasty;
    booking.courier_key = kNasty;
    booking.waybill = kNasty;
    booking.waybill_held = kNasty;
    booking.waybill_verdict = kNasty;
    for (std::size_t i = 0; i < kMilestones; ++i) {
        booking.milestones.set(static_cast<Milestone>(i), at("11:00") + std::chrono::microseconds(i));
    }
    booking.collected_known_at = at("11:01") + 7us;
    booking.confirmed_at = at("11:02");
    return booking;
}

Advance a_full_advance() {
    Advance advance = a_new_advance();
    advance.state = AdvanceState::recovered;
    advance.provider = kNasty;
    advance.waybill = kNasty;
    advance.paid_at = at("11:03");
    advance.provider_reference = kNasty;
    advance.recovered_fen = 9900;
    advance.settled_at = at("12:00") + 1us;
    return advance;
}

store::Changes a_full_case_file() {
    store::Changes changes;
    changes.at = at("10:00");
    changes.cases = {a_full_case()};
    changes.cases[0].held_fen = 0;  // advanced, so no longer held
    changes.bookings = {{kReturn, a_full_booking()}};
    changes.advances = {{kReturn, kBuyer, a_full_advance()}};
    changes.lines = {a_new_line()};
    return changes;
}

TEST_F(Rows, EveryFieldOfACaseComesBack) {
    const auto changes = a_full_case_file();
    must_save(*store_, changes);
    const auto rows = case_of(*store_);
    EXPECT_EQ(rows.case_, saved_once(changes.cases[0]));
    ASSERT_EQ(rows.bookings.size(), 1U);
    EXPECT_EQ(rows.bookings[0], saved_once(changes.bookings[0].second));
    EXPECT_EQ(rows.advance, saved_once(changes.advances[0].advance));
}

TEST_F(Rows, ABookingThatWasMovedComesBackWithItsNewWindow) {
    auto changes = a_stored_case();
    changes.bookings = {{kReturn, a_new_booking(1, BookingStatus::accepted)}};
    must_save(*store_, changes);
    store::Changes later;
    later.moved_bookings = {{kReturn, case_of(*store_).bookings.at(0)}};
    Booking& moved = later.moved_bookings[0].second;
    moved.window = {at("15:00"), at("17:00")};
    must_save(*store_, later);
    EXPECT_EQ(case_of(*store_).bookings.at(0), saved_once(moved));
    EXPECT_EQ(store_->save(later).kind, Kind::stale) << "by somebody else meanwhile";
}

// What is told of the person at the door, in any order of arrival.
class DoorContacts : public Rows {
protected:
    void told(std::string name, std::string phone, std::string code, std::string_view when) {
        store::Changes changes;
        changes.doors = {{reference_of(1), std::move(name), std::move(phone), std::move(code), at(when)}};
        must_save(*store_, changes);
    }
    std::string stored() {
        return database_.text(
            "SELECT name || ' ' || phone || ' ' || pickup_code FROM contact WHERE kind = 'courier'");
    }
};

TEST_F(DoorContacts, ALaterWordReplacesThePersonWhole) {
    told("王师傅", "13700000001", "", "10:00");
    told("", "", "3524", "10:01");
    EXPECT_EQ(stored(), "王师傅 13700000001 3524");
    told("李师傅", "", "", "10:02");
    EXPECT_EQ(stored(), "李师傅  3524") << "the number was of the other one";
}

TEST_F(DoorContacts, AnEarlierWordThatComesLateAddsWhatIsMissingAndNoMore) {
    told("李师傅", "13700000002", "", "10:02");
    told("王师傅", "13700000001", "3524", "10:00");
    EXPECT_EQ(stored(), "李师傅 13700000002 3524");
    told("王师傅", "13700000001", "1111", "10:01");
    EXPECT_EQ(stored(), "李师傅 13700000002 3524");
    EXPECT_EQ(database_.number("SELECT count(*) FROM contact WHERE kind = 'courier'"), 1);
}

TEST_F(Rows, RefundsComeBackWithTheReturnsThatMayHaveThem) {
    auto changes = a_stored_case();
    changes.cases[0].status = CaseStatus::received;
    Refund paid = a_new_refund();
    paid.state = RefundState::paid;
    paid.paid_at = at("11:01") + 7us;
    paid.provider_reference = kNasty;
    Refund postage = a_new_refund(61);
    postage.kind = RefundKind::postage;
    postage.committed_at = at("12:00");
    changes.refunds = {{kReturn, postage}, {kReturn, paid}};
    must_save(*store_, changes);
    const auto rows = case_of(*store_);
    ASSERT_EQ(rows.refunds.size(), 2U);
    EXPECT_EQ(rows.refunds[0], saved_once(paid));
    EXPECT_EQ(rows.refunds[1], saved_once(postage));
    store::Changes later;
    later.refunds = {{kReturn, rows.refunds[1]}};
    later.refunds[0].second.state = RefundState::rejected;
    must_save(*store_, later);
    EXPECT_EQ(case_of(*store_).refunds[1].state, RefundState::rejected);
    EXPECT_EQ(store_->save(later).kind, Kind::stale);
}

TEST_F(Rows, OneRefundForTheGoodsAndOneForThePostage) {
    auto changes = a_stored_case();
    changes.refunds = {{kReturn, a_new_refund()}};
    must_save(*store_, changes);
    for (const auto kind : {RefundKind::refund, RefundKind::unshipped}) {
        store::Changes second;
        second.refunds = {{kReturn, a_new_refund(62)}};
        second.refunds[0].second.kind = kind;
        EXPECT_EQ(store_->save(second).kind, Kind::violated);
    }
    EXPECT_EQ(database_.number("SELECT count(*) FROM refund"), 1);
}

TEST_F(Rows, RulingsComeBackWhereTheyAreAskedFor) {
    auto changes = a_stored_case();
    Ruling ruled;
    ruled.number = 1;
    ruled.by = "seller";
    ruled.opened_at = at("12:00");
    ruled.proposed = ruled.outcome = "for_seller";
    ruled.proposed_by = kNasty;
    ruled.decided_at = at("13:00") + 7us;
    Ruling open;
    open.number = 2;
    open.is_appeal = true;
    open.by = "buyer";
    open.opened_at = at("14:00");
    changes.rulings = {{kReturn, open}, {kReturn, ruled}};
    must_save(*store_, changes);
    EXPECT_TRUE(case_of(*store_).rulings.empty());
    store::LoadRequest request;
    request.returns = request.ruled = {kReturn};
    const auto loaded = must_load(*store_, request);
    ASSERT_EQ(loaded.cases.at(0).rulings.size(), 2U);
    EXPECT_EQ(loaded.cases[0].rulings[0], saved_once(ruled));
    EXPECT_EQ(loaded.cases[0].rulings[1], saved_once(open));
    store::Changes second;  // of the same side
    second.rulings = {{kReturn, open}};
    second.rulings[0].second.number = 3;
    EXPECT_EQ(store_->save(second).kind, Kind::violated);
}

TEST_F(Rows, StandingsComeBackWhole) {
    Standing standing;
    standing.buyer = kBuyer;
    standing.stars = 4;
    standing.line_fen = 70000;
    standing.excluded = kNasty;
    standing.as_of = at("10:00");
    standing.facts = {{"complaint", kReturn, at("11:00") + 3us}};
    Penalty penalty;
    penalty.number = 1;
    penalty.step = PenaltyStep::rating_cut;
    penalty.cause = kNasty;
    penalty.return_id = kReturn;
    penalty.imposed_at = at("11:00");
    penalty.imposed_by = "rules";
    penalty.reversal_by = "ann";
    Penalty reversed = penalty;
    reversed.number = 2;
    reversed.reversed_at = at("12:00") + 1us;
    reversed.reversed_by = "bob";
    reversed.reversal_reason = kNasty;
    standing.penalties = {penalty, reversed};
    store::Changes changes;
    changes.standings = {standing};
    must_save(*store_, changes);
    store::LoadRequest request;
    request.standings = {kBuyer, kBuyer};
    auto loaded = must_load(*store_, request);
    ASSERT_EQ(loaded.standings.size(), 1U);
    EXPECT_EQ(loaded.standings[0], saved_once(standing));
    EXPECT_EQ(
        database_.number("SELECT count(*) FROM penalty WHERE reversed_at IS NULL AND step = 'rating_cut'"),
        1);
    changes.standings = {loaded.standings[0]};
    changes.standings[0].line_fen.reset();
    must_save(*store_, changes);
    EXPECT_EQ(store_->save(changes).kind, Kind::stale);
}

TEST_F(Rows, AbsentPartsStayAbsent) {
    must_save(*store_, a_stored_case());
    const auto rows = case_of(*store_);
    EXPECT_EQ(rows.case_, saved_once(a_new_case()));
    EXPECT_FALSE(rows.case_.pickup);
    EXPECT_TRUE(rows.bookings.empty());
    EXPECT_FALSE(rows.advance);
    Booking booking = a_new_booking(1, BookingStatus::placing);
    store::Changes changes;
    changes.bookings = {{kReturn, booking}};
    must_save(*store_, changes);
    EXPECT_EQ(case_of(*store_).bookings.at(0), saved_once(booking));
}

TEST_F(Rows, ACaseIsFoundByEachOfItsNamesAndComesOnce) {
    must_save(*store_, a_full_case_file());
    store::LoadRequest by_booking;
    by_booking.bookings = {reference_of(1)};
    EXPECT_EQ(must_load(*store_, by_booking).cases.size(), 1U);
    store::LoadRequest by_after_sale;
    by_after_sale.after_sales = {{kReturn.cell(), AfterSaleId{kNasty}}};
    EXPECT_EQ(must_load(*store_, by_after_sale).cases.size(), 1U);
    store::LoadRequest by_all = by_booking;
    by_all.after_sales = by_after_sale.after_sales;
    by_all.returns = {kReturn, kReturn};
    const auto loaded = must_load(*store_, by_all);
    EXPECT_EQ(loaded.cases.size(), 1U);
    ASSERT_EQ(loaded.lines.size(), 1U);
    EXPECT_EQ(loaded.lines[0], saved_once(a_new_line()));
}

TEST_F(Rows, UnknownNamesFindNothing) {
    store::LoadRequest request;
    request.returns = {kReturn};
    request.bookings = {reference_of(1), BookingReference{"not one of ours"}};
    request.after_sales = {{Cell{1}, kAfterSale}};
    request.orders = {{Cell{1}, kOrder}};
    request.buyers = {kBuyer};
    request.inbox = {{Cell{1}, "SF", "1"}};
    request.idempotency = {{Cell{1}, {}, "1"}};
    const auto loaded = must_load(*store_, request);
    EXPECT_TRUE(loaded.cases.empty() && loaded.lines.empty() && loaded.orders.empty() &&
                loaded.inbox.empty() && loaded.answers.empty());
}

TEST_F(Rows, BookingsComeOldestFirst) {
    auto changes = a_stored_case();
    changes.cases[0].pickup = a_new_pickup();
    changes.bookings = {{kReturn, a_new_booking(3, BookingStatus::placing)},
                        {kReturn, a_new_booking(1, BookingStatus::refused)},
                        {kReturn, a_new_booking(2, BookingStatus::expired)}};
    must_save(*store_, changes);
    const auto rows = case_of(*store_);
    ASSERT_EQ(rows.bookings.size(), 3U);
    EXPECT_EQ(rows.bookings[0].reference, reference_of(1));
    EXPECT_EQ(rows.bookings[1].reference, reference_of(2));
    EXPECT_EQ(rows.bookings[2].reference, reference_of(3));
}

TEST_F(Rows, OrdersComeBackWithTheirItems) {
    const Order order = a_full_order();
    store::Changes changes;
    changes.orders = {order};
    must_save(*store_, changes);
    store::LoadRequest request;
    request.orders = {{cell_of(order.buyer.value), order.id}};
    const auto loaded = must_load(*store_, request);
    ASSERT_EQ(loaded.orders.size(), 1U);
    EXPECT_EQ(loaded.orders[0], saved_once(order));
}

TEST_F(Rows, InboxAndStoredAnswersComeBack) {
    const std::string binary("\0\xff\"\\{,}", 7);
    store::Changes changes;
    changes.at = at("10:00");
    changes.inbox = {
        {{Cell{200}, kNasty, kNasty}, binary, Proof::weak_signature, at("10:00"), binary + kNasty}};
    changes.answers = {{{Cell{200}, {1, 2, 255}, kNasty}, binary, 201, kNasty}};
    must_save(*store_, changes);
    store::LoadRequest request;
    request.inbox = {changes.inbox[0].key};
    request.idempotency = {changes.answers[0].key};
    const auto loaded = must_load(*store_, request);
    ASSERT_EQ(loaded.inbox.size(), 1U);
    EXPECT_EQ(loaded.inbox[0].first, changes.inbox[0].key);
    EXPECT_EQ(loaded.inbox[0].second, binary);
    ASSERT_EQ(loaded.answers.size(), 1U);
    EXPECT_EQ(loaded.answers[0].fingerprint, binary);
    EXPECT_EQ(loaded.answers[0].status, 201);
    EXPECT_EQ(loaded.answers[0].body, kNasty);
    pqxx::nontransaction session(database_.session());
    const auto payload = session.exec("SELECT payload, proof FROM inbox")[0];
    EXPECT_EQ(pqxx::binarystring(payload[0]).str(), binary + kNasty);
    EXPECT_EQ(payload[1].c_str(), std::string("weak_signature"));
}

TEST_F(Rows, WhatIsOnlyWrittenStandsInItsTable) {
    auto changes = a_stored_case();
    changes.contacts = {Contact{kContact, "pickup", kNasty, "+86 139", "浙江省", "杭州市", "", "NULL", ""}};
    ApplicationRecord record;
    record.items = {{"item-1", 2}};
    record.reason = kNasty;
    record.pictures = {kNasty, ""};
    record.approval_rules = {RuleResult{"B1", "stars_at_least", true, kNasty}};
    record.policy_version = 7;
    record.amount.items = {ItemAmount{.item_id = "item-1",
                                      .quantity = 2,
                                      .of_quantity = 3,
                                      .of_fen = 9900,
                                      .before_quantity = 1,
                                      .before_fen = 3300,
                                      .gross_fen = 6700,
                                      .discounts = {{kNasty, "platform", 100}},
                                      .refund_fen = 6600}};
    record.amount.charges = {{"freight", 800, 0, "buyer"}};
    record.amount.total_fen = 6600;
    changes.applications = {{kReturn, record}};
    changes.evidence = {
        {kReturn, 3, EvidenceRecord{"dispute", "seller", kNasty, {{"photo-1"}}}, at("10:00")}};
    changes.transfers = {{an_id<JournalId>(50), 0, kReturn, ledger::advance_committed(9900), at("11:00")}};
    changes.recoveries = {{kReturn, MoneyBackRecord{kNasty, 100}, at("12:00")}};
    changes.repayments = {{kReturn, MoneyBackRecord{kNasty, 100}, at("12:00")}};
    changes.entries = {{kReturn,
                        1,
                        at("10:00"),
                        {CaseEvent{"return.applied", {{"amount_fen", std::int64_t{9900}}}},
                         CaseEvent{"x", {{"text", kNasty}, {"yes", true}}}}}};
    changes.jobs = {{{kReturn, JobKind::pay, kNasty}, at("11:00")}};
    must_save(*store_, changes);

    pqxx::nontransaction work(database_.session());
    const auto is_true = [&](const std::string& sql) {
        const auto rows = work.exec("SELECT " + sql);
        EXPECT_EQ(rows[0][0].c_str(), std::string("t")) << sql;
    };
    const std::string nasty = work.quote(kNasty);
    is_true("(SELECT name = " + nasty +
            " AND county = '' AND address = 'NULL' AND city = '杭州市' FROM contact)");
    is_true("(SELECT reason = " + nasty +
            " AND policy_version = 7 AND items -> 0 ->> 'item_id' = 'item-1' "
            "AND (items -> 0 ->> 'quantity')::int = 2 FROM application)");
    is_true("(SELECT amount -> 'items' -> 0 -> 'discounts' -> 0 ->> 'name' = " + nasty +
            " AND amount ->> 'rule' = 'largest_remainder_over_items_floor_over_units'"
            " AND (amount -> 'charges' -> 0 ->> 'paid_fen')::int = 800"
            " AND (amount ->> 'total_fen')::int = 6600 FROM application)");
    is_true("(SELECT pictures ->> 0 = " + nasty + " AND pictures ->> 1 = '' FROM application)");
    is_true("(SELECT approval_rules -> 0 ->> 'detail' = " + nasty +
            " AND refund_rules::text = '[]' FROM application)");
    is_true("(SELECT kind = 'dispute' AND event_seq = 3 AND pictures ->> 0 = 'photo-1' FROM evidence)");
    is_true(
        "(SELECT debit = 'advances_receivable' AND credit = 'payouts_in_transit' AND amount_fen = 9900 "
        "AND reason = 'advance_committed' AND posted_at = '2026-01-10 03:00:00Z' FROM ledger_transfer)");
    is_true("(SELECT reference = " + nasty + " AND amount_fen = 100 FROM recovery)");
    is_true("(SELECT data::jsonb = '{\"amount_fen\": 9900}' FROM case_event WHERE seq = 1)");
    is_true("(SELECT data ->> 'text' = " + nasty +
            " AND (data ->> 'yes')::bool FROM case_event WHERE seq = 2)");
    is_true("(SELECT kind = 'pay' AND subject = " + nasty +
            " AND run_at = due_at AND attempts = 0 FROM job)");
}

TEST_F(Rows, AJobMovesAndGoes) {
    auto changes = a_stored_case();
    const JobKey key{kReturn, JobKind::ship_deadline, ""};
    changes.jobs = {{key, at("11:00")}};
    must_save(*store_, changes);
    store::Changes moved;
    moved.jobs = {{key, at("12:00")}};
    must_save(*store_, moved);
    EXPECT_EQ(database_.text("SELECT run_at FROM job"), "2026-01-10 04:00:00+00");
    store::Changes done;
    done.jobs = {{key, std::nullopt}, {{kReturn, JobKind::pay, "never made"}, std::nullopt}};
    must_save(*store_, done);
    EXPECT_EQ(database_.number("SELECT count(*) FROM job"), 0);
}

TEST_F(Rows, ContactsAreOverwritten) {
    store::Changes changes;
    changes.contacts = {a_contact(kContact, "payee", "old")};
    must_save(*store_, changes);
    changes.contacts[0].payee_reference = "new";
    must_save(*store_, changes);
    EXPECT_EQ(database_.text("SELECT payee_reference FROM contact"), "new");
}

TEST_F(Rows, AnEmptySaveIsCommitted) {
    must_save(*store_, store::Changes{});
}

// Texts that PostgreSQL has not: refused for what they are, now and for ever, never "try again later".
class Unstorable : public Rows, public ::testing::WithParamInterface<std::string> {};

TEST_P(Unstorable, IsViolatedAndTheSessionLivesOn) {
    auto changes = a_stored_case();
    changes.cases[0].frozen = GetParam();
    EXPECT_EQ(store_->save(changes).kind, Kind::violated);
    store::Changes in_json;
    in_json.orders = {a_new_order()};
    in_json.orders[0].items[0].title = GetParam();
    EXPECT_EQ(store_->save(in_json).kind, Kind::violated);
    must_save(*store_, a_stored_case());
    EXPECT_EQ(database_.number("SELECT count(*) FROM shop_order"), 0);
}

TEST_F(Rows, LettersThatLookLikeAnEscapeAreOnlyLetters) {
    store::Changes changes;
    changes.orders = {a_new_order()};
    changes.orders[0].items[0].title = R"(a\u0000b, \\u0000)";
    must_save(*store_, changes);
    EXPECT_EQ(database_.text("SELECT items -> 0 ->> 'title' FROM shop_order"),
              changes.orders[0].items[0].title);
}

TEST_P(Unstorable, CannotBeAskedForEither) {
    must_save(*store_, a_stored_case());
    store::LoadRequest request;
    request.inbox = {{Cell{1}, "SF", GetParam()}};
    const auto loaded = store_->load(request);
    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error().kind, ErrorKind::invalid);
    EXPECT_EQ(case_of(*store_).case_.id, kReturn);
}

INSTANTIATE_TEST_SUITE_P(Texts, Unstorable,
                         ::testing::Values(std::string("a\0b", 3), std::string("\xff"),
                                           std::string("\xc0\x80"), std::string("\xed\xa0\x80"),
                                           std::string("退\xe8\xb4")));

TEST_F(Rows, AYearThatPostgresqlHasNotIsViolated) {
    auto changes = a_stored_case();
    changes.cases[0].delivered_at = std::chrono::sys_days(std::chrono::year{0} / 1 / 1);
    const auto saved = store_->save(changes);
    EXPECT_EQ(saved.kind, Kind::violated);
    EXPECT_EQ(saved.detail.find("0000"), std::string::npos) << "a value in a text for logs: " << saved.detail;
}

}  // namespace
}  // namespace returngate::test
