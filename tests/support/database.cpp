// Makes, copies and drops the databases of tests.
#include "tests/support/database.hpp"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <pqxx/pqxx>
#include <random>
#include <stdexcept>

namespace returngate::testing {
namespace {

constexpr long kTemplateLock = 7'264'001;  // pg_advisory_lock key: one program at a time fills templates

std::string cluster_dsn() {
    if (const char* given = std::getenv("RETURNGATE_TEST_DSN"); given != nullptr && *given != '\0')
        return given;
    std::ifstream file(RETURNGATE_BINARY_DIR "/pg/dsn");
    std::string line;
    if (!std::getline(file, line) || line.empty()) {
        throw std::runtime_error(
            "no database for this test: run it by ctest (its fixture starts one), or set "
            "RETURNGATE_TEST_DSN");
    }
    return line;
}

// libpq takes the last of two dbname settings.
std::string with_database(const std::string& cluster, const std::string& name) {
    return cluster + " dbname=" + name;
}

std::string random_name() {
    std::random_device random;
    char text[40];
    std::snprintf(text, sizeof text, "rg_test_%08x%08x", random(), random());
    return text;
}

// CREATE DATABASE cannot run inside a transaction.
void execute(const std::string& dsn, const std::string& sql) {
    pqxx::connection connection(dsn);
    pqxx::nontransaction work(connection);
    work.exec("SET client_min_messages = warning");
    work.exec(sql);
}

bool database_exists(pqxx::nontransaction& work, const std::string& name) {
    return !work.exec("SELECT FROM pg_database WHERE datname = " + work.quote(name)).empty();
}

// Filled under another name, so that a failed `prepare` leaves no half-made template.
void make_template(const std::string& cluster, const std::string& name,
                   const TestDatabase::Prepare& prepare) {
    pqxx::connection connection(cluster);
    pqxx::nontransaction work(connection);
    work.exec("SET client_min_messages = warning");
    work.exec("SELECT pg_advisory_lock(" + std::to_string(kTemplateLock) + ")");
    if (database_exists(work, name)) return;
    const std::string unfinished = name + "_unfinished";
    work.exec("DROP DATABASE IF EXISTS " + unfinished + " WITH (FORCE)");
    work.exec("CREATE DATABASE " + unfinished + " TEMPLATE template0");
    prepare(with_database(cluster, unfinished));
    // A connection that `prepare` has just closed may still be counted by the server.
    work.exec("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = " +
              work.quote(unfinished));
    work.exec("ALTER DATABASE " + unfinished + " RENAME TO " + name);
}

}  // namespace

TestDatabase::TestDatabase()
    : cluster_(cluster_dsn()), name_(random_name()), dsn_(with_database(cluster_, name_)) {
    execute(cluster_, "CREATE DATABASE " + name_ + " TEMPLATE template0");
}

TestDatabase::TestDatabase(std::string_view template_name, const Prepare& prepare, const std::string& cluster)
    : cluster_(cluster.empty() ? cluster_dsn() : cluster),
      name_(random_name()),
      dsn_(with_database(cluster_, name_)) {
    const std::string from(template_name);
    make_template(cluster_, from, prepare);
    execute(cluster_, "CREATE DATABASE " + name_ + " TEMPLATE " + from);
}

TestDatabase::~TestDatabase() {
    try {
        execute(cluster_, "DROP DATABASE IF EXISTS " + name_ + " WITH (FORCE)");
    } catch (const std::exception& error) {
        // The cluster goes with the fixture, so a database left behind costs disk space only.
        std::fprintf(stderr, "TestDatabase %s was not dropped: %s\n", name_.c_str(), error.what());
    }
}

}  // namespace returngate::testing
