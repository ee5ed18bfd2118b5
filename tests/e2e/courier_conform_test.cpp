// `returngate courier conform` against the sandbox's fleet on real sockets: one that keeps the protocol, and
// ones that break it in one place.
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/json/writer.hpp"
#include "adapters/sandbox/world.hpp"
#include "tests/support/gateway_process.hpp"

namespace returngate::e2e {
namespace {

using sandbox::AnswerWay;
using sandbox::Behaviour;
using sandbox::Call;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class CourierConform : public ::testing::Test {
protected:
    // A fleet in a hurry would collect before it is told not to.
    CourierConform() {
        Behaviour waiting;
        waiting.hold_before = sandbox::Stage::collected;
        fleet().scripts().add(Call::book, sandbox::Match{sandbox::MatchKind::always, {}}, waiting);
    }
    testing::CommandEnd conform(const std::string& secret = sandbox::OpenAccount{}.secret) {
        const auto account = (folder_.path() / "fleet.toml").string();
        std::ofstream(account) << "base_url = " << json::quoted(world_->base_url("fleet"))
                               << "\n[settings]\nsecret = " << json::quoted(secret) << "\n";
        return testing::run_command({"courier", "conform", "--account", account}, "");
    }
    void script(Call call, AnswerWay way) {
        Behaviour behaviour;
        behaviour.answer = way;
        fleet().scripts().add(call, sandbox::Match{}, behaviour);
    }
    sandbox::CourierDesk& fleet() { return world_->courier("OPEN"); }
    sandbox::Options options() const {
        sandbox::Options made;
        made.provider_book = folder_.path() / "provider.book";
        return made;
    }

    const testing::TemporaryFolder folder_;
    sandbox::WorldThread world_{options()};
};

TEST_F(CourierConform, PassesAFleetThatKeepsTheProtocol) {
    const auto end = conform();
    EXPECT_EQ(end.code, 0) << end.output << end.errors;
    EXPECT_THAT(end.output, AllOf(HasSubstr("\nconforms: 17 of 17 steps passed\n"), Not(HasSubstr("FAIL")),
                                  Not(HasSubstr("may still stand"))));
    const auto all = fleet().book().all();
    ASSERT_EQ(all.size(), 1U) << "nothing but the one booking";
    EXPECT_EQ(all.front().stage, sandbox::Stage::cancelled);
}

TEST_F(CourierConform, NamesTheStepThatAFleetBreaks) {
    const struct {
        Call call;
        AnswerWay way;
        const char* line;
    } rows[] = {{Call::find, AnswerWay::garbage, "FAIL  find unknown"},
                {Call::track, AnswerWay::garbage, "FAIL  track"}};
    for (const auto& row : rows) {
        script(row.call, row.way);
        const auto end = conform();
        EXPECT_EQ(end.code, 1) << end.output;
        EXPECT_THAT(end.output, AllOf(HasSubstr(row.line), HasSubstr("does not conform: 16 of 17")));
    }
}

TEST_F(CourierConform, FailsWithAnotherSecretAndBooksNothing) {
    const auto end = conform("whsec_YW5vdGhlci1zZWNyZXQtdGhhbi10aGUtZmxlZXRz");
    EXPECT_EQ(end.code, 1) << end.errors;
    EXPECT_THAT(end.output, AllOf(HasSubstr("FAIL  book "), HasSubstr("HTTP 401"),
                                  HasSubstr("does not conform"), Not(HasSubstr("may still stand"))));
    EXPECT_TRUE(fleet().book().all().empty());
}

}  // namespace
}  // namespace returngate::e2e
