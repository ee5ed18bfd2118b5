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
    early.cut_off = std::chrono::minutes{17 * 60 + 59};
    auto just_in_time = courier("E", 9);
    just_in_time.cut_off = std::chrono::minutes{18 * 60};
    const auto ranked = rank_couriers({disabled, tried, failing, early, just_in_time}, kAfternoon);
    ASSERT_EQ(ranked.size(), 5U);
    EXPECT_EQ(ranked[0], (RankedCourier{CourierCode{"E"}, std::nullopt}));
    EXPECT_EQ(ranked[1], (RankedCourier{CourierCode{"A"}, Exclusion::disabled}));
    EXPECT_EQ(ranked[2], (RankedCourier{CourierCode{"B"}, Exclusion::already_tried}));
    EXPECT_EQ(ranked[3], (RankedCourier{CourierCode{"C"}, Exclusion::breaker_open}));
    EXPECT_EQ(ranked[4], (RankedCourier{CourierCode{"D"}, Exclusion::after_cut_off}));
}

TEST(Ranking, NamesTheLastingReasonFirst) {
    auto both = courier("A", 1);
    both.enabled = false;
    both.breaker_open = true;
    EXPECT_EQ(rank_couriers({both}, kAfternoon)[0].excluded, Exclusion::disabled);
}

TEST(Ranking, OfNobodyIsEmpty) {
    EXPECT_TRUE(rank_couriers({}, kAfternoon).empty());
}

TEST(Ranking, WordsAreStable) {
    EXPECT_EQ(to_string(Exclusion::disabled), "disabled");
    EXPECT_EQ(to_string(Exclusion::already_tried), "already_tried");
    EXPECT_EQ(to_string(Exclusion::breaker_open), "breaker_open");
    EXPECT_EQ(to_string(Exclusion::after_cut_off), "after_cut_off");
}

}  // namespace
}  // namespace returngate
