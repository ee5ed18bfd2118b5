// A2, A3, decision 6: what is promised and what is advanced never exceed the line.
#include "src/advance/credit_line.hpp"

#include <gtest/gtest.h>
#include <random>

#include "tests/support/builders.hpp"

namespace returngate::test {
namespace {

void expect_sound(const CreditLine& line) {
    EXPECT_GE(line.held_fen, 0);
    EXPECT_GE(line.open_fen, 0);
    EXPECT_LE(line.held_fen + line.open_fen, line.bound_fen);
    EXPECT_GE(line.bound_fen, line.line_fen);
}

TEST(CreditLine, GivesTheLastFenAndNotOneMore) {
    const auto full = reserve(a_line(2, 30000), 30000);
    ASSERT_TRUE(full);
    EXPECT_EQ(full->held_fen, 30000);
    EXPECT_EQ(full->left_fen(), 0);
    const auto over = reserve(*full, 1);
    ASSERT_FALSE(over);
    EXPECT_EQ(over.error().kind, ErrorKind::rejected);
    EXPECT_EQ(over.error().code, "credit_line_exceeded");
    EXPECT_FALSE(reserve(a_line(2, 30000), 30001));
}

TEST(CreditLine, DoesNotPromiseTheSameMoneyTwice) {
    const auto first = reserve(a_line(2, 30000), 20000);
    ASSERT_TRUE(first);
    EXPECT_FALSE(reserve(*first, 20000));
    EXPECT_TRUE(reserve(*first, 10000));
}

TEST(CreditLine, ReservesNothingAndLessThanNothingNever) {
    EXPECT_EQ(reserve(a_line(2, 30000), 0).error().code, "amount_not_positive");
    EXPECT_EQ(reserve(a_line(2, 30000), -1).error().code, "amount_not_positive");
}

TEST(CreditLine, TheAdvanceOpensWhatWasHeldAndItsEndFreesTheLine) {
    auto line = reserve(a_line(2, 30000), 30000).value();
    line = open_reserved(line, 30000);
    EXPECT_EQ(line.held_fen, 0);
    EXPECT_EQ(line.open_fen, 30000);
    EXPECT_EQ(line.left_fen(), 0);
    line = close_open(line, 10000);
    EXPECT_EQ(line.left_fen(), 10000);
    line = close_open(line, 20000);
    EXPECT_EQ(line.left_fen(), 30000);
}

TEST(CreditLine, ALoweredLineTakesNothingBackButPromisesNothingMore) {
    auto line = reserve(a_line(4, 80000), 60000).value();
    line = with_line(line, 2, 30000);
    EXPECT_EQ(line.bound_fen, 60000);
    EXPECT_EQ(line.left_fen(), 0);
    EXPECT_FALSE(reserve(line, 1));
    line = open_reserved(line, 60000);
    line = close_open(line, 40000);
    EXPECT_EQ(line.bound_fen, 30000);
    EXPECT_EQ(line.left_fen(), 10000);
}

TEST(CreditLine, StaysSoundWhateverHappensToIt) {
    std::mt19937 random(2);  // NOLINT: a fixed seed repeats
    CreditLine line = a_line(3, 50000);
    for (int step = 0; step < 20000; ++step) {
        const auto amount = static_cast<Fen>(random() % 20000);
        switch (random() % 5) {
            case 0: line = reserve(line, amount).value_or(line); break;
            case 1: line = release_reserved(line, std::min(amount, line.held_fen)); break;
            case 2:
                if (line.held_fen > 0) line = open_reserved(line, std::min(amount + 1, line.held_fen));
                break;
            case 3: line = close_open(line, std::min(amount, line.open_fen)); break;
            default: line = with_line(line, 3, static_cast<Fen>(random() % 100000)); break;
        }
        expect_sound(line);
        ASSERT_FALSE(testing::Test::HasFailure()) << "step " << step;
    }
}

}  // namespace
}  // namespace returngate::test
