// Where a courier comes to: names with and without their rank, coverage, accounts and quotes.
#include "src/pickup/region.hpp"

#include <gtest/gtest.h>

#include "src/pickup/quote.hpp"
#include "src/returns/policy.hpp"

namespace returngate {
namespace {

TEST(Region, IsTheSameWithAndWithoutTheRankOfItsNames) {
    EXPECT_EQ(region_of("浙江省", "杭州市"), "浙江/杭州");
    EXPECT_EQ(region_of("浙江", "杭州"), "浙江/杭州");
    EXPECT_EQ(region_of("上海市", "上海市"), "上海/上海");
    EXPECT_EQ(region_of("新疆维吾尔自治区", "伊犁哈萨克自治州"), "新疆/伊犁哈萨克");
    EXPECT_EQ(region_of("内蒙古自治区", "锡林郭勒盟"), "内蒙古/锡林郭勒");
    EXPECT_EQ(region_of(" 广西壮族自治区 ", "南宁市 "), "广西/南宁");
    EXPECT_EQ(region_of("香港特别行政区", ""), "香港/");
    EXPECT_EQ(region_of("", "杭州市"), "") << "a city alone may be anywhere";
    EXPECT_EQ(region_of("省", "市"), "省/市") << "a rank alone is no name that could be lost";
}

TEST(Region, LiesInItsProvinceAndInItsCityAndNowhereElse) {
    const std::string hangzhou = region_of("浙江省", "杭州市");
    EXPECT_TRUE(lies_in(hangzhou, {area_of("浙江省")}));
    EXPECT_TRUE(lies_in(hangzhou, {area_of("江苏"), area_of("浙江省/杭州市")}));
    EXPECT_FALSE(lies_in(hangzhou, {area_of("浙江/宁波")}));
    EXPECT_FALSE(lies_in(hangzhou, {area_of("杭州")})) << "no province of that name";
    EXPECT_FALSE(lies_in(hangzhou, {}));
    EXPECT_EQ(area_of("/杭州"), "");
}

TEST(Coverage, IsEverywhereUnlessItSaysOtherwise) {
    EXPECT_TRUE(covers({}, "浙江/杭州"));
    EXPECT_TRUE(covers({{"浙江"}, {}}, "浙江/杭州"));
    EXPECT_FALSE(covers({{"浙江"}, {}}, "江苏/苏州"));
    EXPECT_FALSE(covers({{"浙江"}, {"浙江/舟山"}}, "浙江/舟山")) << "an exception counts more";
    EXPECT_TRUE(covers({{"浙江"}, {}}, "")) << "of a booking from before regions were kept";
}

TEST(Account, IsTheFirstThatFitsPlaceAndSeller) {
    CourierTerms terms;
    terms.accounts = {
        {"both", {"浙江"}, {SellerId{"s-1"}}}, {"place", {"浙江"}, {}}, {"seller", {}, {SellerId{"s-1"}}}};
    EXPECT_EQ(account_for(terms, "浙江/杭州", SellerId{"s-1"}), "both");
    EXPECT_EQ(account_for(terms, "浙江/杭州", SellerId{"s-2"}), "place");
    EXPECT_EQ(account_for(terms, "江苏/苏州", SellerId{"s-1"}), "seller");
    EXPECT_EQ(account_for(terms, "江苏/苏州", SellerId{"s-2"}), "");
}

TEST(Quotes, AreFoundByCourierPlaceAndSeller) {
    const std::vector<CourierQuote> quotes{{{"JT"}, "浙江/杭州", {"s-1"}, true, 900},
                                           {{"JT"}, "浙江/杭州", {"s-2"}, false, {}},
                                           {{"YTO"}, "浙江/杭州", {"s-1"}, true, {}}};
    ASSERT_NE(find_quote(quotes, {"JT"}, "浙江/杭州", {"s-2"}), nullptr);
    EXPECT_FALSE(find_quote(quotes, {"JT"}, "浙江/杭州", {"s-2"})->serves);
    EXPECT_EQ(find_quote(quotes, {"YTO"}, "浙江/杭州", {"s-1"})->fee_fen, std::nullopt);
    EXPECT_EQ(find_quote(quotes, {"YTO"}, "浙江/杭州", {"s-2"}), nullptr);
    EXPECT_EQ(find_quote({}, {"YTO"}, "浙江/杭州", {"s-1"}), nullptr);
}

}  // namespace
}  // namespace returngate
