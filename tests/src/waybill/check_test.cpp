// Verdicts: the worked examples, the disputed numbers, the traps.
#include "src/waybill/check.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <string>

namespace returngate::waybill {
namespace {

bool has_reason(const Report& report, std::string_view reason) {
    return std::ranges::find(report.reasons, reason) != report.reasons.end();
}

bool has_candidate(const Report& report, std::string_view courier) {
    return std::ranges::find(report.candidates, courier, &Candidate::courier) != report.candidates.end();
}

struct Case {
    const char* number;
    const char* declared;  // nullptr: nobody said
    Verdict verdict;
    CheckDigit check;
    const char* courier;  // first candidate; nullptr: none
};

void expect(const Case& c) {
    const auto declared = c.declared == nullptr ? std::nullopt : std::optional<std::string_view>(c.declared);
    const Report report = check(c.number, declared);
    const std::string about = std::string(c.number) + " as " + (c.declared == nullptr ? "?" : c.declared);
    EXPECT_EQ(to_string(report.verdict), to_string(c.verdict)) << about;
    EXPECT_EQ(to_string(report.check), to_string(c.check)) << about;
    const auto first = report.candidates.empty() ? std::string_view{} : report.candidates.front().courier;
    EXPECT_EQ(first, c.courier == nullptr ? std::string_view{} : std::string_view(c.courier)) << about;
}

TEST(WaybillCheck, AcceptsEachCouriersCurrentNumbers) {
    const Case cases[] = {
        {"SF1385628716702", "SF", Verdict::ok, CheckDigit::pass, "SF"},
        {"SF1385628716702", nullptr, Verdict::ok, CheckDigit::pass, "SF"},
        {"YT8830000012345", "YTO", Verdict::ok, CheckDigit::none, "YTO"},
        {"YT8830000012345", nullptr, Verdict::ok, CheckDigit::none, "YTO"},
        {"75300000012345", "ZTO", Verdict::ok, CheckDigit::none, "ZTO"},
        {"773000000123456", "STO", Verdict::ok, CheckDigit::none, "STO"},
        {"432000000123456", "YUNDA", Verdict::ok, CheckDigit::none, "YUNDA"},
        {"JDVC12345098765", "JD", Verdict::ok, CheckDigit::none, "JD"},
        {"JT3002232680000", "JT", Verdict::ok, CheckDigit::none, "JT"},
        {"1115785780500", "EMS", Verdict::ok, CheckDigit::pass, "EMS"},
        {"9861234509876", "POSTB", Verdict::ok, CheckDigit::none, "POSTB"},
        {"DPK364012345098", "DEPPON", Verdict::ok, CheckDigit::none, "DEPPON"},
        {"611090452340000", "DANNIAO", Verdict::ok, CheckDigit::none, "DANNIAO"},
        {"KY4000123450987", "KYE", Verdict::ok, CheckDigit::none, "KYE"},
    };
    for (const auto& c : cases) expect(c);
}

// d12, d13 of emsnum and d1…d3 of SF are not checked: these twins of published samples stay right.
TEST(WaybillCheck, TakesPublishedSamplesForSuspectButReportsThemAsAnyOther) {
    const Case cases[] = {
        {"304312442386", "SF", Verdict::suspect, CheckDigit::pass, "SF"},
        {"SF1385628716739", "SF", Verdict::suspect, CheckDigit::pass, "SF"},
        {"SF1385628716739", nullptr, Verdict::suspect, CheckDigit::pass, "SF"},
        {"RB123456785GB", "S10", Verdict::suspect, CheckDigit::pass, "S10"},
        {"1115785780598", "EMS", Verdict::suspect, CheckDigit::pass, "EMS"},
        {"6152143001", "ZJS", Verdict::suspect, CheckDigit::pass, "ZJS"},
        {"120891456015", "FEDEXCN", Verdict::suspect, CheckDigit::pass, "FEDEXCN"},
        {"1Z5R89390357567127", "UPS", Verdict::suspect, CheckDigit::pass, "UPS"},
        {"986578788855", "FEDEX", Verdict::suspect, CheckDigit::pass, "FEDEX"},
        {"123454545451", "SF", Verdict::suspect, CheckDigit::pass, "SF"},
        {"YT0000000000001", "YTO", Verdict::suspect, CheckDigit::none, "YTO"},
        {"SF7444400043266", "SF", Verdict::suspect, CheckDigit::fail, "SF"},
        {"JDVC00000000001-1-1-", "JD", Verdict::suspect, CheckDigit::none, "JD"},
        // The disputed ones: printed in public, failing the inferred rule.
        {"SF1310510730738", "SF", Verdict::suspect, CheckDigit::fail, "SF"},
        {"SF1040276461418", "SF", Verdict::suspect, CheckDigit::fail, "SF"},
        {"SF7444400031887", "SF", Verdict::suspect, CheckDigit::fail, "SF"},
        {"SF7444400067318", "SF", Verdict::suspect, CheckDigit::fail, "SF"},
        {"SF1234567890123", "SF", Verdict::suspect, CheckDigit::fail, "SF"},
        {"SF1234567890", "SF", Verdict::suspect, CheckDigit::none, nullptr},
    };
    for (const auto& c : cases) {
        expect(c);
        EXPECT_TRUE(has_reason(check(c.number, std::nullopt), "published_sample")) << c.number;
    }
}

TEST(WaybillCheck, HoldsAFailingCheckDigit) {
    const Case cases[] = {
        {"SF1385628716707", "SF", Verdict::suspect, CheckDigit::fail, "SF"},
        {"SF1385628716707", nullptr, Verdict::suspect, CheckDigit::fail, "SF"},
        {"RB123456784GB", "S10", Verdict::suspect, CheckDigit::fail, "S10"},
        {"RB123456784CN", "EMS", Verdict::suspect, CheckDigit::fail, "EMS"},
        {"1Z5R89390357567128", nullptr, Verdict::suspect, CheckDigit::fail, "UPS"},
    };
    for (const auto& c : cases) expect(c);
    // Shared shapes: others may still own the number, the declared courier does not.
    EXPECT_EQ(check("304312442387", "SF").verdict, Verdict::suspect);
    EXPECT_EQ(check("1115785780698", "EMS").verdict, Verdict::suspect);
    EXPECT_EQ(check("1115785780698", std::nullopt).verdict, Verdict::ambiguous);
    EXPECT_EQ(check("1115785780698", "YUNDA").verdict, Verdict::ok);
    // Nobody else has 34 digits like these.
    EXPECT_EQ(check("1001921334250001000300779017972698", "FEDEX").verdict, Verdict::malformed);
}

TEST(WaybillCheck, RefusesTheWrongCourier) {
    EXPECT_EQ(check("SF1385628716702", "YTO").verdict, Verdict::mismatch);
    EXPECT_EQ(check("YT8830000012345", "SF").verdict, Verdict::mismatch);
    EXPECT_EQ(check("YT8830000012345678", "YTO").verdict, Verdict::mismatch);  // YunExpress's length
    EXPECT_EQ(check("JD0002254405060992", "JD").verdict, Verdict::mismatch);   // Yodel's length
    const auto unknown = check("YT8830000012345", "NOBODY");
    EXPECT_EQ(unknown.verdict, Verdict::mismatch);
    EXPECT_TRUE(has_reason(unknown, "unknown_courier"));
    EXPECT_TRUE(has_candidate(unknown, "YTO"));
}

TEST(WaybillCheck, HoldsADeclaredCourierThatIsLessLikelyThanAnother) {
    const auto report = check("1115785780500", "YUNDA");  // EMS by its check digit
    EXPECT_EQ(report.verdict, Verdict::ambiguous);
    EXPECT_TRUE(has_reason(report, "another_courier_is_more_likely"));
    EXPECT_EQ(report.candidates.front().courier, "EMS");
}

TEST(WaybillCheck, AsksWhenSeveralCouriersFitAsWell) {
    for (const char* number : {"6152143012", "77300012345098", "75300000012345", "A123450987612"}) {
        const auto report = check(number, std::nullopt);
        EXPECT_EQ(report.verdict, Verdict::ambiguous) << number;
        EXPECT_GE(report.candidates.size(), 2U) << number;
    }
    const auto zjs_or_dhl = check("6152143012", std::nullopt);  // the same arithmetic at both
    EXPECT_TRUE(has_candidate(zjs_or_dhl, "ZJS"));
    EXPECT_TRUE(has_candidate(zjs_or_dhl, "DHL"));
    EXPECT_EQ(check("6152143012", "ZJS").verdict, Verdict::ok);
    EXPECT_EQ(check("6152143012", "DHL").verdict, Verdict::ok);
    // An STO number that happens to pass FedEx Ground's check digit.
    const auto sto = check("773277027280336", std::nullopt);
    EXPECT_TRUE(has_candidate(sto, "STO"));
    EXPECT_TRUE(has_candidate(sto, "FEDEX"));
}

TEST(WaybillCheck, TellsTwinsApartByLength) {
    EXPECT_EQ(check("YT8830000012345", std::nullopt).candidates.front().courier, "YTO");
    EXPECT_EQ(check("YT8830000012345678", std::nullopt).candidates.front().courier, "YUNEXPRESS");
    EXPECT_EQ(check("YT88300000123456", std::nullopt).verdict, Verdict::malformed);
    EXPECT_EQ(check("YT883000001234567", std::nullopt).verdict, Verdict::malformed);
    EXPECT_EQ(check("YT8830000012", "YTO").verdict, Verdict::malformed);  // no looser rule catches it
    EXPECT_EQ(check("JT30022326824", "JT").verdict, Verdict::malformed);
    EXPECT_EQ(check("JT30022326822421", "JT").verdict, Verdict::malformed);          // J&T Singapore's length
    EXPECT_EQ(check("LP00123450987612", std::nullopt).verdict, Verdict::malformed);  // a Cainiao reference
    EXPECT_EQ(check("LP123456785CN", std::nullopt).verdict, Verdict::ok);
    EXPECT_EQ(check("SF123456789012FPL", std::nullopt).verdict, Verdict::malformed);  // Shadowfax, India
}

TEST(WaybillCheck, KnowsTheCountriesOfPostalItems) {
    EXPECT_EQ(check("RB123456785US", "USPS").verdict, Verdict::ok);
    EXPECT_EQ(check("RB123456785US", "S10").verdict, Verdict::ok);
    EXPECT_EQ(check("RB123456785CN", "EMS").verdict, Verdict::ok);
    EXPECT_EQ(check("RB123456785FR", "S10").verdict, Verdict::ok);
    const auto nowhere = check("RB123456785XX", "S10");
    EXPECT_EQ(nowhere.verdict, Verdict::malformed);
    EXPECT_TRUE(has_reason(nowhere, "unknown_country"));
}

// "^VIP[0-9]{9}|V[0-9]{11}|[0-9]{12}$" and its like accept any text that ends or begins well.
TEST(WaybillCheck, DoesNotFallIntoTheTrapsOfThePublishedExpressions) {
    for (const char* number :
         {"XXXX123450987612", "VIP123450987612345", "GG12345098761", "|23450987612", "2,3450987612",
          "123450987612X", "XYZ", "0", "A", "-", "12345098761234567890123456"}) {
        const auto report = check(number, "UC");
        EXPECT_NE(report.verdict, Verdict::ok) << number;
    }
}

TEST(WaybillCheck, TakesPlaceholdersForSuspect) {
    const std::pair<const char*, const char*> cases[] = {
        {"1111111111111", "one_digit_repeated"}, {"YT8888888888888", "one_digit_repeated"},
        {"JT1234567890123", "run_of_digits"},    {"JT9876543210987", "run_of_digits"},
        {"YT1212121212121", "repeated_pattern"}, {"JT1231231231231", "repeated_pattern"},
        {"650000000000", "spreadsheet_zeros"},
    };
    for (const auto& [number, reason] : cases) {
        const auto report = check(number, std::nullopt);
        EXPECT_EQ(report.verdict, Verdict::suspect) << number;
        EXPECT_TRUE(has_reason(report, reason)) << number;
    }
}

TEST(WaybillCheck, NotesTheSandboxRangeAndSpreadsheetZerosWithoutJudging) {
    EXPECT_TRUE(has_reason(check("SF7444412345678", "SF"), "sandbox_range"));
    EXPECT_TRUE(has_reason(check("94058036993001240000", std::nullopt), "spreadsheet_zeros"));
}

TEST(WaybillCheck, KeepsTheParcelSuffixApart) {
    const auto report = check("jdvc12345098765-1-3-", "JD");
    EXPECT_EQ(report.canonical, "JDVC12345098765");
    EXPECT_EQ(report.suffix, "-1-3-");
    EXPECT_EQ(report.verdict, Verdict::ok);
}

TEST(WaybillCheck, RefusesWhatCannotBeNormalised) {
    const auto report = check("1.23457E+12", "SF");
    EXPECT_EQ(report.verdict, Verdict::malformed);
    EXPECT_EQ(report.canonical, "");
    ASSERT_EQ(report.reasons.size(), 1U);
    EXPECT_EQ(report.reasons.front(), "spreadsheet_exponent");
}

TEST(WaybillCheck, WordsAreStable) {
    EXPECT_EQ(to_string(Verdict::ok), "ok");
    EXPECT_EQ(to_string(Verdict::ambiguous), "ambiguous");
    EXPECT_EQ(to_string(Verdict::suspect), "suspect");
    EXPECT_EQ(to_string(Verdict::mismatch), "mismatch");
    EXPECT_EQ(to_string(Verdict::malformed), "malformed");
    EXPECT_EQ(to_string(CheckDigit::pass), "pass");
    EXPECT_EQ(to_string(CheckDigit::fail), "fail");
    EXPECT_EQ(to_string(CheckDigit::none), "none");
}

}  // namespace
}  // namespace returngate::waybill
