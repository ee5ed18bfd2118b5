// Milestones: what a set of events says, whatever their order (decisions 12, 37, 38; reliability I-19).
#include "src/pickup/milestones.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <random>

#include "tests/support/builders.hpp"

namespace returngate::test {
namespace {

using enum TrackingStatus;

Milestones after(std::initializer_list<TrackingEvent> events) {
    Milestones milestones;
    for (const auto& event : events) milestones.merge(event, true);
    return milestones;
}

TEST(Milestones, StartWithNothing) {
    const Milestones none;
    EXPECT_FALSE(none.is_accepted());
    EXPECT_FALSE(none.is_collected());
    EXPECT_FALSE(none.is_collection_proved());
    EXPECT_FALSE(none.is_cancelled());
    EXPECT_FALSE(none.is_delivered());
    EXPECT_FALSE(none.is_returned());
    EXPECT_FALSE(none.collected_at());
    EXPECT_FALSE(none.standing_collection_at());
}

TEST(Milestones, EveryLaterScanImpliesTheCollection) {
    for (const auto status : {collected, in_transit, out_for_delivery, at_station, delivered}) {
        const auto known = after({an_event(status, at("11:00"))});
        EXPECT_TRUE(known.is_collected()) << to_string(status);
        EXPECT_TRUE(known.is_accepted()) << to_string(status);
        EXPECT_EQ(known.collected_at(), at("11:00")) << to_string(status);
    }
}

TEST(Milestones, WordsWithoutAMeaningForThePickupImplyNothing) {
    for (const auto status : {unknown, fee, exception, replaced}) {
        EXPECT_EQ(after({an_event(status, at("11:00"))}), Milestones{}) << to_string(status);
        EXPECT_FALSE(implies_collected(status)) << to_string(status);
    }
}

TEST(Milestones, TheEarliestCollectionAndDeliveryCount) {
    const auto known = after({an_event(collected, at("11:05")), an_event(collected, at("11:00")),
                              an_event(delivered, at("15:00")), an_event(delivered, at("14:00"))});
    EXPECT_EQ(known.at(Milestone::collected), at("11:00"));
    EXPECT_EQ(known.at(Milestone::delivered), at("14:00"));
    EXPECT_EQ(known.collected_at(), at("11:00"));
}

TEST(Milestones, AWithdrawalCountsUntilSomethingLaterSaysThatTheParcelMoves) {
    EXPECT_FALSE(after({an_event(collected, at("11:00")), an_event(undone, at("11:10"))}).is_collected());
    EXPECT_TRUE(after({an_event(collected, at("11:00")), an_event(undone, at("11:10")),
                       an_event(in_transit, at("12:00"))})
                    .is_collected());
}

TEST(Milestones, CollectedAgainAfterAWithdrawalIsCollected) {
    const auto known = after(
        {an_event(collected, at("11:00")), an_event(undone, at("11:10")), an_event(collected, at("11:30"))});
    EXPECT_TRUE(known.is_collected());
    EXPECT_EQ(known.collected_at(), at("11:00"));
    EXPECT_EQ(known.standing_collection_at(), at("11:30"));
}

TEST(Milestones, InTheSameSecondTheWithdrawalWins) {
    EXPECT_FALSE(after({an_event(collected, at("11:00")), an_event(undone, at("11:00"))}).is_collected());
    EXPECT_FALSE(after({an_event(collected, at("11:00")), an_event(cancelled, at("11:00"))}).is_collected());
}

TEST(Milestones, ACancellationHoldsUntilRevivedOrCollectedLater) {
    EXPECT_TRUE(after({an_event(accepted, at("10:05")), an_event(cancelled, at("10:10"))}).is_cancelled());
    EXPECT_FALSE(after({an_event(cancelled, at("10:10")), an_event(rebooked, at("10:20"))}).is_cancelled());
    EXPECT_FALSE(after({an_event(cancelled, at("10:10")), an_event(collected, at("10:30"))}).is_cancelled());
    EXPECT_TRUE(after({an_event(rebooked, at("10:05")), an_event(cancelled, at("10:10"))}).is_cancelled());
}

TEST(Milestones, ACancellationAfterTheCollectionTakesItBack) {
    const auto known = after({an_event(collected, at("11:00")), an_event(cancelled, at("11:10"))});
    EXPECT_TRUE(known.is_cancelled());
    EXPECT_FALSE(known.is_collected());
}

TEST(Milestones, OnlyProvedEventsProveTheCollection) {
    Milestones known;
    known.merge(an_event(collected, at("11:00")), false);
    EXPECT_TRUE(known.is_collected());
    EXPECT_FALSE(known.is_collection_proved());
    known.merge(an_event(collected, at("11:00")), true);
    EXPECT_TRUE(known.is_collection_proved());
}

TEST(Milestones, AProofOfAWithdrawnCollectionProvesNothing) {
    Milestones known;
    known.merge(an_event(undone, at("11:10")), true);
    known.merge(an_event(collected, at("11:30")), false);
    known.merge(an_event(collected, at("11:00")), true);
    EXPECT_TRUE(known.is_collected());
    EXPECT_FALSE(known.is_collection_proved());
}

TEST(Milestones, RefusedByTheReceiverIsOnItsWayBack) {
    EXPECT_TRUE(after({an_event(refused, at("15:00"))}).is_returned());
    EXPECT_TRUE(after({an_event(returned, at("15:00"))}).is_returned());
}

TEST(Milestones, AreTheSameForEveryOrderAndRepetitionOfTheSameEvents) {
    std::mt19937 random(1);  // NOLINT: a fixed seed repeats
    const Instant start = at("10:00");
    for (int round = 0; round < 2000; ++round) {
        std::vector<std::pair<TrackingEvent, bool>> events;
        const auto count = 1 + random() % 12;
        for (unsigned i = 0; i < count; ++i) {
            const auto status = static_cast<TrackingStatus>(random() % 17);
            events.emplace_back(an_event(status, start + std::chrono::minutes(random() % 20)),
                                random() % 2 == 0);
        }
        Milestones once;
        for (const auto& [event, is_proved] : events) once.merge(event, is_proved);
        events.insert(events.end(), events.begin(),
                      events.begin() + static_cast<std::ptrdiff_t>(random() % count));
        std::ranges::shuffle(events, random);
        Milestones again;
        for (const auto& [event, is_proved] : events) again.merge(event, is_proved);
        ASSERT_EQ(once, again) << "round " << round;
    }
}

TEST(Milestones, ThatWereStoredComeBackAsTheyWere) {
    const auto known = after({an_event(collected, at("11:00")), an_event(delivered, at("14:00"))});
    Milestones loaded;
    for (std::size_t i = 0; i < kMilestones; ++i) {
        const auto milestone = static_cast<Milestone>(i);
        if (const auto time = known.at(milestone)) loaded.set(milestone, *time);
    }
    EXPECT_EQ(loaded, known);
}

}  // namespace
}  // namespace returngate::test
