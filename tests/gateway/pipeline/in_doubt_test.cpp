// The answer to a commit is lost, or somebody was faster: the same commands run again, with one effect.
#include <thread>

#include "tests/gateway/pipeline/world.hpp"

namespace returngate::test {
namespace {

using Kind = store::SaveOutcome::Kind;
using Save = std::function<store::SaveOutcome(store::Store&, const store::Changes&)>;

// A store whose save can be told what happens to it.
class Meddled final : public store::Store {
public:
    Meddled(std::unique_ptr<store::Store> real, Save save) : real_(std::move(real)), save_(std::move(save)) {}
    Result<std::vector<ReturnId>> claim(const std::vector<store::ClaimRequest>& requests) override {
        return real_->claim(requests);
    }
    Result<std::vector<RelatedClaim>> find_claims(const std::vector<ClaimKey>& keys) override {
        return real_->find_claims(keys);
    }
    Result<store::LoadedRows> load(const store::LoadRequest& request) override {
        return real_->load(request);
    }
    store::SaveOutcome save(const store::Changes& changes) override { return save_(*real_, changes); }

private:
    std::unique_ptr<store::Store> real_;
    Save save_;
};

class InDoubt : public World {
protected:
    Gateway calm_{database_.dsn(), clock_};

    GatewaySetup meddled_by(Save save) {
        GatewaySetup setup;
        setup.options.committers = 1;
        setup.make_store = [this, save] {
            return std::make_unique<Meddled>(postgres::make_store(database_.dsn()), save);
        };
        return setup;
    }
    // What happens is committed, and the answer to it lost.
    GatewaySetup losing_answers() {
        return meddled_by([](store::Store& real, const store::Changes& changes) {
            auto outcome = real.save(changes);
            const bool is_lost = outcome.kind == Kind::committed && !changes.entries.empty();
            if (is_lost) outcome.kind = Kind::in_doubt;
            return outcome;
        });
    }
};

TEST_F(InDoubt, EachStepOfAReturnHappensOnceWhenItsAnswerIsLost) {
    Gateway gateway(database_.dsn(), clock_, losing_answers());
    const Trade trade(1);
    const auto reference = bring_to_the_door(gateway, trade);
    EXPECT_EQ(rows_of(trade).bookings.size(), 1U);
    gateway.must(a_callback("YTO", reference, {an_event(TrackingStatus::collected, at("10:10"))}));
    PayoutAnswered paid;
    paid.id = trade.return_id;
    paid.outcome = PayoutAnswered::Outcome::executed;
    gateway.must(paid);
    EXPECT_EQ(gateway.statistics().in_doubt, 4U);  // applied, accepted, collected, paid
    EXPECT_EQ(count("return_case"), 1);
    EXPECT_EQ(count("advance"), 1);
    EXPECT_EQ(count("ledger_transfer"), 2);
    EXPECT_EQ(count("case_event WHERE type = 'advance.paid'"), 1);
    EXPECT_EQ(line_of(trade.buyer).open_fen, 9900);
    expect_square_books();
}

TEST_F(InDoubt, AKeyedCommandIsAnsweredWithWhatItsLostCommitStored) {
    Gateway gateway(database_.dsn(), clock_, losing_answers());
    const Trade trade(1);
    calm_.must(trade.put_order());
    calm_.must(trade.set_trust());
    calm_.must(trade.apply());
    auto submission = a_submission(BookPickup{trade.return_id, {trade.pickup, std::nullopt, trade.contact}});
    submission.idempotency = pipeline::Idempotency{{7}, "key", "f"};
    submission.render = [](const Decision& decision) {
        return pipeline::Answer{201, decision.after.bookings.back().reference.value};
    };
    const auto answer = gateway.must(std::move(submission));
    EXPECT_EQ(answer.answer.status, 201);
    EXPECT_EQ(answer.answer.body, reference_of(trade).value);
    EXPECT_EQ(count("pickup"), 1);
}

TEST_F(InDoubt, ARerunOfACommitThatWasLostMakesTheSameIds) {
    std::vector<std::string> references;
    auto lose_it = [&references](store::Store& real, const store::Changes& changes) {
        for (const auto& [id, booking] : changes.bookings) references.push_back(booking.reference.value);
        if (references.size() == 1 && !changes.bookings.empty())
            return store::SaveOutcome{Kind::in_doubt, {}, {}};
        return real.save(changes);
    };
    Gateway gateway(database_.dsn(), clock_, meddled_by(lose_it));
    const Trade trade(1);
    gateway.must(trade.put_order());
    gateway.must(trade.apply_with_pickup());  // no trust: the seller agrees
    AnswerApplication agreed;
    agreed.id = trade.return_id;
    agreed.seller = kSeller;
    agreed.agreed = true;
    gateway.must(agreed);
    gateway.must(BookPickup{trade.return_id, {trade.pickup, std::nullopt, trade.contact}});
    ASSERT_EQ(references.size(), 2U);
    EXPECT_EQ(references[0], references[1]);
}

TEST_F(InDoubt, AConnectionCutInMidStatementEndsWithOneEffect) {
    const Trade trade(1);
    const auto reference = bring_to_the_door(calm_, trade);
    calm_.stop();
    GatewaySetup setup;
    setup.options.committers = 1;
    Gateway gateway(database_.dsn(), clock_, setup);
    pqxx::connection other(database_.dsn());
    auto lock = std::make_unique<pqxx::work>(other);
    lock->exec("SELECT * FROM return_case FOR UPDATE");
    auto answer =
        gateway.send(a_callback("YTO", reference, {an_event(TrackingStatus::collected, at("10:10"))}));
    ASSERT_TRUE(testing::eventually([&] { return database_.waiting() > 0; }));
    database_.cut_connections();
    ASSERT_TRUE(testing::eventually([&] { return gateway.statistics().in_doubt > 0; }));
    lock.reset();
    const auto outcome = Gateway::answer_of(std::move(answer));
    EXPECT_TRUE(outcome) << outcome.error().code;
    EXPECT_EQ(count("advance"), 1);
    EXPECT_EQ(count("inbox"), 1);
    expect_square_books();
}

TEST_F(InDoubt, ADatabaseThatGoesAwayIsUnavailableAndThenWorksAgain) {
    GatewaySetup setup;
    setup.options.committers = 1;
    Gateway gateway(database_.dsn(), clock_, setup);
    const Trade trade(1);
    gateway.must(trade.put_order());
    database_.cut_connections();
    const auto lost = gateway.tell(trade.set_trust());
    ASSERT_FALSE(lost);
    EXPECT_EQ(lost.error().kind, ErrorKind::unavailable);
    gateway.must(trade.set_trust());
}

TEST_F(InDoubt, AStaleDecisionIsMadeAgainOnWhatIsStored) {
    const Trade trade(1);
    calm_.must(trade.put_order());
    calm_.must(trade.set_trust());
    calm_.must(trade.apply_with_pickup());
    // The timer only moves itself while a pickup is live; in between the pickup is cancelled.
    auto interfere = [this, &trade, done = std::make_shared<bool>()](store::Store& real,
                                                                     const store::Changes& changes) {
        if (!*done) {
            *done = true;
            calm_.must(CancelPickup{trade.return_id});
        }
        return real.save(changes);
    };
    Gateway gateway(database_.dsn(), clock_, meddled_by(interfere));
    clock_.pass(std::chrono::hours(7 * 24));
    gateway.must(TimerFired{trade.return_id, JobKind::ship_deadline, ""});
    EXPECT_EQ(gateway.statistics().stale, 1U);
    EXPECT_EQ(rows_of(trade).case_.status, CaseStatus::closed);
    EXPECT_EQ(count("job WHERE kind = 'ship_deadline'"), 0);
}

TEST_F(InDoubt, ABatchThatNeverGetsThroughIsGivenBack) {
    auto setup = meddled_by([](store::Store&, const store::Changes&) {
        return store::SaveOutcome{Kind::stale, {}, {}};
    });
    setup.options.attempts = 3;
    Gateway gateway(database_.dsn(), clock_, setup);
    const auto outcome = gateway.tell(Trade(1).set_trust());
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().kind, ErrorKind::unavailable);
    EXPECT_EQ(outcome.error().code, "too_contended");
    EXPECT_EQ(gateway.statistics().stale, 3U);
}

}  // namespace
}  // namespace returngate::test
