// The watch over a typed number: whom it accuses, when it ends, and what its end takes back.
#include <gtest/gtest.h>

#include "src/returns/conduct.hpp"
#include "tests/support/story.hpp"

namespace returngate::test {
namespace {

using Outcome = PayoutAnswered::Outcome;
using enum TrackingStatus;

const ConfirmReceipt kConfirmed{kReturn, kSeller, true, {}, {}};
const std::string kAccused = std::string(kFalseWaybill) + "/" + kBuyer.value;

// Agreed at 10:00; its number is typed in at once.
Story typed_in(int stars) {
    auto story = Story::of_buyer(stars, 9900);
    story.must(an_application());
    story.must(ShipYourself{kReturn, CourierCode{"SF"}, std::string(kSfNumber)});
    return story;
}
Story typed_in_and_paid() {
    auto story = typed_in(4);
    story.paid_out(Outcome::executed);
    return story;
}

void watch_ends(Story& story) {
    story.fires(JobKind::self_shipped_deadline, story.reference(1).value);
}
bool is_watched(const Story& story) {
    return story.has_job(JobKind::self_shipped_deadline, story.file.bookings.front().reference.value);
}
bool is_accused(const Story& story) {
    return story.saw("waybill.not_collected") > 0 || story.saw("clawback.notified") > 0 ||
           story.has_job(JobKind::note_conduct, kAccused);
}
void conduct_is_noted(Story& story, const std::string& subject) {
    ASSERT_TRUE(story.has_job(JobKind::note_conduct, subject));
    story.must(conduct_of(kReturn, subject));
}

TEST(TypedNumber, IsNotWatchedOnceTheSellerHasTheParcel) {
    auto story = typed_in_and_paid();
    story.now = at("12:00");
    story.must(kConfirmed);
    EXPECT_FALSE(is_watched(story));
    // One that was under way already.
    story.now = at("12:00") + std::chrono::hours(48);
    story.must(TimerFired{kReturn, JobKind::self_shipped_deadline, story.reference(1).value});
    EXPECT_FALSE(is_accused(story));
}

TEST(TypedNumber, IsNotWatchedOnceTheReturnIsClosed) {
    auto story = typed_in(3);
    story.must(ConfirmReceipt{kReturn, kSeller, false, "empty", {{"film"}}});
    story.must(Intervene{kReturn, {}, "unfair", {}});
    for (const auto* owner : {"ann", "bob"}) story.must(Adjudicate{kReturn, false, owner, "seen"});
    EXPECT_EQ(story.file.case_.status, CaseStatus::closed);
    EXPECT_FALSE(is_watched(story));
    story.now = at("12:00") + std::chrono::hours(48);
    story.must(TimerFired{kReturn, JobKind::self_shipped_deadline, story.reference(1).value});
    EXPECT_FALSE(is_accused(story));
}

TEST(TypedNumber, IsNotWatchedOnceItIsDelivered) {
    auto story = typed_in_and_paid();
    story.now = at("18:30");
    story.reported(1, delivered, "18:00");
    EXPECT_FALSE(is_watched(story));
}

TEST(TypedNumber, ThatWasAccusedIsClearedByTheSellersConfirmation) {
    auto story = typed_in_and_paid();
    watch_ends(story);
    EXPECT_EQ(story.file.advance->clawback, "not_collected");
    conduct_is_noted(story, kAccused);
    EXPECT_EQ(story.saw("penalty.imposed"), 1);
    story.must(kConfirmed);
    EXPECT_EQ(story.file.advance->clawback, "");
    EXPECT_EQ(story.saw("clawback.withdrawn"), 1);
    conduct_is_noted(story, "!" + kAccused);
    EXPECT_EQ(story.saw("penalty.reversed"), 1);
}

TEST(TypedNumber, WithoutAnAdvanceIsClearedByItsCollection) {
    auto story = typed_in(3);
    ASSERT_FALSE(story.file.advance);
    watch_ends(story);
    conduct_is_noted(story, kAccused);
    story.reported(1, an_event(collected, story.now));
    conduct_is_noted(story, "!" + kAccused);
    EXPECT_TRUE(story.file.standing.facts.empty());
    EXPECT_EQ(story.saw("penalty.reversed"), 1);
}

TEST(TypedNumber, OfACourierThatCannotBeAskedMovesNoMoneyAndAccusesNobody) {
    for (const bool is_known : {false, true}) {
        auto story = Story::of_buyer(4, 9900);
        story.policy.couriers.back().enabled = false;
        if (!is_known) story.policy.couriers.pop_back();
        story.must(an_application());
        story.must(ShipYourself{kReturn, CourierCode{"SF"}, std::string(kSfNumber)});
        EXPECT_FALSE(story.file.advance);
        EXPECT_EQ(story.file.case_.refund, RefundPath::after_receipt);
        EXPECT_EQ(story.file.line.held_fen, 0);
        EXPECT_EQ(story.saw("refund.deferred"), 1);
        watch_ends(story);
        EXPECT_FALSE(is_accused(story));
        story.must(kConfirmed);
        EXPECT_EQ(story.file.refunds.size(), 1U);
    }
}

TEST(TypedNumber, OfACourierThatWasSwitchedOffMeanwhileAccusesNobody) {
    auto story = typed_in_and_paid();
    story.policy.couriers.back().enabled = false;
    watch_ends(story);
    EXPECT_FALSE(is_accused(story));
    EXPECT_EQ(story.file.advance->state, AdvanceState::paid);
}

// B6: what the buyer had paid back for it by then is the buyer's again.
TEST(TypedNumber, ThatWasTrueAfterAllGivesBackWhatWasRepaid) {
    for (const Fen repaid_fen : {5000, 9900}) {
        auto story = typed_in_and_paid();
        watch_ends(story);
        story.must(ReportRepayment{kReturn, repaid_fen, "bank-1"});
        story.reported(1, an_event(collected, story.now));
        EXPECT_EQ(story.file.advance->clawback, "");
        EXPECT_EQ(story.file.advance->owed_fen(), 9900);
        ASSERT_EQ(story.file.refunds.size(), 1U);
        EXPECT_EQ(story.file.refunds.front().kind, RefundKind::restitution);
        EXPECT_EQ(story.file.refunds.front().amount_fen, repaid_fen);
        story.refund_paid_out(RefundKind::restitution, Outcome::executed);
        story.must(kConfirmed);
        story.must(ReportRecovery{kReturn, 9900, "escrow-1"});
        EXPECT_EQ(story.file.case_.status, CaseStatus::closed);
    }
}

// --- no parcel under it, and no money -------------------------------------------------------------
// Its watch has ended 48 hours after 10:00.
Story not_collected() {
    auto story = typed_in(3);
    watch_ends(story);
    EXPECT_TRUE(is_accused(story));
    return story;
}

TEST(TypedNumberNotCollected, IsAskedForNoMore) {
    auto story = typed_in(3);
    EXPECT_TRUE(story.has_job(JobKind::confirm_collection, story.reference(1).value));
    watch_ends(story);
    EXPECT_FALSE(story.has_job(JobKind::confirm_collection, story.reference(1).value));
    story.asked(1, {});  // the answer to a question that was under way
    EXPECT_FALSE(story.has_job(JobKind::confirm_collection, story.reference(1).value));
}

TEST(TypedNumberNotCollected, LetsTheBuyerWithdraw) {
    auto story = not_collected();
    story.must(Withdraw{kReturn, "settled"});
    EXPECT_EQ(story.file.case_.status, CaseStatus::closed);
}

TEST(TypedNumberNotCollected, LetsTheBuyerTypeAnotherOneWhichIsWatchedAnew) {
    auto story = not_collected();
    story.must(ShipYourself{kReturn, CourierCode{"YTO"}, std::string(kYtoNumber)});
    EXPECT_EQ(story.due(JobKind::self_shipped_deadline, story.reference(2).value),
              story.now + std::chrono::hours(48));
    story.reported(2, an_event(collected, story.now));
    EXPECT_EQ(story.file.case_.status, CaseStatus::in_carriage);
}

TEST(TypedNumberNotCollected, LetsTheBuyerBookAPickup) {
    auto story = not_collected();
    story.must(BookPickup{kReturn, a_pickup_request()});
    EXPECT_TRUE(story.file.has_live_pickup());
}

TEST(TypedNumberNotCollected, EndsWithTheTimeToShip) {
    auto story = not_collected();
    story.fires(JobKind::ship_deadline);
    EXPECT_EQ(story.now, at("10:00") + std::chrono::hours(24 * 7));
    EXPECT_EQ(story.file.case_.status, CaseStatus::closed);
    EXPECT_FALSE(story.has_job(JobKind::ship_deadline));
}

TEST(TypedNumberNotCollected, ThatIsCollectedAfterAllTakesTheOtherOnesPlace) {
    auto story = not_collected();
    story.must(ShipYourself{kReturn, CourierCode{"YTO"}, std::string(kYtoNumber)});
    story.reported(1, an_event(collected, story.now));
    EXPECT_EQ(story.booking(1).status, BookingStatus::collected);
    EXPECT_EQ(story.booking(2).status, BookingStatus::cancelled);
    EXPECT_FALSE(story.has_job(JobKind::self_shipped_deadline, story.reference(2).value));
    EXPECT_EQ(story.file.case_.frozen, "");
}

// A number without a check digit counts once its courier knows it: not once it was given up.
TEST(TypedNumberNotCollected, MovesNoMoneyByALateAnswer) {
    auto story = Story::of_buyer(4, 9900);
    story.must(an_application());
    story.must(ShipYourself{kReturn, CourierCode{"YTO"}, std::string(kYtoNumber)});
    watch_ends(story);
    story.asked(1, {an_event(accepted, story.now)});
    EXPECT_FALSE(story.file.advance);
    EXPECT_FALSE(story.has_job(JobKind::cancel_booking, story.reference(1).value)) << "we booked nothing";
}

TEST(TypedNumberNotCollected, IsWatchedAnewWhenItsCollectionIsWithdrawn) {
    auto story = typed_in(3);
    story.now = at("18:00");
    story.reported(1, collected, "17:00");
    EXPECT_FALSE(is_watched(story));
    story.reported(1, undone, "17:30");
    EXPECT_EQ(story.file.case_.status, CaseStatus::awaiting_parcel);
    EXPECT_EQ(story.due(JobKind::self_shipped_deadline, story.reference(1).value),
              at("18:00") + std::chrono::hours(48));
}

TEST(TypedNumberNotCollected, ButAdvancedOnStaysAsItIs) {
    auto story = typed_in_and_paid();
    watch_ends(story);
    EXPECT_EQ(story.tell(Withdraw{kReturn, "settled"}).error().code, "advance_open");
    EXPECT_EQ(story.tell(ShipYourself{kReturn, CourierCode{"YTO"}, std::string(kYtoNumber)}).error().code,
              "already_shipped");
    EXPECT_EQ(story.tell(BookPickup{kReturn, a_pickup_request()}).error().code, "already_shipped");
}

// Nobody can say that no parcel is under way, so the seller has the time that it has after a delivery.
TEST(TypedNumberNotCollected, OfACourierThatCannotBeAskedEndsLater) {
    auto story = Story::of_buyer(4, 9900);
    story.policy.couriers.pop_back();
    story.must(an_application());
    story.must(ShipYourself{kReturn, CourierCode{"SF"}, std::string(kSfNumber)});
    watch_ends(story);
    story.fires(JobKind::ship_deadline);
    EXPECT_EQ(story.file.case_.status, CaseStatus::awaiting_parcel);
    story.fires(JobKind::ship_deadline);
    EXPECT_EQ(story.now, at("10:00") + std::chrono::hours(24 * 17));
    EXPECT_EQ(story.file.case_.status, CaseStatus::closed);
}

}  // namespace
}  // namespace returngate::test
