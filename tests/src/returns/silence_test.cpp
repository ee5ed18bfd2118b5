// Couriers that are not heard of any more.
#include <gtest/gtest.h>

#include "tests/support/story.hpp"

namespace returngate::test {
namespace {

using Outcome = BookingAnswered::Outcome;
using enum TrackingStatus;
using namespace std::chrono_literals;

// 10:00 to 12:00, accepted with a number.
Story numbered() {
    Story story(a_case().advance_path(9900));
    story.must(BookPickup{kReturn, a_pickup_request()});
    story.answered(1, Outcome::accepted, kYtoNumber);
    return story;
}
Story under_way() {
    auto story = numbered();
    story.now = at("11:01");
    story.reported(1, collected, "11:00");
    return story;
}

const std::string& name(Story& story) {
    return story.reference(1).value;
}
bool is_asked(Story& story) {
    return story.has_job(JobKind::ask_courier, name(story));
}
void watch(Story& story) {
    story.must(WatchParcel{kReturn, story.reference(1)});
}
void answer(Story& story, std::vector<TrackingEvent> events) {
    story.must(CourierReported{story.booking(1).courier, story.reference(1), std::move(events), Proof::query,
                               1, true});
}

TEST(Silence, AtTheDoorTheCourierIsAskedBeforeItIsGivenUp) {
    auto story = numbered();
    story.fires(JobKind::door_deadline, to_string(kPickup));
    ASSERT_TRUE(is_asked(story));
    EXPECT_EQ(story.due(JobKind::ask_courier, name(story)), at("12:00"));
    answer(story, {});
    EXPECT_EQ(story.due(JobKind::ask_courier, name(story)), at("12:10"));
    story.now = at("12:10");
    answer(story, {an_event(collected, at("11:50"), kYtoNumber)});
    EXPECT_EQ(story.booking(1).status, BookingStatus::collected);
    EXPECT_FALSE(story.file.case_.pickup->promise_missed);
    EXPECT_TRUE(story.file.advance);
}

TEST(Silence, ACourierThatIsGivenUpIsAskedNoMore) {
    auto story = numbered();
    story.fires(JobKind::door_deadline, to_string(kPickup));
    story.fires(JobKind::door_give_up, name(story));
    EXPECT_FALSE(is_asked(story));
}

TEST(Silence, WithoutANumberThereIsNothingToAskAbout) {
    Story story(a_case());
    story.must(BookPickup{kReturn, a_pickup_request()});
    story.answered(1, Outcome::accepted);
    story.fires(JobKind::door_deadline, to_string(kPickup));
    EXPECT_FALSE(is_asked(story));
}

TEST(Silence, OfAParcelUnderWayBeginsADayAfterTheLastScan) {
    auto story = under_way();
    story.now = at("11:00") + 24h - 1s;
    watch(story);
    EXPECT_FALSE(is_asked(story));
    story.now += 1s;
    watch(story);
    EXPECT_EQ(story.due(JobKind::ask_courier, name(story)), story.now);
}

TEST(Silence, WaitsForTheSendersLastTry) {
    auto story = under_way();
    story.policy.couriers.front().last_push = 30h;
    story.now = at("11:00") + 29h;
    watch(story);
    EXPECT_FALSE(is_asked(story));
    story.now = at("11:00") + 30h;
    watch(story);
    EXPECT_TRUE(is_asked(story));
}

TEST(Silence, IsAskedIntoUntilTheCourierSpeaksByItself) {
    auto story = under_way();
    story.now = at("11:00") + 24h;
    watch(story);
    answer(story, {});
    EXPECT_EQ(story.due(JobKind::ask_courier, name(story)), story.now + 3h);
    story.now += 3h;
    answer(story, {an_event(in_transit, story.now - 5min, kYtoNumber)});
    EXPECT_EQ(story.due(JobKind::ask_courier, name(story)), story.now + 3h) << "it came by our question";
    story.now += 2h;
    story.reported(1, an_event(in_transit, story.now, kYtoNumber));
    story.now += 1h;
    answer(story, {});
    EXPECT_FALSE(is_asked(story));
}

TEST(Silence, EndsWithTheDeliveryAndWithTheCase) {
    auto story = under_way();
    story.now = at("11:00") + 24h;
    watch(story);
    answer(story, {an_event(delivered, story.now - 1h, kYtoNumber)});
    EXPECT_FALSE(is_asked(story));
    EXPECT_EQ(story.file.case_.status, CaseStatus::delivered);
    watch(story);
    EXPECT_FALSE(is_asked(story));
}

TEST(Silence, IsLeftToPeopleAfterFifteenDays) {
    auto story = under_way();
    story.now = at("11:00") + 15 * 24h - 1s;
    watch(story);
    EXPECT_TRUE(is_asked(story));
    story.now += 1s;
    answer(story, {});
    EXPECT_FALSE(is_asked(story));
    watch(story);
    EXPECT_FALSE(is_asked(story));
}

TEST(Silence, OfABookingThatWeDidNotMakeIsRefused) {
    auto story = under_way();
    const auto refused = story.tell(WatchParcel{kReturn, BookingReference{"RG00STRANGER"}});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "booking_unknown");
}

}  // namespace
}  // namespace returngate::test
