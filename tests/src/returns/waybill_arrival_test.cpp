// A number triggers money, so every rule can refuse it (domain.md "Waybill validation", decisions 10, 22).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/story.hpp"

namespace returngate::test {
namespace {

using Outcome = BookingAnswered::Outcome;
using enum TrackingStatus;

Story accepted_at(std::string_view courier) {
    return Story(a_case().advance_path(9900).with_pickup(courier).accepted());
}

TrackingEvent collected_with(std::string_view number) {
    return an_event(collected, at("10:30"), number);
}

std::string refused_by(const Story& story) {
    EXPECT_EQ(story.file.bookings.front().waybill, "");
    EXPECT_FALSE(story.file.advance);
    EXPECT_EQ(story.saw("waybill.refused"), 1);
    EXPECT_FALSE(
        std::ranges::any_of(story.jobs, [](const auto& job) { return job.first.first == JobKind::pay; }));
    return story.file.bookings.front().waybill_verdict;
}

TEST(Waybill, ThatPassesEveryRuleIsAcceptedInItsCanonicalForm) {
    auto story = accepted_at("YTO");
    story.reported(1, collected_with(" yt8830417529604 "));
    EXPECT_EQ(story.booking(1).waybill, kYtoNumber);
    EXPECT_EQ(story.booking(1).waybill_held, "");
    EXPECT_EQ(story.saw("waybill.accepted"), 1);
    EXPECT_TRUE(story.file.advance);
}

TEST(Waybill, AgainIsNoNews) {
    auto story = accepted_at("YTO");
    story.reported(1, collected_with(kYtoNumber));
    const auto again = story.reported(1, collected_with(kYtoNumber));
    EXPECT_TRUE(again.events.empty());
    EXPECT_TRUE(again.transfers.empty());
}

TEST(Waybill, OfAnotherShapeIsRefused) {
    for (const std::string_view number : {"not-a-number", "YT1", "JT3071846295083", "12345678901234567890"}) {
        auto story = accepted_at("YTO");
        story.reported(1, collected_with(number));
        EXPECT_THAT(refused_by(story), testing::HasSubstr("well_formed")) << number;
        EXPECT_EQ(story.file.case_.status, CaseStatus::in_carriage);
    }
}

TEST(Waybill, ThatIsTheOrdersOwnOutboundNumberIsRefused) {
    auto story = accepted_at("YTO");
    story.reported(1, collected_with(kOutboundNumber));
    EXPECT_EQ(refused_by(story), "not_the_outbound_number");
    EXPECT_EQ(story.booking(1).waybill_held, kOutboundNumber);
}

TEST(Waybill, ThatAnotherReturnClaimedFirstIsRefused) {
    auto story = accepted_at("YTO");
    story.claims["YTO " + std::string(kYtoNumber)] = an_id<ReturnId>(77);
    story.reported(1, collected_with(kYtoNumber));
    EXPECT_EQ(refused_by(story), "claimed_by_this_return");
}

TEST(Waybill, OfAnEarlierAttemptIsNotTheOneOfThisBooking) {
    auto story = Story(a_case()
                           .advance_path(9900)
                           .with_pickup("YTO")
                           .with_waybill(kYtoNumber)
                           .given_up(BookingStatus::cancelled)
                           .with_attempt("YTO")
                           .accepted());
    story.reported(2, collected_with(kYtoNumber));
    EXPECT_EQ(story.booking(2).waybill, "");
    EXPECT_EQ(story.booking(2).waybill_verdict, "of_this_booking");
    EXPECT_FALSE(story.file.advance);
}

TEST(Waybill, ThatReplacesAnAcceptedOneFreezesTheCase) {
    auto story = accepted_at("YTO");
    story.answered(1, Outcome::accepted, kYtoNumber);
    story.reported(1, collected_with(kOtherYtoNumber));
    EXPECT_EQ(story.booking(1).waybill, kYtoNumber);
    EXPECT_EQ(story.booking(1).waybill_held, kOtherYtoNumber);
    EXPECT_THAT(story.booking(1).waybill_verdict, testing::HasSubstr("one_number_per_booking"));
    EXPECT_EQ(story.file.case_.frozen, "waybill_changed");
    EXPECT_FALSE(story.file.advance);
}

TEST(Waybill, ThatTheCourierReplacesFreezesTheCaseInEveryOrder) {
    auto event = an_event(replaced, at("10:20"));
    event.replaced_by = std::string(kOtherYtoNumber);
    auto early = accepted_at("YTO");
    early.reported(1, event);
    early.reported(1, collected_with(kYtoNumber));
    EXPECT_EQ(early.file.case_.frozen, "waybill_replaced");
    EXPECT_FALSE(early.file.advance);
    auto late = accepted_at("YTO");
    late.answered(1, Outcome::accepted, kYtoNumber);
    late.reported(1, event);
    late.reported(1, collected_with(kYtoNumber));
    EXPECT_EQ(late.file.case_.frozen, "waybill_replaced");
    EXPECT_FALSE(late.file.advance);
}

TEST(Waybill, ThatChangesAfterTheAdvanceFreezesTheCaseByWhateverDoorItComes) {
    const auto advanced = [] {
        auto story = accepted_at("YTO");
        story.reported(1, collected_with(kYtoNumber));
        EXPECT_TRUE(story.file.advance);
        EXPECT_EQ(story.file.case_.frozen, "");
        return story;
    };
    const auto expect_frozen = [](const Story& story, std::string_view reason) {
        EXPECT_EQ(story.file.case_.frozen, reason);
        EXPECT_EQ(story.saw("return.frozen"), 1);
        EXPECT_EQ(story.booking_number(), kYtoNumber) << "what was paid on stays";
        EXPECT_EQ(story.file.advance->waybill, kYtoNumber);
    };
    auto by_callback = advanced();
    by_callback.reported(1, an_event(in_transit, at("11:00"), kOtherYtoNumber));
    expect_frozen(by_callback, "waybill_changed");
    auto by_query = advanced();
    by_query.asked(1, {an_event(in_transit, at("11:00"), kOtherYtoNumber)});
    expect_frozen(by_query, "waybill_changed");
    auto by_late_answer = advanced();
    by_late_answer.answered(1, Outcome::accepted, kOtherYtoNumber);
    expect_frozen(by_late_answer, "waybill_changed");
    auto replaced_by_name = advanced();
    auto event = an_event(replaced, at("11:00"), kYtoNumber);
    event.replaced_by = std::string(kOtherYtoNumber);
    replaced_by_name.reported(1, event);
    expect_frozen(replaced_by_name, "waybill_replaced");
    auto replaced_by_nobody_knows_what = advanced();
    replaced_by_nobody_knows_what.reported(1, an_event(replaced, at("11:00"), kYtoNumber));
    expect_frozen(replaced_by_nobody_knows_what, "waybill_replaced");
    auto sent_back_under_another = advanced();
    event = an_event(in_transit, at("11:00"), kYtoNumber);
    event.replaced_by = std::string(kOtherYtoNumber);
    sent_back_under_another.asked(1, {event});
    expect_frozen(sent_back_under_another, "waybill_replaced");
}

TEST(Waybill, WhoseCarryingCourierChangesFreezesTheCaseBeforeTheAdvanceAndAfter) {
    const auto carried_by = [](Story& story, std::string_view courier) {
        auto answer = Story::about(story.reference(1));
        answer.outcome = Outcome::accepted;
        answer.carrying_courier = courier;
        answer.waybill = std::string(kYtoNumber);
        story.must(answer);
    };
    auto before = accepted_at("YTO");
    before.answered(1, Outcome::accepted, kYtoNumber);
    carried_by(before, "JT");
    EXPECT_EQ(before.file.case_.frozen, "waybill_courier_changed");
    EXPECT_EQ(before.booking(1).number_courier(), "YTO");
    before.reported(1, collected_with(kYtoNumber));
    EXPECT_FALSE(before.file.advance);

    auto after = accepted_at("YTO");
    after.reported(1, collected_with(kYtoNumber));
    carried_by(after, "YTO");
    EXPECT_EQ(after.file.case_.frozen, "") << "said again";
    carried_by(after, "JT");
    EXPECT_EQ(after.file.case_.frozen, "waybill_courier_changed");
    EXPECT_EQ(after.booking(1).number_courier(), "YTO");
}

TEST(Waybill, OfAForgedCallbackNeverFreezesAnybodysReturnUnasked) {
    auto story = accepted_at("JT");
    story.answered(1, Outcome::accepted, kJtNumber);
    story.reported(1, an_event(collected, at("10:30"), "JT3071846295999"), Proof::secret_url);
    EXPECT_EQ(story.booking(1).waybill, kJtNumber);
    EXPECT_EQ(story.file.case_.frozen, "");
    EXPECT_TRUE(story.has_job(JobKind::resolve_booking, story.reference(1).value)) << "the courier is asked";
}

TEST(Waybill, TypedInUnderAnotherCourierAfterAnAttemptIsSuspect) {
    CaseFile file = a_case().advance_path(9900);
    Story story(file);
    story.others_claims.push_back({.key = {"YUNDA", std::string(kYtoNumber.substr(2))},
                                   .owner = kReturn,
                                   .buyer = kBuyer,
                                   .seller = kSeller,
                                   .claimed_at = at("09:00")});
    story.must(ShipYourself{kReturn, CourierCode{"YTO"}, std::string(kYtoNumber)});
    EXPECT_EQ(story.saw("waybill.suspect"), 1);
    EXPECT_EQ(story.file.case_.frozen, "waybill_suspect");
    EXPECT_EQ(story.file.case_.held_fen, 0);
    story.must(CourierReported{CourierCode{"YTO"},
                               story.reference(1),
                               {an_event(delivered, at("18:00"), kYtoNumber)},
                               Proof::query,
                               1});
    EXPECT_FALSE(story.file.advance);
}

TEST(Waybill, RefusedOnceIsToldOnceAndARightOneStillCounts) {
    auto story = accepted_at("YTO");
    story.reported(1, collected_with("YT1"));
    story.reported(1, collected_with("YT1"));
    EXPECT_EQ(story.saw("waybill.refused"), 1);
    story.reported(1, collected_with(kYtoNumber));
    EXPECT_EQ(story.booking(1).waybill, kYtoNumber);
    EXPECT_EQ(story.booking(1).waybill_verdict, "");
    EXPECT_TRUE(story.file.advance);
}

TEST(Waybill, IsJudgedByTheCarryingCouriersRules) {
    auto story = accepted_at("YTO");
    BookingAnswered answer = Story::about(story.reference(1));
    answer.outcome = Outcome::accepted;
    answer.carrying_courier = "JT";
    answer.waybill = std::string(kJtNumber);
    story.must(answer);
    EXPECT_EQ(story.booking(1).waybill, kJtNumber);
    EXPECT_TRUE(story.claims.contains("JT " + std::string(kJtNumber)));
}

TEST(Waybill, VouchedForByTheUrlAloneIsAskedForByOurReference) {
    auto story = accepted_at("JT");
    story.reported(1, collected_with(kJtNumber), Proof::secret_url);
    EXPECT_EQ(story.booking(1).waybill, "");
    EXPECT_TRUE(story.has_job(JobKind::resolve_booking, story.reference(1).value));
    EXPECT_FALSE(story.has_job(JobKind::confirm_collection, story.reference(1).value));
    story.answered(1, Outcome::in_doubt);  // the courier could not be asked just now
    EXPECT_TRUE(story.has_job(JobKind::resolve_booking, story.reference(1).value));
    story.answered(1, Outcome::accepted, kJtNumber);
    EXPECT_EQ(story.booking(1).waybill, kJtNumber);
    EXPECT_FALSE(story.file.advance);
    EXPECT_TRUE(story.has_job(JobKind::confirm_collection, story.reference(1).value));
    story.asked(1, {collected_with(kJtNumber)});
    EXPECT_TRUE(story.file.advance);
}

TEST(Waybill, VouchedForByTheUrlAloneOfACourierThatCannotBeAskedIsAPersonsMatter) {
    auto story = accepted_at("YTO");
    story.reported(1, collected_with(kYtoNumber), Proof::secret_url);
    EXPECT_FALSE(story.has_job(JobKind::resolve_booking, story.reference(1).value));
    EXPECT_EQ(refused_by(story), "proved (secret_url)");
}

TEST(ClaimKey, IsTheCarryingCourierAndTheCanonicalNumber) {
    EXPECT_EQ(claim_key("YTO", "yt8830417529604"), (ClaimKey{"YTO", std::string(kYtoNumber)}));
    EXPECT_FALSE(claim_key("YTO", "not a number at all"));
    EXPECT_FALSE(claim_key("YTO", ""));
}

}  // namespace
}  // namespace returngate::test
