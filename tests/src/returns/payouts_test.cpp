// The provider's answers (decisions 11, 14, 16): paid, rejected for good, in doubt.
#include <gtest/gtest.h>

#include "tests/support/story.hpp"

namespace returngate::test {
namespace {

using Outcome = PayoutAnswered::Outcome;
using enum TrackingStatus;

// Collected and committed at 10:30.
Story committed() {
    Story story(a_case().advance_path(9900).with_pickup("YTO").accepted().with_waybill(kYtoNumber));
    story.now = at("10:30");
    story.reported(1, collected, "10:30");
    return story;
}

std::string subject(const Story& story) {
    return to_string(story.file.advance->id);
}

TEST(Payout, ExecutedIsPaid) {
    auto story = committed();
    story.now += std::chrono::milliseconds(900);
    const auto decision = story.paid_out(Outcome::executed);
    EXPECT_EQ(story.file.advance->state, AdvanceState::paid);
    EXPECT_EQ(story.file.advance->paid_at, story.now);
    EXPECT_EQ(story.file.advance->provider_reference, "trade-1");
    EXPECT_EQ(story.balance(ledger::Account::platform_funds), -9900);
    EXPECT_EQ(story.balance(ledger::Account::payouts_in_transit), 0);
    EXPECT_EQ(story.balance(ledger::Account::advances_receivable), 9900);
    EXPECT_EQ(story.file.line.open_fen, 9900);
    EXPECT_FALSE(story.has_job(JobKind::pay, subject(story)));
    const auto& facts = decision.events.back().facts;
    EXPECT_EQ(std::get<std::int64_t>(facts.at(1).second), 900);
    EXPECT_TRUE(std::get<bool>(facts.at(2).second));
}

TEST(Payout, LaterThanASecondIsPaidAndTheMissIsRecorded) {
    auto story = committed();
    story.now += std::chrono::milliseconds(1001);
    const auto decision = story.paid_out(Outcome::executed);
    EXPECT_FALSE(std::get<bool>(decision.events.back().facts.at(2).second));
}

TEST(Payout, RejectedForGoodIsReversedAndFreesTheLine) {
    auto story = committed();
    story.paid_out(Outcome::rejected);
    EXPECT_EQ(story.file.advance->state, AdvanceState::reversed);
    EXPECT_EQ(story.file.case_.refund, RefundPath::after_receipt);
    EXPECT_EQ(story.file.line.open_fen, 0);
    EXPECT_EQ(story.file.line.left_fen(), 80000);
    EXPECT_EQ(story.balance(ledger::Account::advances_receivable), 0);
    EXPECT_EQ(story.balance(ledger::Account::payouts_in_transit), 0);
    EXPECT_EQ(story.saw("advance.reversed"), 1);
}

TEST(Payout, OnceReversedIsNeverAdvancedAgain) {
    auto story = committed();
    const auto id = story.file.advance->id;
    story.paid_out(Outcome::rejected);
    story.reported(1, in_transit, "12:00");
    EXPECT_EQ(story.file.advance->id, id);
    EXPECT_EQ(story.file.advance->state, AdvanceState::reversed);
    EXPECT_EQ(story.saw("advance.committed"), 1);
}

TEST(Payout, InDoubtStaysCommittedAndIsAskedForNeverPaidAgain) {
    auto story = committed();
    story.paid_out(Outcome::unknown);
    EXPECT_EQ(story.file.advance->state, AdvanceState::committed);
    EXPECT_EQ(story.file.line.open_fen, 9900);
    EXPECT_EQ(story.transfers.size(), 1U);
    EXPECT_FALSE(story.has_job(JobKind::pay, subject(story)));
    EXPECT_EQ(story.due(JobKind::resolve_payout, subject(story)), story.now + std::chrono::milliseconds(200));
    story.paid_out(Outcome::executed);
    EXPECT_EQ(story.file.advance->state, AdvanceState::paid);
    EXPECT_FALSE(story.has_job(JobKind::resolve_payout, subject(story)));
}

TEST(Payout, InDoubtIsAskedForEverSlowerAndAtLeastEveryFiveMinutes) {
    auto story = committed();
    Duration last{};
    for (int attempt = 1; attempt <= 40; ++attempt) {
        story.must(PayoutAnswered{kReturn, Outcome::unknown, "", "", attempt});
        const Duration wait = story.due(JobKind::resolve_payout, subject(story)) - story.now;
        EXPECT_GE(wait, last);
        EXPECT_LE(wait, std::chrono::minutes(5));
        last = wait;
    }
    EXPECT_EQ(last, std::chrono::minutes(5));
}

TEST(Payout, AnsweredTwiceIsBookedOnce) {
    auto story = committed();
    story.paid_out(Outcome::executed);
    const auto again = story.paid_out(Outcome::executed);
    EXPECT_TRUE(again.transfers.empty());
    EXPECT_TRUE(again.events.empty());
    EXPECT_EQ(story.file.case_.frozen, "");
}

TEST(Payout, ThatContradictsWhatWeBookedFreezesTheCaseAndBooksNothing) {
    auto reversed = committed();
    reversed.paid_out(Outcome::rejected);
    EXPECT_TRUE(reversed.paid_out(Outcome::executed).transfers.empty());
    EXPECT_EQ(reversed.file.advance->state, AdvanceState::reversed);
    EXPECT_EQ(reversed.file.case_.frozen, "paid_after_reversal");
    auto paid = committed();
    paid.paid_out(Outcome::executed);
    EXPECT_TRUE(paid.paid_out(Outcome::rejected).transfers.empty());
    EXPECT_EQ(paid.file.advance->state, AdvanceState::paid);
    EXPECT_EQ(paid.file.case_.frozen, "rejected_after_payment");
}

TEST(Payout, OfNothingIsNotFound) {
    Story story(a_case());
    EXPECT_EQ(story.tell(PayoutAnswered{kReturn, Outcome::executed, "", "", 1}).error().code,
              "advance_not_found");
}

TEST(Advance, KeepsItsKeyForEver) {
    auto story = committed();
    const auto key = story.file.advance->provider_key();
    EXPECT_EQ(key, to_string(story.file.advance->id));
    story.paid_out(Outcome::unknown);
    story.paid_out(Outcome::executed);
    EXPECT_EQ(story.file.advance->provider_key(), key);
}

}  // namespace
}  // namespace returngate::test
