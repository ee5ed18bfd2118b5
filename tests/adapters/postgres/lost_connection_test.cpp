// The connection is lost: before anything was sent, and while the statement runs.
#include <thread>

#include "tests/adapters/postgres/stored.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/migrated_database.hpp"

namespace returngate::test {
namespace {

class LostConnection : public ::testing::Test {
protected:
    LostConnection() { must_save(*store_, a_stored_case()); }

    store::LoadRequest the_case() const {
        store::LoadRequest request;
        request.returns = {kReturn};
        return request;
    }
    store::Changes a_change() {
        store::Changes changes;
        changes.cases = {case_of(*store_).case_};
        changes.cases[0].frozen = "why";
        return changes;
    }

    testing::MigratedDatabase database_;
    std::unique_ptr<store::Store> store_ = open_store(database_.dsn());
};

TEST_F(LostConnection, ALoadIsUnavailableAndTheNextOneWorks) {
    database_.cut_connections();
    const auto lost = store_->load(the_case());
    ASSERT_FALSE(lost);
    EXPECT_EQ(lost.error().kind, ErrorKind::unavailable);
    EXPECT_EQ(must_load(*store_, the_case()).cases.size(), 1U);
}

TEST_F(LostConnection, AClaimIsUnavailableAndTheNextOneWorks) {
    const std::vector<store::ClaimRequest> claims{
        {ClaimKey{"YTO", std::string(kYtoNumber)}, kReturn, at("11:00")}};
    ASSERT_TRUE(store_->claim(claims));
    database_.cut_connections();
    const auto lost = store_->claim(claims);
    ASSERT_FALSE(lost);
    EXPECT_EQ(lost.error().kind, ErrorKind::unavailable);
    EXPECT_EQ(store_->claim(claims).value(), std::vector{kReturn});
}

TEST_F(LostConnection, ASaveIsNeverCalledCommitted) {
    const auto changes = a_change();
    database_.cut_connections();
    const auto lost = store_->save(changes);
    EXPECT_TRUE(lost.kind == Kind::in_doubt || lost.kind == Kind::unavailable);
    must_save(*store_, changes);
    EXPECT_EQ(case_of(*store_).case_.version, 2);
}

TEST_F(LostConnection, ASaveThatWasUnderWayIsInDoubt) {
    const auto changes = a_change();
    pqxx::connection other(database_.dsn());
    pqxx::work lock(other);
    lock.exec("SELECT * FROM return_case FOR UPDATE");
    store::SaveOutcome outcome;
    {
        std::jthread saving([&] { outcome = store_->save(changes); });
        ASSERT_TRUE(testing::eventually([&] { return database_.waiting() > 0; }));
        database_.cut_connections();
    }
    EXPECT_EQ(outcome.kind, Kind::in_doubt) << outcome.detail;
    lock.abort();
    EXPECT_EQ(case_of(*store_).case_.version, 1);
    must_save(*store_, changes);
}

TEST_F(LostConnection, ARowThatStaysLockedIsStaleAndTheSessionLivesOn) {
    const auto changes = a_change();
    pqxx::connection other(database_.dsn());
    pqxx::work lock(other);
    lock.exec("SELECT * FROM return_case FOR UPDATE");
    EXPECT_EQ(store_->save(changes).kind, Kind::stale);
    lock.abort();
    must_save(*store_, changes);
}

TEST_F(LostConnection, ADatabaseThatIsNotThereIsUnavailable) {
    const auto nowhere = open_store("host=/nonexistent port=1 dbname=none");
    EXPECT_EQ(nowhere->load(the_case()).error().kind, ErrorKind::unavailable);
    EXPECT_EQ(nowhere->save(a_stored_case()).kind, Kind::unavailable);
    EXPECT_EQ(nowhere->save(store::Changes{}).kind, Kind::committed);
}

}  // namespace
}  // namespace returngate::test
