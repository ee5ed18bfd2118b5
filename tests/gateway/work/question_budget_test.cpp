// Questions per minute and courier.
#include "gateway/work/question_budget.hpp"

#include <gtest/gtest.h>

namespace returngate::work {
namespace {

using namespace std::chrono_literals;

constexpr QuestionBudget::Time kStart{1h};

int taken(QuestionBudget& budget, const std::string& courier, int per_minute, QuestionBudget::Time now) {
    int count = 0;
    while (count < 1000 && budget.take(courier, per_minute, now)) ++count;
    return count;
}

TEST(QuestionBudget, IsAMinutesWorthAndComesBackEvenly) {
    QuestionBudget budget;
    EXPECT_EQ(taken(budget, "SF", 6, kStart), 6);
    EXPECT_EQ(taken(budget, "SF", 6, kStart + 9s), 0);
    EXPECT_EQ(taken(budget, "SF", 6, kStart + 10s), 1);
    EXPECT_EQ(taken(budget, "SF", 6, kStart + 30s), 2);
}

TEST(QuestionBudget, IsNotSavedUp) {
    QuestionBudget budget;
    EXPECT_EQ(taken(budget, "SF", 6, kStart), 6);
    EXPECT_EQ(taken(budget, "SF", 6, kStart + 24h), 6);
}

TEST(QuestionBudget, OfOneCourierIsNotAnothers) {
    QuestionBudget budget;
    EXPECT_EQ(taken(budget, "SF", 2, kStart), 2);
    EXPECT_EQ(taken(budget, "YTO", 30, kStart), 30);
}

}  // namespace
}  // namespace returngate::work
