// Jobs become calls to the payment provider: paid once, under one key, whatever becomes of the answers.
#include "adapters/postgres/job_queue.hpp"
#include "tests/gateway/work/workers_world.hpp"

namespace returngate::test {
namespace {

using Payouts = WorkersWorld;

TEST_F(Payouts, ArePaidOnceUnderTheAdvancesKey) {
    bring_to_the_payout();
    start();
    expect_soon([&] { return has("advance WHERE state = 'paid'"); }, "paid");
    EXPECT_EQ(database_.text("SELECT provider_reference FROM advance"), "trade-" + key_);
    EXPECT_EQ(outside_.asked(), std::vector<std::string>{kPay});
    expect_square_books();
}

TEST_F(Payouts, ALostAnswerIsAskedForUnderTheSameKey) {
    outside_.on(kPay, [this](const std::string& body) {
        const auto order = json::parse(body).value();
        (void)outside_.pay(std::string(order["key"].string().value()), "payer-token", 9900);
        return lost();
    });
    bring_to_the_payout();
    start();
    expect_soon([&] { return has("job WHERE kind = 'resolve_payout'"); }, "in doubt");
    EXPECT_TRUE(has("advance WHERE state = 'committed'"));
    clock_.pass(1s);
    expect_soon([&] { return has("advance WHERE state = 'paid'"); }, "found");
    EXPECT_EQ(outside_.asked(kPay), 1);
    EXPECT_EQ(outside_.bodies(kAsk), std::vector<std::string>{"/payouts/" + key_});
    EXPECT_EQ(outside_.paid(), 1U);
    expect_square_books();
}

TEST_F(Payouts, AnUnreadableAnswerIsNoRejection) {
    outside_.on(kPay, [](const std::string&) { return http::Response{503, {}, "<html>"}; });
    outside_.on(kAsk, [](const std::string&) { return http::Response{200, {}, "{\"status\":"}; });
    bring_to_the_payout();
    start();
    // Time passes until it is asked: the next question is due only once the last answer is stored.
    expect_soon(
        [&] {
            clock_.pass(1s);
            return outside_.asked(kAsk) >= 3;
        },
        "asked");
    EXPECT_TRUE(has("advance WHERE state = 'committed'"));
    EXPECT_EQ(outside_.asked(kPay), 1);
}

TEST_F(Payouts, AKeyThatTheProviderDoesNotKnowIsSentAgainAsItWas) {
    outside_.on(kPay, [](const std::string&) { return unreachable(); });
    bring_to_the_payout();
    start();
    expect_soon([&] { return has("job WHERE kind = 'resolve_payout'"); }, "not sent");
    outside_.on(kPay, [this](const std::string&) { return ok(outside_.pay(key_, "payer-token", 9900)); });
    clock_.pass(1s);
    expect_soon([&] { return has("advance WHERE state = 'paid'"); }, "paid");
    const auto bodies = outside_.bodies(kPay);
    ASSERT_EQ(bodies.size(), 2U);
    EXPECT_EQ(bodies[0], bodies[1]);
}

TEST_F(Payouts, AWorkerThatDiedMayHavePaidSoTheProviderIsAskedFirst) {
    bring_to_the_payout();
    (void)outside_.pay(key_, "payer-token", 9900);  // the dead worker's
    postgres::JobQueue dead(database_.dsn());
    postgres::LeaseTerms terms;
    terms.now = clock_.now();
    ASSERT_EQ(dead.lease(terms).size(), 1U);
    start();
    clock_.pass(31s);
    expect_soon([&] { return has("advance WHERE state = 'paid'"); }, "found");
    EXPECT_EQ(outside_.asked(), std::vector<std::string>{kAsk});
    EXPECT_EQ(outside_.paid(), 1U);
    expect_square_books();
}

TEST_F(Payouts, ARejectionReversesTheAdvanceAndFreesTheLine) {
    outside_.on(kPay, [this](const std::string&) {
        json::Writer w;
        w.begin_object()
            .member("key", key_)
            .member("payee_reference", "payer-token")
            .member("amount_fen", 9900);
        w.member("currency", "CNY")
            .member("status", "rejected")
            .member("reason", "payee_closed")
            .end_object();
        return ok(w.take());
    });
    bring_to_the_payout();
    EXPECT_EQ(line_of(trade_.buyer).open_fen, 9900);
    start();
    expect_soon([&] { return has("advance WHERE state = 'reversed'"); }, "reversed");
    EXPECT_EQ(line_of(trade_.buyer).open_fen, 0);
    EXPECT_EQ(rows_of(trade_).case_.refund, RefundPath::after_receipt);
    EXPECT_EQ(count("job WHERE kind IN ('pay', 'resolve_payout')"), 0);
    expect_square_books();
}

TEST_F(Payouts, AnAnswerForAnotherAmountHaltsAllMoney) {
    outside_.on(kPay, [this](const std::string&) { return ok(outside_.pay(key_, "payer-token", 1)); });
    bring_to_the_payout();
    start();
    expect_soon([&] { return has("money_halt WHERE halted AND reason = 'echoed_amount_differs'"); },
                "halted");
    EXPECT_TRUE(has("advance WHERE state = 'committed'"));
    expect_soon([&] { return is_halted_.load(); }, "and said so");
}

TEST_F(Payouts, WhileMoneyIsHaltedNothingIsSentEvenForAnOldDoubt) {
    bring_to_the_payout();
    database_.run(
        "INSERT INTO money_halt (halted, reason, by_whom, at) VALUES (true, 'test', 'a person', now())");
    // A payout in doubt that never reached the provider, beside the one that was never tried.
    database_.run(
        "INSERT INTO job (cell, return_id, kind, subject, due_at, run_at) "
        "SELECT cell, return_id, 'resolve_payout', subject, due_at, run_at FROM job");
    start();
    expect_soon([&] { return outside_.asked(kAsk) >= 1; }, "asking is no payment");
    expect_soon([&] { return has("job WHERE kind = 'resolve_payout' AND due_at > '2026-01-10 02:00:00Z'"); },
                "still open");
    EXPECT_EQ(outside_.asked(kPay), 0);
    database_.run(
        "INSERT INTO money_halt (halted, reason, by_whom, at) VALUES (false, 'looked', 'a person', now())");
    expect_soon(
        [&] {
            clock_.pass(1s);
            return has("advance WHERE state = 'paid'");
        },
        "paid afterwards");
    EXPECT_EQ(outside_.paid(), 1U);
}

TEST_F(Payouts, AJobThatOutlivedItsPayoutPaysNothing) {
    bring_to_the_payout();
    database_.run("CREATE TABLE kept AS SELECT * FROM job WHERE kind = 'pay'");
    start();
    expect_soon([&] { return has("advance WHERE state = 'paid'"); }, "paid");
    database_.run("INSERT INTO job SELECT * FROM kept");
    expect_soon([&] { return count("job WHERE kind = 'pay'") == 0; }, "taken away");
    EXPECT_EQ(outside_.asked(), std::vector<std::string>{kPay});
}

TEST_F(Payouts, ACourierThatHangsKeepsNobodysMoneyWaiting) {
    configuration_.workers.courier_concurrency = 1;
    bring_to_the_payout();
    const auto pay = database_.text("SELECT subject FROM job");
    outside_.hang(kSfCancel);
    outside_.hang(kSfFind);
    for (const std::string kind : {"cancel_booking", "resolve_booking", "place_booking"}) {
        database_.run(
            "INSERT INTO job (cell, return_id, kind, subject, due_at, run_at) SELECT cell, return_id, '" +
            kind + "', booking_reference, '2026-01-01', '2026-01-01' FROM booking");
    }
    start();
    expect_soon([&] { return has("advance WHERE state = 'paid'"); }, "paid");
    expect_soon([&] { return workers_->under_way() == 1; }, "one place, one call that hangs");
    stop();  // with a call under way
}

}  // namespace
}  // namespace returngate::test
