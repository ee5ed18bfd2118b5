// Property: the stored inputs and the policy give the stored verdicts, whatever the application was like.
#include <gtest/gtest.h>
#include <random>
#include <set>

#include "src/advance/eligibility.hpp"
#include "tests/support/story.hpp"

namespace returngate::test {
namespace {

class Dice {
public:
    explicit Dice(unsigned seed) : random_(seed) {}
    int below(int limit) { return static_cast<int>(random_() % static_cast<unsigned>(limit)); }
    bool one_in(int count) { return below(count) == 0; }
    std::string of(const std::vector<std::string>& words) {
        return words.at(static_cast<std::size_t>(below(static_cast<int>(words.size()))));
    }

private:
    std::mt19937 random_;
};

Policy some_policy(Dice& dice) {
    Policy policy = a_policy();
    policy.version = 1 + dice.below(9);
    policy.min_stars = 1 + dice.below(5);
    policy.within = std::chrono::hours(24 * (1 + dice.below(14)));
    policy.scope.pilot_sellers_only = dice.one_in(2);
    if (dice.one_in(3)) policy.scope.categories.emplace_back("toys");
    if (dice.one_in(3)) policy.scope.reasons.emplace_back("damaged");
    if (dice.one_in(4)) policy.scope.excluded_sellers = {kSeller.value};
    if (dice.one_in(4)) policy.scope.excluded_items = {"item-1"};
    policy.trust.refund_rate_bp = dice.below(10'000);
    policy.trust.complaints = dice.below(5);
    policy.trust.dispute_rate_bp = dice.below(10'000);
    policy.trust.selected_only = dice.one_in(2);
    return policy;
}

Story some_story(Dice& dice) {
    Story story = Story::of_buyer(1 + dice.below(5), 1 + dice.below(90'000));
    Order& order = *story.file.order;
    order.category = dice.of({"womens_wear", "toys", "shoes"});
    order.trade_kind = dice.of({"normal", "staged_order", "postage_refund"});
    if (dice.one_in(5))
        order.received_at.reset();
    else
        order.received_at = story.now - std::chrono::minutes(dice.below(60 * 24 * 20));
    story.file.seller->pilot = dice.one_in(2);
    story.file.line.held_fen = dice.below(static_cast<int>(story.file.line.line_fen) + 1);
    BuyerTrust& trust = story.file.trust;
    trust.refund_rate_bp = dice.below(10'000);
    trust.complaints = dice.below(5);
    trust.dispute_rate_bp = dice.below(10'000);
    trust.is_selected = dice.one_in(2);
    if (dice.one_in(4)) trust.excluded = "fraud";
    story.policy = some_policy(dice);
    return story;
}

TEST(JudgeAgain, GivesTheStoredVerdictsFromTheStoredInputs) {
    std::set<std::string> seen_passing;
    std::set<std::string> seen_failing;
    for (unsigned seed = 0; seed < 2000; ++seed) {
        Dice dice(seed);
        Story story = some_story(dice);
        auto apply = an_application();
        apply.reason = dice.of({"seven_day_no_reason", "damaged"});
        if (dice.one_in(3)) apply.pictures.clear();
        const auto record = story.must(apply).application.value();
        const auto again = judge_again(story.policy, record.inputs);
        ASSERT_EQ(again.approval, record.approval_rules) << "seed " << seed;
        ASSERT_EQ(again.refund, record.refund_rules) << "seed " << seed;
        EXPECT_EQ(record.policy_version, story.policy.version);
        for (const auto* rules : {&record.approval_rules, &record.refund_rules}) {
            for (const auto& rule : *rules) (rule.passed ? seen_passing : seen_failing).emplace(rule.name);
        }
    }
    // It says something about a rule only if the rule went both ways.
    EXPECT_EQ(seen_passing, seen_failing);
    EXPECT_GE(seen_passing.size(), 15U);
}

}  // namespace
}  // namespace returngate::test
