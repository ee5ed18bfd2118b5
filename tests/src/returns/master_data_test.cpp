// Orders and trust come from the platform (decision 2); what stands in returns stays ours.
#include <gtest/gtest.h>

#include "tests/support/story.hpp"

namespace returngate::test {
namespace {

std::string refusal(Story& story, const Command& command) {
    const auto decision = story.tell(command);
    return decision ? "taken" : decision.error().code;
}

TEST(PutOrder, StoresTheOrderWithNothingReturned) {
    Story story;
    Order order = an_order();
    order.items.front().returned_quantity = 1;
    order.items.front().returned_fen = 9900;
    order.version = 7;
    story.must(PutOrder{order});
    ASSERT_TRUE(story.file.order);
    EXPECT_EQ(story.file.order->items.front().returned_quantity, 0);
    EXPECT_EQ(story.file.order->items.front().returned_fen, 0);
    EXPECT_EQ(story.file.order->version, 0);
}

TEST(PutOrder, KeepsWhatStandsInReturns) {
    auto story = Story::of_buyer(3, 9900);
    story.must(an_application());
    Order order = an_order(9900);
    order.state = "received";
    story.must(PutOrder{order});
    EXPECT_EQ(story.file.order->items.front().returned_quantity, 1);
    EXPECT_EQ(story.file.order->items.front().returned_fen, 9900);
    EXPECT_EQ(story.file.order->version, 1);
}

TEST(PutOrder, CannotShrinkBelowWhatStandsInReturns) {
    auto story = Story::of_buyer(3, 9900);
    story.must(an_application());
    EXPECT_EQ(refusal(story, PutOrder{an_order(9899)}), "order_below_returns");
    Order without = an_order(9900);
    without.items.front().item_id = "item-2";
    EXPECT_EQ(refusal(story, PutOrder{without}), "order_below_returns");
}

TEST(PutOrder, KeepsItsBuyerAndItsSeller) {
    auto story = Story::of_buyer(3, 9900);
    Order order = an_order();
    order.buyer.value = "buyer-2";
    EXPECT_EQ(refusal(story, PutOrder{order}), "order_parties_fixed");
    order = an_order();
    order.seller.value = "seller-2";
    EXPECT_EQ(refusal(story, PutOrder{order}), "order_parties_fixed");
}

TEST(PutOrder, TakesDiscountsOffAndAddsCharges) {
    Story story;
    Order order = an_order(9900);
    order.discounts = {{"coupon", "platform", 1000}};
    order.charges = {{.name = "freight", .amount_fen = 600, .returned_fen = 5}};
    order.paid_fen = 9499;
    EXPECT_EQ(refusal(story, PutOrder{order}), "items_above_paid");
    order.paid_fen = 9500;
    story.must(PutOrder{order});
    EXPECT_EQ(story.file.order->charges.front().returned_fen, 0);
    order.discounts.front().amount_fen = 9901;
    EXPECT_EQ(refusal(story, PutOrder{order}), "discounts_above_items");
    order.discounts.clear();
    order.charges.push_back(order.charges.front());
    EXPECT_EQ(refusal(story, PutOrder{order}), "charge_named_twice");
}

TEST(PutOrder, WithAGreaterDiscountCannotShrinkBelowWhatStandsInReturns) {
    auto story = Story::of_buyer(3, 9900);
    story.must(an_application());
    Order order = an_order(9900);
    order.discounts = {{"coupon", "platform", 1}};
    EXPECT_EQ(refusal(story, PutOrder{order}), "order_below_returns");
}

TEST(PutOrder, RefusesAmountsThatDoNotAddUp) {
    Story story;
    Order order = an_order(9900);
    order.paid_fen = 9899;
    EXPECT_EQ(refusal(story, PutOrder{order}), "items_above_paid");
    order.items.push_back(order.items.front());
    EXPECT_EQ(refusal(story, PutOrder{order}), "item_named_twice");
    order.items.back().item_id = "item-2";
    order.items.back().amount_fen = std::numeric_limits<Fen>::max();
    EXPECT_EQ(refusal(story, PutOrder{order}), "amount_overflow");
    order.items.back().amount_fen = -1;
    EXPECT_EQ(refusal(story, PutOrder{order}), "item_out_of_range");
    order = an_order();
    order.items.front().quantity = 0;
    EXPECT_EQ(refusal(story, PutOrder{order}), "item_out_of_range");
    EXPECT_FALSE(story.file.order);
}

TEST(SetTrust, GivesTheLineOfTheStars) {
    const std::vector<Fen> lines{0, 30000, 50000, 80000, 120000};  // decision 7, one star to five
    for (int stars = 1; stars <= 5; ++stars) {
        Story story;
        story.must(SetTrust{kBuyer, stars, std::nullopt});
        EXPECT_EQ(story.file.line.stars, stars);
        EXPECT_EQ(story.file.line.line_fen, lines.at(static_cast<std::size_t>(stars - 1)));
        EXPECT_EQ(story.file.line.buyer, kBuyer);
    }
}

TEST(SetTrust, ThePlatformsOwnLineStandsAboveTheStars) {
    Story story;
    story.must(SetTrust{kBuyer, 3, 99900});
    EXPECT_EQ(story.file.line.line_fen, 99900);
}

TEST(SetTrust, KnowsOneToFiveStarsAndNoNegativeLine) {
    Story story;
    EXPECT_EQ(refusal(story, SetTrust{kBuyer, 0, std::nullopt}), "stars_out_of_range");
    EXPECT_EQ(refusal(story, SetTrust{kBuyer, 6, std::nullopt}), "stars_out_of_range");
    EXPECT_EQ(refusal(story, SetTrust{kBuyer, 3, -1}), "line_negative");
}

TEST(SetTrust, LoweringTheLineKeepsWhatWasPromised) {
    auto story = Story::of_buyer(4, 60000);
    story.must(an_application());
    story.must(SetTrust{kBuyer, 1, std::nullopt});
    EXPECT_EQ(story.file.line.held_fen, 60000);
    EXPECT_EQ(story.file.line.bound_fen, 60000);
    EXPECT_EQ(story.file.line.left_fen(), 0);
}

}  // namespace
}  // namespace returngate::test
