// What a return is worth: the parts of an item sum to the whole exactly, and never to more.
#include "src/returns/amount.hpp"

#include <algorithm>
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

Result<Taken> take(const Order& order, const std::vector<ItemUnits>& items, Charges charges = Charges::kept) {
    return take_items(order, items, charges);
}

std::string refusal(const Order& order, const std::vector<ItemUnits>& items) {
    const auto taken = take_items(order, items, Charges::kept);
    return taken ? "taken" : taken.error().code;
}

TEST(Amount, OfAllUnitsIsWhatWasPaidForThem) {
    const auto taken = take(order_of(3, 10000), {{"item-1", 3}});
    ASSERT_TRUE(taken);
    EXPECT_EQ(taken->amount.total_fen, 10000);
    EXPECT_EQ(taken->order.items.front().returned_quantity, 3);
    EXPECT_EQ(taken->order.items.front().returned_fen, 10000);
}

TEST(Amount, OfSingleUnitsSumsToTheWholeExactly) {
    // floor(10000·k/3): 3333, 6666, 10000.
    auto first = take(order_of(3, 10000), {{"item-1", 1}});
    auto second = take(first->order, {{"item-1", 1}});
    auto third = take(second->order, {{"item-1", 1}});
    EXPECT_EQ(first->amount.total_fen, 3333);
    EXPECT_EQ(second->amount.total_fen, 3333);
    EXPECT_EQ(third->amount.total_fen, 3334);
    EXPECT_EQ(refusal(third->order, {{"item-1", 1}}), "quantity_exceeded");
}

TEST(Amount, OfSeveralItemsIsTheirSum) {
    Order order = an_order(9900);
    order.items.push_back({.item_id = "item-2", .title = "Shoes", .quantity = 2, .amount_fen = 4000});
    EXPECT_EQ(take(order, {{"item-1", 1}, {"item-2", 1}})->amount.total_fen, 11900);
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
    auto first = take(order_of(2, 10000), {{"item-1", 1}});
    ASSERT_EQ(first->amount.total_fen, 5000);
    Order changed = first->order;
    changed.items.front().amount_fen = 6000;
    const auto second = take(changed, {{"item-1", 1}});
    EXPECT_EQ(second->amount.total_fen, 1000);
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
            auto taken = take(order, {{"item-1", units}});
            ASSERT_TRUE(taken);
            sum += taken->amount.total_fen;
            order = taken->order;
            left -= units;
        }
        EXPECT_EQ(sum, order.items.front().amount_fen);
    }
}

// --- discounts and charges ------------------------------------------------------------------------

Order order_with(std::vector<OrderItem> items, std::vector<Discount> discounts,
                 std::vector<Charge> charges = {}) {
    Order order = an_order();
    order.items = std::move(items);
    order.discounts = std::move(discounts);
    order.charges = std::move(charges);
    order.paid_fen = 0;
    for (const auto& item : order.items) order.paid_fen += item.amount_fen;
    for (const auto& charge : order.charges) order.paid_fen += charge.amount_fen;
    for (const auto& discount : order.discounts) order.paid_fen -= discount.amount_fen;
    return order;
}
OrderItem an_item(std::string id, std::int32_t quantity, Fen amount_fen) {
    return {.item_id = std::move(id), .title = "Coat", .quantity = quantity, .amount_fen = amount_fen};
}

TEST(Amount, SpreadsADiscountOverTheItemsByLargestRemainder) {
    // 100 over 333, 333, 334: 33.3, 33.3, 33.4; the one fen that is left goes to the largest remainder.
    const auto worths = worths_of(order_with(
        {an_item("a", 1, 333), an_item("b", 1, 333), an_item("c", 1, 334)}, {{"coupon", "platform", 100}}));
    EXPECT_EQ(worths[0].discounts_fen, std::vector<Fen>{33});
    EXPECT_EQ(worths[1].discounts_fen, std::vector<Fen>{33});
    EXPECT_EQ(worths[2].discounts_fen, std::vector<Fen>{34});
    EXPECT_EQ(worths[2].paid_fen, 300);
}

TEST(Amount, GivesTheFenThatIsLeftToTheEarlierOfEquals) {
    const auto worths = worths_of(order_with({an_item("a", 1, 1), an_item("b", 1, 1)},
                                             {{"coupon", "platform", 1}, {"full reduction", "seller", 1}}));
    // The second one takes from what the first one left.
    EXPECT_EQ(worths[0].discounts_fen, (std::vector<Fen>{1, 0}));
    EXPECT_EQ(worths[1].discounts_fen, (std::vector<Fen>{0, 1}));
}

TEST(Amount, SaysWhoBearsWhat) {
    const auto taken = take(order_with({an_item("a", 2, 20000)},
                                       {{"coupon", "platform", 1000}, {"full reduction", "seller", 3000}},
                                       {{.name = "freight", .amount_fen = 800}}),
                            {{"a", 1}});
    ASSERT_TRUE(taken);
    const ItemAmount& item = taken->amount.items.front();
    EXPECT_EQ(item.gross_fen, 10000);
    EXPECT_EQ(item.refund_fen, 8000);
    EXPECT_EQ(item.discounts,
              (std::vector<DiscountShare>{{"coupon", "platform", 500}, {"full reduction", "seller", 1500}}));
    EXPECT_EQ(taken->amount.charges, (std::vector<ChargeAmount>{{"freight", 800, 0, "buyer"}}));
    EXPECT_EQ(taken->amount.total_fen, 8000);
}

TEST(Amount, RefundsChargesWithTheLastUnitOfWhatWasNeverShipped) {
    const Order order = order_with({an_item("a", 1, 1000), an_item("b", 1, 500)}, {},
                                   {{.name = "freight", .amount_fen = 800}});
    const auto first = take(order, {{"a", 1}}, Charges::refunded);
    EXPECT_EQ(first->amount.total_fen, 1000);
    const auto last = take(first->order, {{"b", 1}}, Charges::refunded);
    EXPECT_EQ(last->amount.total_fen, 1300);
    EXPECT_EQ(last->amount.charges, (std::vector<ChargeAmount>{{"freight", 800, 800, "seller"}}));
    EXPECT_EQ(take(order, {{"a", 1}, {"b", 1}})->amount.total_fen, 1500);
}

// Any order, taken apart in any steps.
class Shopping {
public:
    explicit Shopping(unsigned seed) : random_(seed) {}
    std::int64_t upto(std::int64_t most) {
        return static_cast<std::int64_t>(random_() % static_cast<unsigned>(most + 1));
    }
    Order order() {
        std::vector<OrderItem> items;
        Fen left = 0;
        for (std::int64_t i = 0; i <= upto(4); ++i) {
            items.push_back(
                an_item("item-" + std::to_string(i), static_cast<std::int32_t>(1 + upto(6)), upto(2000)));
            left += items.back().amount_fen;
        }
        std::vector<Discount> discounts;
        for (std::int64_t i = upto(3); i > 0; --i) {
            discounts.push_back({"discount", upto(1) == 0 ? "seller" : "platform", upto(left)});
            left -= discounts.back().amount_fen;
        }
        return order_with(std::move(items), std::move(discounts),
                          {{.name = "freight", .amount_fen = upto(1500)}});
    }
    // Some of the units that are left; none: everything was taken.
    std::vector<ItemUnits> some_of(const Order& order) {
        std::vector<ItemUnits> wanted;
        for (const auto& item : order.items) {
            const auto left = item.quantity - item.returned_quantity;
            if (left > 0 && (wanted.empty() || upto(1) == 0))
                wanted.push_back({item.item_id, static_cast<std::int32_t>(1 + upto(left - 1))});
        }
        return wanted;
    }

private:
    std::mt19937 random_;  // NOLINT: a fixed seed repeats
};

void expect_parts_sum(const Amount& amount) {
    Fen total = 0;
    for (const auto& item : amount.items) {
        Fen shares = 0;
        for (const auto& discount : item.discounts) {
            EXPECT_GE(discount.amount_fen, 0);
            shares += discount.amount_fen;
        }
        EXPECT_EQ(item.gross_fen, item.refund_fen + shares);
        EXPECT_LE(item.before_fen + item.refund_fen, item.of_fen);
        // As an auditor computes it, from what stands beside it.
        const Fen upto = item.of_fen * (item.before_quantity + item.quantity) / item.of_quantity;
        EXPECT_EQ(item.refund_fen, upto - item.before_fen);
        total += item.refund_fen;
    }
    for (const auto& charge : amount.charges) total += charge.refund_fen;
    EXPECT_EQ(amount.total_fen, total);
}

TEST(Amount, OfAnyOrderInAnyStepsSumsToWhatWasPaidAndNeverToMore) {
    int several = 0;
    int complete = 0;
    for (unsigned seed = 1; seed <= 3000; ++seed) {
        Shopping shopping(seed);
        Order order = shopping.order();
        const Charges charges = seed % 2 == 0 ? Charges::kept : Charges::refunded;
        Fen refunded = 0;
        bool is_complete = true;
        std::vector<Fen> shares(order.discounts.size(), 0);
        for (auto wanted = shopping.some_of(order); !wanted.empty(); wanted = shopping.some_of(order)) {
            const auto taken = take(order, wanted, charges);
            if (!taken) {  // units that were given away for nothing
                ASSERT_EQ(taken.error().code, "nothing_to_refund");
                is_complete = false;
                break;
            }
            expect_parts_sum(taken->amount);
            refunded += taken->amount.total_fen;
            for (const auto& item : taken->amount.items) {
                for (std::size_t i = 0; i < shares.size(); ++i) shares[i] += item.discounts[i].amount_fen;
            }
            order = taken->order;
            several += taken->amount.items.size() > 1 ? 1 : 0;
            ASSERT_LE(refunded, order.paid_fen) << seed;
            ASSERT_FALSE(testing::Test::HasFailure()) << seed;
        }
        complete += is_complete ? 1 : 0;
        const auto worths = worths_of(order);
        for (std::size_t i = 0; i < order.items.size(); ++i) {
            ASSERT_LE(order.items[i].returned_fen, worths[i].paid_fen);
            ASSERT_TRUE(!is_complete || order.items[i].returned_fen == worths[i].paid_fen);
        }
        for (std::size_t i = 0; i < shares.size(); ++i)
            ASSERT_TRUE(!is_complete || shares[i] == order.discounts[i].amount_fen);
        ASSERT_TRUE(!is_complete || charges == Charges::kept || refunded == order.paid_fen);
    }
    EXPECT_GT(complete, 1000);
    EXPECT_GT(several, 1000);
}

TEST(Amount, OfTheWholeOrderIsAllThatWasPaidForIt) {
    for (unsigned seed = 1; seed <= 1000; ++seed) {
        Shopping shopping(seed);
        const Order order = shopping.order();
        std::vector<ItemUnits> all;
        for (const auto& item : order.items) all.push_back({item.item_id, item.quantity});
        const auto taken = take(order, all, Charges::refunded);
        if (order.paid_fen == 0) continue;
        ASSERT_TRUE(taken) << seed;
        EXPECT_EQ(taken->amount.total_fen, order.paid_fen);
        for (std::size_t i = 0; i < order.discounts.size(); ++i) {
            Fen sum = 0;
            for (const auto& item : taken->amount.items) sum += item.discounts[i].amount_fen;
            EXPECT_EQ(sum, order.discounts[i].amount_fen);
        }
    }
}

}  // namespace
}  // namespace returngate::test
