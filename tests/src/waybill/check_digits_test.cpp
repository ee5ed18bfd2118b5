// Check digits against worked examples and public numbers, and what each of them catches.
#include "src/waybill/check_digits.hpp"

#include <gtest/gtest.h>
#include <random>
#include <string>

namespace returngate::waybill {
namespace {

struct Example {
    CheckRule rule;
    const char* number;
};

TEST(CheckDigits, PassTheWorkedExamplesOfTheirSources) {
    const Example examples[] = {
        {CheckRule::sf12, "304312442386"},        {CheckRule::sf12, "123454545451"},
        {CheckRule::sf15, "SF1385628716739"},     {CheckRule::sf15, "SF1234567890999"},
        {CheckRule::s10, "RB123456785GB"},        {CheckRule::s10, "1115785780598"},
        {CheckRule::s10, "1295780512499"},  // of a captured EMS push
        {CheckRule::rest_mod_7, "6152143001"},    {CheckRule::rest_mod_7, "3318810025"},
        {CheckRule::rest_mod_11, "120891456015"}, {CheckRule::ups, "1Z5R89390357567127"},
        {CheckRule::fedex_12, "986578788855"},
    };
    for (const auto& [rule, number] : examples) EXPECT_TRUE(passes(rule, number)) << number;
}

// Test numbers of tracking_number_data (MIT).
TEST(CheckDigits, PassPublicNumbersOfTheRestOfTheWorld) {
    const Example examples[] = {
        {CheckRule::ups, "1Z879E930346834440"},
        {CheckRule::ups, "1ZXX3150YW44070023"},
        {CheckRule::ups_waybill, "K2479825491"},
        {CheckRule::fedex_12, "477179081230"},
        {CheckRule::fedex_12, "974367662710"},
        {CheckRule::fedex_34, "1001921334250001000300779017972697"},
        {CheckRule::fedex_34, "9622001900000000000000776632517510"},
        {CheckRule::fedex_astra, "32971514560102447849175802862014"},
        {CheckRule::fedex_15, "041441760228964"},
        {CheckRule::fedex_15, "568283610012734"},
        {CheckRule::fedex_96, "9611020987654312345672"},
        {CheckRule::sscc_18, "000123450000000027"},
        {CheckRule::mod_10_3_1, "03071790000523483741"},
        {CheckRule::mod_10_3_1, "9405803699300124287899"},
        {CheckRule::mod_10_3_1, "92748931507708513018050063"},
        {CheckRule::mod_10_3_1, "0073938000549297"},
        {CheckRule::usps_implied_91, "71969010756003077385"},
        {CheckRule::usps_implied_92, "61299998820821171811"},
        {CheckRule::usps_routed_5, "420221539101026837331000039521"},
        {CheckRule::usps_routed_9, "4201002334249200190132607600833457"},
        {CheckRule::mod_37_36, "008182709980000020033350276C"},
        {CheckRule::mod_37_36, "008182709980000020045327276N"},
        {CheckRule::mod_37_36, "09980000020033F"},
        {CheckRule::ontrac_c, "C11031500001879"},
        {CheckRule::ontrac_c, "C10999911320231"},
        {CheckRule::ontrac_d, "D10011354453707"},
        {CheckRule::luhn, "320595463938"},
        {CheckRule::luhn, "07209562763"},
        {CheckRule::rest_mod_7, "73891051146"},
    };
    for (const auto& [rule, number] : examples) EXPECT_TRUE(passes(rule, number)) << number;
}

TEST(CheckDigits, FailThePublishedCounterexamples) {
    const Example examples[] = {
        {CheckRule::sf15, "SF1234567890123"},
        {CheckRule::sf15, "SF1310510730738"},  // printed in public, against the inferred rule
        {CheckRule::sf15, "SF1040276461418"},
        {CheckRule::sf15, "SF7444400031887"},
        {CheckRule::sf15, "SF7444400067318"},
        {CheckRule::sf12, "441003077850"},
        {CheckRule::sf12, "118650888018"},
        {CheckRule::fedex_12, "120891456015"},  // FedEx China is another rule
        {CheckRule::fedex_12, "996578788855"},
        {CheckRule::s10, "RB123456786US"},
        {CheckRule::rest_mod_7, "3318810010"},
        {CheckRule::ups, "1Z1111111111111111"},
        {CheckRule::mod_37_36, "008182709980000020033350276A"},
        {CheckRule::ontrac_c, "C11031500001889"},
        {CheckRule::ontrac_d, "D10011345983012"},
        {CheckRule::luhn, "320595463939"},
        {CheckRule::mod_10_3_1, "0073938000549292"},
        {CheckRule::usps_routed_9, "4201028200009261290113185417468511"},
    };
    for (const auto& [rule, number] : examples) EXPECT_FALSE(passes(rule, number)) << number;
}

class Missed {
public:
    void count(bool is_missed) {
        ++tried_;
        missed_ += is_missed ? 1 : 0;
    }
    [[nodiscard]] double percent() const { return 100.0 * missed_ / tried_; }
    [[nodiscard]] int number() const { return missed_; }

private:
    int tried_ = 0;
    int missed_ = 0;
};

std::string valid_number(std::mt19937& random, CheckRule rule, const std::string& prefix,
                         std::size_t digits) {
    for (;;) {
        std::string number = prefix;
        for (std::size_t i = 0; i < digits; ++i) number += static_cast<char>('0' + random() % 10);
        if (passes(rule, number)) return number;
    }
}

// Every other digit at one position from `first` on; the check digit itself is not counted.
void count_substitutions(Missed& missed, CheckRule rule, std::string number, std::size_t first) {
    for (std::size_t i = first; i + 1 < number.size(); ++i) {
        const char right = number[i];
        for (char c = '0'; c <= '9'; ++c) {
            number[i] = c;
            if (c != right) missed.count(passes(rule, number));
        }
        number[i] = right;
    }
}

void count_swaps(Missed& missed, CheckRule rule, std::string number, std::size_t first) {
    for (std::size_t i = first; i + 1 < number.size(); ++i) {
        if (number[i] == number[i + 1]) continue;
        std::swap(number[i], number[i + 1]);
        missed.count(passes(rule, number));
        std::swap(number[i], number[i + 1]);
    }
}

// "misses 14.8 % of single-digit substitutions and 15.6 % of adjacent swaps in the checked part".
TEST(CheckDigits, OfSfMissWhatTheirAnalysisSays) {
    std::mt19937 random{1};
    Missed substitutions;
    Missed swaps;
    for (int i = 0; i < 4000; ++i) {
        const auto number = valid_number(random, CheckRule::sf15, "SF", 13);
        count_substitutions(substitutions, CheckRule::sf15, number, 5);
        count_swaps(swaps, CheckRule::sf15, number, 5);
    }
    EXPECT_NEAR(substitutions.percent(), 14.8, 0.2);
    EXPECT_NEAR(swaps.percent(), 15.6, 0.6);
}

TEST(CheckDigits, OfSfDoNotCoverTheFirstThreeDigits) {
    EXPECT_TRUE(passes(CheckRule::sf15, "SF0005628716739"));
    EXPECT_TRUE(passes(CheckRule::sf12, "999312442386"));
}

TEST(CheckDigits, OfSf12CatchEveryChangeOutsideTheRepeatingWeights) {
    const auto units_and_tens = [](int product) { return product % 10 + product / 10 % 10; };
    std::mt19937 random{2};
    for (int i = 0; i < 500; ++i) {
        std::string number = valid_number(random, CheckRule::sf12, "", 12);
        for (std::size_t at = 3; at < 11; ++at) {
            const int weight = 15 - 2 * static_cast<int>(at - 3);
            const char right = number[at];
            for (char c = '0'; c <= '9'; ++c) {
                number[at] = c;
                const bool is_blind =
                    (units_and_tens(weight * (c - '0')) - units_and_tens(weight * (right - '0'))) % 10 == 0;
                EXPECT_EQ(passes(CheckRule::sf12, number), is_blind);
            }
            number[at] = right;
        }
    }
}

TEST(CheckDigits, OfMod10WithThreeAndOneAndOfLuhnCatchEverySingleDigit) {
    std::mt19937 random{3};
    Missed missed;
    for (int i = 0; i < 300; ++i) {
        count_substitutions(missed, CheckRule::mod_10_3_1,
                            valid_number(random, CheckRule::mod_10_3_1, "", 22), 0);
        count_substitutions(missed, CheckRule::fedex_15, valid_number(random, CheckRule::fedex_15, "", 15),
                            0);
        count_substitutions(missed, CheckRule::luhn, valid_number(random, CheckRule::luhn, "", 12), 0);
    }
    EXPECT_EQ(missed.number(), 0);
}

TEST(CheckDigits, OfMod7MissOnlyDigitsSevenApart) {
    std::mt19937 random{4};
    for (int i = 0; i < 300; ++i) {
        std::string number = valid_number(random, CheckRule::rest_mod_7, "", 10);
        for (std::size_t at = 0; at < 9; ++at) {
            const char right = number[at];
            for (char c = '0'; c <= '9'; ++c) {
                number[at] = c;
                EXPECT_EQ(passes(CheckRule::rest_mod_7, number), (c - right) % 7 == 0);
            }
            number[at] = right;
        }
    }
}

// Remainders 0 and 6, and 1 and the check digit 0's own, share a digit: S10 has 11 remainders for 10.
TEST(CheckDigits, OfS10CatchNearlyEverySingleDigit) {
    std::mt19937 random{5};
    Missed missed;
    for (int i = 0; i < 2000; ++i) {
        std::string number = valid_number(random, CheckRule::s10, "RB", 9) + "CN";
        for (std::size_t at = 2; at < 11; ++at) {
            const char right = number[at];
            for (char c = '0'; c <= '9'; ++c) {
                number[at] = c;
                if (c != right) missed.count(passes(CheckRule::s10, number));
            }
            number[at] = right;
        }
    }
    EXPECT_GT(missed.percent(), 0.5);
    EXPECT_LT(missed.percent(), 2.5);
}

}  // namespace
}  // namespace returngate::waybill
