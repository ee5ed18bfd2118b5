// The end of a case (decisions 16, 17): receipt and recovery in either order, disputes, closing.
#include <gtest/gtest.h>

#include "tests/support/story.hpp"

namespace returngate::test {
namespace {

using enum TrackingStatus;

// Collected, paid and delivered.
Story delivered_and_paid() {
    Story story(a_case().advance_path(9900).with_pickup("YTO").accepted().with_waybill(kYtoNumber));
    story.reported(1, collected, "10:30");
    story.paid_out(PayoutAnswered::Outcome::executed);
    story.reported(1, delivered, "18:00");
    return story;
}

ConfirmReceipt confirmation() {
    return {kReturn, kSeller, true, {}, {}};
}
ConfirmReceipt dispute() {
    return {kReturn, kSeller, false, "empty box", {{"picture-1"}}};
}
ReportRecovery recovery(Fen amount_fen, std::string reference = "escrow-1") {
    return {kReturn, amount_fen, std::move(reference)};
}

std::string refusal(Story& story, const Command& command) {
    const auto decision = story.tell(command);
    return decision ? "taken" : decision.error().code;
}

TEST(Receipt, ThenRecoveryClosesTheCase) {
    auto story = delivered_and_paid();
    story.must(confirmation());
    EXPECT_EQ(story.file.case_.status, CaseStatus::received);
    EXPECT_EQ(story.file.case_.receipt, ReceiptOutcome::confirmed);
    EXPECT_FALSE(story.has_job(JobKind::receipt_deadline));
    const auto decision = story.must(recovery(9900));
    EXPECT_EQ(story.file.case_.status, CaseStatus::closed);
    EXPECT_EQ(story.file.case_.closed_at, story.now);
    EXPECT_EQ(story.file.advance->state, AdvanceState::recovered);
    EXPECT_EQ(story.file.line.left_fen(), 80000);
    EXPECT_EQ(story.balance(ledger::Account::advances_receivable), 0);
    EXPECT_EQ(story.balance(ledger::Account::escrow_clearing), 9900);
    ASSERT_TRUE(decision.recovery);
    EXPECT_EQ(decision.recovery->reference, "escrow-1");
    EXPECT_EQ(story.saw("return.closed"), 1);
}

TEST(Receipt, AfterRecoveryClosesTheCaseToo) {
    auto story = delivered_and_paid();
    story.must(recovery(9900));
    EXPECT_EQ(story.file.case_.status, CaseStatus::delivered);
    story.must(confirmation());
    EXPECT_EQ(story.file.case_.status, CaseStatus::closed);
}

TEST(Receipt, OfACaseWithoutAnAdvanceStaysOpenForTheRefund) {
    Story story(a_case().with_pickup("YTO").accepted().with_waybill(kYtoNumber));
    story.reported(1, delivered, "18:00");
    story.must(confirmation());
    EXPECT_EQ(story.file.case_.status, CaseStatus::received);
    EXPECT_EQ(refusal(story, recovery(9900)), "advance_not_found");
}

// The seller's word for the parcel is stronger than the courier's: the money waits for it no longer.
TEST(Receipt, MayComeBeforeTheCouriersWordAndIsPaidForOnce) {
    Story story(a_case().advance_path(9900).with_pickup("YTO").accepted().with_waybill(kYtoNumber));
    story.must(confirmation());
    EXPECT_EQ(story.file.case_.status, CaseStatus::received);
    EXPECT_EQ(story.file.case_.refund, RefundPath::after_receipt);
    EXPECT_EQ(story.file.line.held_fen, 0);
    EXPECT_EQ(story.saw("refund.deferred"), 1);
    ASSERT_EQ(story.file.refunds.size(), 1U);
    story.reported(1, delivered, "18:00");
    EXPECT_EQ(story.file.case_.status, CaseStatus::received);
    EXPECT_FALSE(story.has_job(JobKind::receipt_deadline));
    EXPECT_FALSE(story.file.advance);
    EXPECT_EQ(story.file.refunds.size(), 1U);
    story.refund_paid_out(RefundKind::refund, PayoutAnswered::Outcome::executed);
    EXPECT_EQ(story.file.case_.status, CaseStatus::closed);
    EXPECT_EQ(story.balance(ledger::Account::platform_funds), -9900);
}

TEST(Receipt, OfANumberThatNobodyConfirmedIsRefundedAndALateAnswerPaysNothing) {
    auto story = Story::of_buyer(4, 9900);
    story.must(an_application());
    story.must(ShipYourself{kReturn, CourierCode{"YTO"}, std::string(kYtoNumber)});
    EXPECT_FALSE(story.file.advance);
    story.must(confirmation());
    EXPECT_EQ(story.file.refunds.size(), 1U);
    story.asked(1, {an_event(accepted, at("11:00"))});
    story.asked(1, {an_event(collected, at("11:00"))});
    EXPECT_FALSE(story.file.advance);
    EXPECT_EQ(story.file.refunds.size(), 1U);
}

TEST(Receipt, ByAnAppealAfterARefusalThatWasOverruledIsRefunded) {
    auto story = Story::of_buyer(4, 9900);
    story.file.order->category = "toys";
    story.must(an_application());
    story.must(AnswerApplication{kReturn, kSeller, false, "worn", {{"picture-1"}}});
    EXPECT_EQ(story.file.line.held_fen, 0);
    story.must(Intervene{kReturn, {}, "unfair", {}});
    for (const auto* owner : {"ann", "bob"}) story.must(Adjudicate{kReturn, true, owner, "seen"});
    EXPECT_EQ(story.file.case_.status, CaseStatus::awaiting_parcel);
    story.must(dispute());
    story.must(Appeal{kReturn, {}, "unfair", {{"film", std::string(64, 'a'), at("09:00")}}});
    for (const auto* owner : {"ann", "bob"}) story.must(DecideAppeal{kReturn, true, owner, "seen"});
    EXPECT_EQ(story.file.case_.status, CaseStatus::received);
    EXPECT_EQ(story.file.refunds.size(), 1U);
}

// Frozen as it was, its rejected advance could not be refunded; what was in doubt is cleared up afterwards.
TEST(Receipt, OfAFrozenReturnIsRefundedWhenTheDoubtIsGone) {
    Story story(a_case().advance_path(9900).with_pickup("YTO").accepted().with_waybill(kYtoNumber));
    story.now = at("11:00");
    story.reported(1, collected, "10:30");
    story.reported(1, undone, "10:40");
    EXPECT_EQ(story.file.case_.frozen, "collection_undone_after_advance");
    story.must(confirmation());
    story.paid_out(PayoutAnswered::Outcome::rejected);
    EXPECT_TRUE(story.file.refunds.empty());
    story.reported(1, collected, "10:50");
    EXPECT_EQ(story.file.case_.frozen, "");
    EXPECT_EQ(story.file.refunds.size(), 1U);
}

TEST(Receipt, ComesOnceFromItsSellerAndForAParcelThatIsExpected) {
    auto story = delivered_and_paid();
    auto foreign = confirmation();
    foreign.seller.value = "seller-2";
    EXPECT_EQ(refusal(story, foreign), "return_not_found");
    story.must(confirmation());
    EXPECT_EQ(refusal(story, dispute()), "receipt_already_given");
    for (const auto status : {CaseStatus::refused, CaseStatus::closed, CaseStatus::awaiting_agreement}) {
        Story other(a_case().status(status));
        EXPECT_EQ(refusal(other, confirmation()), "no_parcel_expected");
    }
    Story nothing;
    EXPECT_EQ(refusal(nothing, confirmation()), "return_not_found");
}

TEST(Dispute, NeedsReasonAndEvidenceAndStopsTheClock) {
    auto story = delivered_and_paid();
    auto without = dispute();
    without.evidence.clear();
    EXPECT_EQ(refusal(story, without), "reason_and_evidence_required");
    without = dispute();
    without.reason.clear();
    EXPECT_EQ(refusal(story, without), "reason_and_evidence_required");
    const auto decision = story.must(dispute());
    EXPECT_EQ(story.file.case_.status, CaseStatus::disputed);
    EXPECT_EQ(decision.evidence->kind, "dispute");
    EXPECT_FALSE(story.has_job(JobKind::receipt_deadline));
    EXPECT_EQ(story.saw("receipt.disputed"), 1);
}

TEST(Dispute, BeforeTheAdvanceGivesTheReservationBackAndNothingIsAdvanced) {
    Story story(a_case().advance_path(9900).with_pickup("YTO").accepted().with_waybill(kYtoNumber));
    story.must(dispute());
    EXPECT_EQ(story.file.case_.held_fen, 0);
    EXPECT_EQ(story.file.line.left_fen(), 80000);
    EXPECT_EQ(story.file.case_.refund, RefundPath::after_receipt);
    story.reported(1, collected, "10:30");
    EXPECT_FALSE(story.file.advance);
    EXPECT_EQ(story.file.case_.status, CaseStatus::disputed);
}

TEST(Dispute, AfterTheAdvanceLeavesTheAdvanceOpenAndARecoveryDoesNotCloseTheCase) {
    auto story = delivered_and_paid();
    story.must(dispute());
    EXPECT_EQ(story.file.line.open_fen, 9900);
    story.must(recovery(9900));
    EXPECT_EQ(story.file.advance->state, AdvanceState::recovered);
    EXPECT_EQ(story.file.case_.status, CaseStatus::disputed);
}

TEST(Recovery, InPartsFreesTheLineInParts) {
    auto story = delivered_and_paid();
    story.must(confirmation());
    story.must(recovery(4000));
    EXPECT_EQ(story.file.advance->state, AdvanceState::paid);
    EXPECT_EQ(story.file.line.open_fen, 5900);
    EXPECT_EQ(story.balance(ledger::Account::advances_receivable), 5900);
    EXPECT_EQ(refusal(story, recovery(5901)), "recovery_exceeds_advance");
    story.must(recovery(5900, "escrow-2"));
    EXPECT_EQ(story.file.case_.status, CaseStatus::closed);
    EXPECT_EQ(refusal(story, recovery(1, "escrow-3")), "advance_not_open");
}

TEST(Recovery, OfNothingOrOfMoneyThatIsNotOutIsRefused) {
    auto story = delivered_and_paid();
    EXPECT_EQ(refusal(story, recovery(0)), "recovery_exceeds_advance");
    EXPECT_EQ(refusal(story, recovery(-1)), "recovery_exceeds_advance");
    Story committed(a_case().advance_path(9900).with_pickup("YTO").accepted().with_waybill(kYtoNumber));
    committed.reported(1, collected, "10:30");
    EXPECT_EQ(refusal(committed, recovery(9900)), "advance_not_open");
    committed.paid_out(PayoutAnswered::Outcome::rejected);
    EXPECT_EQ(refusal(committed, recovery(9900)), "advance_not_open");
}

}  // namespace
}  // namespace returngate::test
