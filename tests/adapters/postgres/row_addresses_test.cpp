// Addresses: read as PostgreSQL prints them, and never the way to a wrong row.
#include "adapters/postgres/row_addresses.hpp"

#include "tests/adapters/postgres/stored.hpp"
#include "tests/support/migrated_database.hpp"

namespace returngate::test {
namespace {

using postgres::parse_address;
using postgres::RowAddress;

TEST(RowAddresses, TravelAsBlockAndLineBigEndian) {
    EXPECT_EQ(parse_address("(0,1)"), (RowAddress{0, 0, 0, 0, 0, 1}));
    EXPECT_EQ(parse_address("(16909060,258)"), (RowAddress{1, 2, 3, 4, 1, 2}));
}

TEST(RowAddresses, OfAnotherFormAreRefused) {
    for (const char* text :
         {"", "(", "()", "(1)", "(1,", "(1,2", "1,2)", "(1;2)", "(x,2)", "(4294967296,1)", "(1,65536)"}) {
        EXPECT_THROW((void)parse_address(text), std::runtime_error) << text;
    }
}

class Addressed : public ::testing::Test {
protected:
    ReturnCase read_by(store::Store& store) { return case_of(store).case_; }
    static store::SaveOutcome freeze(store::Store& store, ReturnCase row, const std::string& why) {
        store::Changes changes;
        row.frozen = why;
        changes.cases = {row};
        return store.save(changes);
    }

    testing::MigratedDatabase database_;
    std::unique_ptr<store::Store> ours_ = open_store(database_.dsn());
    std::unique_ptr<store::Store> theirs_ = open_store(database_.dsn());
};

TEST_F(Addressed, ARowThatSomebodyElseHasMovedIsStale) {
    must_save(*ours_, a_stored_case());
    const auto row = read_by(*ours_);
    EXPECT_EQ(freeze(*theirs_, read_by(*theirs_), "theirs").kind, Kind::committed);
    EXPECT_EQ(freeze(*ours_, row, "ours").kind, Kind::stale);
    EXPECT_EQ(read_by(*ours_).frozen, "theirs");
    EXPECT_EQ(freeze(*ours_, read_by(*ours_), "ours").kind, Kind::committed);
}

TEST_F(Addressed, ARowThatTookTheAddressOfAnotherIsLeftAlone) {
    must_save(*ours_, a_stored_case());
    auto row = read_by(*ours_);
    // The row goes, its place is freed, and a stranger of the same version moves in.
    database_.run("DELETE FROM return_case");
    database_.run("VACUUM return_case");
    store::Changes stranger;
    stranger.cases = {a_new_case(an_id<ReturnId>(77), AfterSaleId{"another"})};
    must_save(*theirs_, stranger);
    ASSERT_EQ(database_.text("SELECT ctid FROM return_case"), "(0,1)");
    EXPECT_EQ(freeze(*ours_, row, "ours").kind, Kind::stale);
    EXPECT_EQ(database_.text("SELECT frozen FROM return_case"), "");
}

}  // namespace
}  // namespace returngate::test
