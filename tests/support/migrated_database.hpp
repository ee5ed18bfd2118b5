// A database of one test with our schema in it, and a short way to look inside.
#pragma once

#include <functional>
#include <memory>
#include <pqxx/pqxx>
#include <string>

#include "adapters/postgres/migrate.hpp"
#include "tests/support/database.hpp"

namespace returngate::testing {

class MigratedDatabase {
public:
    MigratedDatabase() : database_(template_name(), &migrate_to), session_(dsn()) {}

    [[nodiscard]] const std::string& dsn() const { return database_.dsn(); }
    // A session of the test's own: none of the program's settings.
    [[nodiscard]] pqxx::connection& session() { return session_; }

    // The first column of the first row, "" for NULL and for no row.
    std::string text(const std::string& sql) {
        pqxx::nontransaction work(session_);
        const auto rows = work.exec(sql);
        return rows.empty() || rows[0][0].is_null() ? std::string() : std::string(rows[0][0].c_str());
    }
    long number(const std::string& sql) { return std::stol(text(sql)); }
    void run(const std::string& sql) {
        pqxx::nontransaction work(session_);
        work.exec(sql);
    }
    // Ends every session of the program.
    void cut_connections() {
        run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
            "AND application_name = 'returngate'");
    }
    // Sessions of the program that wait for a lock.
    long waiting() {
        return number(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND application_name = 'returngate' AND wait_event_type = 'Lock'");
    }

private:
    static void migrate_to(const std::string& dsn) {
        pqxx::connection connection(dsn);
        postgres::migrate(connection);
    }
    // A cluster that outlives the migrations in it makes a new template.
    static std::string template_name() {
        std::size_t hash = 0;
        for (const auto& migration : postgres::migrations()) {
            hash = hash * 31 + std::hash<std::string_view>{}(migration.sql);
        }
        return "rg_template_schema_" + std::to_string(hash);
    }

    TestDatabase database_;
    pqxx::connection session_;
};

}  // namespace returngate::testing
