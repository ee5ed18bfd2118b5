// What the schema does not forbid, the checks find.
#include "adapters/postgres/ledger_checks.hpp"

#include "tests/adapters/postgres/stored.hpp"
#include "tests/support/migrated_database.hpp"

namespace returngate::test {
namespace {

class LedgerChecks : public ::testing::Test {
protected:
    testing::MigratedDatabase database_;
    std::unique_ptr<store::Store> store_ = open_store(database_.dsn());

    std::int64_t violations_of(std::string_view name) {
        for (const auto& check : postgres::check_ledger(database_.session())) {
            if (check.name == name) return check.violations;
        }
        ADD_FAILURE() << "no check is called " << name;
        return 0;
    }
};

TEST_F(LedgerChecks, PassOverACaseAndItsParts) {
    auto changes = a_stored_case();
    changes.bookings = {{kReturn, a_new_booking(1, BookingStatus::placing)}};
    must_save(*store_, changes);
    EXPECT_EQ(violations_of("parts_have_their_case"), 0);
}

TEST_F(LedgerChecks, FindEveryPartThatHasNoCase) {
    store::Changes orphans;
    Pickup unserved = a_new_pickup();
    unserved.status = PickupStatus::unserved;
    orphans.replaced_pickups = {{kReturn, unserved}};
    orphans.bookings = {{kReturn, a_new_booking(1, BookingStatus::placing)}};
    orphans.advances = {{kReturn, kBuyer, a_new_advance()}};
    orphans.applications = {{kReturn, {}}};
    must_save(*store_, orphans);
    EXPECT_EQ(violations_of("parts_have_their_case"), 4);
}

TEST_F(LedgerChecks, FollowARefundFromItsCommitToThePayout) {
    auto changes = a_stored_case();
    const Refund refund = a_new_refund();
    changes.refunds = {{kReturn, refund}};
    changes.transfers = {{an_id<JournalId>(50), 0, kReturn, ledger::refund_committed(9900), at("11:00")}};
    changes.jobs = {{{kReturn, JobKind::pay, refund.provider_key()}, at("11:00")}};
    must_save(*store_, changes);
    for (const auto& check : postgres::check_ledger(database_.session()))
        EXPECT_EQ(check.violations, 0) << check.name;
    database_.run("DELETE FROM job; UPDATE refund SET state = 'paid'");
    EXPECT_EQ(violations_of("every_refund_has_its_entries"), 1);
    EXPECT_EQ(violations_of("refund_is_being_paid"), 0);
    database_.run("UPDATE refund SET state = 'committed', amount_fen = 9899");
    EXPECT_EQ(violations_of("refund_is_being_paid"), 1);
    EXPECT_EQ(violations_of("goods_are_paid_for_once"), 1);
}

}  // namespace
}  // namespace returngate::test
