// What the schema itself forbids, whatever the code believes: versions, one of each, money within bounds.
#include "tests/adapters/postgres/stored.hpp"
#include "tests/support/migrated_database.hpp"

namespace returngate::test {
namespace {

class Schema : public ::testing::Test {
protected:
    testing::MigratedDatabase database_;
    std::unique_ptr<store::Store> store_ = open_store(database_.dsn());

    void expect_violated(const store::Changes& changes, std::string_view constraint) {
        const auto saved = store_->save(changes);
        EXPECT_EQ(saved.kind, Kind::violated) << saved.detail;
        EXPECT_EQ(saved.constraint, constraint) << saved.detail;
    }
    void expect_refused(const std::string& sql, const std::string& state) {
        pqxx::work work(database_.session());
        try {
            work.exec(sql);
            ADD_FAILURE() << "not refused: " << sql;
        } catch (const pqxx::insufficient_privilege&) {  // libpqxx 6.4 gives this one no SQLSTATE
            EXPECT_EQ(state, "42501");
        } catch (const pqxx::sql_error& error) {
            EXPECT_EQ(error.sqlstate(), state) << error.what();
        }
    }
    // A case with a pickup that stands on booking 1.
    void save_case_with_booking(BookingStatus status) {
        auto changes = a_stored_case();
        changes.cases[0].pickup = a_new_pickup();
        changes.bookings = {{kReturn, a_new_booking(1, status)}};
        must_save(*store_, changes);
    }
};

using Versions = Schema;

store::Changes one_of_each_versioned_row() {
    auto changes = a_stored_case();
    changes.orders = {a_new_order()};
    changes.lines = {a_new_line()};
    changes.bookings = {{kReturn, a_new_booking(1, BookingStatus::placing)}};
    changes.advances = {{kReturn, kBuyer, a_new_advance()}};
    return changes;
}

TEST_F(Versions, GoUpByOneWithEachSave) {
    must_save(*store_, a_stored_case());
    auto row = case_of(*store_).case_;
    EXPECT_EQ(row.version, 1);
    store::Changes changes;
    row.frozen = "why";
    changes.cases = {row};
    must_save(*store_, changes);
    EXPECT_EQ(case_of(*store_).case_.version, 2);
}

TEST_F(Versions, AStaleRowOfAnyTableStoresNothingOfTheBatch) {
    const auto first = one_of_each_versioned_row();
    must_save(*store_, first);
    std::vector<store::Changes> stale(4);  // each row as if it were not stored yet
    stale[0].orders = first.orders;
    stale[1].lines = first.lines;
    stale[2].cases = first.cases;
    stale[3].bookings = first.bookings;
    for (auto& changes : stale) {
        changes.contacts = {a_contact(kContact, "pickup")};
        changes.entries = {{kReturn, 1, at("10:00"), {CaseEvent{"return.applied", {}}}}};
        changes.jobs = {{{kReturn, JobKind::ship_deadline, ""}, at("11:00")}};
        CreditLine neighbour = a_new_line();
        neighbour.buyer.value = "another buyer";
        changes.lines.push_back(neighbour);
        EXPECT_EQ(store_->save(changes).kind, Kind::stale);
    }
    EXPECT_EQ(database_.number("SELECT count(*) FROM contact"), 0);
    EXPECT_EQ(database_.number("SELECT count(*) FROM case_event"), 0);
    EXPECT_EQ(database_.number("SELECT count(*) FROM job"), 0);
    EXPECT_EQ(database_.number("SELECT count(*) FROM credit_line"), 1);
    EXPECT_EQ(case_of(*store_).case_.version, 1);
}

TEST_F(Versions, AreCheckedAgainstTheOneThatIsReadNotTheOneThatIsWritten) {
    must_save(*store_, a_stored_case());
    store::Changes future;
    future.cases = {a_new_case()};
    future.cases[0].version = 2;  // stored is 1
    EXPECT_EQ(store_->save(future).kind, Kind::stale);
    EXPECT_EQ(case_of(*store_).case_.version, 1);
}

TEST_F(Schema, AReturnHasOneAdvance) {
    auto changes = a_stored_case();
    changes.advances = {{kReturn, kBuyer, a_new_advance()}};
    must_save(*store_, changes);
    store::Changes second;
    second.advances = {{kReturn, kBuyer, a_new_advance()}};
    expect_violated(second, "one_advance_per_return");
}

TEST_F(Schema, AnAfterSaleIdHasOneReturn) {
    must_save(*store_, a_stored_case());
    store::Changes second;
    second.cases = {a_new_case(an_id<ReturnId>(77), kAfterSale)};
    expect_violated(second, "one_return_per_after_sale_id");
}

TEST_F(Schema, HeldAndOpenNeverExceedTheLine) {
    store::Changes changes;
    changes.lines = {a_new_line()};
    changes.lines[0].held_fen = 50000;
    changes.lines[0].open_fen = 30001;
    expect_violated(changes, "credit_line_not_exceeded");
    changes.lines[0].open_fen = 30000;
    must_save(*store_, changes);
}

TEST_F(Schema, MoneyIsNeverNegativeNorAbsurd) {
    store::Changes negative;
    negative.lines = {a_new_line()};
    negative.lines[0].open_fen = -1;
    EXPECT_EQ(store_->save(negative).kind, Kind::violated);
    auto nothing = a_stored_case();
    nothing.cases[0].amount_fen = 0;
    EXPECT_EQ(store_->save(nothing).kind, Kind::violated);
    auto absurd = a_stored_case();
    absurd.cases[0].amount_fen = 100'000'000'001;
    EXPECT_EQ(store_->save(absurd).kind, Kind::violated);
}

TEST_F(Schema, MoreThanTheAdvanceIsNotRecovered) {
    auto changes = a_stored_case();
    changes.advances = {{kReturn, kBuyer, a_new_advance()}};
    changes.advances[0].advance.recovered_fen = 9901;
    expect_violated(changes, "recovered_within_advance");
}

TEST_F(Schema, WhatIsOverHoldsNothing) {
    auto changes = a_stored_case();
    changes.cases[0].status = CaseStatus::closed;
    changes.cases[0].held_fen = changes.cases[0].amount_fen;
    expect_violated(changes, "nothing_held_when_over");
}

TEST_F(Schema, OnlyAPickupThatIsOverIsReplaced) {
    save_case_with_booking(BookingStatus::placing);
    store::Changes second;
    second.replaced_pickups = {{kReturn, a_new_pickup()}};
    expect_violated(second, "replaced_pickup_is_over");
}

TEST_F(Schema, APickupIsThereAsAWholeOrNotAtAll) {
    save_case_with_booking(BookingStatus::placing);
    expect_refused("UPDATE return_case SET pickup_door_by = NULL", "23514");
    expect_refused("UPDATE return_case SET pickup_id = NULL", "23514");
}

TEST_F(Schema, AReturnHasOneLiveBooking) {
    save_case_with_booking(BookingStatus::accepted);
    store::Changes second;
    second.bookings = {{kReturn, a_new_booking(2, BookingStatus::placing)}};
    expect_violated(second, "one_live_booking");
}

TEST_F(Schema, TheNextCourierIsBookedInTheSaveThatEndsTheFirst) {
    save_case_with_booking(BookingStatus::placing);
    Booking first = case_of(*store_).bookings.at(0);
    first.status = BookingStatus::expired;
    store::Changes next;
    next.bookings = {{kReturn, first}, {kReturn, a_new_booking(2, BookingStatus::placing)}};
    must_save(*store_, next);
    const auto rows = case_of(*store_);
    ASSERT_EQ(rows.bookings.size(), 2U);
    EXPECT_EQ(rows.bookings[0].status, BookingStatus::expired);
    EXPECT_EQ(rows.bookings[1].status, BookingStatus::placing);
}

TEST_F(Schema, ABookingHasTwelveMilestones) {
    save_case_with_booking(BookingStatus::placing);
    expect_refused("UPDATE booking SET milestones = '{0,0}'", "23514");
    expect_refused("UPDATE booking SET milestones = milestones || 0::bigint", "23514");
}

TEST_F(Schema, AProvidersKeyIsTheAdvancesOwn) {
    auto changes = a_stored_case();
    changes.advances = {{kReturn, kBuyer, a_new_advance()}};
    must_save(*store_, changes);
    EXPECT_EQ(database_.text("SELECT provider_key FROM advance"), to_string(AdvanceId{kReturn.bytes}));
    expect_refused("UPDATE advance SET provider_key = 'adv_2'", "23514");
    expect_refused("UPDATE advance SET advance_id = gen_random_uuid(), provider_key = 'adv_2'", "23514");
}

TEST_F(Schema, TheLedgerTheTimelineAndTheInboxOnlyGrow) {
    auto changes = a_stored_case();
    changes.transfers = {{an_id<JournalId>(50), 0, kReturn, ledger::advance_committed(9900), at("11:00")}};
    changes.entries = {{kReturn, 1, at("10:00"), {CaseEvent{"return.applied", {}}}}};
    changes.inbox = {{{Cell{1}, "SF", "1"}, std::string(32, 'h'), Proof::query, at("10:00"), "{}"}};
    must_save(*store_, changes);
    for (const std::string table : {"ledger_transfer", "case_entry", "inbox"}) {
        expect_refused("UPDATE " + table + " SET cell = 0", "42501");
        expect_refused("DELETE FROM " + table, "42501");
        expect_refused("TRUNCATE " + table, "42501");
        EXPECT_EQ(database_.number("SELECT count(*) FROM " + table), 1) << table;
    }
}

TEST_F(Schema, ATransferHasTwoAccountsAndAnAmount) {
    expect_refused(
        "INSERT INTO ledger_transfer VALUES (1, gen_random_uuid(), 0, gen_random_uuid(), 'platform_funds', "
        "'platform_funds', 1, 'advance_paid', now())",
        "23514");
    expect_refused(
        "INSERT INTO ledger_transfer VALUES (1, gen_random_uuid(), 0, gen_random_uuid(), 'platform_funds', "
        "'courier_claims', 0, 'advance_paid', now())",
        "23514");
}

TEST_F(Schema, AnEventIsTakenOnceAndAnAnswerStoredOnce) {
    store::Changes inbox;
    inbox.inbox = {{{Cell{1}, "SF", "1"}, std::string(32, 'h'), Proof::query, at("10:00"), "{}"}};
    must_save(*store_, inbox);
    expect_violated(inbox, "inbox_pkey");
    store::Changes answer;
    answer.answers = {{{Cell{1}, {1}, "key"}, std::string(32, 'f'), 200, "{}"}};
    must_save(*store_, answer);
    expect_violated(answer, "idempotency_pkey");
}

TEST_F(Schema, TheDetailOfAViolationShowsNoPersonalData) {
    store::Changes changes;
    changes.contacts = {a_contact(kContact, "stranger")};
    changes.contacts[0].name = "张三";
    changes.contacts[0].phone = "13900000000";
    const auto saved = store_->save(changes);
    EXPECT_EQ(saved.kind, Kind::violated);
    EXPECT_EQ(saved.detail.find("139"), std::string::npos) << saved.detail;
    EXPECT_EQ(saved.detail.find("张三"), std::string::npos) << saved.detail;
}

}  // namespace
}  // namespace returngate::test
