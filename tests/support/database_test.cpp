// The test database itself: isolated, copied from a template that is filled once, gone afterwards.
#include "tests/support/database.hpp"

#include <gtest/gtest.h>
#include <pqxx/pqxx>
#include <stdexcept>

namespace returngate::testing {
namespace {

std::size_t rows(const std::string& dsn, const std::string& sql) {
    pqxx::connection connection(dsn);
    pqxx::nontransaction work(connection);
    return work.exec(sql).size();
}

void run(const std::string& dsn, const std::string& sql) {
    pqxx::connection connection(dsn);
    pqxx::nontransaction work(connection);
    work.exec(sql);
}

TEST(TestDatabase, TwoDatabasesDoNotSeeEachOthersTables) {
    const TestDatabase one;
    const TestDatabase other;
    run(one.dsn(), "CREATE TABLE seen (id int)");
    EXPECT_EQ(rows(one.dsn(), "SELECT FROM pg_tables WHERE tablename = 'seen'"), 1U);
    EXPECT_EQ(rows(other.dsn(), "SELECT FROM pg_tables WHERE tablename = 'seen'"), 0U);
}

TEST(TestDatabase, IsDroppedAtTheEndEvenWithAnOpenConnection) {
    const TestDatabase onlooker;
    std::string name;
    {
        const TestDatabase gone;
        name = gone.name();
        const pqxx::connection forgotten(gone.dsn());
        EXPECT_EQ(rows(onlooker.dsn(), "SELECT FROM pg_database WHERE datname = '" + name + "'"), 1U);
    }
    EXPECT_EQ(rows(onlooker.dsn(), "SELECT FROM pg_database WHERE datname = '" + name + "'"), 0U);
}

TEST(TestDatabase, ATemplateIsFilledOnceAndCopied) {
    int prepared = 0;
    const TestDatabase::Prepare prepare = [&prepared](const std::string& dsn) {
        ++prepared;
        run(dsn, "CREATE TABLE filled AS SELECT generate_series(1, 3)");
    };
    const TestDatabase first("rg_template_of_database_test", prepare);
    run(first.dsn(), "DELETE FROM filled");
    const TestDatabase second("rg_template_of_database_test", prepare);
    EXPECT_EQ(rows(second.dsn(), "SELECT FROM filled"), 3U);
    EXPECT_LE(prepared, 1);
}

TEST(TestDatabase, AFailedPreparationLeavesNoTemplate) {
    const TestDatabase::Prepare failing = [](const std::string&) {
        throw std::runtime_error("no migrations");
    };
    EXPECT_THROW(TestDatabase("rg_template_that_fails", failing), std::runtime_error);
    const TestDatabase onlooker;
    EXPECT_EQ(rows(onlooker.dsn(), "SELECT FROM pg_database WHERE datname = 'rg_template_that_fails'"), 0U);
}

}  // namespace
}  // namespace returngate::testing
