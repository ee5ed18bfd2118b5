// Pickups and brokering (B3, decisions 19–21, 24): one live booking, the next courier inside the promise,
// nothing placed while an answer is lost.
#include <gtest/gtest.h>

#include "tests/support/story.hpp"

namespace returngate::test {
namespace {

using Outcome = BookingAnswered::Outcome;
using enum TrackingStatus;

std::string refusal(Story& story, const Command& command) {
    const auto decision = story.tell(command);
    return decision ? "taken" : decision.error().code;
}

// Booked at 10:00 for now, with YTO asked first.
Story booked() {
    Story story(a_case().advance_path(9900));
    story.must(BookPickup{kReturn, a_pickup_request()});
    return story;
}

std::size_t live_bookings(const Story& story) {
    return static_cast<std::size_t>(std::ranges::count_if(
        story.file.bookings, [](const Booking& booking) { return is_live(booking.status); }));
}

TEST(Pickup, IsPlacedWithTheBestCourierInTheSameDecision) {
    auto story = booked();
    EXPECT_EQ(story.booking(1).courier.value, "YTO");
    EXPECT_EQ(story.booking(1).status, BookingStatus::placing);
    EXPECT_EQ(story.booking(1).placed_at, at("10:00"));
    EXPECT_EQ(cell_of(story.reference(1)), cell_of(kBuyer.value));
    EXPECT_EQ(story.due(JobKind::place_booking, story.reference(1).value), at("10:00"));
    EXPECT_EQ(story.due(JobKind::accept_deadline, story.reference(1).value), at("10:05"));
    EXPECT_EQ(story.due(JobKind::door_deadline, to_string(kPickup)), at("12:00"));
    EXPECT_EQ(story.saw("pickup.booked"), 1);
}

TEST(Pickup, OfALaterWindowPromisesTheDoorTwoHoursAfterItsStart) {
    Story story(a_case().advance_path(9900));
    story.must(BookPickup{kReturn, a_pickup_request(Window{at("15:00"), at("17:00")})});
    EXPECT_EQ(story.file.case_.pickup->door_by, at("17:00"));
    EXPECT_EQ(story.booking(1).window, (Window{at("15:00"), at("17:00")}));
}

TEST(Pickup, CannotBeBookedTwiceOrForAReturnThatIsNotThere) {
    auto story = booked();
    EXPECT_EQ(refusal(story, BookPickup{kReturn, a_pickup_request()}), "pickup_already_live");
    Story none;
    EXPECT_EQ(refusal(none, BookPickup{kReturn, a_pickup_request()}), "return_not_found");
    Story over(a_case().status(CaseStatus::closed));
    EXPECT_EQ(refusal(over, BookPickup{kReturn, a_pickup_request()}), "return_not_awaiting_parcel");
}

TEST(Pickup, OutsideTheHoursIsRefused) {
    Story story(a_case());
    story.now = at("08:59");
    EXPECT_EQ(refusal(story, BookPickup{kReturn, a_pickup_request()}), "outside_hours");
}

TEST(Pickup, WithNoCourierAtAllIsUnservedAndTheCaseStaysOpen) {
    Story story(a_case());
    story.policy.couriers.clear();
    story.policy.couriers.push_back({.code = {"YTO"}, .enabled = true});
    story.open_breakers = {CourierCode{"YTO"}};
    story.must(BookPickup{kReturn, a_pickup_request()});
    EXPECT_EQ(story.file.case_.pickup->status, PickupStatus::unserved);
    EXPECT_EQ(story.file.case_.status, CaseStatus::awaiting_parcel);
    EXPECT_EQ(story.saw("pickup.unserved"), 1);
    EXPECT_FALSE(story.has_job(JobKind::door_deadline, to_string(kPickup)));
    story.open_breakers.clear();
    auto again = a_pickup_request();
    again.id = an_id<PickupId>(8);
    story.must(BookPickup{kReturn, again});
    EXPECT_EQ(story.file.case_.pickup->status, PickupStatus::brokering);
}

TEST(Booking, AcceptedByAnswerIsBooked) {
    auto story = booked();
    story.answered(1, Outcome::accepted, kYtoNumber);
    EXPECT_EQ(story.booking(1).status, BookingStatus::accepted);
    EXPECT_EQ(story.booking(1).waybill, kYtoNumber);
    EXPECT_EQ(story.file.case_.pickup->status, PickupStatus::booked);
    EXPECT_FALSE(story.has_job(JobKind::accept_deadline, story.reference(1).value));
    EXPECT_FALSE(story.has_job(JobKind::place_booking, story.reference(1).value));
    EXPECT_EQ(story.saw("pickup.accepted"), 1);
}

TEST(Booking, TakenDownWaitsForTheCallbackThatAccepts) {
    auto story = booked();
    story.answered(1, Outcome::pending);
    EXPECT_EQ(story.booking(1).status, BookingStatus::placed);
    EXPECT_EQ(story.file.case_.pickup->status, PickupStatus::brokering);
    EXPECT_TRUE(story.has_job(JobKind::accept_deadline, story.reference(1).value));
    story.reported(1, courier_assigned, "10:02");
    EXPECT_EQ(story.booking(1).status, BookingStatus::accepted);
    EXPECT_FALSE(story.has_job(JobKind::accept_deadline, story.reference(1).value));
}

TEST(Booking, RefusedGoesToTheNextCourierInsideTheSamePromise) {
    auto story = booked();
    story.now = at("10:01");
    story.answered(1, Outcome::refused);
    EXPECT_EQ(story.booking(1).status, BookingStatus::refused);
    ASSERT_EQ(story.file.bookings.size(), 2U);
    EXPECT_EQ(story.booking(2).courier.value, "JT");
    EXPECT_EQ(story.booking(2).window, (Window{at("10:01"), at("12:00")}));
    EXPECT_NE(story.reference(1), story.reference(2));
    EXPECT_EQ(story.file.case_.pickup->door_by, at("12:00"));
    EXPECT_EQ(story.saw("pickup.rebrokered"), 1);
    EXPECT_FALSE(story.has_job(JobKind::cancel_booking, story.reference(1).value));
}

TEST(Booking, OfALaterWindowKeepsItsStartWhenItGoesToTheNextCourier) {
    Story story(a_case());
    story.must(BookPickup{kReturn, a_pickup_request(Window{at("15:00"), at("17:00")})});
    story.answered(1, Outcome::refused);
    EXPECT_EQ(story.booking(2).window, (Window{at("15:00"), at("17:00")}));
}

TEST(Booking, NotAcceptedInTimeGoesToTheNextCourierAndIsCancelledThere) {
    auto story = booked();
    story.answered(1, Outcome::pending);
    story.fires(JobKind::accept_deadline, story.reference(1).value);
    EXPECT_EQ(story.booking(1).status, BookingStatus::expired);
    EXPECT_TRUE(story.has_job(JobKind::cancel_booking, story.reference(1).value));
    EXPECT_EQ(story.booking(2).courier.value, "JT");
    EXPECT_EQ(story.booking(2).window, (Window{at("10:05"), at("12:00")}));
    EXPECT_EQ(live_bookings(story), 1U);
}

TEST(Booking, ALateYesIsCancelled) {
    auto story = booked();
    story.fires(JobKind::accept_deadline, story.reference(1).value);
    story.must(BookingCancelled{kReturn, story.reference(1)});
    EXPECT_EQ(story.booking(1).status, BookingStatus::cancelled);
    EXPECT_FALSE(story.has_job(JobKind::cancel_booking, story.reference(1).value));
    // The order arrived there after our cancellation had found nothing.
    story.answered(1, Outcome::accepted, kYtoNumber);
    EXPECT_EQ(story.booking(1).status, BookingStatus::cancelling);
    EXPECT_TRUE(story.has_job(JobKind::cancel_booking, story.reference(1).value));
    EXPECT_EQ(story.file.case_.pickup->status, PickupStatus::brokering);
    story.answered(2, Outcome::accepted);
    EXPECT_EQ(story.booking(2).status, BookingStatus::accepted);
    EXPECT_EQ(live_bookings(story), 1U);
}

TEST(Booking, ALateYesByCallbackIsCancelledOnceAndNotForEveryFurtherWord) {
    auto story = booked();
    story.fires(JobKind::accept_deadline, story.reference(1).value);
    story.reported(1, accepted, "10:06");
    EXPECT_EQ(story.booking(1).status, BookingStatus::cancelling);
    story.must(BookingCancelled{kReturn, story.reference(1)});
    story.reported(1, accepted, "10:06");
    story.reported(1, fee, "10:09");
    EXPECT_EQ(story.booking(1).status, BookingStatus::cancelled);
    EXPECT_FALSE(story.has_job(JobKind::cancel_booking, story.reference(1).value));
}

TEST(Booking, ALostAnswerIsRepeatedUnderTheSameReferenceWhereTheCourierAllowsIt) {
    auto story = booked();
    story.answered(1, Outcome::in_doubt);
    EXPECT_EQ(story.file.bookings.size(), 1U);
    EXPECT_EQ(story.booking(1).status, BookingStatus::placing);
    EXPECT_GT(story.due(JobKind::place_booking, story.reference(1).value), story.now);
    EXPECT_FALSE(story.has_job(JobKind::resolve_booking, story.reference(1).value));
}

// Booked with JT, which can be asked by our reference.
Story booked_with_jt() {
    auto story = Story(a_case().advance_path(9900));
    story.policy.couriers.front().enabled = false;
    story.must(BookPickup{kReturn, a_pickup_request()});
    return story;
}

TEST(Booking, ALostAnswerIsLookedUpBeforeAnythingElseIsPlaced) {
    auto story = booked_with_jt();
    story.answered(1, Outcome::in_doubt);
    EXPECT_EQ(story.file.bookings.size(), 1U);
    EXPECT_FALSE(story.has_job(JobKind::place_booking, story.reference(1).value));
    EXPECT_TRUE(story.has_job(JobKind::resolve_booking, story.reference(1).value));
    story.answered(1, Outcome::in_doubt);
    EXPECT_TRUE(story.has_job(JobKind::resolve_booking, story.reference(1).value));
    story.answered(1, Outcome::accepted, kJtNumber);
    EXPECT_EQ(story.booking(1).status, BookingStatus::accepted);
    EXPECT_EQ(story.booking(1).waybill, kJtNumber);
    EXPECT_FALSE(story.has_job(JobKind::resolve_booking, story.reference(1).value));
    EXPECT_EQ(story.file.bookings.size(), 1U);
}

TEST(Booking, ALostAnswerThatTheCourierDoesNotKnowGoesToTheNext) {
    auto story = booked_with_jt();
    story.answered(1, Outcome::in_doubt);
    story.answered(1, Outcome::unknown_there);
    EXPECT_EQ(story.booking(1).status, BookingStatus::refused);
    EXPECT_EQ(story.booking(2).courier.value, "JD");
}

TEST(Booking, ALostAnswerOfACourierThatCannotBeAskedWaitsForTheFiveMinutes) {
    auto story = Story(a_case().advance_path(9900));
    story.policy.couriers = {{.code = {"JD"}}, {.code = {"YTO"}, .priority = 200}};
    story.must(BookPickup{kReturn, a_pickup_request()});
    story.answered(1, Outcome::in_doubt);
    EXPECT_FALSE(story.has_job(JobKind::place_booking, story.reference(1).value));
    EXPECT_FALSE(story.has_job(JobKind::resolve_booking, story.reference(1).value));
    EXPECT_EQ(story.file.bookings.size(), 1U);
    story.fires(JobKind::accept_deadline, story.reference(1).value);
    EXPECT_TRUE(story.has_job(JobKind::cancel_booking, story.reference(1).value));
    EXPECT_EQ(story.booking(2).courier.value, "YTO");
}

TEST(Booking, UnavailableGoesToTheNextAndIsCancelledInCaseAnEarlierTryArrived) {
    auto story = booked();
    story.answered(1, Outcome::in_doubt);
    story.answered(1, Outcome::unavailable);
    EXPECT_EQ(story.booking(1).status, BookingStatus::expired);
    EXPECT_TRUE(story.has_job(JobKind::cancel_booking, story.reference(1).value));
    EXPECT_FALSE(story.has_job(JobKind::place_booking, story.reference(1).value));
    EXPECT_EQ(story.booking(2).courier.value, "JT");
}

TEST(Booking, AcceptedByCallbackBeforeItsAnswerStillWaitsForTheNumber) {
    auto story = booked();
    story.reported(1, accepted, "10:00:01");
    EXPECT_EQ(story.booking(1).status, BookingStatus::accepted);
    EXPECT_TRUE(story.has_job(JobKind::place_booking, story.reference(1).value));
    story.answered(1, Outcome::in_doubt);
    EXPECT_TRUE(story.has_job(JobKind::place_booking, story.reference(1).value));
    story.answered(1, Outcome::accepted, kYtoNumber);
    EXPECT_EQ(story.booking(1).waybill, kYtoNumber);
    EXPECT_FALSE(story.has_job(JobKind::place_booking, story.reference(1).value));
    EXPECT_EQ(story.saw("pickup.accepted"), 1);
}

TEST(Booking, ARefusalAfterAFasterCallbackSaysNothingNew) {
    auto story = booked();
    story.reported(1, accepted, "10:00:01");
    story.answered(1, Outcome::refused);
    EXPECT_EQ(story.booking(1).status, BookingStatus::accepted);
    EXPECT_EQ(story.file.bookings.size(), 1U);
}

TEST(Booking, CancelledByTheCourierGoesToTheNext) {
    auto story = booked();
    story.answered(1, Outcome::accepted);
    story.reported(1, cancelled, "10:20");
    EXPECT_EQ(story.booking(1).status, BookingStatus::refused);
    EXPECT_FALSE(story.has_job(JobKind::cancel_booking, story.reference(1).value));
    EXPECT_EQ(story.booking(2).courier.value, "JT");
}

TEST(Booking, ThatFailedToCollectGoesToTheNextAndIsCancelledThere) {
    auto story = booked();
    story.answered(1, Outcome::accepted);
    story.now = at("11:00");
    story.reported(1, collect_failed, "10:59");
    EXPECT_EQ(story.booking(1).status, BookingStatus::expired);
    EXPECT_TRUE(story.has_job(JobKind::cancel_booking, story.reference(1).value));
    EXPECT_EQ(story.booking(2).window, (Window{at("11:00"), at("12:00")}));
}

TEST(Booking, WithNoCourierLeftLeavesThePickupUnserved) {
    auto story = booked();
    story.answered(1, Outcome::refused);
    story.answered(2, Outcome::refused);
    story.answered(3, Outcome::refused);
    EXPECT_EQ(story.file.case_.pickup->status, PickupStatus::unserved);
    EXPECT_EQ(story.file.bookings.size(), 3U);
    EXPECT_EQ(live_bookings(story), 0U);
    EXPECT_FALSE(story.has_job(JobKind::door_deadline, to_string(kPickup)));
    EXPECT_EQ(story.file.case_.status, CaseStatus::awaiting_parcel);
    EXPECT_EQ(refusal(story, CancelPickup{kReturn}), "pickup_not_found");
    auto next = a_pickup_request();
    next.id = an_id<PickupId>(8);
    story.must(BookPickup{kReturn, next});
    EXPECT_EQ(story.booking(4).courier.value, "YTO");
    EXPECT_EQ(story.booking(4).pickup, next.id);
}

TEST(Booking, ADeadReferenceIsBookedAnewOnceWithTheSameCourier) {
    auto story = booked();
    story.answered(1, Outcome::dead);
    EXPECT_EQ(story.booking(1).status, BookingStatus::refused);
    EXPECT_EQ(story.saw("pickup.dead_reference"), 1);
    ASSERT_EQ(story.file.bookings.size(), 2U);
    EXPECT_EQ(story.booking(2).courier, story.booking(1).courier);
    EXPECT_NE(story.reference(2), story.reference(1));
    EXPECT_TRUE(story.has_job(JobKind::place_booking, story.reference(2).value));
    EXPECT_FALSE(story.has_job(JobKind::place_booking, story.reference(1).value));
    story.answered(2, Outcome::dead);
    ASSERT_EQ(story.file.bookings.size(), 3U);
    EXPECT_NE(story.booking(3).courier, story.booking(1).courier);
}

TEST(Booking, ADeadReferenceOfABookingThatWeLeftChangesNothing) {
    auto story = booked();
    story.must(CancelPickup{kReturn});
    story.answered(1, Outcome::dead);
    EXPECT_EQ(story.file.bookings.size(), 1U);
    EXPECT_EQ(story.file.case_.pickup->status, PickupStatus::cancelled);
}

TEST(Reschedule, CancelsAtTheCourierAndPromisesAnew) {
    auto story = booked();
    story.answered(1, Outcome::accepted);
    story.now = at("10:30");
    story.must(ReschedulePickup{kReturn, Window{at("15:00"), at("17:00")}});
    EXPECT_EQ(story.file.case_.pickup->id, kPickup);
    EXPECT_EQ(story.file.case_.pickup->window, (Window{at("15:00"), at("17:00")}));
    EXPECT_EQ(story.due(JobKind::door_deadline, to_string(kPickup)), at("17:00"));
    EXPECT_EQ(story.booking(1).status, BookingStatus::cancelling);
    EXPECT_TRUE(story.has_job(JobKind::cancel_booking, story.reference(1).value));
    EXPECT_EQ(story.booking(2).courier, story.booking(1).courier) << "it was not tried for this window";
    EXPECT_EQ(story.booking(2).window, (Window{at("15:00"), at("17:00")}));
    EXPECT_EQ(story.saw("pickup.rescheduled"), 1);
    EXPECT_EQ(story.saw("pickup.booked"), 2);
}

TEST(Reschedule, ForgetsAPromiseThatWasMissed) {
    auto story = booked();
    story.answered(1, Outcome::accepted);
    story.fires(JobKind::door_deadline, to_string(kPickup));
    story.now = at("12:30");
    story.must(ReschedulePickup{kReturn, std::nullopt});
    EXPECT_FALSE(story.file.case_.pickup->promise_missed);
    EXPECT_EQ(story.file.case_.pickup->door_by, at("14:30"));
    EXPECT_FALSE(story.has_job(JobKind::door_give_up, story.reference(1).value));
}

TEST(Reschedule, ToTheSameWindowChangesNothing) {
    auto story = booked();
    const auto before = story.file.bookings;
    story.must(ReschedulePickup{kReturn, story.file.case_.pickup->window});
    EXPECT_EQ(story.file.bookings.size(), before.size());
    EXPECT_EQ(story.saw("pickup.rescheduled"), 0);
}

TEST(Reschedule, IsRefusedWithoutALivePickupOnceCollectedAndOutsideTheGrid) {
    Story none(a_case());
    EXPECT_EQ(refusal(none, ReschedulePickup{kReturn, std::nullopt}), "pickup_not_found");
    auto story = booked();
    EXPECT_EQ(refusal(story, ReschedulePickup{kReturn, Window{at("15:30"), at("17:30")}}),
              "window_not_on_offer");
    EXPECT_EQ(story.file.bookings.size(), 1U);
    story.reported(1, TrackingStatus::collected, "10:30");
    EXPECT_EQ(refusal(story, ReschedulePickup{kReturn, Window{at("15:00"), at("17:00")}}),
              "already_collected");
}

TEST(Booking, AFailingOrLateCourierIsPassedOver) {
    Story story(a_case());
    story.open_breakers = {CourierCode{"YTO"}};
    story.policy.couriers.at(1).hours.cut_off = std::chrono::minutes(11 * 60);
    story.must(BookPickup{kReturn, a_pickup_request()});
    EXPECT_EQ(story.booking(1).courier.value, "JD");
}

std::vector<RankedCourier> ranking_of(const Story& story, std::string_view type) {
    for (const auto& event : story.events) {
        if (event.type != type) continue;
        for (const auto& [name, value] : event.facts) {
            if (name == "ranking") return std::get<std::vector<RankedCourier>>(value);
        }
    }
    return {};
}

TEST(Booking, ACourierThatRefusesMuchIsAskedLater) {
    Story story(a_case());
    story.records = {{.code = {"YTO"}, .asked = 40, .accepted = 30}};
    story.must(BookPickup{kReturn, a_pickup_request()});
    EXPECT_EQ(story.booking(1).courier.value, "JT");
}

TEST(Booking, NotesEveryCandidateWithWhatSpeaksAgainstIt) {
    Story story(a_case());
    story.policy.couriers.pop_back();  // SF comes to nobody's door
    story.open_breakers = {CourierCode{"JD"}};
    story.records = {{.code = {"YTO"}, .asked = 40, .accepted = 38, .due = 20, .on_time = 18}};
    story.must(BookPickup{kReturn, a_pickup_request()});
    const auto ranking = ranking_of(story, "pickup.booked");
    ASSERT_EQ(ranking.size(), 3U);
    EXPECT_EQ(ranking[0], (RankedCourier{{"JT"}, std::nullopt, {.priority = 20}}));
    const Demerits of_yto{.priority = 10, .refusals = 5, .lateness = 10};
    EXPECT_EQ(ranking[1], (RankedCourier{{"YTO"}, std::nullopt, of_yto}));
    EXPECT_EQ(ranking[2], (RankedCourier{{"JD"}, Exclusion::breaker_open, {.priority = 30}}));
    story.answered(1, Outcome::refused);
    EXPECT_EQ(ranking_of(story, "pickup.rebrokered").back().excluded, Exclusion::breaker_open);
    story.answered(2, Outcome::refused);
    const auto nobody = ranking_of(story, "pickup.unserved");
    ASSERT_EQ(nobody.size(), 3U);
    EXPECT_EQ(nobody[0].excluded, Exclusion::already_tried);
}

TEST(Booking, AnswersAboutBookingsThatWeDidNotMakeAreRefused) {
    auto story = booked();
    const BookingReference stranger{"RG00STRANGER"};
    EXPECT_EQ(refusal(story, Story::about(stranger)), "booking_unknown");
    EXPECT_EQ(refusal(story, BookingCancelled{kReturn, stranger}), "booking_unknown");
    EXPECT_EQ(refusal(story, CourierReported{{"YTO"}, stranger, {}, Proof::query, 0}), "booking_unknown");
    EXPECT_EQ(refusal(story, CourierReported{{"JT"}, story.reference(1), {}, Proof::query, 0}),
              "courier_mismatch");
}

TEST(CancelPickup, CancelsAtTheCourierAndStopsEveryClock) {
    auto story = booked();
    story.answered(1, Outcome::accepted);
    story.must(CancelPickup{kReturn});
    EXPECT_EQ(story.file.case_.pickup->status, PickupStatus::cancelled);
    EXPECT_EQ(story.booking(1).status, BookingStatus::cancelling);
    EXPECT_TRUE(story.has_job(JobKind::cancel_booking, story.reference(1).value));
    EXPECT_FALSE(story.has_job(JobKind::door_deadline, to_string(kPickup)));
    EXPECT_FALSE(story.has_job(JobKind::accept_deadline, story.reference(1).value));
    story.must(BookingCancelled{kReturn, story.reference(1)});
    EXPECT_EQ(story.booking(1).status, BookingStatus::cancelled);
    EXPECT_EQ(story.file.bookings.size(), 1U);
}

TEST(CancelPickup, BeforeTheBookingWasPlacedKeepsItFromBeingPlaced) {
    auto story = booked();
    story.must(CancelPickup{kReturn});
    EXPECT_FALSE(story.has_job(JobKind::place_booking, story.reference(1).value));
    EXPECT_TRUE(story.has_job(JobKind::cancel_booking, story.reference(1).value));
    story.answered(1, Outcome::accepted);  // the call was under way
    EXPECT_EQ(story.booking(1).status, BookingStatus::cancelling);
    EXPECT_EQ(story.file.case_.pickup->status, PickupStatus::cancelled);
}

TEST(CancelPickup, TheCouriersOwnWordEndsTheCancelling) {
    auto story = booked();
    story.answered(1, Outcome::accepted);
    story.must(CancelPickup{kReturn});
    story.reported(1, cancelled, "10:10");
    EXPECT_EQ(story.booking(1).status, BookingStatus::cancelled);
    EXPECT_FALSE(story.has_job(JobKind::cancel_booking, story.reference(1).value));
    EXPECT_EQ(story.file.bookings.size(), 1U);
}

TEST(CancelPickup, TwiceIsOnceAndOfNothingIsNotFound) {
    auto story = booked();
    story.must(CancelPickup{kReturn});
    const auto again = story.must(CancelPickup{kReturn});
    EXPECT_TRUE(again.events.empty());
    Story none(a_case());
    EXPECT_EQ(refusal(none, CancelPickup{kReturn}), "pickup_not_found");
    Story nothing;
    EXPECT_EQ(refusal(nothing, CancelPickup{kReturn}), "return_not_found");
}

TEST(CancelPickup, AfterTheCollectionIsTooLate) {
    auto story = booked();
    story.answered(1, Outcome::accepted);
    story.reported(1, collected, "10:30");
    EXPECT_EQ(refusal(story, CancelPickup{kReturn}), "already_collected");
    EXPECT_EQ(story.file.case_.pickup->status, PickupStatus::collected);
}

TEST(CancelPickup, LosesAgainstACollectionThatWasOnItsWay) {
    auto story = booked();
    story.answered(1, Outcome::accepted, kYtoNumber);
    story.must(CancelPickup{kReturn});
    story.reported(1, collected, "10:30");
    EXPECT_EQ(story.file.case_.pickup->status, PickupStatus::collected);
    EXPECT_EQ(story.booking(1).status, BookingStatus::collected);
    EXPECT_EQ(story.file.case_.status, CaseStatus::in_carriage);
    EXPECT_FALSE(story.has_job(JobKind::cancel_booking, story.reference(1).value));
    EXPECT_TRUE(story.file.advance);
    story.must(BookingCancelled{kReturn, story.reference(1)});  // the answer to a call that was under way
    EXPECT_EQ(story.booking(1).status, BookingStatus::collected);
}

TEST(CancelPickup, ThatTheCourierFindsTooLateIsFollowedByAQuestion) {
    auto story = booked();
    story.answered(1, Outcome::accepted, kYtoNumber);
    story.must(CancelPickup{kReturn});
    story.must(BookingCancelled{kReturn, story.reference(1), BookingCancelled::Outcome::too_late});
    EXPECT_FALSE(story.has_job(JobKind::cancel_booking, story.reference(1).value));
    EXPECT_TRUE(story.has_job(JobKind::confirm_collection, story.reference(1).value));
    story.asked(1, {an_event(collected, at("10:30"), kYtoNumber)});
    EXPECT_EQ(story.file.case_.pickup->status, PickupStatus::collected);
    EXPECT_TRUE(story.file.advance);
}

TEST(CancelPickup, ThatCannotBeSaidIsToldAndSaidOnceTheCourierSpeaksOfIt) {
    auto story = booked();
    story.answered(1, Outcome::in_doubt);
    story.must(CancelPickup{kReturn});
    story.must(BookingCancelled{kReturn, story.reference(1), BookingCancelled::Outcome::without_key});
    EXPECT_FALSE(story.has_job(JobKind::cancel_booking, story.reference(1).value)) << "not asked for ever";
    EXPECT_EQ(story.saw("pickup.cancel_impossible"), 1);
    story.answered(1, Outcome::accepted);
    EXPECT_TRUE(story.has_job(JobKind::cancel_booking, story.reference(1).value));
}

TEST(OtherAttempt, ThatCollectsWinsAndTheLiveOneIsCancelledBeforeItIsPlaced) {
    auto story = booked();
    story.answered(1, Outcome::accepted, kYtoNumber);
    story.fires(JobKind::door_deadline, to_string(kPickup));
    story.fires(JobKind::door_give_up, story.reference(1).value);
    ASSERT_EQ(story.file.bookings.size(), 2U);
    story.reported(1, collected, "13:05");
    EXPECT_EQ(story.booking(1).status, BookingStatus::collected);
    EXPECT_EQ(story.booking(2).status, BookingStatus::cancelling);
    EXPECT_FALSE(story.has_job(JobKind::place_booking, story.reference(2).value));
    EXPECT_FALSE(story.has_job(JobKind::accept_deadline, story.reference(2).value));
    EXPECT_TRUE(story.has_job(JobKind::cancel_booking, story.reference(2).value));
    EXPECT_FALSE(story.has_job(JobKind::cancel_booking, story.reference(1).value));
    EXPECT_EQ(live_bookings(story), 1U);
    EXPECT_EQ(story.file.advance->booking, story.reference(1));
}

TEST(OtherAttempt, OfAnOlderPickupThatCollectsServesTheNewOne) {
    auto story = booked();
    story.answered(1, Outcome::accepted, kYtoNumber);
    story.must(CancelPickup{kReturn});
    auto next = a_pickup_request();
    next.id = an_id<PickupId>(8);
    story.must(BookPickup{kReturn, next});
    story.reported(1, collected, "10:30");
    EXPECT_EQ(story.file.case_.pickup->id, next.id);
    EXPECT_EQ(story.file.case_.pickup->status, PickupStatus::collected);
    EXPECT_EQ(story.booking(1).pickup, next.id);
    EXPECT_EQ(story.booking(2).status, BookingStatus::cancelling);
    EXPECT_EQ(live_bookings(story), 1U);
}

TEST(OtherAttempt, ThatIsCancelledAfterTheAdvanceDoesNotFreezeTheCase) {
    auto story = booked();
    story.answered(1, Outcome::pending);
    story.fires(JobKind::accept_deadline, story.reference(1).value);
    story.answered(2, Outcome::accepted, kJtNumber);
    story.reported(2, collected, "10:40");
    ASSERT_TRUE(story.file.advance);
    story.reported(1, cancelled, "10:41");
    EXPECT_EQ(story.file.case_.frozen, "");
    EXPECT_FALSE(is_live(story.booking(1).status));
    EXPECT_EQ(story.file.bookings.size(), 2U);
}

TEST(OtherAttempt, ThatAlsoCollectsFreezesTheCaseAndIsNotPaidForAgain) {
    auto story = booked();
    story.answered(1, Outcome::accepted, kYtoNumber);
    story.reported(1, collect_failed, "10:20");
    story.answered(2, Outcome::accepted, kJtNumber);
    story.reported(2, collected, "10:40");
    const auto advance = story.file.advance;
    ASSERT_TRUE(advance);
    story.reported(1, collected, "10:45");
    EXPECT_EQ(story.file.case_.frozen, "collected_twice");
    EXPECT_EQ(story.file.advance->id, advance->id);
    EXPECT_EQ(story.booking(2).status, BookingStatus::collected);
    EXPECT_EQ(live_bookings(story), 1U);
}

TEST(OtherAttempt, ThatCollectsWhenTheCaseIsOverIsAPersonsMatter) {
    auto story = booked();
    story.answered(1, Outcome::accepted, kYtoNumber);
    story.must(CancelPickup{kReturn});
    story.must(TimerFired{kReturn, JobKind::ship_deadline, ""});
    ASSERT_EQ(story.file.case_.status, CaseStatus::closed);
    story.reported(1, collected, "10:30");
    EXPECT_EQ(story.file.case_.frozen, "collected_when_over");
    EXPECT_EQ(story.file.case_.status, CaseStatus::closed);
    EXPECT_FALSE(story.file.advance);
    story.reported(1, delivered, "18:00");
    EXPECT_EQ(story.file.case_.status, CaseStatus::closed);
    EXPECT_FALSE(story.has_job(JobKind::receipt_deadline));
}

}  // namespace
}  // namespace returngate::test
