// What a committed event counts for.
#include "gateway/metrics.hpp"

#include <gmock/gmock.h>

namespace returngate {
namespace {

using ::testing::HasSubstr;

class CommittedEvents : public ::testing::Test {
protected:
    std::string shown() { return metrics_.render(Gauges{}); }
    Metrics metrics_{{"GET /healthz"}, {"YTO", "SF"}};
};

TEST_F(CommittedEvents, CountTheClocksThatRanOut) {
    metrics_.event({"return.approved", {{"by", std::string("seller")}}});
    EXPECT_THAT(shown(), HasSubstr("returngate_clocks_run_out_total{clock=\"seller_answer_deadline\"} 0"));
    metrics_.event({"return.approved", {{"by", std::string("silence")}}});
    EXPECT_THAT(shown(), HasSubstr("returngate_clocks_run_out_total{clock=\"seller_answer_deadline\"} 1"));
    metrics_.event({"clawback.overdue", {{"amount_fen", std::int64_t{9900}}}});
    EXPECT_THAT(shown(), HasSubstr("returngate_clocks_run_out_total{clock=\"repayment_deadline\"} 1"));
    const std::string not_there = "not_at_the_door";
    metrics_.event({"pickup.courier_gave_up", {{"courier", std::string("YTO")}, {"reason", not_there}}});
    EXPECT_THAT(shown(), HasSubstr("returngate_clocks_run_out_total{clock=\"door_give_up\"} 1"));
    EXPECT_THAT(shown(), HasSubstr("returngate_clocks_run_out_total{clock=\"accept_deadline\"} 0"));
}

TEST_F(CommittedEvents, CountThePromiseOfTwoHoursByCourier) {
    const std::string sf = "SF";
    metrics_.event({"pickup.collected", {{"courier", sf}, {"promise_kept", true}}});
    metrics_.event({"pickup.collected", {{"courier", sf}, {"promise_kept", false}}});
    metrics_.event({"pickup.collected", {{"courier", sf}}});  // the buyer took it to a counter
    metrics_.event({"pickup.promise_missed", {{"courier", sf}}});
    metrics_.event({"pickup.promise_missed", {{"courier", std::string("SOMEBODY")}}});
    metrics_.event({"pickup.promise_kept_after_all", {{"courier", sf}}});
    const std::string family = "returngate_door_promises_total{courier=";
    EXPECT_THAT(shown(), HasSubstr(family + "\"SF\",outcome=\"kept\"} 1"));
    EXPECT_THAT(shown(), HasSubstr(family + "\"SF\",outcome=\"missed\"} 1"));
    EXPECT_THAT(shown(), HasSubstr(family + "\"SF\",outcome=\"kept_after_all\"} 1"));
    EXPECT_THAT(shown(), HasSubstr(family + "\"YTO\",outcome=\"missed\"} 0"));
    EXPECT_THAT(shown(), HasSubstr(family + "\"other\",outcome=\"missed\"} 1"));
}

}  // namespace
}  // namespace returngate
