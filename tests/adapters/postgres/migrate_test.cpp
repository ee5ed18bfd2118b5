// From nothing to the schema, once, whoever starts.
#include "adapters/postgres/migrate.hpp"

#include <gtest/gtest.h>
#include <pqxx/pqxx>
#include <thread>

#include "adapters/postgres/connection.hpp"
#include "tests/support/database.hpp"

namespace returngate::postgres {
namespace {

TEST(Migrations, BringAnEmptyDatabaseToTheNewestVersion) {
    const testing::TestDatabase database;
    const auto connection = connect(database.dsn());
    EXPECT_EQ(schema_version(*connection), 0);
    EXPECT_EQ(migrate(*connection).size(), migrations().size());
    EXPECT_EQ(schema_version(*connection), migrations().back().version);
}

TEST(Migrations, AreAppliedOnce) {
    const testing::TestDatabase database;
    const auto connection = connect(database.dsn());
    (void)migrate(*connection);
    EXPECT_TRUE(migrate(*connection).empty());
}

TEST(Migrations, AreNumberedUpwards) {
    int last = 0;
    for (const auto& migration : migrations()) {
        EXPECT_GT(migration.version, last) << migration.name;
        last = migration.version;
    }
}

TEST(Migrations, TwoGatewaysThatStartTogetherApplyThemOnce) {
    const testing::TestDatabase database;
    std::array<std::size_t, 4> applied{};
    {
        std::vector<std::jthread> gateways;
        for (auto& count : applied) {
            gateways.emplace_back([&count, &database] {
                const auto connection = connect(database.dsn());
                count = migrate(*connection).size();
            });
        }
    }
    EXPECT_EQ(applied[0] + applied[1] + applied[2] + applied[3], migrations().size());
}

TEST(Connections, HaveTheSettingsThatMoneyNeeds) {
    const testing::TestDatabase database;
    const auto connection = connect(database.dsn());
    pqxx::nontransaction session(*connection);
    auto setting = [&](const char* name) {
        return std::string(session.exec1(std::string("SHOW ") + name)[0].c_str());
    };
    EXPECT_EQ(setting("timezone"), "UTC");
    EXPECT_EQ(setting("synchronous_commit"), "on");
    EXPECT_EQ(setting("statement_timeout"), "10s");
    EXPECT_EQ(setting("lock_timeout"), "2s");
}

}  // namespace
}  // namespace returngate::postgres
