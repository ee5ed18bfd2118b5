// Who comes to the door, with which account, and into which window a booking is moved.
#include <gmock/gmock.h>

#include "tests/support/story.hpp"

namespace returngate::test {
namespace {

using Outcome = BookingAnswered::Outcome;
using ::testing::ElementsAre;

Story booked() {
    Story story(a_case());
    story.must(BookPickup{kReturn, a_pickup_request()});
    return story;
}

TrackingEvent named(TrackingStatus status, std::string_view clock, std::string name, std::string phone,
                    std::string code = {}) {
    auto event = an_event(status, at(clock));
    event.courier_person = std::move(name);
    event.courier_phone = std::move(phone);
    event.pickup_code = std::move(code);
    return event;
}

TEST(DoorContact, IsWhatTheCourierTellsWithItsAcceptance) {
    auto story = booked();
    const auto decision =
        story.reported(1, named(TrackingStatus::courier_assigned, "10:02", "李师傅", "13700000001", "3524"));
    ASSERT_TRUE(decision.door);
    EXPECT_EQ(decision.door->booking, story.reference(1));
    EXPECT_EQ(decision.door->name, "李师傅");
    EXPECT_EQ(decision.door->phone, "13700000001");
    EXPECT_EQ(decision.door->pickup_code, "3524");
    EXPECT_EQ(decision.door->told_at, at("10:02"));
    EXPECT_EQ(story.saw("pickup.courier_named"), 1);
    for (const auto& [name, value] : story.events.back().facts) EXPECT_EQ(name, "courier");
}

TEST(DoorContact, OfABookingsAnswerIsTheCodeAlone) {
    auto story = booked();
    auto answer = Story::about(story.reference(1));
    answer.outcome = Outcome::accepted;
    answer.pickup_code = "3524";
    const auto decision = story.must(answer);
    ASSERT_TRUE(decision.door);
    EXPECT_EQ(decision.door->pickup_code, "3524");
    EXPECT_EQ(decision.door->name, "");
}

TEST(DoorContact, IsNotKeptOfTheCollectionNorAfterIt) {
    auto story = booked();
    EXPECT_FALSE(story.reported(1, named(TrackingStatus::collected, "10:30", "李师傅", "137", "3524")).door);
    EXPECT_FALSE(story.reported(1, named(TrackingStatus::courier_assigned, "10:02", "李师傅", "137")).door);
    EXPECT_EQ(story.saw("pickup.courier_named"), 0);
}

TEST(DoorContact, IsNotWhoeverScannedAParcel) {
    auto story = booked();
    EXPECT_FALSE(story.reported(1, named(TrackingStatus::exception, "10:02", "分拣员", "137")).door);
    EXPECT_TRUE(story.reported(1, named(TrackingStatus::exception, "10:03", "分拣员", "137", "3524")).door)
        << "a code is for the door, whatever it comes with";
}

TEST(DoorContact, OfABookingThatWasGivenUpIsNotHeard) {
    auto story = booked();
    story.must(CancelPickup{kReturn});
    EXPECT_FALSE(story.reported(1, named(TrackingStatus::rebooked, "10:02", "李师傅", "137")).door);
}

TEST(DoorContact, OfTheLaterWordReplacesThePersonWholeAndKeepsTheCode) {
    DoorContact known{{}, "王师傅", "13700000001", "3524", at("10:00")};
    merge(known, {{}, "李师傅", "", "", at("10:05")});
    EXPECT_EQ(known.name + known.phone + known.pickup_code, "李师傅3524");
    merge(known, {{}, "王师傅", "13700000001", "1111", at("10:01")});
    EXPECT_EQ(known.name + known.phone + known.pickup_code, "李师傅3524");
    EXPECT_EQ(known.told_at, at("10:05"));
}

TEST(DoorContact, HasAnIdThatFollowsFromTheBookingAndNoOther) {
    IdSource ids({5});
    const auto one = ids.next_booking_reference(7);
    const auto other = ids.next_booking_reference(7);
    ASSERT_TRUE(door_contact_of(one));
    EXPECT_EQ(door_contact_of(one)->cell(), 7);
    EXPECT_EQ(door_contact_of(one), door_contact_of(one));
    EXPECT_NE(door_contact_of(one), door_contact_of(other));
    EXPECT_FALSE(door_contact_of(BookingReference{"RG00STRANGER"}));
    // 24 characters of five bits, by hand: A is 0 and 7 is 31.
    const auto last = bytes_of(BookingReference{"RG2AAAAAAAAAAAAAAAAAAAAAAAA7"});
    ASSERT_TRUE(last);
    EXPECT_EQ(last->at(0), 0x2a);
    EXPECT_EQ(last->at(1), 0);
    EXPECT_EQ(last->at(15), 31);
}

TEST(Booking, RemembersItsAccountAndItsRegion) {
    Story story(a_case());
    story.policy.couriers.front().accounts = {{"east", {"浙江"}, {}}};
    story.must(BookPickup{kReturn, a_pickup_request()});
    EXPECT_EQ(story.booking(1).account, "east");
    EXPECT_EQ(story.booking(1).region, "浙江/杭州");
    story.answered(1, Outcome::refused);
    EXPECT_EQ(story.booking(2).courier.value, "JT");
    EXPECT_EQ(story.booking(2).account, "") << "of YTO's accounts, not of JT's";
    EXPECT_EQ(story.booking(2).region, "浙江/杭州");
}

TEST(Booking, OfOneAccountIsNotReportedOnByAnother) {
    auto story = booked();
    CourierReported report{story.booking(1).courier, story.reference(1), {}, Proof::strong_signature, 0};
    report.events = {an_event(TrackingStatus::collected, at("10:30"))};
    report.account = "east";
    const auto refused = story.tell(report);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "account_mismatch");
    EXPECT_EQ(refused.error().kind, ErrorKind::unauthorized);
}

std::vector<RankedCourier> ranking_of(const Decision& decision) {
    for (const auto& [name, value] : decision.events.back().facts)
        if (name == "ranking") return std::get<std::vector<RankedCourier>>(value);
    return {};
}

TEST(Booking, ShowsWhoDoesNotComeThereAndWhoHadNobodyFree) {
    Story story(a_case());
    story.policy.couriers.pop_back();  // SF comes to nobody's door
    story.policy.couriers.at(0).coverage.not_served = {"浙江/杭州"};
    story.quotes = {{{"JD"}, "浙江/杭州", kSeller, false, {}}};
    story.records = {{.code = {"JT"}, .full = {{"浙江/杭州", at("09:30")}, {"上海/上海", at("09:59")}}}};
    const auto ranking = ranking_of(story.must(BookPickup{kReturn, a_pickup_request()}));
    EXPECT_THAT(ranking, ElementsAre(RankedCourier{{"JT"}, std::nullopt, {.priority = 20, .full = 200}},
                                     RankedCourier{{"YTO"}, Exclusion::out_of_coverage, {.priority = 10}},
                                     RankedCourier{{"JD"}, Exclusion::not_served, {.priority = 30}}));
    EXPECT_EQ(story.booking(1).courier.value, "JT") << "standing back is no refusal";
}

TEST(Booking, IsNotStoodBackFromElsewhere) {
    Story story(a_case());
    story.records = {{.code = {"YTO"}, .full = {{"上海/上海", at("09:59")}}}};
    story.must(BookPickup{kReturn, a_pickup_request()});
    EXPECT_EQ(story.booking(1).courier.value, "YTO");
}

Story accepted_by_a_courier_that_moves() {
    Story story(a_case());
    story.policy.couriers.front().moves_bookings = true;
    story.must(BookPickup{kReturn, a_pickup_request()});
    story.answered(1, Outcome::accepted, kYtoNumber);
    story.now = at("10:30");
    story.must(ReschedulePickup{kReturn, Window{at("15:00"), at("17:00")}});
    return story;
}

BookingMoved answer_to(Story& story, BookingMoved::Outcome outcome) {
    return {kReturn, story.reference(1), story.booking(1).window, outcome};
}

TEST(Move, KeepsTheBookingItsNumberAndThePromiseOfTheNewWindow) {
    auto story = accepted_by_a_courier_that_moves();
    EXPECT_EQ(story.file.bookings.size(), 1U);
    EXPECT_EQ(story.booking(1).window, (Window{at("15:00"), at("17:00")}));
    EXPECT_EQ(story.booking(1).waybill, kYtoNumber);
    EXPECT_EQ(story.file.case_.pickup->status, PickupStatus::booked);
    EXPECT_FALSE(story.has_job(JobKind::cancel_booking, story.reference(1).value));
    story.must(answer_to(story, BookingMoved::Outcome::moved));
    EXPECT_FALSE(story.has_job(JobKind::move_booking, story.reference(1).value));
    EXPECT_EQ(story.saw("pickup.moved"), 1);
}

TEST(Move, OfABookingThatIsStillBeingPlacedIsACancellation) {
    Story story(a_case());
    story.policy.couriers.front().moves_bookings = true;
    story.must(BookPickup{kReturn, a_pickup_request()});
    story.now = at("10:30");
    story.must(ReschedulePickup{kReturn, Window{at("15:00"), at("17:00")}});
    EXPECT_EQ(story.booking(1).status, BookingStatus::cancelling);
    EXPECT_EQ(story.file.bookings.size(), 2U);
}

TEST(Move, IntoAWindowThatTheCourierDoesNotServeIsACancellation) {
    Story story(a_case());
    story.policy.couriers.front().moves_bookings = true;
    story.policy.couriers.front().hours.cut_off = std::chrono::minutes(13 * 60);
    story.must(BookPickup{kReturn, a_pickup_request()});
    story.answered(1, Outcome::accepted);
    story.now = at("10:30");
    story.must(ReschedulePickup{kReturn, Window{at("15:00"), at("17:00")}});
    EXPECT_EQ(story.booking(1).status, BookingStatus::cancelling);
    EXPECT_EQ(story.booking(2).courier.value, "JT");
}

TEST(Move, ThatIsRefusedIsACancellation) {
    auto story = accepted_by_a_courier_that_moves();
    story.must(answer_to(story, BookingMoved::Outcome::refused));
    EXPECT_EQ(story.booking(1).status, BookingStatus::cancelling);
    ASSERT_EQ(story.file.bookings.size(), 2U);
    EXPECT_EQ(story.booking(2).window, (Window{at("15:00"), at("17:00")}));
    EXPECT_FALSE(story.has_job(JobKind::move_booking, story.reference(1).value));
}

TEST(Move, OfACollectedParcelAsksForTheCollectionAndSendsNobodyElse) {
    auto story = accepted_by_a_courier_that_moves();
    story.must(answer_to(story, BookingMoved::Outcome::too_late));
    EXPECT_EQ(story.file.bookings.size(), 1U);
    EXPECT_TRUE(story.has_job(JobKind::confirm_collection, story.reference(1).value));
}

TEST(Move, WhoseAnswerIsOfAnEarlierWindowIsAskedForAgain) {
    auto story = accepted_by_a_courier_that_moves();
    const auto earlier = answer_to(story, BookingMoved::Outcome::moved);
    story.must(ReschedulePickup{kReturn, Window{at("17:00"), at("19:00")}});
    story.must(earlier);
    EXPECT_EQ(story.saw("pickup.moved"), 0);
    EXPECT_TRUE(story.has_job(JobKind::move_booking, story.reference(1).value));
}

TEST(Move, AnsweredAfterACancellationOrACollectionChangesNothing) {
    auto story = accepted_by_a_courier_that_moves();
    auto other = accepted_by_a_courier_that_moves();
    story.must(CancelPickup{kReturn});
    EXPECT_FALSE(story.has_job(JobKind::move_booking, story.reference(1).value));
    story.must(answer_to(story, BookingMoved::Outcome::refused));
    EXPECT_EQ(story.file.bookings.size(), 1U);
    other.reported(1, TrackingStatus::collected, "10:31");
    other.must(answer_to(other, BookingMoved::Outcome::refused));
    EXPECT_EQ(other.booking(1).status, BookingStatus::collected);
    EXPECT_EQ(other.file.bookings.size(), 1U);
    EXPECT_FALSE(other.has_job(JobKind::move_booking, other.reference(1).value));
}

}  // namespace
}  // namespace returngate::test
