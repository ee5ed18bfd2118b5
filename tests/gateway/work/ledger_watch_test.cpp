// Books that do not add up stop the money by themselves, and only then.
#include "gateway/work/ledger_watch.hpp"

#include <gtest/gtest.h>

#include "gateway/pipeline/ports.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/migrated_database.hpp"

namespace returngate::test {
namespace {

using namespace std::chrono_literals;

class Watched : public ::testing::Test {
protected:
    long halts() { return database_.number("SELECT count(*) FROM money_halt WHERE halted"); }
    long looks() {
        return database_.number(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND "
            "application_name = 'returngate' AND state = 'idle' AND query ~ 'COMMIT|ROLLBACK'");
    }

    testing::MigratedDatabase database_;
    SystemClock clock_;
};

TEST_F(Watched, BooksThatHoldHaltNothing) {
    const work::LedgerWatch watch(database_.dsn(), clock_, 20ms);
    EXPECT_TRUE(testing::eventually([&] { return looks() > 0; }));
    EXPECT_EQ(halts(), 0);
}

TEST_F(Watched, AnAdvanceWithoutItsEntriesHaltsTheMoneyOnce) {
    const work::LedgerWatch watch(database_.dsn(), clock_, 20ms);
    database_.run(
        "INSERT INTO credit_line VALUES (1, 'buyer-1', 3, 1000, 1000, 0, 5, 1)");  // open, and no advance
    EXPECT_TRUE(testing::eventually([&] { return halts() > 0; }));
    EXPECT_NE(database_.text("SELECT reason FROM money_halt").find("open_is_the_sum"), std::string::npos);
    std::this_thread::sleep_for(100ms);  // several more looks
    EXPECT_EQ(halts(), 1);
    // Released while it still does not hold: halted again.
    database_.run(
        "INSERT INTO money_halt (halted, reason, by_whom, at) VALUES (false, 'looked', 'x', now())");
    EXPECT_TRUE(testing::eventually([&] { return halts() == 2; }));
}

TEST_F(Watched, AnAbsentDatabaseIsWaitedFor) {
    const work::LedgerWatch watch(database_.dsn(), clock_, 20ms);
    EXPECT_TRUE(testing::eventually([&] { return looks() > 0; }));
    database_.cut_connections();
    database_.run("INSERT INTO credit_line VALUES (1, 'buyer-1', 3, 1000, 1000, 0, 5, 1)");
    EXPECT_TRUE(testing::eventually([&] { return halts() == 1; }));
}

}  // namespace
}  // namespace returngate::test
