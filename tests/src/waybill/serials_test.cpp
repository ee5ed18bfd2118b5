// Neighbours are what the courier's own counter would have printed. SF's come from the published worked
// example and the rule's table; EMS's from Taobao's step "the next number".
#include "src/waybill/serials.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace returngate::waybill {
namespace {

using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

bool is_well_formed(const std::string& number, std::string_view courier) {
    const auto report = check(number, courier);
    return report.check == CheckDigit::pass;
}

TEST(Neighbours, OfANumberWithoutACheckDigitCountOn) {
    EXPECT_THAT(neighbours("YT8830417529604", "YTO", 2),
                ElementsAre("YT8830417529603", "YT8830417529605", "YT8830417529602", "YT8830417529606"));
    EXPECT_THAT(neighbours("JDVA00000000999", "JD", 1), ElementsAre("JDVA00000000998", "JDVA00000001000"));
}

TEST(Neighbours, OfSfCountBeforeTheCheckDigit) {
    // 9 4 4 9 10 1 9 8 → 54 + 6; one serial more: 2·…, the products of the last payload digit alone differ by
    // one.
    EXPECT_THAT(neighbours("304312442386", "SF", 1), ElementsAre("304312442377", "304312442395"));
    EXPECT_THAT(neighbours("SF3182649705216", "SF", 1), ElementsAre("SF3182649705207", "SF3182649705225"));
    for (const auto& number : neighbours("SF1385628716739", "SF", 20)) {
        EXPECT_TRUE(is_well_formed(number, "SF")) << number;
    }
}

TEST(Neighbours, OfEmsCountInItsEightDigitsAndKeepTheRest) {
    // 1 5 7 8 5 7 8 0 → check 5; the eighth weighs 7: 211 mod 11 = 2 → 9; 15 7 8 5 7 7 9:
    // 8+30+28+16+15+35+63+63 = 258 → 6.
    EXPECT_THAT(neighbours("1115785780598", "EMS", 1), ElementsAre("1115785779698", "1115785781998"));
    EXPECT_THAT(neighbours("RB123456785GB", "S10", 1), Not(IsEmpty()));
    for (const auto& number : neighbours("EA123456785CN", "EMS", 9)) {
        EXPECT_TRUE(number.starts_with("EA123456") && number.ends_with("CN")) << number;
        EXPECT_TRUE(is_well_formed(number, "EMS")) << number;
    }
}

TEST(Neighbours, OfARestModSevenKeepTheRest) {
    // 615214301 mod 7 = 2, 615214299 mod 7 = 0.
    EXPECT_THAT(neighbours("6152143001", "ZJS", 1), ElementsAre("6152142990", "6152143012"));
}

TEST(Neighbours, EndWhereTheDigitsEnd) {
    EXPECT_THAT(neighbours("YT0000000000000", "YTO", 1), ElementsAre("YT0000000000001"));
    EXPECT_THAT(neighbours("YT9999999999999", "YTO", 1), ElementsAre("YT9999999999998"));
    EXPECT_THAT(neighbours("YT8830417529604", "YTO", 0), IsEmpty());
    EXPECT_THAT(neighbours("ABC", "YTO", 1), IsEmpty());
    EXPECT_THAT(neighbours("", "YTO", 1), IsEmpty());
}

TEST(Readings, AreTheNumberUnderEveryCodeThatItIsWellFormedFor) {
    const auto readings = readings_of("304312442386");
    EXPECT_THAT(readings, Contains(Reading{"SF", "304312442386"}));
    EXPECT_THAT(readings, Contains(Reading{"YTO", "304312442386"}));
}

TEST(Readings, AreTheSameDigitsWithOtherLettersToo) {
    const auto readings = readings_of("YT8830417529605");
    EXPECT_THAT(readings, Contains(Reading{"YTO", "YT8830417529605"}));
    EXPECT_THAT(readings, Contains(Reading{"YUNDA", "8830417529605"}));
    EXPECT_THAT(readings, Contains(Reading{"JT", "JT8830417529605"}));
    EXPECT_THAT(readings, Not(Contains(Reading{"SF", "SF8830417529605"}))) << "its check digit fails";
}

TEST(Readings, OfFewDigitsAreNoNumbersWithoutTheirLetters) {
    for (const auto& reading : readings_of("EA123456785CN")) EXPECT_EQ(reading.number, "EA123456785CN");
}

}  // namespace
}  // namespace returngate::waybill
