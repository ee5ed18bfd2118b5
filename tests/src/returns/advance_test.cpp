// When money moves: the trigger in every order of arrival, and whose word counts (decisions 9–12, 18, 38,
// 39).
#include <gtest/gtest.h>

#include "src/advance/commit.hpp"
#include "tests/support/story.hpp"

namespace returngate::test {
namespace {

using Outcome = BookingAnswered::Outcome;
using enum TrackingStatus;

Story accepted_at(std::string_view courier, Fen amount_fen = 9900) {
    return Story(a_case().advance_path(amount_fen).with_pickup(courier).accepted());
}
Story numbered(Fen amount_fen = 9900) {
    return Story(a_case().advance_path(amount_fen).with_pickup("YTO").accepted().with_waybill(kYtoNumber));
}

void expect_committed_once(const Story& story, Fen amount_fen) {
    ASSERT_TRUE(story.file.advance);
    const Advance& advance = *story.file.advance;
    EXPECT_EQ(advance.state, AdvanceState::committed);
    EXPECT_EQ(advance.amount_fen, amount_fen);
    EXPECT_EQ(advance.provider, "sandbox");
    EXPECT_EQ(advance.payee, an_id<ContactId>(4));
    EXPECT_EQ(story.file.case_.held_fen, 0);
    EXPECT_EQ(story.file.line.held_fen, 0);
    EXPECT_EQ(story.file.line.open_fen, amount_fen);
    EXPECT_EQ(story.saw("advance.committed"), 1);
    EXPECT_TRUE(story.has_job(JobKind::pay, to_string(advance.id)));
    EXPECT_EQ(story.balance(ledger::Account::advances_receivable), amount_fen);
    EXPECT_EQ(story.balance(ledger::Account::payouts_in_transit), -amount_fen);
}

// --- decision 9: both facts, in every order -------------------------------------------------------
TEST(Advance, WithTheNumberAtBookingIsTriggeredByTheCollection) {
    auto story = accepted_at("YTO");
    story.answered(1, Outcome::accepted, kYtoNumber);
    EXPECT_FALSE(story.file.advance);
    story.now = at("10:31");
    story.reported(1, collected, "10:30");
    expect_committed_once(story, 9900);
    EXPECT_EQ(story.file.advance->trigger_at, at("10:31"));
    EXPECT_EQ(story.file.advance->booking, story.reference(1));
    EXPECT_EQ(story.file.advance->waybill, kYtoNumber);
}

TEST(Advance, WithTheNumberInTheCollectionIsTriggeredByIt) {
    auto story = accepted_at("YTO");
    story.reported(1, an_event(collected, at("10:30"), kYtoNumber));
    expect_committed_once(story, 9900);
}

TEST(Advance, WithTheNumberAfterTheCollectionIsTriggeredByTheNumber) {
    auto story = accepted_at("YTO");
    story.now = at("10:31");
    story.reported(1, collected, "10:30");
    EXPECT_FALSE(story.file.advance);
    EXPECT_EQ(story.file.case_.status, CaseStatus::in_carriage);
    story.now = at("10:45");
    story.reported(1, an_event(accepted, at("10:05"), kYtoNumber));
    expect_committed_once(story, 9900);
    EXPECT_EQ(story.file.advance->trigger_at, at("10:45"));
}

TEST(Advance, WithTheCollectionBeforeTheBookingsAnswerIsTriggeredByTheAnswersNumber) {
    Story story(a_case().advance_path(9900).with_pickup("YTO"));
    story.reported(1, collected, "10:30");
    EXPECT_EQ(story.booking(1).status, BookingStatus::collected);
    story.answered(1, Outcome::accepted, kYtoNumber);
    expect_committed_once(story, 9900);
    EXPECT_EQ(story.booking(1).status, BookingStatus::collected);
}

TEST(Advance, IsTriggeredByEveryScanThatImpliesTheCollection) {
    for (const auto status : {in_transit, out_for_delivery, at_station, delivered}) {
        auto story = numbered();
        story.reported(1, status, "15:00");
        expect_committed_once(story, 9900);
    }
}

TEST(Advance, IsNotTriggeredByWordsThatDoNotImplyIt) {
    for (const auto status : {accepted, courier_assigned, rebooked, unknown, fee, exception}) {
        auto story = numbered();
        story.reported(1, status, "10:30");
        EXPECT_FALSE(story.file.advance) << to_string(status);
        EXPECT_EQ(story.file.case_.status, CaseStatus::awaiting_parcel) << to_string(status);
    }
}

TEST(Advance, HappensOnceHoweverOftenTheCourierRepeatsItself) {
    auto story = numbered();
    for (const auto* clock : {"10:30", "10:30", "10:31"}) story.reported(1, collected, clock);
    story.reported(1, in_transit, "12:00");
    story.answered(1, Outcome::accepted, kYtoNumber);
    expect_committed_once(story, 9900);
    EXPECT_EQ(story.transfers.size(), 1U);
}

TEST(Advance, IsNotMadeWhenTheRefundFollowsTheReceipt) {
    Story story(a_case().with_pickup("YTO").accepted().with_waybill(kYtoNumber));
    story.reported(1, collected, "10:30");
    EXPECT_FALSE(story.file.advance);
    EXPECT_EQ(story.file.case_.status, CaseStatus::in_carriage);
    EXPECT_TRUE(story.transfers.empty());
}

TEST(Advance, TakesWhatIsLeftOfTheLineWhenTheReservationIsGone) {
    auto story = numbered();
    story.file.case_.held_fen = 0;
    story.file.line = release_reserved(story.file.line, 9900);
    story.reported(1, collected, "10:30");
    expect_committed_once(story, 9900);
}

TEST(Advance, NeverExceedsTheLineWhenTheReservationIsGone) {
    auto story = numbered();
    story.file.case_.held_fen = 0;
    story.file.line = with_line(release_reserved(story.file.line, 9900), 1, 0);
    story.reported(1, collected, "10:30");
    EXPECT_FALSE(story.file.advance);
    EXPECT_EQ(story.file.case_.refund, RefundPath::after_receipt);
    EXPECT_EQ(story.saw("refund.deferred"), 1);
    EXPECT_EQ(story.file.line.open_fen, 0);
}

// --- decision 12 ----------------------------------------------------------------------------------
TEST(Advance, OfAParcelThatMovedBeforeWeAskedForItIsAPersonsMatter) {
    for (const auto status : {collected, in_transit, delivered}) {
        auto story = numbered();
        story.reported(1, status, "09:58:59");
        EXPECT_FALSE(story.file.advance) << to_string(status);
        EXPECT_EQ(story.file.case_.frozen, "reported_before_booking");
    }
}

TEST(Advance, OfANumberThatWasGivenUpBeforeWeAskedForItIsAPersonsMatter) {
    auto story = numbered();
    story.reported(1, cancelled, "09:30");
    story.reported(1, collected, "10:30");
    EXPECT_FALSE(story.file.advance);
    EXPECT_EQ(story.file.case_.frozen, "reported_before_booking");
}

TEST(Advance, OfACourierWhoseClockIsAMinuteBehindOursIsFine) {
    auto story = numbered();
    story.reported(1, collected, "09:59");
    EXPECT_TRUE(story.file.advance);
}

TEST(Advance, InTheSecondOfTheBookingIsFine) {
    auto story = numbered();
    story.booking(1).placed_at = at("10:00") + std::chrono::milliseconds(700);
    story.reported(1, collected, "10:00:00");
    EXPECT_TRUE(story.file.advance);
}

// --- decisions 10 and 39: whose word counts -------------------------------------------------------
TEST(Proof, CountsAsThePolicySays) {
    Policy policy = a_policy();
    EXPECT_FALSE(counts_without_query(policy, Proof::secret_url, 1));
    EXPECT_TRUE(counts_without_query(policy, Proof::weak_signature, 200000));
    EXPECT_FALSE(counts_without_query(policy, Proof::weak_signature, 200001));
    EXPECT_TRUE(counts_without_query(policy, Proof::strong_signature, 10000000));
    EXPECT_TRUE(counts_without_query(policy, Proof::query, 10000000));
    policy.confirm_by_query = ConfirmByQuery::weak;
    EXPECT_FALSE(counts_without_query(policy, Proof::weak_signature, 1));
    EXPECT_TRUE(counts_without_query(policy, Proof::strong_signature, 1));
    policy.confirm_by_query = ConfirmByQuery::always;
    EXPECT_FALSE(counts_without_query(policy, Proof::strong_signature, 1));
    EXPECT_TRUE(counts_without_query(policy, Proof::query, 1));
}

TEST(Proof, ByTheUrlAloneIsConfirmedFirstAndTheQuestionCountsIntoTheSecond) {
    auto story = numbered();
    story.now = at("10:31");
    story.reported(1, collected, "10:30", Proof::secret_url);
    EXPECT_FALSE(story.file.advance);
    EXPECT_TRUE(story.transfers.empty());
    EXPECT_EQ(story.file.case_.status, CaseStatus::in_carriage);
    EXPECT_EQ(story.due(JobKind::confirm_collection, story.reference(1).value), at("10:31"));
    story.now = at("10:32");
    story.asked(1, {an_event(collected, at("10:30"), kYtoNumber)});
    expect_committed_once(story, 9900);
    EXPECT_EQ(story.file.advance->trigger_at, at("10:31"));
    EXPECT_FALSE(story.has_job(JobKind::confirm_collection, story.reference(1).value));
}

TEST(Proof, IsAskedForAgainAfterTheScheduleAndThenSteadily) {
    auto story = numbered();
    story.reported(1, collected, "10:30", Proof::secret_url);
    const std::vector<std::chrono::milliseconds> waits{
        std::chrono::milliseconds(200),  std::chrono::milliseconds(500), std::chrono::milliseconds(1000),
        std::chrono::milliseconds(2000), std::chrono::seconds(60),       std::chrono::seconds(60)};
    for (std::size_t i = 0; i < waits.size(); ++i) {
        story.asked(1, {}, static_cast<int>(i) + 1);
        EXPECT_EQ(story.due(JobKind::confirm_collection, story.reference(1).value), story.now + waits[i])
            << i;
        EXPECT_FALSE(story.file.advance);
    }
    story.asked(1, {an_event(in_transit, at("12:00"), kYtoNumber)}, 7);
    expect_committed_once(story, 9900);
}

TEST(Proof, ByTheUrlAloneDoesNotCountEvenWhenItIsRepeated) {
    auto story = numbered();
    for (int i = 0; i < 5; ++i) story.reported(1, collected, "10:30", Proof::secret_url);
    story.reported(1, in_transit, "11:00", Proof::secret_url);
    EXPECT_FALSE(story.file.advance);
}

TEST(Proof, ByAWeakSignatureCountsUpToTheLimit) {
    auto below = numbered(200000);
    below.reported(1, collected, "10:30", Proof::weak_signature);
    expect_committed_once(below, 200000);
    auto above = numbered(200001);
    above.reported(1, collected, "10:30", Proof::weak_signature);
    EXPECT_FALSE(above.file.advance);
    EXPECT_TRUE(above.has_job(JobKind::confirm_collection, above.reference(1).value));
    above.asked(1, {an_event(collected, at("10:30"), kYtoNumber)});
    expect_committed_once(above, 200001);
}

TEST(Proof, AskedForBeforeTheNumberIsKnownWaitsForTheNumber) {
    auto story = accepted_at("YTO");
    story.reported(1, collected, "10:30", Proof::secret_url);
    EXPECT_FALSE(story.has_job(JobKind::confirm_collection, story.reference(1).value));
    story.answered(1, Outcome::accepted, kYtoNumber);
    EXPECT_FALSE(story.file.advance);
    EXPECT_TRUE(story.has_job(JobKind::confirm_collection, story.reference(1).value));
}

TEST(Proof, ByALaterStrongReportEndsTheAsking) {
    auto story = numbered();
    story.reported(1, collected, "10:30", Proof::secret_url);
    story.reported(1, in_transit, "12:00", Proof::strong_signature);
    expect_committed_once(story, 9900);
    EXPECT_FALSE(story.has_job(JobKind::confirm_collection, story.reference(1).value));
}

TEST(Proof, IsNotAskedForWhenNoAdvanceHangsOnIt) {
    Story story(a_case().with_pickup("YTO").accepted().with_waybill(kYtoNumber));
    story.reported(1, collected, "10:30", Proof::secret_url);
    EXPECT_FALSE(story.has_job(JobKind::confirm_collection, story.reference(1).value));
}

// --- decision 38: withdrawn -----------------------------------------------------------------------
TEST(Undone, BeforeTheAdvanceTheCollectionNoLongerCounts) {
    auto story = accepted_at("YTO");
    story.now = at("10:31");
    story.reported(1, collected, "10:30");
    story.reported(1, undone, "10:40");
    EXPECT_EQ(story.booking(1).status, BookingStatus::accepted);
    EXPECT_EQ(story.file.case_.pickup->status, PickupStatus::booked);
    EXPECT_EQ(story.file.case_.status, CaseStatus::awaiting_parcel);
    EXPECT_EQ(story.file.case_.frozen, "");
    EXPECT_TRUE(story.has_job(JobKind::ship_deadline));
    EXPECT_EQ(story.due(JobKind::door_deadline, to_string(kPickup)), at("12:00"));
    story.answered(1, Outcome::accepted, kYtoNumber);
    EXPECT_FALSE(story.file.advance);
    story.reported(1, collected, "11:00");
    expect_committed_once(story, 9900);
    EXPECT_EQ(story.booking(1).status, BookingStatus::collected);
}

TEST(Undone, WhileTheCourierIsBeingAskedEndsTheAsking) {
    auto story = numbered();
    story.reported(1, collected, "10:30", Proof::secret_url);
    story.reported(1, undone, "10:40", Proof::secret_url);
    EXPECT_FALSE(story.has_job(JobKind::confirm_collection, story.reference(1).value));
    story.asked(1, {an_event(collected, at("10:30"), kYtoNumber), an_event(undone, at("10:40"), kYtoNumber)});
    EXPECT_FALSE(story.file.advance);
}

TEST(Undone, AnOldProofDoesNotProveTheNextCollection) {
    auto story = accepted_at("YTO");
    story.reported(1, collected, "10:30");
    story.reported(1, undone, "10:40");
    story.reported(1, collected, "11:00", Proof::secret_url);
    story.answered(1, Outcome::accepted, kYtoNumber);
    EXPECT_FALSE(story.file.advance);
    EXPECT_TRUE(story.has_job(JobKind::confirm_collection, story.reference(1).value));
}

TEST(Undone, AfterTheAdvanceFreezesTheCase) {
    auto story = numbered();
    story.reported(1, collected, "10:30");
    story.reported(1, undone, "10:40");
    expect_committed_once(story, 9900);
    EXPECT_EQ(story.file.case_.frozen, "collection_undone_after_advance");
    EXPECT_EQ(story.saw("return.frozen"), 1);
    story.reported(1, undone, "10:40");
    EXPECT_EQ(story.saw("return.frozen"), 1);
    EXPECT_EQ(story.file.bookings.size(), 1U);
}

TEST(Undone, AndCollectedAgainAfterTheAdvanceIsExplained) {
    auto story = numbered();
    story.reported(1, collected, "10:30");
    story.reported(1, undone, "10:40");
    story.reported(1, in_transit, "12:00");
    EXPECT_EQ(story.file.case_.frozen, "");
    EXPECT_EQ(story.saw("return.thawed"), 1);
    expect_committed_once(story, 9900);
}

// --- a courier whose "collected" was wrong ---------------------------------------------------------
TEST(Contradicted, IsNotedOncePerLossBeforeAndAfterTheAdvance) {
    auto before = accepted_at("YTO");
    before.reported(1, collected, "10:30");
    EXPECT_EQ(before.saw("courier.contradicted"), 0);
    before.reported(1, undone, "10:40");
    EXPECT_EQ(before.saw("courier.contradicted"), 1);
    auto after = numbered();
    after.reported(1, collected, "10:30");
    after.reported(1, undone, "10:40");
    after.reported(1, undone, "10:40");
    after.reported(1, undone, "10:41");
    EXPECT_EQ(after.saw("courier.contradicted"), 1);
    after.reported(1, in_transit, "12:00");
    after.reported(1, undone, "12:30");
    EXPECT_EQ(after.saw("courier.contradicted"), 2);
}

TEST(Contradicted, ACourierIsAskedBeforeMoneyMovesUntilTheDistrustEnds) {
    auto story = numbered();
    story.records = {{.code = {"YTO"}, .contradicted_at = at("09:00")}};
    story.now = at("10:31");
    story.reported(1, collected, "10:30");
    EXPECT_FALSE(story.file.advance);
    EXPECT_TRUE(story.has_job(JobKind::confirm_collection, story.reference(1).value));
    story.asked(1, {an_event(collected, at("10:30"), kYtoNumber)});
    expect_committed_once(story, 9900);
}

TEST(Contradicted, AnotherCouriersWordAndAnOldMatterChangeNothing) {
    auto story = numbered();
    story.policy.broker.distrust = std::chrono::hours(1);
    story.records = {{.code = {"JT"}, .contradicted_at = at("10:00")},
                     {.code = {"YTO"}, .contradicted_at = at("09:00")}};
    story.now = at("10:31");
    story.reported(1, collected, "10:30");
    expect_committed_once(story, 9900);
}

// --- decision 18: the courier ends it -------------------------------------------------------------
TEST(CourierEnds, ByCancellingAfterTheAdvanceFreezesTheCase) {
    auto story = numbered();
    story.reported(1, collected, "10:30");
    story.reported(1, cancelled, "10:50");
    expect_committed_once(story, 9900);
    EXPECT_EQ(story.file.case_.frozen, "cancelled_after_advance");
    EXPECT_EQ(story.file.bookings.size(), 1U);
    EXPECT_EQ(story.booking(1).status, BookingStatus::collected);
}

TEST(CourierEnds, ByACancellationThatWasReportedLateChangesNothing) {
    auto story = numbered();
    story.reported(1, collected, "10:30");
    story.reported(1, cancelled, "10:20");
    EXPECT_EQ(story.file.case_.frozen, "");
    expect_committed_once(story, 9900);
}

TEST(CourierEnds, ByCancellingACollectionBeforeTheAdvanceAsksTheNextCourier) {
    auto story = accepted_at("YTO");
    story.reported(1, collected, "10:30");
    story.reported(1, cancelled, "10:50");
    EXPECT_EQ(story.booking(1).status, BookingStatus::refused);
    EXPECT_EQ(story.booking(2).courier.value, "JT");
    EXPECT_EQ(story.file.case_.status, CaseStatus::awaiting_parcel);
    EXPECT_FALSE(story.file.advance);
}

TEST(CourierEnds, ByReturningTheParcelFreezesTheCase) {
    for (const auto status : {returned, refused}) {
        auto paid = numbered();
        paid.reported(1, collected, "10:30");
        paid.reported(1, status, "18:00");
        EXPECT_EQ(paid.file.case_.frozen, "returned_after_advance");
        expect_committed_once(paid, 9900);
        auto unpaid = numbered();
        unpaid.reported(1, status, "18:00");
        unpaid.reported(1, collected, "10:30");
        EXPECT_EQ(unpaid.file.case_.frozen, "returned");
        EXPECT_FALSE(unpaid.file.advance);
    }
}

TEST(Frozen, NothingIsAdvancedAndNobodyIsAsked) {
    auto story = numbered();
    story.file.case_.frozen = "waybill_changed";
    story.reported(1, collected, "10:30", Proof::secret_url);
    story.reported(1, collected, "10:30", Proof::strong_signature);
    EXPECT_FALSE(story.file.advance);
    EXPECT_FALSE(story.has_job(JobKind::confirm_collection, story.reference(1).value));
    EXPECT_EQ(story.file.line.held_fen, 9900);
}

TEST(Frozen, KeepsEveryReasonUntilItIsExplained) {
    auto story = numbered();
    story.reported(1, collected, "10:30");
    story.reported(1, cancelled, "10:50");
    story.reported(1, an_event(fee, at("10:55"), kOtherYtoNumber));
    EXPECT_EQ(story.file.case_.frozen, "cancelled_after_advance, waybill_changed");
    story.reported(1, in_transit, "12:00");
    EXPECT_EQ(story.file.case_.frozen, "waybill_changed");
}

// --- the pickup's promise -------------------------------------------------------------------------
Story booked_for_now() {
    Story story(a_case().advance_path(9900));
    story.must(BookPickup{kReturn, a_pickup_request()});
    story.answered(1, Outcome::accepted, kYtoNumber);
    return story;
}

TEST(Promise, IsKeptByTheTimeOfTheEventAndNotOfItsReport) {
    auto story = booked_for_now();
    story.fires(JobKind::door_deadline, to_string(kPickup));
    EXPECT_TRUE(story.file.case_.pickup->promise_missed);
    EXPECT_EQ(story.saw("pickup.promise_missed"), 1);
    story.reported(1, collected, "11:58");
    EXPECT_FALSE(story.file.case_.pickup->promise_missed);
    EXPECT_EQ(story.saw("pickup.promise_kept_after_all"), 1);
}

TEST(Promise, IsMissedByALateCollection) {
    auto story = booked_for_now();
    story.reported(1, collected, "12:01");
    EXPECT_TRUE(story.file.case_.pickup->promise_missed);
    EXPECT_EQ(story.saw("pickup.promise_missed"), 1);
    EXPECT_TRUE(story.file.advance);
}

TEST(Delivered, StartsTheSellersClockOnce) {
    auto story = numbered();
    story.now = at("18:05");
    story.reported(1, delivered, "18:00");
    EXPECT_EQ(story.file.case_.status, CaseStatus::delivered);
    EXPECT_EQ(story.file.case_.delivered_at, at("18:00"));
    EXPECT_EQ(story.due(JobKind::receipt_deadline), at("18:05") + std::chrono::hours(10 * 24));
    EXPECT_EQ(story.saw("parcel.delivered"), 1);
    story.now = at("19:00");
    story.reported(1, delivered, "17:50");
    EXPECT_EQ(story.file.case_.delivered_at, at("17:50"));
    EXPECT_EQ(story.due(JobKind::receipt_deadline), at("18:05") + std::chrono::hours(10 * 24));
    EXPECT_EQ(story.saw("parcel.delivered"), 1);
}

// --- A7: excluded after the application ------------------------------------------------------------
void expect_deferred(const Story& story) {
    EXPECT_FALSE(story.file.advance);
    EXPECT_EQ(story.file.case_.refund, RefundPath::after_receipt);
    EXPECT_EQ(story.file.line.held_fen, 0);
    EXPECT_EQ(story.file.case_.held_fen, 0);
    EXPECT_FALSE(story.file.case_.above_line);
    ASSERT_EQ(story.saw("refund.deferred"), 1);
    const auto deferred = std::ranges::find(story.events, "refund.deferred", &CaseEvent::type);
    EXPECT_EQ(std::get<std::string>(deferred->facts.front().second), "excluded");
}

// A callback does not read why a buyer is excluded (decision 0014): the empty line tells it.
TEST(Advance, IsNotCommittedForABuyerWhoWasExcludedMeanwhile) {
    auto story = numbered();
    SetTrust snapshot{kBuyer, 4, Fen{80000}};
    snapshot.trust.excluded = "fraud";
    story.must(snapshot);
    story.file.trust = {};
    story.reported(1, collected, "10:30");
    expect_deferred(story);
    story.must(ConfirmReceipt{kReturn, kSeller, true, {}, {}});
    EXPECT_EQ(story.file.refunds.size(), 1U);
}

TEST(Advance, IsNotCommittedForABuyerWhoWasBannedMeanwhileNorWhenTheLineComesBack) {
    auto story = numbered();
    story.must(Penalise{kReturn, kBuyer, PenaltyStep::ban, "reviewed", "ann"});
    story.file.trust = {};
    story.reported(1, collected, "10:30");
    expect_deferred(story);
    story.must(ReversePenalty{kReturn, kBuyer, 1, "a mistake", "bob"});
    story.reported(1, in_transit, "10:40");
    EXPECT_FALSE(story.file.advance) << "it was deferred for more than the line";
}

TEST(Advance, OfABannedBuyerWhoWasAboveTheLineDoesNotBecomeInstant) {
    CaseFile file = a_case().with_pickup("YTO").accepted().with_waybill(kYtoNumber);
    file.case_.above_line = true;
    Story story(file);
    story.must(Penalise{kReturn, kBuyer, PenaltyStep::ban, "reviewed", "ann"});
    story.file.trust = {};
    story.reported(1, collected, "10:30");
    EXPECT_FALSE(story.file.advance);
    EXPECT_EQ(story.saw("refund.turned_instant"), 0);
}

}  // namespace
}  // namespace returngate::test
