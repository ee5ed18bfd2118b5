// The sandbox provider's dialect: only a plain yes and a plain no are answers, everything else is asked
// again.
#include "adapters/payout/sandbox/sandbox.hpp"

#include <gtest/gtest.h>

namespace returngate::payout {
namespace {

const PayoutOrder kOrder{"adv-1", "payee-7", 25900};
const std::string kExecuted =
    R"({"key":"adv-1","payee_reference":"payee-7","amount_fen":25900,"currency":"CNY","status":"executed","reference":"SBP1","reason":""})";

std::unique_ptr<Provider> provider() {
    return make_sandbox_provider(SandboxAccount{"/provider", "key-of-ours"});
}

http::Response response(int status, std::string body) {
    http::Response answer;
    answer.status = status;
    answer.body = std::move(body);
    return answer;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    return text.replace(text.find(from), from.size(), to);
}

TEST(SandboxPayout, SendsKeyPayeeAndAmountUnderOurKey) {
    const http::Request request = provider()->encode_pay(kOrder);
    EXPECT_EQ(request.method, "POST");
    EXPECT_EQ(request.target, "/provider/payouts");
    EXPECT_EQ(request.headers.find("Authorization"), "Bearer key-of-ours");
    EXPECT_EQ(request.body,
              R"({"key":"adv-1","payee_reference":"payee-7","amount_fen":25900,"currency":"CNY"})");
}

TEST(SandboxPayout, TheSameOrderGivesTheSameBytes) {
    EXPECT_EQ(provider()->encode_pay(kOrder).body, provider()->encode_pay(kOrder).body);
}

TEST(SandboxPayout, AsksForTheKeyAsOnePathSegment) {
    EXPECT_EQ(provider()->encode_query(kOrder).target, "/provider/payouts/adv-1");
    const PayoutOrder odd{"a/b?c", "p", 1};
    EXPECT_EQ(provider()->encode_query(odd).target, "/provider/payouts/a%2Fb%3Fc");
}

TEST(SandboxPayout, ReadsAnExecutedPayment) {
    const auto answer = provider()->decode_pay(kOrder, response(200, kExecuted));
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->outcome, PayoutOutcome::executed);
    EXPECT_EQ(answer->provider_reference, "SBP1");
}

TEST(SandboxPayout, ReadsARejectionWithItsReason) {
    std::string body = replaced(kExecuted, R"("executed")", R"("rejected")");
    body = replaced(body, R"("reason":"")", R"("reason":"payee_closed")");
    const auto answer = provider()->decode_pay(kOrder, response(200, body));
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->outcome, PayoutOutcome::rejected);
    EXPECT_EQ(answer->reason, "payee_closed");
}

TEST(SandboxPayout, EveryTruncatedAnswerIsUnknownAndNeverAPayment) {
    for (std::size_t length = 0; length < kExecuted.size(); ++length) {
        const auto answer = provider()->decode_pay(kOrder, response(200, kExecuted.substr(0, length)));
        ASSERT_TRUE(answer) << length;
        EXPECT_EQ(answer->outcome, PayoutOutcome::unknown) << length;
    }
}

TEST(SandboxPayout, NoStatusButA200IsAnAnswer) {
    for (const int status : {100, 201, 202, 204, 301, 400, 401, 404, 429, 500, 502, 503}) {
        const auto answer = provider()->decode_pay(kOrder, response(status, kExecuted));
        ASSERT_TRUE(answer) << status;
        EXPECT_EQ(answer->outcome, PayoutOutcome::unknown) << status;
        EXPECT_EQ(answer->reason, "http_" + std::to_string(status));
    }
}

TEST(SandboxPayout, AnUnknownStatusWordIsUnknown) {
    const std::string body = replaced(kExecuted, R"("executed")", R"("EXECUTED")");
    EXPECT_EQ(provider()->decode_pay(kOrder, response(200, body))->outcome, PayoutOutcome::unknown);
}

TEST(SandboxPayout, AnotherKeyAmountCurrencyOrPayeeHaltsMoney) {
    const std::pair<const char*, const char*> changes[] = {{"adv-1", "adv-2"},
                                                           {"25900", "25901"},
                                                           {"25900", "\"25900\""},
                                                           {"CNY", "USD"},
                                                           {"payee-7", "payee-8"}};
    for (const auto& [from, to] : changes) {
        const auto answer = provider()->decode_query(kOrder, response(200, replaced(kExecuted, from, to)));
        ASSERT_FALSE(answer) << to;
        EXPECT_EQ(answer.error().kind, ErrorKind::malformed) << to;
    }
}

TEST(SandboxPayout, AKeyThatIsTakenByAnotherPaymentHaltsMoney) {
    const auto answer =
        provider()->decode_pay(kOrder, response(409, R"({"code":"key_reused","key":"adv-1"})"));
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().kind, ErrorKind::malformed);
}

TEST(SandboxPayout, OnlyTheProvidersOwnWordsMeanNotFound) {
    const std::string own = R"({"code":"not_found","key":"adv-1"})";
    const auto found = provider()->decode_query(kOrder, response(404, own));
    ASSERT_TRUE(found);
    EXPECT_EQ(found->outcome, PayoutOutcome::unknown);
    EXPECT_EQ(found->reason, "not_found");
    const auto proxy = provider()->decode_query(kOrder, response(404, R"({"code":"no_such_resource"})"));
    EXPECT_EQ(proxy->reason, "http_404");
    // A payment is never answered with "not found".
    EXPECT_EQ(provider()->decode_pay(kOrder, response(404, own))->reason, "http_404");
}

}  // namespace
}  // namespace returngate::payout
