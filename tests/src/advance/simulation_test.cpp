// A changed policy over recorded applications.
#include "src/advance/simulation.hpp"

#include <gtest/gtest.h>

#include "src/advance/eligibility.hpp"
#include "tests/support/story.hpp"

namespace returngate::test {
namespace {

RecordedApplication recorded(int stars, Fen amount_fen) {
    Story story = Story::of_buyer(stars, amount_fen);
    const auto record = story.must(an_application()).application.value();
    return {kReturn, record.inputs, record.policy_version, all_passed(record.approval_rules),
            grants_advance(record.refund_rules)};
}

RecordedApplication recorded_unshipped(int stars, Fen amount_fen) {
    Story story = Story::of_buyer(stars, amount_fen);
    story.file.order->state = "paid";
    auto application = an_application();
    application.is_unshipped = true;
    const auto record = story.must(application).application.value();
    return {kReturn, record.inputs, record.policy_version, all_passed(record.approval_rules),
            grants_advance(record.refund_rules)};
}

const LinesByVersion kLines{{1, Policy{}.line_by_stars}};

TEST(Simulation, OfTheSamePolicyChangesNothing) {
    const auto simulation =
        simulate(a_policy(), {recorded(2, 100), recorded(4, 9900), recorded(4, 99'000)}, kLines);
    EXPECT_EQ(simulation.applications, 3);
    EXPECT_TRUE(simulation.changed.empty());
    EXPECT_EQ(simulation.before, simulation.after);
    EXPECT_EQ(simulation.before, (Tally{2, 2, 10'000, 99'000}));
}

TEST(Simulation, SaysWhichApplicationsWouldHaveGoneAnotherWay) {
    Policy changed = a_policy();
    changed.min_stars = 4;
    changed.line_by_stars[4] = 5000;
    const auto simulation = simulate(changed, {recorded(3, 100), recorded(4, 9900)}, kLines);
    ASSERT_EQ(simulation.changed.size(), 2U);
    EXPECT_TRUE(simulation.changed[0].was_approved);
    EXPECT_FALSE(simulation.changed[0].is_approved);
    EXPECT_TRUE(simulation.changed[0].is_advanced);
    EXPECT_TRUE(simulation.changed[1].is_approved);
    EXPECT_FALSE(simulation.changed[1].is_advanced);
    EXPECT_EQ(simulation.before, (Tally{2, 2, 10'000, 0}));
    EXPECT_EQ(simulation.after, (Tally{1, 1, 100, 9900}));
}

TEST(Simulation, JudgesAnUnshippedOrderByItsOwnRulesAndCountsNoAdvance) {
    const auto application = recorded_unshipped(5, 9900);
    EXPECT_FALSE(application.was_advanced);
    Policy changed = a_policy();
    changed.unshipped.below_fen = 9900;
    const auto simulation = simulate(changed, {application}, kLines);
    EXPECT_EQ(simulation.before, (Tally{1, 0, 0, 0}));
    EXPECT_EQ(simulation.after, (Tally{0, 0, 0, 0}));
}

TEST(Simulation, LeavesALineAloneThatThePlatformSet) {
    auto own = recorded(4, 9900);
    own.inputs.line_fen = 9900;
    Policy changed = a_policy();
    changed.line_by_stars[4] = 0;
    EXPECT_EQ(simulate(changed, {own}, kLines).after.advances, 1);
    // Of a version that is not known any more nothing can be said about where the line came from.
    EXPECT_EQ(simulate(changed, {recorded(4, 9900)}, {}).after.advances, 1);
}

}  // namespace
}  // namespace returngate::test
