// Properties of the whole table: whatever it can make is accepted, whatever is forged is not.
#include "src/waybill/formats.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <set>

#include "src/waybill/check.hpp"
#include "tests/src/waybill/number_maker.hpp"

namespace returngate::waybill {
namespace {

constexpr int kNumbersPerFormat = 300;

std::size_t best_tier_size(const Report& report) {
    return static_cast<std::size_t>(std::ranges::count_if(report.candidates, [&](const Candidate& candidate) {
        return candidate.tier == report.candidates.front().tier && candidate.check != CheckDigit::fail;
    }));
}

TEST(Formats, CoverEveryCourierOfTheList) {
    for (const char* code :
         {"SF",     "YTO",     "ZTO",         "STO",       "YUNDA",      "JD",     "JT",        "EMS",
          "POSTB",  "DEPPON",  "HTKY",        "DANNIAO",   "KYE",        "ZJS",    "FEDEXCN",   "UC",
          "TTKDEX", "ANE",     "ZTOKY",       "YMDD",      "UPS",        "FEDEX",  "DHL",       "USPS",
          "S10",    "DPD",     "CANADAPOST",  "PUROLATOR", "ONTRAC",     "AMAZON", "LASERSHIP", "LANDMARK",
          "CANPAR", "SPEEDEE", "OLDDOMINION", "YODEL",     "YUNEXPRESS", "GOFO"}) {
        EXPECT_TRUE(is_known_courier(code)) << code;
    }
    EXPECT_FALSE(is_known_courier("DBL"));
    EXPECT_FALSE(is_known_courier(""));
}

TEST(Formats, HaveUniqueNames) {
    std::set<std::string_view> names;
    for (const auto& format : all_formats()) EXPECT_TRUE(names.insert(format.name).second) << format.name;
}

TEST(Formats, AcceptEveryNumberTheyMakeWhenItsCourierIsDeclared) {
    Random random{11};
    for (const auto& format : all_formats()) {
        for (int i = 0; i < kNumbersPerFormat; ++i) {
            const auto number = random_number(random, format);
            const auto report = check(number, format.courier);
            EXPECT_TRUE(report.verdict == Verdict::ok || report.verdict == Verdict::ambiguous)
                << number << " " << format.name << " " << to_string(report.verdict);
            const auto found = std::ranges::find(report.candidates, format.courier, &Candidate::courier);
            ASSERT_NE(found, report.candidates.end()) << number << " " << format.name;
            EXPECT_LE(best_tier_size(report), 5U) << number;
            EXPECT_EQ(report.verdict == Verdict::ok, found->tier == report.candidates.front().tier) << number;
        }
    }
}

TEST(Formats, OfTheUpperTiersPutTheirCourierInTheBestTierUnasked) {
    Random random{12};
    for (const auto& format : all_formats()) {
        if (format.tier > 3) continue;
        for (int i = 0; i < kNumbersPerFormat; ++i) {
            const auto number = random_number(random, format);
            const auto report = check(number, std::nullopt);
            EXPECT_TRUE(report.verdict == Verdict::ok || report.verdict == Verdict::ambiguous) << number;
            const auto found = std::ranges::find(report.candidates, format.courier, &Candidate::courier);
            ASSERT_NE(found, report.candidates.end()) << number << " " << format.name;
            EXPECT_EQ(found->tier, report.candidates.front().tier) << number << " " << format.name;
            EXPECT_LE(best_tier_size(report), 5U) << number;
        }
    }
}

TEST(Formats, NeverAcceptAWrongCheckDigitForTheDeclaredCourier) {
    Random random{13};
    for (const auto& format : all_formats()) {
        if (format.traits.check == CheckRule::none) continue;
        for (int i = 0; i < kNumbersPerFormat; ++i) {
            const auto number = random_number(random, format, false);
            const auto report = check(number, format.courier);
            // USPS prints several kinds of one length: another of them may be right.
            if (report.check == CheckDigit::pass) continue;
            EXPECT_TRUE(report.verdict == Verdict::suspect || report.verdict == Verdict::malformed)
                << number << " " << format.name << " " << to_string(report.verdict);
            EXPECT_EQ(report.check, CheckDigit::fail) << number;
        }
    }
}

TEST(Formats, NeverTakeAForgedNumberForItsCourierUnasked) {
    Random random{14};
    for (const auto& format : all_formats()) {
        if (format.traits.check == CheckRule::none) continue;
        for (int i = 0; i < kNumbersPerFormat; ++i) {
            const auto report = check(random_number(random, format, false), std::nullopt);
            if (report.verdict != Verdict::ok) continue;
            EXPECT_FALSE(format.traits.claims) << report.canonical << " " << format.name;
            const auto& best = report.candidates.front();
            EXPECT_TRUE(best.courier != format.courier || best.check == CheckDigit::pass) << report.canonical;
        }
    }
}

// One character more or less never helps a number with a prefix of its own.
TEST(Formats, WithAPrefixOfTheirOwnRefuseOtherLengths) {
    Random random{15};
    for (const auto& format : all_formats()) {
        if (format.tier > 2 || format.traits.is_legacy || format.body.find(',') != std::string_view::npos)
            continue;
        for (int i = 0; i < kNumbersPerFormat; ++i) {
            const auto number = random_number(random, format);
            for (const auto& forged : {number.substr(0, number.size() - 1), number + "7"}) {
                const auto report = check(forged, format.courier);
                if (report.verdict != Verdict::ok) continue;
                const auto& best = report.candidates.front();
                EXPECT_NE(best.format, format.name) << forged;
            }
        }
    }
}

TEST(Formats, AreNotFooledByRandomText) {
    Random random{16};
    constexpr std::string_view kCharacters = "0123456789ABCXYZ-  ";
    for (int i = 0; i < 200'000; ++i) {
        std::string text(random() % 70, ' ');
        for (char& c : text) c = kCharacters[random() % kCharacters.size()];
        const auto report = check(text, i % 2 == 0 ? std::nullopt : std::optional<std::string_view>("YTO"));
        EXPECT_FALSE(report.verdict == Verdict::ok && report.candidates.empty()) << text;
        EXPECT_LE(report.candidates.empty() ? 0 : best_tier_size(report), 5U) << text;
    }
}

}  // namespace
}  // namespace returngate::waybill
