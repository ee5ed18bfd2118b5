// How many calls may repeat earlier ones.
#include "gateway/work/retry_budget.hpp"

#include <gtest/gtest.h>

namespace returngate::work {
namespace {

using namespace std::chrono_literals;

constexpr RetryBudget::Time kStart{1h};

int taken(RetryBudget& budget, const std::string& courier, RetryBudget::Time now) {
    int count = 0;
    while (count < 1000 && budget.take(courier, now)) ++count;
    return count;
}

TEST(RetryBudget, IsTenAtOnceAndOneASecondWhateverTheShare) {
    RetryBudget budget;
    EXPECT_EQ(taken(budget, "SF", kStart), 10);
    EXPECT_EQ(taken(budget, "SF", kStart + 999ms), 0);
    EXPECT_EQ(taken(budget, "SF", kStart + 1s), 1);
    EXPECT_EQ(taken(budget, "SF", kStart + 3500ms), 2);
    EXPECT_EQ(taken(budget, "SF", kStart + 4s), 1);
}

TEST(RetryBudget, GrowsByAShareOfTheFirstCalls) {
    RetryBudget budget;
    EXPECT_EQ(taken(budget, "SF", kStart), 10);
    for (int i = 0; i < 20; ++i) budget.earn("SF", 20, kStart);
    EXPECT_EQ(taken(budget, "SF", kStart), 4);
    for (int i = 0; i < 20; ++i) budget.earn("SF", 0, kStart);
    EXPECT_EQ(taken(budget, "SF", kStart), 0);
}

TEST(RetryBudget, IsNotSavedUp) {
    RetryBudget budget;
    for (int i = 0; i < 1000; ++i) budget.earn("SF", 20, kStart);
    EXPECT_EQ(taken(budget, "SF", kStart + 24h), 10);
}

TEST(RetryBudget, OfACourierIsItsOwn) {
    RetryBudget budget;
    EXPECT_EQ(taken(budget, "SF", kStart), 10);
    EXPECT_EQ(taken(budget, "YTO", kStart), 10);
}

}  // namespace
}  // namespace returngate::work
