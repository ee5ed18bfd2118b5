// A database of its own for one test, in the throwaway cluster of the pg fixture.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace returngate::testing {

// Created by the constructor, dropped (with whoever is still connected) by the destructor. The
// cluster is the one of the environment's RETURNGATE_TEST_DSN, else the one whose connection string
// tests/support/pg_cluster.sh wrote to build/NAME/pg/dsn. Throws std::runtime_error when there is none:
// a test without its database fails, it is not skipped.
class TestDatabase {
public:
    using Prepare = std::function<void(const std::string& dsn)>;

    TestDatabase();  // empty
    // A copy of the database `template_name`, which `prepare` (migrations, seed) fills once per
    // cluster, whichever test program comes first. `prepare` closes its connections. With `cluster` (a
    // connection string) in that one instead.
    TestDatabase(std::string_view template_name, const Prepare& prepare, const std::string& cluster = {});
    ~TestDatabase();
    TestDatabase(const TestDatabase&) = delete;
    TestDatabase& operator=(const TestDatabase&) = delete;

    [[nodiscard]] const std::string& dsn() const { return dsn_; }
    [[nodiscard]] const std::string& name() const { return name_; }

private:
    std::string cluster_;
    std::string name_;
    std::string dsn_;
};

}  // namespace returngate::testing
