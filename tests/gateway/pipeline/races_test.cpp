// Two gateways on one database: whoever is first, the effect happens once and the books are square.
#include <algorithm>
#include <random>
#include <thread>

#include "tests/gateway/pipeline/world.hpp"

namespace returngate::test {
namespace {

class Races : public World {
protected:
    Gateway one_{database_.dsn(), clock_};
    Gateway other_{database_.dsn(), clock_};

    static void expect_all_taken(std::vector<std::future<Result<Committed>>> answers) {
        for (auto& answer : answers) {
            const auto outcome = Gateway::answer_of(std::move(answer));
            EXPECT_TRUE(outcome) << outcome.error().code;
        }
    }
};

TEST_F(Races, TheSameCallbacksToBothGatewaysMakeOneAdvanceEach) {
    constexpr int kTrades = 24;
    constexpr int kThreads = 4;
    std::vector<std::pair<Trade, BookingReference>> trades;
    for (int i = 0; i < kTrades; ++i) trades.emplace_back(Trade(i), BookingReference{});
    for (auto& [trade, reference] : trades) reference = bring_to_the_door(one_, trade);
    clock_.set(at("10:30"));
    std::vector<std::vector<std::future<Result<Committed>>>> answers(kThreads);
    {
        std::vector<std::jthread> senders;
        for (int thread = 0; thread < kThreads; ++thread) {
            senders.emplace_back([&, thread] {
                std::vector<Submission> mine;
                for (const auto& [trade, reference] : trades) {
                    const auto collected = an_event(TrackingStatus::collected, at("10:20"));
                    const auto assigned = an_event(TrackingStatus::courier_assigned, at("10:05"));
                    const auto moving = an_event(TrackingStatus::in_transit, at("10:25"));
                    mine.push_back(a_callback("YTO", reference, {collected}));
                    mine.push_back(a_callback("YTO", reference, {assigned, moving}));
                    mine.push_back(a_callback("YTO", reference, {moving, collected}));
                }
                std::ranges::shuffle(mine, std::mt19937(static_cast<unsigned>(thread)));
                Gateway& gateway = thread % 2 == 0 ? one_ : other_;
                for (auto& callback : mine)
                    answers.at(static_cast<std::size_t>(thread)).push_back(gateway.send(std::move(callback)));
            });
        }
    }
    for (auto& of_thread : answers) {
        for (auto& answer : of_thread) {
            const auto outcome = Gateway::answer_of(std::move(answer));
            EXPECT_TRUE(outcome) << outcome.error().code;
            if (outcome) {
                EXPECT_EQ(outcome->conflicting_repeats, 0);
            }
        }
    }
    EXPECT_EQ(count("advance"), kTrades);
    EXPECT_EQ(count("ledger_transfer"), kTrades);
    EXPECT_EQ(count("job WHERE kind = 'pay'"), kTrades);
    EXPECT_EQ(count("case_event WHERE type = 'advance.committed'"), kTrades);
    EXPECT_EQ(count("inbox"), 3 * kTrades);
    expect_square_books();
}

TEST_F(Races, TheLastFenOfALineIsPromisedOnce) {
    constexpr int kBuyers = 15;
    std::vector<std::pair<Trade, Trade>> pairs;
    for (int i = 0; i < kBuyers; ++i) {
        const std::string buyer = "buyer-" + std::to_string(i);
        pairs.emplace_back(Trade(2 * i, buyer), Trade(2 * i + 1, buyer));
        one_.must(pairs.back().first.put_order(80000));
        one_.must(pairs.back().second.put_order(1));
        one_.must(pairs.back().first.set_trust(4));  // 800 CNY
    }
    std::vector<std::future<Result<Committed>>> answers;
    for (const auto& [large, small] : pairs) {
        answers.push_back(one_.send(large.apply()));
        answers.push_back(other_.send(small.apply()));
    }
    expect_all_taken(std::move(answers));
    for (const auto& [large, small] : pairs) {
        const bool is_large = rows_of(large).case_.refund == RefundPath::advance;
        const bool is_small = rows_of(small).case_.refund == RefundPath::advance;
        EXPECT_NE(is_large, is_small) << large.buyer.value;
        EXPECT_EQ(line_of(large.buyer).held_fen, is_large ? 80000 : 1);
    }
    expect_square_books();
}

TEST_F(Races, TheSameKeyOnBothGatewaysHasOneEffectAndOneAnswer) {
    constexpr int kTrades = 15;
    for (int i = 0; i < kTrades; ++i) {
        one_.must(Trade(i).put_order());
        one_.must(Trade(i).set_trust());
        one_.must(Trade(i).apply());
    }
    // Each gateway draws its own pickup id, as two requests do.
    auto request = [](const Trade& trade, std::uint8_t gateway) {
        const auto pickup = trade.an_id_of<PickupId>(gateway, 8);
        auto submission = a_submission(BookPickup{trade.return_id, {pickup, std::nullopt, trade.contact}});
        submission.idempotency = pipeline::Idempotency{{7}, "key", "f"};
        submission.render = [](const Decision& decision) {
            return pipeline::Answer{201, to_string(decision.after.case_.pickup->id)};
        };
        return submission;
    };
    std::vector<std::pair<std::future<Result<Committed>>, std::future<Result<Committed>>>> answers;
    for (int i = 0; i < kTrades; ++i) {
        auto one = one_.send(request(Trade(i), 1));
        answers.emplace_back(std::move(one), other_.send(request(Trade(i), 2)));
    }
    for (int i = 0; i < kTrades; ++i) {
        const auto one = Gateway::answer_of(std::move(answers[static_cast<std::size_t>(i)].first));
        const auto other = Gateway::answer_of(std::move(answers[static_cast<std::size_t>(i)].second));
        ASSERT_TRUE(one && other);
        EXPECT_EQ(one->answer.body, other->answer.body);
        EXPECT_NE(one->replayed, other->replayed);
        EXPECT_EQ(to_string(rows_of(Trade(i)).case_.pickup->id), one->answer.body);
    }
    EXPECT_EQ(count("pickup"), kTrades);
    EXPECT_EQ(count("idempotency"), kTrades);
}

TEST_F(Races, TheSameApplicationOnBothGatewaysIsOneReturn) {
    constexpr int kTrades = 15;
    for (int i = 0; i < kTrades; ++i) one_.must(Trade(i).put_order());
    std::vector<std::future<Result<Committed>>> answers;
    for (int i = 0; i < kTrades; ++i) {
        auto mine = Trade(i).apply();
        auto theirs = Trade(kTrades - 1 - i).apply();
        theirs.id.bytes[1] = 0x77;
        answers.push_back(one_.send(mine));
        answers.push_back(other_.send(theirs));
    }
    expect_all_taken(std::move(answers));
    EXPECT_EQ(count("return_case"), kTrades);
    EXPECT_EQ(count("application"), kTrades);
    expect_square_books();
}

TEST_F(Races, AnOrderIsNotReturnedTwice) {
    constexpr int kTrades = 15;
    std::vector<std::future<Result<Committed>>> answers;
    for (int i = 0; i < kTrades; ++i) {
        const Trade trade(i);
        one_.must(trade.put_order());
        auto again = trade.apply();
        again.id.bytes[1] = 0x77;
        again.after_sale.value += "-again";
        answers.push_back(one_.send(trade.apply()));
        answers.push_back(other_.send(again));
    }
    int taken = 0;
    for (auto& answer : answers) taken += Gateway::answer_of(std::move(answer)) ? 1 : 0;
    EXPECT_EQ(taken, kTrades);
    EXPECT_EQ(count("return_case"), kTrades);
}

TEST_F(Races, TheSameNumberForTwoReturnsBelongsToOne) {
    constexpr int kPairs = 12;
    std::vector<std::future<Result<Committed>>> answers;
    for (int i = 0; i < kPairs; ++i) {
        for (const int number : {2 * i, 2 * i + 1}) {
            const Trade trade(number);
            one_.must(trade.put_order());
            one_.must(trade.set_trust());
            one_.must(trade.apply_with_pickup());
        }
    }
    for (int i = 0; i < kPairs; ++i) {
        const Trade trade(2 * i);
        Trade twin(2 * i + 1);
        twin.waybill = trade.waybill;
        answers.push_back(one_.send(trade.accepted(reference_of(trade))));
        answers.push_back(other_.send(twin.accepted(reference_of(twin))));
    }
    expect_all_taken(std::move(answers));
    EXPECT_EQ(count("booking WHERE waybill <> ''"), kPairs);
    EXPECT_EQ(count("booking WHERE waybill_held <> ''"), kPairs);
    EXPECT_EQ(count("waybill_claim"), kPairs);
}

}  // namespace
}  // namespace returngate::test
