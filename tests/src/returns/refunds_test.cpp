// Refunds that are no advance: when they are promised, that they are promised once, and what the order keeps
// of it.
#include <gtest/gtest.h>

#include "tests/support/story.hpp"

namespace returngate::test {
namespace {

using Outcome = PayoutAnswered::Outcome;

std::string refusal(Story& story, const Command& command) {
    const auto decision = story.tell(command);
    return decision ? "taken" : decision.error().code;
}

Order unshipped_order(Fen amount_fen = 9900) {
    Order order = an_order(amount_fen);
    order.state = "paid";
    order.received_at.reset();
    order.outbound_courier.clear();
    order.outbound_waybill.clear();
    return order;
}

ApplyForReturn unshipped_application() {
    auto application = an_application();
    application.is_unshipped = true;
    return application;
}

Story unshipped_story(int stars = 4) {
    auto story = Story::of_buyer(stars, 9900);
    story.file.order = unshipped_order();
    return story;
}

Story received_classic() {
    auto story = Story::of_buyer(3, 50001);
    story.must(an_application());
    EXPECT_EQ(story.file.case_.refund, RefundPath::after_receipt);
    story.must(ConfirmReceipt{kReturn, kSeller, true, {}, {}});
    return story;
}

TEST(Refund, FollowsTheReceiptAndClosesTheReturn) {
    auto story = received_classic();
    ASSERT_EQ(story.file.refunds.size(), 1U);
    const Refund& refund = story.file.refunds.front();
    EXPECT_EQ(refund.kind, RefundKind::refund);
    EXPECT_EQ(refund.amount_fen, 50001);
    EXPECT_TRUE(story.has_job(JobKind::pay, refund.provider_key()));
    EXPECT_EQ(story.balance(ledger::Account::refunds_receivable), 50001);
    story.refund_paid_out(RefundKind::refund, Outcome::executed);
    EXPECT_EQ(story.file.case_.status, CaseStatus::closed);
    EXPECT_EQ(story.balance(ledger::Account::platform_funds), -50001);
    EXPECT_EQ(story.balance(ledger::Account::payouts_in_transit), 0);
    EXPECT_EQ(story.file.line.open_fen, 0);
}

TEST(Refund, InDoubtIsAskedForUnderTheSameKey) {
    auto story = received_classic();
    const std::string key = story.refund_key(RefundKind::refund);
    story.refund_paid_out(RefundKind::refund, Outcome::unknown);
    EXPECT_FALSE(story.has_job(JobKind::pay, key));
    EXPECT_TRUE(story.has_job(JobKind::resolve_payout, key));
    story.refund_paid_out(RefundKind::refund, Outcome::executed);
    EXPECT_FALSE(story.has_job(JobKind::resolve_payout, key));
    EXPECT_EQ(story.refund_key(RefundKind::refund), key);
}

TEST(Refund, AnsweredTwiceIsPaidOnceAndAContradictionIsAPersons) {
    auto story = received_classic();
    story.refund_paid_out(RefundKind::refund, Outcome::executed);
    story.refund_paid_out(RefundKind::refund, Outcome::executed);
    EXPECT_EQ(story.saw("refund.paid"), 1);
    EXPECT_EQ(story.file.case_.frozen, "");
    story.refund_paid_out(RefundKind::refund, Outcome::rejected);
    EXPECT_EQ(story.file.case_.frozen, "rejected_after_payment");
    EXPECT_EQ(story.file.refunds.front().state, RefundState::paid);
}

TEST(Refund, OfAStrangersKeyIsNotFound) {
    auto story = received_classic();
    PayoutAnswered answer{kReturn, Outcome::executed, "trade", "", 1};
    answer.payout = "rfd_00000000000000000000000000000000";
    EXPECT_EQ(refusal(story, answer), "refund_not_found");
}

TEST(Refund, FollowsAnAdvanceThatWasRejectedAfterTheReceipt) {
    auto story = Story::of_buyer(4, 9900);
    story.must(an_application());
    story.must(ShipYourself{kReturn, CourierCode{"SF"}, std::string(kSfNumber)});
    ASSERT_TRUE(story.file.advance);
    story.must(ConfirmReceipt{kReturn, kSeller, true, {}, {}});
    EXPECT_TRUE(story.file.refunds.empty());
    story.paid_out(Outcome::rejected);
    EXPECT_EQ(story.refund_key(RefundKind::refund).substr(0, 4), "rfd_");
    story.refund_paid_out(RefundKind::refund, Outcome::executed);
    EXPECT_EQ(story.file.case_.status, CaseStatus::closed);
}

TEST(Unshipped, IsApprovedAndPaidWithoutTheSeller) {
    auto story = unshipped_story();
    story.must(unshipped_application());
    EXPECT_EQ(story.file.case_.kind, CaseKind::unshipped);
    EXPECT_EQ(story.file.case_.status, CaseStatus::refunding);
    EXPECT_EQ(story.file.line.held_fen, 0);
    EXPECT_FALSE(story.has_job(JobKind::trace_outbound, "/"));
    story.refund_paid_out(RefundKind::unshipped, Outcome::executed);
    EXPECT_EQ(story.file.case_.status, CaseStatus::closed);
    EXPECT_EQ(story.file.order->items.front().returned_quantity, 1);
    EXPECT_FALSE(story.has_job(JobKind::look_at_order, kOrder.value));
}

TEST(Unshipped, WithTheSameAfterSaleIdIsTheSameRefundButNoReturn) {
    auto story = unshipped_story();
    story.must(unshipped_application());
    const auto again = story.must(unshipped_application());
    EXPECT_TRUE(again.events.empty());
    EXPECT_EQ(story.file.refunds.size(), 1U);
    EXPECT_EQ(refusal(story, an_application()), "after_sale_id_reused");
}

TEST(Unshipped, RefundsTheFreightToo) {
    auto story = unshipped_story();
    story.file.order->charges = {{.name = "freight", .amount_fen = 600}};
    story.file.order->paid_fen = 10500;
    story.must(unshipped_application());
    EXPECT_EQ(story.file.refunds.front().amount_fen, 10500);
    EXPECT_EQ(story.file.order->charges.front().returned_fen, 600);
}

TEST(Unshipped, WithANumberOnFileAsksItsCourier) {
    auto story = unshipped_story();
    story.file.order->outbound_courier = "YTO";
    story.file.order->outbound_waybill = kOutboundNumber;
    story.must(unshipped_application());
    EXPECT_TRUE(story.has_job(JobKind::trace_outbound, "YTO/" + std::string(kOutboundNumber)));
    EXPECT_EQ(story.file.case_.status, CaseStatus::refunding);
}

TEST(Unshipped, WithANumberOfACourierThatCannotBeAskedIsNotTraced) {
    auto story = unshipped_story();
    story.file.order->outbound_courier = "STO";
    story.file.order->outbound_waybill = "773000000000001";
    story.must(unshipped_application());
    for (const auto& [name, due] : story.jobs) EXPECT_NE(name.first, JobKind::trace_outbound);
}

TEST(Unshipped, StillWithTheSellerEndsWhenTheCourierHasTheGoods) {
    auto story = unshipped_story(2);
    story.file.order->outbound_courier = "YTO";
    story.file.order->outbound_waybill = kOutboundNumber;
    story.must(unshipped_application());
    ASSERT_EQ(story.file.case_.status, CaseStatus::awaiting_agreement);
    story.must(OutboundTraced{kReturn, CourierCode{"YTO"}, std::string(kOutboundNumber), at("09:00"), 1});
    EXPECT_EQ(story.file.case_.status, CaseStatus::closed);
    EXPECT_TRUE(story.has_job(JobKind::look_at_order, kOrder.value));
    EXPECT_FALSE(story.has_job(JobKind::seller_answer_deadline));
}

TEST(Unshipped, IsWhatATraceIsAboutAndNoReturnOfGoods) {
    auto story = Story::of_buyer(4, 9900);
    story.file.order->category = "toys";
    story.must(an_application());
    story.must(OutboundTraced{kReturn, CourierCode{"YTO"}, std::string(kOutboundNumber), at("09:00"), 1});
    EXPECT_EQ(story.file.case_.status, CaseStatus::awaiting_agreement);
    EXPECT_EQ(story.file.case_.frozen, "");
}

TEST(Unshipped, IsToldOfItsOrderOncePerReturn) {
    auto story = unshipped_story(2);
    story.must(unshipped_application());
    Order shipped = *story.file.order;
    shipped.state = "shipped";
    shipped.outbound_courier = "YTO";
    shipped.outbound_waybill = kOutboundNumber;
    EXPECT_EQ(story.must(PutOrder{shipped}).jobs.size(), 1U);
    EXPECT_TRUE(story.must(PutOrder{shipped}).jobs.empty());
    story.must(LookAtOrder{kReturn, kOrder});
    EXPECT_EQ(story.file.case_.status, CaseStatus::closed);
    EXPECT_EQ(story.file.order->items.front().returned_quantity, 0);
    EXPECT_EQ(story.file.order->items.front().returned_fen, 0);
    EXPECT_TRUE(story.file.order->takings.empty());
}

TEST(Items, AreGivenBackWhenNothingCameOfTheReturn) {
    auto story = Story::of_buyer(4, 9900);
    story.must(an_application());
    story.must(Withdraw{kReturn, "settled"});
    ASSERT_TRUE(story.has_job(JobKind::look_at_order, kOrder.value));
    EXPECT_EQ(story.file.order->items.front().returned_quantity, 1);
    story.must(LookAtOrder{kReturn, kOrder});
    EXPECT_EQ(story.file.order->items.front().returned_quantity, 0);
    story.must(LookAtOrder{kReturn, kOrder});
    EXPECT_EQ(story.file.order->items.front().returned_quantity, 0);
    EXPECT_EQ(refusal(story, LookAtOrder{kReturn, OrderId{"order-2"}}), "return_not_found");
}

TEST(Items, OfALiveReturnStayTaken) {
    auto story = Story::of_buyer(4, 9900);
    story.must(an_application());
    story.must(LookAtOrder{kReturn, kOrder});
    EXPECT_EQ(story.file.order->items.front().returned_quantity, 1);
}

TEST(Items, GivenBackLeaveTheOthersAndSumToTheWholeAgain) {
    Order order = an_order(10000);
    order.items.front().quantity = 3;
    Fen kept = 0;
    for (std::uint8_t number = 1; number <= 3; ++number) {
        auto taken = take_items(order, {{"item-1", 1}}, Charges::kept);
        ASSERT_TRUE(taken);
        order = taken->order;
        remember_takings(order, an_id<ReturnId>(number), false, taken->amount);
        if (number != 2) kept += taken->amount.total_fen;
    }
    give_back(order, an_id<ReturnId>(2));
    EXPECT_EQ(order.items.front().returned_quantity, 2);
    EXPECT_EQ(order.items.front().returned_fen, kept);
    const auto again = take_items(order, {{"item-1", 1}}, Charges::kept);
    EXPECT_EQ(kept + again->amount.total_fen, 10000);
}

TEST(Postage, NeedsTheSellerOfTheReturnAndNoFrozenCase) {
    auto story = received_classic();
    EXPECT_EQ(refusal(story, RefundPostage{kReturn, SellerId{"seller-2"}, 100}), "return_not_found");
    EXPECT_EQ(refusal(story, RefundPostage{kReturn, kSeller, 0}), "postage_out_of_range");
    story.file.case_.frozen = "returned";
    EXPECT_EQ(refusal(story, RefundPostage{kReturn, kSeller, 100}), "return_frozen");
}

TEST(Postage, KeepsTheReturnOpenUntilItIsPaid) {
    auto story = received_classic();
    story.must(RefundPostage{kReturn, kSeller, 1200});
    story.refund_paid_out(RefundKind::refund, Outcome::executed);
    EXPECT_EQ(story.file.case_.status, CaseStatus::received);
    story.refund_paid_out(RefundKind::postage, Outcome::executed);
    EXPECT_EQ(story.file.case_.status, CaseStatus::closed);
    EXPECT_EQ(story.balance(ledger::Account::refunds_receivable), 50001 + 1200);
}

TEST(Postage, IsRefundedOnceAfterTheReturnIsClosedAndInTime) {
    auto story = received_classic();
    story.refund_paid_out(RefundKind::refund, Outcome::executed);
    ASSERT_EQ(story.file.case_.status, CaseStatus::closed);
    const Instant closed_at = story.now;
    auto late = story;
    late.now = closed_at + story.policy.clocks.appeal_within + std::chrono::seconds(1);
    EXPECT_EQ(refusal(late, RefundPostage{kReturn, kSeller, 1200}), "postage_too_late");
    story.now = closed_at + story.policy.clocks.appeal_within;
    story.must(RefundPostage{kReturn, kSeller, 1200});
    EXPECT_EQ(refusal(story, RefundPostage{kReturn, kSeller, 1200}), "postage_refunded");
    story.refund_paid_out(RefundKind::postage, Outcome::executed);
    EXPECT_EQ(story.file.case_.status, CaseStatus::closed);
    EXPECT_EQ(story.saw("return.closed"), 1);
    EXPECT_EQ(story.balance(ledger::Account::refunds_receivable), 50001 + 1200);
}

TEST(Postage, IsNotRefundedOfAReturnThatEndedWithoutItsParcel) {
    auto story = Story::of_buyer(3, 50001);
    story.must(an_application());
    story.must(Withdraw{kReturn, "settled"});
    EXPECT_EQ(refusal(story, RefundPostage{kReturn, kSeller, 100}), "receipt_not_confirmed");
}

}  // namespace
}  // namespace returngate::test
