// The order in which couriers are asked.
#include "src/pickup/ranking.hpp"

#include <gtest/gtest.h>

namespace returngate {
namespace {

const Window kAfternoon{parse_shanghai("2026-01-10 16:00:00").value(),
                        parse_shanghai("2026-01-10 18:00:00").value()};

CourierCandidate courier(std::string code, int priority) {
    return {.code = CourierCode{std::move(code)}, .priority = priority};
}

TEST(Ranking, GoesByPriorityAndThenByCode) {
    const auto ranked =
        rank_couriers({courier("SF", 20), courier("ZTO", 10), courier("YTO", 10)}, kAfternoon);
    ASSERT_EQ(ranked.size(), 3U);
    EXPECT_EQ(ranked[0].code.value, "YTO");
    EXPECT_EQ(ranked[1].code.value, "ZTO");
    EXPECT_EQ(ranked[2].code.value, "SF");
    EXPECT_FALSE(ranked[2].excluded);
}

TEST(Ranking, NamesWhyACourierIsNotAsked) {
    auto disabled = courier("A", 1);
    disabled.enabled = false;
    auto tried = courier("B", 1);
    tried.already_tried = true;
    auto failing = courier("C", 1);
    failing.breaker_open = true;
    auto early = courier("D", 1);
    early.hours.cut_off = std::chrono::minutes{17 * 60 + 59};
    auto late_riser = courier("F", 1);
    late_riser.hours.opens = std::chrono::minutes{16 * 60 + 1};
    auto just_in_time = courier("E", 9);
    just_in_time.hours.opens = std::chrono::minutes{16 * 60};
    just_in_time.hours.cut_off = std::chrono::minutes{18 * 60};
    const auto ranked =
        rank_couriers({disabled, tried, failing, early, late_riser, just_in_time}, kAfternoon);
    ASSERT_EQ(ranked.size(), 6U);
    EXPECT_EQ(ranked[0], (RankedCourier{{"E"}, std::nullopt, {.priority = 9}}));
    EXPECT_EQ(ranked[1], (RankedCourier{{"A"}, Exclusion::disabled, {.priority = 1}}));
    EXPECT_EQ(ranked[2], (RankedCourier{{"B"}, Exclusion::already_tried, {.priority = 1}}));
    EXPECT_EQ(ranked[3], (RankedCourier{{"C"}, Exclusion::breaker_open, {.priority = 1}}));
    EXPECT_EQ(ranked[4], (RankedCourier{{"D"}, Exclusion::after_cut_off, {.priority = 1}}));
    EXPECT_EQ(ranked[5], (RankedCourier{{"F"}, Exclusion::before_opening, {.priority = 1}}));
}

TEST(Ranking, NamesTheLastingReasonFirst) {
    auto both = courier("A", 1);
    both.enabled = false;
    both.breaker_open = true;
    EXPECT_EQ(rank_couriers({both}, kAfternoon)[0].excluded, Exclusion::disabled);
}

TEST(Ranking, RefusalsAndLatenessCountInProportion) {
    auto refuses = courier("A", 10);
    refuses.record = {.asked = 50, .accepted = 40, .due = 40, .on_time = 40};
    auto late = courier("B", 10);
    late.record = {.asked = 50, .accepted = 50, .due = 40, .on_time = 34};
    const auto ranked = rank_couriers({refuses, late, courier("C", 29)}, kAfternoon);
    EXPECT_EQ(ranked[0], (RankedCourier{{"B"}, std::nullopt, {.priority = 10, .lateness = 15}}));
    EXPECT_EQ(ranked[1].code.value, "C");
    EXPECT_EQ(ranked[2], (RankedCourier{{"A"}, std::nullopt, {.priority = 10, .refusals = 20}}));
}

TEST(Ranking, AHandfulOfBookingsIsChance) {
    auto refuses = courier("A", 10);
    refuses.record = {.asked = 19, .accepted = 0};
    EXPECT_EQ(rank_couriers({refuses}, kAfternoon)[0].demerits.sum(), 10);
    refuses.record.asked = 20;
    EXPECT_EQ(rank_couriers({refuses}, kAfternoon)[0].demerits.sum(), 110);
    EXPECT_EQ(rank_couriers({refuses}, kAfternoon, {.refusals = 7})[0].demerits.sum(), 17);
}

TEST(Ranking, TheFeeCountsWhereItHasPoints) {
    auto dear = courier("A", 10);
    dear.fee_fen = 1250;
    EXPECT_EQ(rank_couriers({dear}, kAfternoon)[0].demerits, (Demerits{.priority = 10}));
    EXPECT_EQ(rank_couriers({dear}, kAfternoon, {.fee_per_yuan = 2})[0].demerits,
              (Demerits{.priority = 10, .fee = 25}));
}

TEST(Ranking, OfNobodyIsEmpty) {
    EXPECT_TRUE(rank_couriers({}, kAfternoon).empty());
}

TEST(Ranking, WordsAreStable) {
    EXPECT_EQ(to_string(Exclusion::disabled), "disabled");
    EXPECT_EQ(to_string(Exclusion::already_tried), "already_tried");
    EXPECT_EQ(to_string(Exclusion::breaker_open), "breaker_open");
    EXPECT_EQ(to_string(Exclusion::before_opening), "before_opening");
    EXPECT_EQ(to_string(Exclusion::after_cut_off), "after_cut_off");
}

}  // namespace
}  // namespace returngate
