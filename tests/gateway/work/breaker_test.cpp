// When a breaker opens, whom it lets probe, and when it closes again.
#include "gateway/work/breaker.hpp"

#include <gtest/gtest.h>

namespace returngate::work {
namespace {

using namespace std::chrono_literals;

class BreakerOverTime : public ::testing::Test {
protected:
    Breaker::Time now_{1h};
    Breaker breaker_{BreakerRules{
        .failures_in_a_row = 3, .failure_share = 0.5, .sample = 6, .window = 60s, .open_for = 30s}};

    void fail_times(int times) {
        for (int i = 0; i < times; ++i) breaker_.failed(now_);
    }
};

TEST_F(BreakerOverTime, LetsCallsThroughAtFirst) {
    EXPECT_TRUE(breaker_.allows(now_));
    EXPECT_FALSE(breaker_.is_open(now_));
}

TEST_F(BreakerOverTime, OpensAfterSoManyFailuresInARow) {
    fail_times(2);
    EXPECT_TRUE(breaker_.allows(now_));
    fail_times(1);
    EXPECT_FALSE(breaker_.allows(now_));
    EXPECT_TRUE(breaker_.is_open(now_));
}

TEST_F(BreakerOverTime, ASuccessBetweenFailuresStartsTheCountAnew) {
    fail_times(2);
    breaker_.succeeded(now_);
    fail_times(1);
    EXPECT_TRUE(breaker_.allows(now_));
}

TEST_F(BreakerOverTime, OpensWhenTooLargeAShareFails) {
    for (int i = 0; i < 2; ++i) {
        fail_times(1);
        breaker_.succeeded(now_);
    }
    EXPECT_TRUE(breaker_.allows(now_));
    breaker_.succeeded(now_);  // 2 of 5
    fail_times(1);             // 3 of 6
    EXPECT_FALSE(breaker_.allows(now_));
}

TEST_F(BreakerOverTime, OldFailuresAreForgotten) {
    fail_times(1);
    breaker_.succeeded(now_);
    fail_times(1);
    breaker_.succeeded(now_);
    now_ += 60s;
    breaker_.succeeded(now_);
    fail_times(1);
    EXPECT_TRUE(breaker_.allows(now_));
}

TEST_F(BreakerOverTime, AfterAWhileOneProbeGoesOutAndNobodyElse) {
    fail_times(3);
    now_ += 29s;
    EXPECT_FALSE(breaker_.allows(now_));
    now_ += 1s;
    EXPECT_FALSE(breaker_.is_open(now_)) << "somebody must be sent there, or nobody probes";
    EXPECT_TRUE(breaker_.allows(now_));
    EXPECT_FALSE(breaker_.allows(now_));
    EXPECT_TRUE(breaker_.is_open(now_));
}

TEST_F(BreakerOverTime, AProbeThatComesThroughClosesIt) {
    fail_times(3);
    now_ += 30s;
    (void)breaker_.allows(now_);
    breaker_.succeeded(now_);
    EXPECT_FALSE(breaker_.is_open(now_));
    fail_times(2);
    EXPECT_TRUE(breaker_.allows(now_)) << "it starts afresh";
}

TEST_F(BreakerOverTime, AProbeThatFailsOpensItForAsLongAgain) {
    fail_times(3);
    now_ += 30s;
    (void)breaker_.allows(now_);
    fail_times(1);
    now_ += 29s;
    EXPECT_FALSE(breaker_.allows(now_));
    now_ += 1s;
    EXPECT_TRUE(breaker_.allows(now_));
}

TEST_F(BreakerOverTime, AProbeThatIsNeverHeardOfIsReplaced) {
    fail_times(3);
    now_ += 30s;
    EXPECT_TRUE(breaker_.allows(now_));
    now_ += 30s;
    EXPECT_TRUE(breaker_.allows(now_));
}

TEST_F(BreakerOverTime, CallsThatNobodyAnswersStopTheNextBeforeTheyTimeOut) {
    for (int i = 0; i < 4; ++i) EXPECT_TRUE(breaker_.allows(now_));
    now_ += 999ms;
    EXPECT_FALSE(breaker_.is_open(now_));
    now_ += 1ms;
    EXPECT_TRUE(breaker_.is_open(now_));
    EXPECT_FALSE(breaker_.allows(now_));
}

TEST_F(BreakerOverTime, FewCallsUnderWayMayTakeTheirTime) {
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(breaker_.allows(now_));
    now_ += 4s;
    EXPECT_TRUE(breaker_.allows(now_));
}

TEST_F(BreakerOverTime, AnAnswerShowsThatItDoesNotHang) {
    for (int i = 0; i < 5; ++i) EXPECT_TRUE(breaker_.allows(now_));
    now_ += 1s;
    EXPECT_TRUE(breaker_.is_open(now_));
    breaker_.succeeded(now_);
    EXPECT_FALSE(breaker_.is_open(now_));
    now_ += 999ms;
    EXPECT_TRUE(breaker_.allows(now_));
}

TEST_F(BreakerOverTime, OneThatHangsOpensWithItsFirstTimeout) {
    for (int i = 0; i < 4; ++i) (void)breaker_.allows(now_);
    now_ += 2s;
    fail_times(1);
    now_ += 29s;
    EXPECT_TRUE(breaker_.is_open(now_));
    now_ += 1s;
    EXPECT_TRUE(breaker_.allows(now_)) << "the probe";
}

TEST_F(BreakerOverTime, CallsThatAreNeverReportedOnAreForgotten) {
    for (int i = 0; i < 4; ++i) (void)breaker_.allows(now_);
    now_ += 30s;
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(breaker_.allows(now_));
    now_ += 2s;
    EXPECT_FALSE(breaker_.is_open(now_)) << "three are under way, not seven";
}

TEST(Breakers, OfACourierWithTwoPlacesTwoHang) {
    CourierOptions narrow;
    narrow.code = CourierCode{"EMS"};
    narrow.concurrency = 2;
    Breakers breakers(BreakerRules{.hangs_after = 0ms}, {narrow});
    for (int i = 0; i < 2; ++i) {
        EXPECT_TRUE(breakers.allows("EMS"));
        EXPECT_TRUE(breakers.allows("YTO"));
    }
    EXPECT_FALSE(breakers.allows("EMS"));
    EXPECT_TRUE(breakers.allows("YTO"));
}

TEST(Breakers, AreOnePerName) {
    Breakers breakers(BreakerRules{.failures_in_a_row = 1});
    breakers.report("SF", false);
    EXPECT_FALSE(breakers.allows("SF"));
    EXPECT_TRUE(breakers.allows("YTO"));
    EXPECT_EQ(breakers.open_ones(), std::vector{CourierCode{"SF"}});
}

}  // namespace
}  // namespace returngate::work
