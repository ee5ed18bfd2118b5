// Numbers that must never move money: mistyped ones, the shop's own, and somebody else's.
#include <gtest/gtest.h>

#include "tests/e2e/books.hpp"
#include "tests/e2e/scene.hpp"

namespace returngate::e2e {
namespace {

// The parcel travels to the seller and not a fen moves.
void expect_no_advance(Scene& scene, const std::string& id, std::string_view failed_rule) {
    ASSERT_TRUE(scene.comes_to(id, "parcel.delivered"));
    const Timeline timeline = scene.timeline(id);
    EXPECT_EQ(timeline.count("waybill.accepted"), 0) << timeline.words();
    EXPECT_EQ(timeline.count("advance.committed"), 0) << timeline.words();
    const Event* refused = timeline.first("waybill.refused");
    ASSERT_NE(refused, nullptr) << timeline.words();
    EXPECT_NE(refused->data["failed"].string().value_or("").find(failed_rule), std::string_view::npos)
        << refused->data["failed"].string().value_or("");
}

class AMistypedNumber : public ::testing::TestWithParam<const char*> {};

TEST_P(AMistypedNumber, MovesNoMoney) {
    Scene scene({.first = GetParam()});
    scene.script(GetParam(), "book", R"({"waybill":"spoiled"})");
    const Shopper shopper = scene.introduced();
    expect_no_advance(scene, scene.apply(shopper), "well_formed");
    EXPECT_TRUE(scene.provider_book()["payouts"].items().empty());
    expect_square(scene);
}

INSTANTIATE_TEST_SUITE_P(Of, AMistypedNumber, ::testing::Values("YTO", "SF"),
                         [](const auto& parameter) { return std::string(parameter.param); });

TEST(TheNumberOfTheWayToTheBuyer, MovesNoMoney) {
    Scene scene;
    Shopper shopper = scene.new_shopper();
    shopper.outbound_courier = "YTO";
    shopper.outbound_waybill = "YT6604192837560";
    scene.introduce(shopper);
    scene.script("YTO", "book", R"({"waybill":"YT6604192837560"})");
    expect_no_advance(scene, scene.apply(shopper), "not_the_outbound_number");
    EXPECT_TRUE(scene.provider_book()["payouts"].items().empty());
    expect_square(scene);
}

TEST(TheNumberOfAnotherReturn, MovesNoMoneyASecondTime) {
    Scene scene;
    const Shopper first = scene.introduced();
    const std::string paid = scene.apply(first);
    ASSERT_TRUE(scene.comes_to(paid, "advance.paid"));
    scene.script("YTO", "book", R"({"waybill":"anothers"})");
    const Shopper second = scene.introduced();
    expect_no_advance(scene, scene.apply(second), "claimed_by_this_return");
    EXPECT_EQ(scene.provider_book()["payouts"].items().size(), 1U);
    expect_square(scene);
}

}  // namespace
}  // namespace returngate::e2e
