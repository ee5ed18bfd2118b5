// The application and its two verdicts (A1–A3, B1, B3, B5, decisions 5 and 6), and the seller's answer.
#include <gtest/gtest.h>

#include "tests/support/story.hpp"

namespace returngate::test {
namespace {

std::string refusal(Story& story, const Command& command) {
    const auto decision = story.tell(command);
    return decision ? "taken" : decision.error().code;
}

AnswerApplication agreement() {
    return {kReturn, kSeller, true, {}, {}};
}
AnswerApplication seller_refuses() {
    return {kReturn, kSeller, false, "worn", {{"picture-9"}}};
}

TEST(Application, OfATrustedBuyerInsideTheLineIsApprovedAndAdvancedAtOnce) {
    auto story = Story::of_buyer(3, 9900);
    const auto decision = story.must(an_application());
    EXPECT_EQ(story.file.case_.status, CaseStatus::awaiting_parcel);
    EXPECT_EQ(story.file.case_.approval, Approval::automatic);
    EXPECT_EQ(story.file.case_.refund, RefundPath::advance);
    EXPECT_EQ(story.file.case_.amount_fen, 9900);
    EXPECT_EQ(story.file.case_.held_fen, 9900);
    EXPECT_EQ(story.file.line.held_fen, 9900);
    EXPECT_EQ(story.saw("return.applied"), 1);
    EXPECT_EQ(story.saw("return.approved"), 1);
    EXPECT_EQ(story.due(JobKind::ship_deadline), at("10:00") + std::chrono::hours(7 * 24));
    EXPECT_FALSE(story.has_job(JobKind::seller_answer_deadline));
    ASSERT_TRUE(decision.application);
    EXPECT_EQ(decision.application->approval_rules.size(), 9U);
    EXPECT_EQ(decision.application->refund_rules.size(), 9U);
    EXPECT_EQ(decision.application->policy_version, 1);
}

TEST(Application, OfATrustedBuyerAboveTheLineIsApprovedWithoutAnAdvance) {
    auto story = Story::of_buyer(3, 50001);
    story.must(an_application());
    EXPECT_EQ(story.file.case_.approval, Approval::automatic);
    EXPECT_EQ(story.file.case_.refund, RefundPath::after_receipt);
    EXPECT_EQ(story.file.case_.held_fen, 0);
    EXPECT_EQ(story.file.line.held_fen, 0);
}

TEST(Application, OfATwoStarBuyerIsTheSellersToAnswerAndIsAdvancedAllTheSame) {
    auto story = Story::of_buyer(2, 9900);
    story.must(an_application());
    EXPECT_EQ(story.file.case_.status, CaseStatus::awaiting_agreement);
    EXPECT_EQ(story.file.case_.approval, Approval::seller);
    EXPECT_EQ(story.file.case_.refund, RefundPath::advance);
    EXPECT_EQ(story.file.line.held_fen, 9900);
    EXPECT_EQ(story.due(JobKind::seller_answer_deadline), at("10:00") + std::chrono::hours(72));
    EXPECT_FALSE(story.has_job(JobKind::ship_deadline));
}

TEST(Application, OfAnUnknownBuyerGetsNeither) {
    auto story = Story::of_buyer(0, 9900);
    story.must(an_application());
    EXPECT_EQ(story.file.case_.approval, Approval::seller);
    EXPECT_EQ(story.file.case_.refund, RefundPath::after_receipt);
}

TEST(Application, TakesWhatItNeedsFromTheOrderAndNotFromTheBuyer) {
    auto story = Story::of_buyer(3, 9900);
    story.must(an_application());
    const auto& made = story.file.case_;
    EXPECT_EQ(made.seller, kSeller);
    EXPECT_EQ(made.provider, "sandbox");
    EXPECT_EQ(made.payee, an_id<ContactId>(4));
    EXPECT_EQ(made.outbound_waybill, kOutboundNumber);
    EXPECT_EQ(made.applied_at, at("10:00"));
    EXPECT_EQ(story.file.order->items.front().returned_quantity, 1);
}

TEST(Application, TwoOfThemAreNotPromisedTheSameMoney) {
    Order order = an_order(60000);
    order.items.front().quantity = 2;  // 30,000 fen each
    auto story = Story::of_buyer(3, 60000);
    story.file.order = order;
    story.file.line = a_line(3, 50000);
    story.must(an_application());
    EXPECT_EQ(story.file.case_.refund, RefundPath::advance);

    Story second;  // the same buyer's next application, on the same order and line
    second.file.order = story.file.order;
    second.file.line = story.file.line;
    auto apply = an_application();
    apply.id = an_id<ReturnId>(9);
    apply.after_sale.value = "after-sale-2";
    second.must(apply);
    EXPECT_EQ(second.file.case_.amount_fen, 30000);
    EXPECT_EQ(second.file.case_.refund, RefundPath::after_receipt);
    EXPECT_EQ(second.file.line.held_fen, 30000);
}

TEST(Application, AgainIsTheSameReturn) {
    auto story = Story::of_buyer(3, 9900);
    story.must(an_application());
    const auto before = story.file.case_;
    const auto again = story.must(an_application());
    EXPECT_TRUE(again.events.empty());
    EXPECT_TRUE(again.jobs.empty());
    EXPECT_FALSE(again.application);
    EXPECT_EQ(story.file.case_.amount_fen, before.amount_fen);
    EXPECT_EQ(story.file.line.held_fen, 9900);
    EXPECT_EQ(story.file.order->items.front().returned_quantity, 1);
}

TEST(Application, UnderAnAfterSaleIdThatIsTakenIsRefused) {
    auto story = Story::of_buyer(3, 9900);
    story.must(an_application());
    auto other = an_application();
    other.order.value = "order-2";
    EXPECT_EQ(refusal(story, other), "after_sale_id_reused");
    other = an_application();
    other.buyer.value = "buyer-2";
    EXPECT_EQ(refusal(story, other), "after_sale_id_reused");
}

TEST(Application, IsRefusedForOrdersThatAreNotThere) {
    Story nothing;
    EXPECT_EQ(refusal(nothing, an_application()), "order_not_found");
    auto story = Story::of_buyer(3, 9900);
    auto apply = an_application();
    apply.buyer.value = "buyer-2";
    EXPECT_EQ(refusal(story, apply), "order_not_found");
    story.file.order->state = "paid";
    EXPECT_EQ(refusal(story, an_application()), "order_not_shipped");
    story.file.order->state = "shipped";
    story.file.order->received_at.reset();
    EXPECT_EQ(refusal(story, an_application()), "taken");
    EXPECT_EQ(story.file.case_.approval, Approval::seller);
}

TEST(Application, BooksThePickupInTheSameStep) {
    auto story = Story::of_buyer(3, 9900);
    auto apply = an_application();
    apply.pickup = a_pickup_request();
    const auto decision = story.must(apply);
    EXPECT_FALSE(decision.pickup_refusal);
    ASSERT_TRUE(story.file.case_.pickup);
    EXPECT_EQ(story.file.case_.pickup->id, kPickup);
    EXPECT_EQ(story.file.case_.pickup->window, (Window{at("10:00"), at("12:00")}));
    EXPECT_EQ(story.file.case_.pickup->door_by, at("12:00"));
    ASSERT_EQ(story.file.bookings.size(), 1U);
    EXPECT_TRUE(story.has_job(JobKind::place_booking, story.reference(1).value));
}

// While a courier is to come, the pickup's clocks stand in for the buyer's.
TEST(Application, WithAPickupStartsTheBuyersClockWhenThePickupEnds) {
    auto story = Story::of_buyer(3, 9900);
    auto apply = an_application();
    apply.pickup = a_pickup_request();
    story.must(apply);
    EXPECT_FALSE(story.has_job(JobKind::ship_deadline));
    story.now = at("11:00");
    story.must(CancelPickup{kReturn});
    EXPECT_EQ(story.due(JobKind::ship_deadline), at("10:00") + std::chrono::hours(7 * 24));
}

TEST(Application, WhosePickupEndsLateLeavesTheBuyerADay) {
    auto story = Story::of_buyer(3, 9900);
    auto apply = an_application();
    apply.pickup = a_pickup_request();
    story.must(apply);
    story.now = at("10:00") + std::chrono::hours(7 * 24);
    story.must(CancelPickup{kReturn});
    EXPECT_EQ(story.due(JobKind::ship_deadline), story.now + std::chrono::hours(24));
}

TEST(Application, IsTakenEvenWhenItsPickupIsNot) {
    auto story = Story::of_buyer(3, 9900);
    story.now = at("20:01");
    auto apply = an_application();
    apply.pickup = a_pickup_request();
    const auto decision = story.must(apply);
    ASSERT_TRUE(decision.pickup_refusal);
    EXPECT_EQ(decision.pickup_refusal->code, "outside_hours");
    EXPECT_EQ(story.file.case_.status, CaseStatus::awaiting_parcel);
    EXPECT_FALSE(story.file.case_.pickup);
}

TEST(Application, WithAPickupWaitsForTheSellerFirst) {
    auto story = Story::of_buyer(2, 9900);
    auto apply = an_application();
    apply.pickup = a_pickup_request();
    EXPECT_EQ(story.must(apply).pickup_refusal->code, "awaiting_agreement");
    EXPECT_FALSE(story.file.case_.pickup);
    EXPECT_EQ(refusal(story, BookPickup{kReturn, a_pickup_request()}), "return_not_awaiting_parcel");
    story.must(agreement());
    story.must(BookPickup{kReturn, a_pickup_request()});
    EXPECT_TRUE(story.file.case_.pickup);
}

TEST(SellersAnswer, AgreementStartsTheBuyersClock) {
    auto story = Story::of_buyer(2, 9900);
    story.must(an_application());
    story.now += std::chrono::hours(5);
    story.must(agreement());
    EXPECT_EQ(story.file.case_.status, CaseStatus::awaiting_parcel);
    EXPECT_FALSE(story.has_job(JobKind::seller_answer_deadline));
    EXPECT_EQ(story.due(JobKind::ship_deadline), story.now + std::chrono::hours(7 * 24));
    EXPECT_EQ(story.file.line.held_fen, 9900);
}

TEST(SellersAnswer, ARefusalNeedsReasonAndEvidence) {
    auto story = Story::of_buyer(2, 9900);
    story.must(an_application());
    auto answer = seller_refuses();
    answer.reason.clear();
    EXPECT_EQ(refusal(story, answer), "reason_and_evidence_required");
    answer = seller_refuses();
    answer.evidence.clear();
    EXPECT_EQ(refusal(story, answer), "reason_and_evidence_required");
    EXPECT_EQ(story.file.case_.status, CaseStatus::awaiting_agreement);
}

TEST(SellersAnswer, ARefusalGivesTheReservationBackAndKeepsTheEvidence) {
    auto story = Story::of_buyer(2, 9900);
    story.must(an_application());
    const auto decision = story.must(seller_refuses());
    EXPECT_EQ(story.file.case_.status, CaseStatus::refused);
    EXPECT_EQ(story.file.case_.held_fen, 0);
    EXPECT_EQ(story.file.line.left_fen(), 30000);
    ASSERT_TRUE(decision.evidence);
    EXPECT_EQ(decision.evidence->kind, "refusal");
    EXPECT_EQ(decision.evidence->items, std::vector<Evidence>{{"picture-9"}});
    EXPECT_FALSE(story.has_job(JobKind::seller_answer_deadline));
    EXPECT_EQ(story.saw("return.refused"), 1);
}

TEST(SellersAnswer, ComesOnceAndFromTheReturnsOwnSeller) {
    auto story = Story::of_buyer(2, 9900);
    story.must(an_application());
    auto foreign = agreement();
    foreign.seller.value = "seller-2";
    EXPECT_EQ(refusal(story, foreign), "return_not_found");
    story.must(agreement());
    EXPECT_EQ(refusal(story, seller_refuses()), "already_answered");
}

TEST(SellersAnswer, ToNothingIsNotFound) {
    Story story;
    EXPECT_EQ(refusal(story, agreement()), "return_not_found");
}

}  // namespace
}  // namespace returngate::test
