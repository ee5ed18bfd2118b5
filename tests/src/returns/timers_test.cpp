// Every silence has a recorded outcome (C1; decisions.md, "Time-outs"), and a clock that fires late harms
// nothing.
#include <gtest/gtest.h>

#include "tests/support/story.hpp"

namespace returngate::test {
namespace {

using Outcome = BookingAnswered::Outcome;
using enum TrackingStatus;

Story booked() {
    Story story(a_case().advance_path(9900));
    story.must(BookPickup{kReturn, a_pickup_request()});
    return story;
}

TEST(Timer, TheSellersSilenceIsAgreement) {
    auto story = Story::of_buyer(2, 9900);
    story.must(an_application());
    story.fires(JobKind::seller_answer_deadline);
    EXPECT_EQ(story.now, at("10:00") + std::chrono::hours(72));
    EXPECT_EQ(story.file.case_.status, CaseStatus::awaiting_parcel);
    EXPECT_EQ(story.due(JobKind::ship_deadline), story.now + std::chrono::hours(7 * 24));
    EXPECT_EQ(std::get<std::string>(story.events.back().facts.front().second), "silence");
}

TEST(Timer, ABuyerWhoDoesNotShipLosesTheReservationWithTheCase) {
    auto story = Story::of_buyer(3, 9900);
    story.must(an_application());
    story.fires(JobKind::ship_deadline);
    EXPECT_EQ(story.file.case_.status, CaseStatus::closed);
    EXPECT_EQ(story.file.case_.held_fen, 0);
    EXPECT_EQ(story.file.line.left_fen(), 50000);
    EXPECT_EQ(std::get<std::string>(story.events.back().facts.front().second), "not_shipped");
}

TEST(Timer, ABuyerWhoseCourierIsOnItsWayIsLookedAtAgain) {
    auto story = booked();
    story.must(TimerFired{kReturn, JobKind::ship_deadline, ""});
    EXPECT_EQ(story.file.case_.status, CaseStatus::awaiting_parcel);
    EXPECT_EQ(story.due(JobKind::ship_deadline), story.now + std::chrono::hours(24));
}

TEST(Timer, ACourierThatDoesNotAcceptInFiveMinutesIsReplaced) {
    auto story = booked();
    story.fires(JobKind::accept_deadline, story.reference(1).value);
    EXPECT_EQ(story.now, at("10:05"));
    EXPECT_EQ(story.booking(1).status, BookingStatus::expired);
    EXPECT_EQ(story.booking(2).status, BookingStatus::placing);
    EXPECT_FALSE(story.has_job(JobKind::place_booking, story.reference(1).value));
}

TEST(Timer, ACourierThatIsNotAtTheDoorHasBrokenThePromiseAndKeepsTheBookingForAWhile) {
    auto story = booked();
    story.answered(1, Outcome::accepted);
    story.fires(JobKind::door_deadline, to_string(kPickup));
    EXPECT_TRUE(story.file.case_.pickup->promise_missed);
    EXPECT_EQ(story.saw("pickup.promise_missed"), 1);
    EXPECT_EQ(story.booking(1).status, BookingStatus::accepted);
    EXPECT_EQ(story.due(JobKind::door_give_up, story.reference(1).value), at("13:00"));
}

TEST(Timer, ACourierThatNeverComesIsReplacedAndSoIsTheNextOne) {
    auto story = booked();
    story.answered(1, Outcome::accepted);
    story.fires(JobKind::door_deadline, to_string(kPickup));
    story.fires(JobKind::door_give_up, story.reference(1).value);
    EXPECT_EQ(story.booking(1).status, BookingStatus::expired);
    EXPECT_TRUE(story.has_job(JobKind::cancel_booking, story.reference(1).value));
    EXPECT_EQ(story.booking(2).window, (Window{at("13:00"), at("15:00")}));
    story.answered(2, Outcome::accepted);
    story.fires(JobKind::door_give_up, story.reference(2).value);
    EXPECT_EQ(story.now, at("16:00"));
    EXPECT_EQ(story.booking(2).status, BookingStatus::expired);
    EXPECT_EQ(story.booking(3).status, BookingStatus::placing);
    EXPECT_EQ(story.saw("pickup.promise_missed"), 1);
}

TEST(Timer, TheSellersSilenceAboutTheParcelIsItsReceipt) {
    Story story(a_case().advance_path(9900).with_pickup("YTO").accepted().with_waybill(kYtoNumber));
    story.reported(1, delivered, "18:00");
    story.fires(JobKind::receipt_deadline);
    EXPECT_EQ(story.file.case_.receipt, ReceiptOutcome::confirmed);
    EXPECT_EQ(story.file.case_.status, CaseStatus::received);
    EXPECT_EQ(story.saw("receipt.confirmed"), 1);
}

TEST(Timer, SilenceAboutADoubtfulParcelIsNoReceipt) {
    Story story(a_case().advance_path(9900).with_pickup("YTO").accepted().with_waybill(kYtoNumber));
    story.reported(1, delivered, "18:00");
    story.reported(1, refused, "18:30");
    story.fires(JobKind::receipt_deadline);
    EXPECT_EQ(story.file.case_.receipt, ReceiptOutcome::none);
    EXPECT_EQ(story.due(JobKind::receipt_deadline), story.now + std::chrono::hours(24));
}

TEST(Timer, ThatFiresTooLateChangesNothing) {
    Story story(a_case().advance_path(9900).with_pickup("YTO").accepted().with_waybill(kYtoNumber));
    story.reported(1, collected, "10:30");
    const std::string booking = story.reference(1).value;
    const auto before = story.file;
    for (const auto& [kind, subject] :
         std::vector<Story::JobName>{{JobKind::seller_answer_deadline, ""},
                                     {JobKind::ship_deadline, ""},
                                     {JobKind::accept_deadline, booking},
                                     {JobKind::accept_deadline, "RG00STRANGER"},
                                     {JobKind::door_deadline, to_string(kPickup)},
                                     {JobKind::door_give_up, booking},
                                     {JobKind::door_give_up, "RG00STRANGER"},
                                     {JobKind::receipt_deadline, ""}}) {
        const auto decision = story.must(TimerFired{kReturn, kind, subject});
        EXPECT_TRUE(decision.events.empty()) << to_string(kind);
        EXPECT_EQ(decision.jobs.size(), 1U) << to_string(kind);
    }
    EXPECT_EQ(story.file.case_.status, before.case_.status);
    EXPECT_EQ(story.file.case_.pickup->status, before.case_.pickup->status);
    EXPECT_EQ(story.booking(1).status, before.bookings.front().status);
}

TEST(Timer, OfAnEarlierPickupDoesNotBreakThePromiseOfTheNextOne) {
    auto story = booked();
    story.must(CancelPickup{kReturn});
    auto next = a_pickup_request(Window{at("15:00"), at("17:00")});
    next.id = an_id<PickupId>(8);
    story.must(BookPickup{kReturn, next});
    story.must(TimerFired{kReturn, JobKind::door_deadline, to_string(kPickup)});
    EXPECT_FALSE(story.file.case_.pickup->promise_missed);
    EXPECT_TRUE(story.has_job(JobKind::door_deadline, to_string(next.id)));
}

TEST(Timer, OfTheReceiptThatComesWhenTheCaseIsOverChangesNothing) {
    Story story(a_case().status(CaseStatus::closed));
    story.file.case_.delivered_at = at("18:00");
    story.must(TimerFired{kReturn, JobKind::receipt_deadline, ""});
    EXPECT_EQ(story.file.case_.status, CaseStatus::closed);
}

TEST(Timer, IsNoneThatCallsOutAndNeedsACase) {
    Story story(a_case());
    for (int kind = 0; kind <= static_cast<int>(JobKind::resolve_payout); ++kind) {
        EXPECT_EQ(story.tell(TimerFired{kReturn, JobKind(kind), ""}).error().code, "not_a_timer");
        EXPECT_FALSE(is_timer(JobKind(kind)));
    }
    Story nothing;
    EXPECT_EQ(nothing.tell(TimerFired{kReturn, JobKind::ship_deadline, ""}).error().code, "return_not_found");
}

}  // namespace
}  // namespace returngate::test
