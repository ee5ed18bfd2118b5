// The payment provider: one execution per key whatever happens, and a book that survives it.
#include "adapters/sandbox/provider.hpp"

#include <fstream>
#include <gtest/gtest.h>

#include "adapters/payout/sandbox/sandbox.hpp"
#include "tests/adapters/sandbox/support.hpp"

namespace returngate::sandbox {
namespace {

using payout::PayoutAnswer;
using payout::PayoutOrder;
using payout::PayoutOutcome;

const PayoutOrder kOrder{"adv-1", "payee-7", 25900};

class SandboxProvider : public testing::Test {
protected:
    SandboxProvider() { start(); }
    void start() {
        world_.reset();
        Options options = fast_options(book_);
        options.provider_api_key = "key-of-ours";
        world_ = std::make_unique<WorldThread>(options);
        url_ = (*world_)->base_url("provider");
    }
    void script(const std::string& behaviour) {
        caller_.post_json((*world_)->base_url("sandbox") + "/script",
                          R"({"courier":"provider","match":"next","behaviour":)" + behaviour + "}");
    }
    Result<PayoutAnswer> pay(const PayoutOrder& order = kOrder,
                             std::chrono::milliseconds patience = std::chrono::seconds(60)) {
        const auto response = caller_.send(url_, dialect_->encode_pay(order), patience);
        if (!response) return tl::unexpected(response.error());
        return dialect_->decode_pay(order, *response);
    }
    Result<PayoutAnswer> query(const PayoutOrder& order = kOrder) {
        const auto response = caller_.send(url_, dialect_->encode_query(order));
        if (!response) return tl::unexpected(response.error());
        return dialect_->decode_query(order, *response);
    }
    std::size_t executed() { return (*world_)->provider().book().executed().size(); }

    TemporaryFile book_;
    std::unique_ptr<WorldThread> world_;
    std::unique_ptr<payout::Provider> dialect_ =
        payout::make_sandbox_provider(payout::SandboxAccount{"", "key-of-ours"});
    Caller caller_;
    std::string url_;
};

TEST_F(SandboxProvider, TheSameKeyAndBodyGiveTheSamePayment) {
    const auto first = pay();
    const auto second = pay();
    ASSERT_TRUE(first && second);
    EXPECT_EQ(first->outcome, PayoutOutcome::executed);
    EXPECT_EQ(first->provider_reference, second->provider_reference);
    EXPECT_EQ(executed(), 1u);
    EXPECT_EQ((*world_)->provider().attempts().at("adv-1"), 2);
}

TEST_F(SandboxProvider, TheSameKeyWithAnotherAmountIsAnIncidentAndNoPayment) {
    (void)pay();
    const auto other = pay(PayoutOrder{"adv-1", "payee-7", 25901});
    ASSERT_FALSE(other);
    EXPECT_EQ(other.error().kind, ErrorKind::malformed);
    EXPECT_EQ(executed(), 1u);
    EXPECT_EQ((*world_)->provider().book().incidents().size(), 1u);
}

TEST_F(SandboxProvider, TheBookSurvivesARestart) {
    const auto before = pay();
    (void)pay(PayoutOrder{"adv-1", "payee-7", 1});
    start();
    const auto after = pay();
    ASSERT_TRUE(before && after);
    EXPECT_EQ(before->provider_reference, after->provider_reference);
    EXPECT_EQ(executed(), 1u);
    EXPECT_EQ((*world_)->provider().book().incidents().size(), 1u);
}

TEST_F(SandboxProvider, ALineThatACrashCutShortIsForgotten) {
    (void)pay();
    world_.reset();
    std::ofstream(book_.path(), std::ios::app) << R"({"key":"adv-2","payee_ref)";
    start();
    EXPECT_EQ(executed(), 1u);
    ASSERT_TRUE(pay(PayoutOrder{"adv-3", "payee-8", 100}));
    start();
    EXPECT_EQ(executed(), 2u);
}

TEST_F(SandboxProvider, AHundredConcurrentRepeatsPayOnce) {
    std::vector<std::thread> threads;
    std::atomic<int> executions{0};
    for (int i = 0; i < 10; ++i)
        threads.emplace_back([&] {
            Caller own;
            for (int repeat = 0; repeat < 10; ++repeat) {
                const auto response = own.send(url_, dialect_->encode_pay(kOrder));
                if (!response) continue;
                const auto answer = dialect_->decode_pay(kOrder, *response);
                if (answer && answer->outcome == PayoutOutcome::executed) ++executions;
            }
        });
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(executions, 100);
    EXPECT_EQ(executed(), 1u);
    std::ifstream file(book_.path());
    std::string line;
    int lines = 0;
    while (std::getline(file, line)) ++lines;
    EXPECT_EQ(lines, 1);
}

TEST_F(SandboxProvider, WhatHappensAfterTheExecutionChangesNothingInTheBook) {
    for (const char* way :
         {"execute_then_close", "execute_then_hang", "execute_then_fail", "execute_then_garble"}) {
        script(R"({"way":")" + std::string(way) + R"("})");
        const PayoutOrder order{way, "payee-7", 100};
        const auto answer = pay(order, std::chrono::milliseconds(300));
        const bool is_known = answer && answer->outcome != PayoutOutcome::unknown;
        EXPECT_FALSE(is_known) << way;
        const auto is_executed = [&] {
            const auto asked = query(order);
            return asked && asked->outcome == PayoutOutcome::executed;
        };
        EXPECT_TRUE(eventually(is_executed)) << way;
    }
    EXPECT_EQ(executed(), 4u);
}

TEST_F(SandboxProvider, WhatHappensBeforeTheExecutionPaysNothing) {
    for (const char* way : {"close_before", "hang_before", "fail_before", "busy_before"}) {
        script(R"({"way":")" + std::string(way) + R"("})");
        const PayoutOrder order{way, "payee-7", 100};
        const auto answer = pay(order, std::chrono::milliseconds(300));
        const bool is_known = answer && answer->outcome != PayoutOutcome::unknown;
        EXPECT_FALSE(is_known) << way;
        EXPECT_EQ(query(order)->reason, "not_found") << way;
    }
    EXPECT_EQ(executed(), 0u);
}

TEST_F(SandboxProvider, ARejectionIsForGood) {
    script(R"({"way":"reject","reason":"payee_closed"})");
    EXPECT_EQ(pay()->outcome, PayoutOutcome::rejected);
    EXPECT_EQ(pay()->reason, "payee_closed");
    EXPECT_EQ(query()->outcome, PayoutOutcome::rejected);
    EXPECT_EQ(executed(), 0u);
}

TEST_F(SandboxProvider, AnEventuallyConsistentQuerySeesThePaymentLate) {
    script(R"({"way":"execute_then_close","queries_not_found":2})");
    (void)pay();
    EXPECT_EQ(query()->reason, "not_found");
    EXPECT_EQ(query()->reason, "not_found");
    EXPECT_EQ(query()->outcome, PayoutOutcome::executed);
}

TEST_F(SandboxProvider, AWrongEchoIsNoAnswerToOurOrder) {
    script(R"({"way":"wrong_echo"})");
    const auto answer = pay();
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, "echoed_amount_differs");
    EXPECT_EQ(executed(), 1u);
}

TEST_F(SandboxProvider, WithoutItsKeyNobodyPaysOrReads) {
    const auto stranger = payout::make_sandbox_provider(payout::SandboxAccount{"", "another key"});
    EXPECT_EQ(caller_.send(url_, stranger->encode_pay(kOrder))->status, 401);
    EXPECT_EQ(caller_.send(url_, stranger->encode_query(kOrder))->status, 401);
    EXPECT_EQ(executed(), 0u);
}

}  // namespace
}  // namespace returngate::sandbox
