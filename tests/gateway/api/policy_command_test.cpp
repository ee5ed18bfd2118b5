// returngate policy at a terminal, on the database of a running gateway.
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/gateway/api/house.hpp"
#include "tests/support/gateway_process.hpp"

namespace returngate::api {
namespace {

using testing::CommandEnd;
using ::testing::HasSubstr;

class PolicyCommand : public ::testing::Test {
protected:
    PolicyCommand() {
        testing::GatewayFiles files;
        files.dsn = house_.database().dsn();
        files.port = 1;
        files.world_url = "http://127.0.0.1:9";
        files.clock_offset = testing::offset_to_ten_in_shanghai();
        config_ = write_gateway_files(folder_.path(), files).string();
        for (const auto* owner : {"ann", "bob"})
            write(owner, house_.add_key(Caller::operations, "", false, owner) + "\n");
    }
    std::string write(const std::string& name, const std::string& content) {
        const auto file = folder_.path() / name;
        std::ofstream(file) << content;
        return file.string();
    }
    CommandEnd run(std::vector<std::string> arguments) const {
        arguments.insert(arguments.begin(), "policy");
        arguments.insert(arguments.end(), {"--config", config_});
        return testing::run_command(arguments, "");
    }
    [[nodiscard]] std::string key_of(const char* owner) const { return (folder_.path() / owner).string(); }

    House house_;
    testing::TemporaryFolder folder_;
    std::string config_;
};

TEST_F(PolicyCommand, TakesTwoOwnersFromAFileToItsEffect) {
    const auto file = write("new.toml", "[approval]\nmin_stars = 5\n");
    const auto proposed = run({"propose", file, "--note", "five", "--key-file", key_of("ann")});
    EXPECT_EQ(proposed.code, 0) << proposed.errors;
    const auto alone = run({"approve", "2", "--key-file", key_of("ann")});
    EXPECT_NE(alone.code, 0);
    EXPECT_THAT(alone.errors, HasSubstr("a key of another owner is needed"));
    const auto approved = run({"approve", "2", "--key-file", key_of("bob")});
    EXPECT_EQ(approved.code, 0) << approved.errors;
    EXPECT_THAT(run({"show"}).output, HasSubstr("ann"));
    EXPECT_EQ(run({"show", "2"}).output, "[approval]\nmin_stars = 5\n");
    EXPECT_EQ(
        house_.database().text("SELECT proposed_by || approved_by FROM policy_version WHERE version = 2"),
        "annbob");
}

TEST_F(PolicyCommand, StoresNothingThatIsAtFaultAndBelievesNoOtherKey) {
    const auto file = write("new.toml", "[approval]\nmin_stars = 9\n");
    const auto refused = run({"propose", file, "--note", "n", "--key-file", key_of("ann")});
    EXPECT_NE(refused.code, 0);
    EXPECT_THAT(refused.errors, HasSubstr("approval.min_stars"));
    const auto finance = write("finance", house_.key(Caller::finance));
    EXPECT_THAT(run({"propose", file, "--note", "n", "--key-file", finance}).errors,
                HasSubstr("caller operations"));
    EXPECT_EQ(house_.database().number("SELECT count(*) FROM policy_version"), 1);
}

TEST_F(PolicyCommand, ExplainsADecisionAndSaysWhenItWouldComeOutOtherwise) {
    house_.put_master_data();
    const auto id = house_.apply();
    const auto same = run({"explain", id});
    EXPECT_EQ(same.code, 0) << same.output << same.errors;
    EXPECT_THAT(same.output, HasSubstr("pass  B1  stars_at_least"));
    EXPECT_THAT(same.output, HasSubstr("the same as recorded"));
    house_.database().run("UPDATE application SET inputs = (inputs::jsonb || '{\"stars\":1}')::json");
    const auto otherwise = run({"explain", id});
    EXPECT_EQ(otherwise.code, 1);
    EXPECT_THAT(otherwise.output, HasSubstr("NOT what was recorded"));
}

TEST_F(PolicyCommand, SimulatesAChangeOverRecordedCases) {
    house_.put_master_data();
    const auto id = house_.apply();
    const auto unchanged = run({"simulate", write("same.toml", "")});
    EXPECT_EQ(unchanged.code, 0) << unchanged.errors;
    EXPECT_THAT(unchanged.output, HasSubstr("1 applications of 30 days, 0 would have gone another way"));
    const auto changed = run(
        {"simulate", write("other.toml", "[scope]\nexcluded_items = [\"item-1\"]\n[line]\nstars_5 = 0\n")});
    EXPECT_EQ(changed.code, 0) << changed.errors;
    EXPECT_THAT(changed.output, HasSubstr(id));
    EXPECT_THAT(changed.output, HasSubstr("refund advance -> after_receipt"));
    EXPECT_THAT(changed.output, ::testing::ContainsRegex("exposure, CNY +129.50 +0.00"));
    EXPECT_THAT(changed.output, ::testing::ContainsRegex("no advance, CNY +0.00 +129.50"));
}

}  // namespace
}  // namespace returngate::api
