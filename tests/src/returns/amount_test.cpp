// What a return is worth: the parts of an item sum to the whole exactly, and never to more.
#include "src/returns/amount.hpp"

#include <gtest/gtest.h>
#include <random>

#include "tests/support/builders.hpp"

namespace returngate::test {
namespace {

Order order_of(std::int32_t quantity, Fen amount_fen) {
    Order order = an_order(amount_fen);
    order.items.front().quantity = quantity;
    return order;
}

std::string refusal(const Order& order, std::vector<ApplyForReturn::Item> items) {
    const auto taken = take_items(order, items);
    return taken ? "taken" : taken.error().code;
}

TEST(Amount, OfAllUnitsIsWhatWasPaidForThem) {
    const auto taken = take_items(order_of(3, 10000), {{"item-1", 3}});
    ASSERT_TRUE(taken);
    EXPECT_EQ(taken->amount_fen, 10000);
    EXPECT_EQ(taken->order.items.front().returned_quantity, 3);
    EXPECT_EQ(taken->order.items.front().returned_fen, 10000);
}

TEST(Amount, OfSingleUnitsSumsToTheWholeExactly) {
    // floor(10000·k/3): 3333, 6666, 10000.
    auto first = take_items(order_of(3, 10000), {{"item-1", 1}});
    auto second = take_items(first->order, {{"item-1", 1}});
    auto third = take_items(second->order, {{"item-1", 1}});
    EXPECT_EQ(first->amount_fen, 3333);
    EXPECT_EQ(second->amount_fen, 3333);
    EXPECT_EQ(third->amount_fen, 3334);
    EXPECT_EQ(refusal(third->order, {{"item-1", 1}}), "quantity_exceeded");
}

TEST(Amount, OfSeveralItemsIsTheirSum) {
    Order order = an_order(9900);
    order.items.push_back({.item_id = "item-2", .title = "Shoes", .quantity = 2, .amount_fen = 4000});
    EXPECT_EQ(take_items(order, {{"item-1", 1}, {"item-2", 1}})->amount_fen, 11900);
}

TEST(Amount, RefusesWhatTheOrderDoesNotHold) {
    EXPECT_EQ(refusal(order_of(1, 9900), {{"item-9", 1}}), "item_unknown");
    EXPECT_EQ(refusal(order_of(1, 9900), {{"item-1", 2}}), "quantity_exceeded");
    EXPECT_EQ(refusal(order_of(1, 9900), {{"item-1", 0}}), "quantity_exceeded");
    EXPECT_EQ(refusal(order_of(1, 9900), {{"item-1", -1}}), "quantity_exceeded");
    EXPECT_EQ(refusal(order_of(2, 9900), {{"item-1", 1}, {"item-1", 1}}), "item_named_twice");
    EXPECT_EQ(refusal(order_of(1, 9900), {}), "nothing_to_refund");
    EXPECT_EQ(refusal(order_of(1, 0), {{"item-1", 1}}), "nothing_to_refund");
}

TEST(Amount, OutOfRangeIsAnErrorAndNoNumber) {
    EXPECT_EQ(refusal(order_of(2, std::numeric_limits<Fen>::max()), {{"item-1", 2}}), "amount_overflow");
}

TEST(Amount, NeverExceedsThePaidAmountWhenThePlatformChangesTheOrderInBetween) {
    auto first = take_items(order_of(2, 10000), {{"item-1", 1}});
    ASSERT_EQ(first->amount_fen, 5000);
    Order changed = first->order;
    changed.items.front().amount_fen = 6000;
    const auto second = take_items(changed, {{"item-1", 1}});
    EXPECT_EQ(second->amount_fen, 1000);
    EXPECT_EQ(second->order.items.front().returned_fen, 6000);
}

TEST(Amount, OfEverySplitSumsToTheWhole) {
    std::mt19937 random(3);  // NOLINT: a fixed seed repeats
    for (int round = 0; round < 2000; ++round) {
        const auto quantity = static_cast<std::int32_t>(1 + random() % 9);
        Order order = order_of(quantity, static_cast<Fen>(100 + random() % 100000));
        Fen sum = 0;
        for (std::int32_t left = quantity; left > 0;) {
            const auto units = static_cast<std::int32_t>(1 + random() % static_cast<unsigned>(left));
            auto taken = take_items(order, {{"item-1", units}});
            ASSERT_TRUE(taken);
            sum += taken->amount_fen;
            order = taken->order;
            left -= units;
        }
        EXPECT_EQ(sum, order.items.front().amount_fen);
    }
}

}  // namespace
}  // namespace returngate::test
