// Applies the embedded migrations in order.
#include "adapters/postgres/migrate.hpp"

#include <pqxx/pqxx>

namespace returngate::postgres {
namespace {

constexpr long kLock = 0x72657467;  // any constant of ours

}  // namespace

int schema_version(pqxx::connection& connection) {
    pqxx::work transaction(connection);
    const auto exists = transaction.exec1("SELECT to_regclass('schema_migration') IS NOT NULL")[0].as<bool>();
    if (!exists) return 0;
    return transaction.exec1("SELECT coalesce(max(version), 0) FROM schema_migration")[0].as<int>();
}

std::vector<std::string> migrate(pqxx::connection& connection) {
    std::vector<std::string> applied;
    for (const auto& migration : migrations()) {
        pqxx::work transaction(connection);
        // Another gateway may be at it; neither its work nor ours is bounded by what a request may take.
        transaction.exec("SET LOCAL lock_timeout = '60s'; SET LOCAL statement_timeout = 0");
        transaction.exec_params("SELECT pg_advisory_xact_lock($1)", kLock);
        transaction.exec(
            "CREATE TABLE IF NOT EXISTS schema_migration (version integer PRIMARY KEY, "
            "name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())");
        const auto known =
            transaction.exec_params("SELECT 1 FROM schema_migration WHERE version = $1", migration.version);
        if (!known.empty()) continue;
        transaction.exec(std::string(migration.sql));
        transaction.exec_params("INSERT INTO schema_migration (version, name) VALUES ($1, $2)",
                                migration.version, std::string(migration.name));
        transaction.commit();
        applied.emplace_back(migration.name);
    }
    if constexpr (RETURNGATE_PLANT == 5) {  // with the schema's own guard in place, code alone cannot err
        pqxx::work transaction(connection);
        transaction.exec("ALTER TABLE credit_line DROP CONSTRAINT IF EXISTS credit_line_not_exceeded");
        transaction.commit();
    }
    return applied;
}

}  // namespace returngate::postgres
