// What raw text becomes before it is matched, and what is refused.
#include "src/waybill/normalise.hpp"

#include <gtest/gtest.h>

namespace returngate::waybill {
namespace {

struct Case {
    std::string_view raw;
    std::string_view canonical;
    std::string_view suffix;
};

TEST(Normalise, DropsOnlyWhatCarriesNoMeaning) {
    const Case cases[] = {
        {"YT1234500000001", "YT1234500000001", ""},
        {"  yt1234500000001\t\r\n", "YT1234500000001", ""},
        {"1Z 5R8 939 0357 567127", "1Z5R89390357567127", ""},
        {"9865-7878-8855", "986578788855", ""},
        {"\xEF\xBB\xBF"
         "304312442386",
         "304312442386", ""},  // U+FEFF
        {"3043\xE2\x80\x8B"
         "1244\xE2\x80\x8D"
         "2386\xE2\x81\xA0",
         "304312442386", ""},                                       // U+200B, 200D, 2060
        {"ＳＦ１３８５６２８７１６７３９", "SF1385628716739", ""},  // full width
        {"sf　1385628716739", "SF1385628716739", ""},               // U+3000
        {"SF\xC2\xA0"
         "1385628716739",
         "SF1385628716739", ""},  // U+00A0
        {"9865\xE2\x80\x93"
         "7878\xE2\x88\x92"
         "8855",
         "986578788855", ""},                      // U+2013, U+2212
        {"9865－7878－8855", "986578788855", ""},  // U+FF0D
    };
    for (const auto& [raw, canonical, suffix] : cases) {
        const auto result = normalise(raw);
        EXPECT_EQ(result.refusal, "") << raw;
        EXPECT_EQ(result.canonical, canonical) << raw;
        EXPECT_EQ(result.suffix, suffix) << raw;
    }
}

TEST(Normalise, KeepsParcelSuffixesApart) {
    const Case cases[] = {
        {"JDVC00000000012-1-1-", "JDVC00000000012", "-1-1-"},
        {"jdvc00000000012-12-345-x9", "JDVC00000000012", "-12-345-X9"},
        {"VA12345678901-1-2-", "VA12345678901", "-1-2-"},
        {"158918741444476-1-2", "158918741444476", "-1-2"},
        {"LBX012345678901234-2-Z", "LBX012345678901234", "-2-Z"},
        {"JDVC00000000012-123456-1", "JDVC000000000121234561", ""},  // index of six digits: no suffix
        {"9865-7878-8855", "986578788855", ""},                      // grouping, not a suffix
    };
    for (const auto& [raw, canonical, suffix] : cases) {
        const auto result = normalise(raw);
        EXPECT_EQ(result.refusal, "") << raw;
        EXPECT_EQ(result.canonical, canonical) << raw;
        EXPECT_EQ(result.suffix, suffix) << raw;
    }
}

TEST(Normalise, RefusesWithAReason) {
    const std::string long_text(65, '1');
    const std::pair<std::string_view, std::string_view> cases[] = {
        {long_text, "too_long"},
        {"", "empty"},
        {" \t-", "empty"},
        {"\xE2\x80\x8B", "empty"},
        {"\x80", "invalid_utf8"},
        {"12\xC0\xAF"
         "34",
         "invalid_utf8"},  // overlong
        {"12\xED\xA0\x80"
         "34",
         "invalid_utf8"},                        // surrogate
        {"12\xF4\x90\x80\x80", "invalid_utf8"},  // above U+10FFFF
        {"12\xE2\x80", "invalid_utf8"},          // cut off
        {"1.23457E+12", "spreadsheet_exponent"},
        {"1.2e+14", "spreadsheet_exponent"},
        {"YT123450000000_1", "forbidden_character"},
        {"YT12345\t00000001", "forbidden_character"},
        {"YT123450000000Ö", "forbidden_character"},
        {"顺丰1385628716739", "forbidden_character"},
        {"٣٠٤٣١٢٤٤٢٣٨٦", "forbidden_character"},  // Arabic-Indic digits are not repaired
        {std::string_view("12\0"
                          "34",
                          5),
         "forbidden_character"},
    };
    for (const auto& [raw, refusal] : cases) {
        const auto result = normalise(raw);
        EXPECT_EQ(result.refusal, refusal) << raw;
        EXPECT_EQ(result.canonical, "") << raw;
    }
}

TEST(Normalise, NeverRepairsLettersThatLookLikeDigits) {
    EXPECT_EQ(normalise("SF13856287I673O").canonical, "SF13856287I673O");
}

TEST(Normalise, TakesEveryByteStringWithoutHarm) {
    for (int first = 0; first < 256; ++first) {
        for (int second = 0; second < 256; ++second) {
            const char text[] = {'J', 'D', static_cast<char>(first), static_cast<char>(second), '-'};
            const auto result = normalise(std::string_view(text, sizeof text));
            EXPECT_EQ(result.canonical.empty(), !result.refusal.empty());
        }
    }
}

}  // namespace
}  // namespace returngate::waybill
