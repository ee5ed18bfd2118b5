// Two verdicts (decision 5): B1 and B5 for the approval, A2 and A3 for the advance, each rule at its edge.
#include "src/advance/eligibility.hpp"

#include <gtest/gtest.h>

#include "tests/support/builders.hpp"

namespace returngate::test {
namespace {

struct Facts {
    Policy policy = a_policy();
    Order order = an_order();
    CreditLine line = a_line(3, 50000);
    BuyerTrust trust;
    std::vector<std::string> items{"item-1"};
    bool is_pilot_seller = true;
    Fen amount_fen = 9900;
    std::size_t pictures = 1;
    Instant now = at("10:00");

    [[nodiscard]] ApplicationFacts view() const {
        return {
            policy, order, line, trust, items, is_pilot_seller, amount_fen, pictures, "seven_day_no_reason",
            now};
    }
    [[nodiscard]] RuleResult rule(std::string_view name) const {
        for (const auto& rules : {approval_rules(view()), refund_rules(view())}) {
            for (const auto& result : rules) {
                if (result.name == name) return result;
            }
        }
        ADD_FAILURE() << "no rule " << name;
        return {};
    }
};

TEST(ApprovalRules, AllPassForThreeStarsWithinSevenDaysAndAPicture) {
    EXPECT_TRUE(all_passed(approval_rules(Facts{}.view())));
}

TEST(ApprovalRules, NameTheirSourceAndTheFiguresThatTheyCompared) {
    for (const auto& result : approval_rules(Facts{}.view())) {
        EXPECT_FALSE(result.label.empty());
        EXPECT_FALSE(result.name.empty());
        EXPECT_FALSE(result.detail.empty()) << result.name;
    }
    EXPECT_EQ(Facts{}.rule("stars_at_least").label, "B1");
    EXPECT_EQ(Facts{}.rule("picture_present").label, "B5");
    EXPECT_EQ(Facts{}.rule("within_credit_line").label, "A2");
}

TEST(ApprovalRules, TwoStarsAreNotEnough) {
    Facts facts;
    facts.line.stars = 2;
    EXPECT_FALSE(facts.rule("stars_at_least").passed);
    facts.policy.min_stars = 2;
    EXPECT_TRUE(facts.rule("stars_at_least").passed);
}

TEST(ApprovalRules, ABuyerOfWhomThePlatformToldNothingIsNotTrusted) {
    Facts facts;
    facts.line = CreditLine{.buyer = kBuyer};
    EXPECT_FALSE(facts.rule("stars_at_least").passed);
    EXPECT_FALSE(facts.rule("within_credit_line").passed);
}

TEST(ApprovalRules, TheSeventhDayIsInAndTheNextMicrosecondIsNot) {
    Facts facts;
    facts.order.received_at = facts.now - std::chrono::hours(7 * 24);
    EXPECT_TRUE(facts.rule("within_days").passed);
    facts.now += Duration(1);
    EXPECT_FALSE(facts.rule("within_days").passed);
}

TEST(ApprovalRules, GoodsThatWereNotReceivedYetAreTheSellersToJudge) {
    Facts facts;
    facts.order.received_at.reset();
    EXPECT_FALSE(facts.rule("within_days").passed);
}

TEST(ApprovalRules, PicturesAreEnoughAndOneThereMustBe) {
    Facts facts;
    facts.pictures = 0;
    EXPECT_FALSE(facts.rule("picture_present").passed);
}

TEST(RefundRules, TheLineCoversTheWholeAmountOrThereIsNoAdvance) {
    Facts facts;
    facts.amount_fen = 50000;
    EXPECT_TRUE(facts.rule("within_credit_line").passed);
    facts.amount_fen = 50001;
    EXPECT_FALSE(facts.rule("within_credit_line").passed);
    facts.amount_fen = 9900;
    facts.line.held_fen = 40101;
    EXPECT_FALSE(facts.rule("within_credit_line").passed);
}

}  // namespace
}  // namespace returngate::test
