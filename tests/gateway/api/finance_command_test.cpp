// returngate finance at a terminal, on the database of a running gateway.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/gateway/api/house.hpp"
#include "tests/support/gateway_process.hpp"

namespace returngate::api {
namespace {

using ::testing::HasSubstr;

// The file's ages are of version 1: what the desk shows and what the terminal says have to be the same run.
TEST(FinanceCommand, ReconcilesByTheRulesInForce) {
    House house;
    testing::TemporaryFolder folder;
    testing::GatewayFiles files;
    files.dsn = house.database().dsn();
    files.port = 1;
    files.world_url = "http://127.0.0.1:9";
    const auto config = write_gateway_files(folder.path(), files).string();
    const auto reconcile = [&] {
        return testing::run_command({"finance", "reconcile", "--config", config}, "");
    };
    house.database().run(
        "INSERT INTO return_case VALUES (0, '00000000-0000-4000-8000-000000000010', 'b', 'seller-1', 'o', "
        "'as-1', 'in_carriage', 'automatic', 'advance', 25900, 0, 'sandbox', gen_random_uuid(), '', NULL, "
        "'', "
        "now(), NULL, 'none', NULL, NULL, 0, 1);"
        "INSERT INTO advance VALUES (0, '00000000-0000-4000-8000-000000000010', "
        "'00000000-0000-4000-8000-000000000010', 'b', 25900, 'paid', 'sandbox', 'adv_1', gen_random_uuid(), "
        "'RG00AAAAAAAA', 'YT1', now() - interval '5 hours', now() - interval '5 hours', "
        "now() - interval '5 hours', 'p', 0, NULL, 1)");
    const auto by_the_file = reconcile();
    EXPECT_EQ(by_the_file.code, 0) << by_the_file.output << by_the_file.errors;
    house.database().run(
        "INSERT INTO policy_version (version, rules, note, proposed_by, proposed_at, approved_by, "
        "approved_at, "
        "effective_at) VALUES (2, E'[reconcile]\\ndelivered_hours = 2\\n', 'n', 'ann', now(), 'bob', now(), "
        "now() - interval '1 hour')");
    const auto by_what_is_in_force = reconcile();
    EXPECT_EQ(by_what_is_in_force.code, 1) << by_what_is_in_force.errors;
    EXPECT_THAT(by_what_is_in_force.output, HasSubstr("break delivery_missing"));
}

}  // namespace
}  // namespace returngate::api
