// The waybill numbers that the sandbox's couriers issue.
#include "adapters/sandbox/numbers.hpp"

#include <gtest/gtest.h>
#include <set>

#include "src/waybill/check.hpp"

namespace returngate::sandbox {
namespace {

TEST(SandboxNumbers, TheCheckDigitOfAKnownSfNumberIsFound) {
    // SF1385628716739: products 85 90 26 88 63 7 30 21 3 count 13 9 8 16 9 7 3 3 3, 71 in all, and 9
    // makes 80.
    EXPECT_EQ(sf15_check_digit("138562871673"), '9');
}

TEST(SandboxNumbers, TheCheckDigitOfAKnownEmsNumberIsFound) {
    // 1115785780598: 1 5 7 8 5 7 8 0 weigh 8 30 28 16 15 35 72 0, 204 in all, 6 past a multiple of 11.
    EXPECT_EQ(ems_check_digit("15785780"), '5');
}

TEST(SandboxNumbers, OurOwnCheckerFindsNothingWrongWithThem) {
    NumberIssuer sf(NumberShape::sf, 1);
    NumberIssuer yto(NumberShape::yto, 1);
    NumberIssuer jt(NumberShape::jt, 1);
    NumberIssuer deppon(NumberShape::deppon, 1);
    for (int i = 0; i < 2000; ++i) {
        const std::string number = sf.next();
        const auto report = waybill::check(number, "SF");
        EXPECT_EQ(report.verdict, waybill::Verdict::ok) << number;
        EXPECT_EQ(report.check, waybill::CheckDigit::pass) << number;
        const std::string other = yto.next();
        EXPECT_EQ(waybill::check(other, "YTO").verdict, waybill::Verdict::ok) << other;
        const std::string third = jt.next();
        EXPECT_EQ(waybill::check(third, "JT").verdict, waybill::Verdict::ok) << third;
        const std::string fourth = deppon.next();
        EXPECT_EQ(waybill::check(fourth, "DEPPON").verdict, waybill::Verdict::ok) << fourth;
    }
    for (const auto& [shape, code] : {std::pair{NumberShape::zto, "ZTO"}, std::pair{NumberShape::sto, "STO"},
                                      std::pair{NumberShape::jd, "JD"}, std::pair{NumberShape::ems, "EMS"}}) {
        NumberIssuer issuer(shape, 1);
        for (int i = 0; i < 2000; ++i) {
            const std::string number = issuer.next();
            EXPECT_EQ(waybill::check(number, code).verdict, waybill::Verdict::ok) << number;
        }
        EXPECT_NE(waybill::check(spoil(shape, issuer.next()), code).verdict, waybill::Verdict::ok);
    }
}

TEST(SandboxNumbers, NoneIsIssuedTwiceAndNoneLooksLikeSfsTestRange) {
    NumberIssuer issuer(NumberShape::sf, 7);
    std::set<std::string> seen;
    for (int i = 0; i < 5000; ++i) {
        const std::string number = issuer.next();
        EXPECT_TRUE(seen.insert(number).second);
        EXPECT_FALSE(number.starts_with("SF7444"));
    }
}

TEST(SandboxNumbers, ASpoiledNumberFailsTheCheck) {
    NumberIssuer sf(NumberShape::sf, 3);
    NumberIssuer yto(NumberShape::yto, 3);
    EXPECT_NE(waybill::check(spoil(NumberShape::sf, sf.next()), "SF").verdict, waybill::Verdict::ok);
    EXPECT_NE(waybill::check(spoil(NumberShape::yto, yto.next()), "YTO").verdict, waybill::Verdict::ok);
    NumberIssuer jt(NumberShape::jt, 3);
    EXPECT_NE(waybill::check(spoil(NumberShape::jt, jt.next()), "JT").verdict, waybill::Verdict::ok);
}

TEST(SandboxNumbers, TheSameSeedIssuesTheSameNumbers) {
    EXPECT_EQ(NumberIssuer(NumberShape::yto, 5).next(), NumberIssuer(NumberShape::yto, 5).next());
    EXPECT_NE(NumberIssuer(NumberShape::yto, 0).next(), NumberIssuer(NumberShape::yto, 0).next());
}

}  // namespace
}  // namespace returngate::sandbox
