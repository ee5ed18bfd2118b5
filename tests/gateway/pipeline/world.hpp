// The world of the pipeline's tests: a real database, a clock that the test moves, gateways, trades.
#pragma once

#include <atomic>
#include <future>
#include <gtest/gtest.h>

#include "adapters/postgres/ledger_checks.hpp"
#include "adapters/postgres/postgres_store.hpp"
#include "gateway/pipeline/pipeline.hpp"
#include "tests/support/builders.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/migrated_database.hpp"

namespace returngate::test {

using pipeline::Committed;
using pipeline::Submission;

class TestClock final : public Clock {
public:
    explicit TestClock(Instant now) : now_(now.time_since_epoch().count()) {}
    [[nodiscard]] Instant now() const override { return Instant(Duration(now_.load())); }
    void set(Instant now) { now_ = now.time_since_epoch().count(); }
    void pass(Duration time) { now_ += time.count(); }

private:
    std::atomic<Duration::rep> now_;
};

// One buyer with one order and one return of it, by number.
struct Trade {
    explicit Trade(int number, std::string buyer_name = {})
        : buyer{buyer_name.empty() ? "buyer-" + std::to_string(number) : std::move(buyer_name)},
          order{"order-" + std::to_string(number)},
          after_sale{"after-sale-" + std::to_string(number)},
          return_id(an_id_of<ReturnId>(number, 1)),
          pickup(an_id_of<PickupId>(number, 2)),
          contact(an_id_of<ContactId>(number, 3)),
          payee(an_id_of<ContactId>(number, 4)),
          waybill("YT883041" + std::to_string(7529604 + number)) {}

    template <class IdType>
    [[nodiscard]] IdType an_id_of(int number, std::uint8_t kind) const {
        IdType id;
        id.bytes[0] = cell_of(buyer.value);
        id.bytes[1] = kind;
        for (std::size_t i = 0; i < 4; ++i)
            id.bytes[12 + i] = static_cast<std::uint8_t>(number >> (24 - 8 * i));
        return id;
    }

    BuyerId buyer;
    OrderId order;
    AfterSaleId after_sale;
    ReturnId return_id;
    PickupId pickup;
    ContactId contact;
    ContactId payee;
    std::string waybill;

    [[nodiscard]] PutOrder put_order(Fen amount_fen = 9900) const {
        Order put = an_order(amount_fen);
        put.id = order;
        put.buyer = buyer;
        put.payee = payee;
        put.version = 0;
        return PutOrder{put};
    }
    [[nodiscard]] SetTrust set_trust(int stars = 4) const { return SetTrust{buyer, stars, std::nullopt}; }
    [[nodiscard]] ApplyForReturn apply() const {
        ApplyForReturn apply = an_application();
        apply.id = return_id;
        apply.buyer = buyer;
        apply.order = order;
        apply.after_sale = after_sale;
        return apply;
    }
    [[nodiscard]] ApplyForReturn apply_with_pickup() const {
        auto apply = this->apply();
        apply.pickup = PickupRequest{pickup, std::nullopt, contact};
        return apply;
    }
    [[nodiscard]] BookingAnswered accepted(const BookingReference& reference) const {
        BookingAnswered answer;
        answer.id = return_id;
        answer.reference = reference;
        answer.outcome = BookingAnswered::Outcome::accepted;
        answer.waybill = waybill;
        return answer;
    }
};

inline Submission a_submission(Command command, Instant received_at = at("10:00")) {
    static std::atomic<std::uint32_t> drawn{0};
    Submission submission;
    submission.command = std::move(command);
    submission.received_at = received_at;
    const auto number = ++drawn;
    for (std::size_t i = 0; i < 4; ++i) submission.seed.at(i) = static_cast<std::uint8_t>(number >> (8 * i));
    return submission;
}

// A callback of the courier with one inbox row per event, as the intake makes it.
inline Submission a_callback(std::string_view courier, const BookingReference& reference,
                             std::vector<TrackingEvent> events, std::string_view body = "body",
                             Proof proof = Proof::weak_signature) {
    CourierReported report;
    report.courier.value = courier;
    report.reference = reference;
    report.proof = proof;
    report.events = std::move(events);
    // Two bookings can share a cell; their events are still different ones.
    for (auto& event : report.events) event.dedupe_key += reference.value;
    std::vector<store::InboxRow> inbox;
    for (const auto& event : report.events) {
        std::string hash(body);
        hash.resize(32, '.');
        inbox.push_back({{cell_of(reference).value(), std::string(courier), event.dedupe_key},
                         hash,
                         proof,
                         at("10:00"),
                         std::string(body)});
    }
    auto submission = a_submission(std::move(report));
    submission.inbox = std::move(inbox);
    return submission;
}

// The platform has told these tests of no seller.
inline Policy of_any_seller() {
    Policy policy = a_policy();
    policy.scope.pilot_sellers_only = false;
    return policy;
}

struct GatewaySetup {
    pipeline::PipelineOptions options{};
    pipeline::Hooks hooks{};
    Policy policy = of_any_seller();
    std::function<std::unique_ptr<store::Store>()> make_store{};  // absent: PostgreSQL
};

// One gateway's way to change state.
class Gateway {
public:
    Gateway(const std::string& dsn, const Clock& clock, const GatewaySetup& setup = {})
        : pipeline_(std::make_unique<pipeline::CommitPipeline>(
              setup.options, clock,
              setup.make_store ? setup.make_store : [dsn] { return postgres::make_store(dsn); },
              [policy = std::make_shared<const Policy>(setup.policy)](Instant) {
                  return pipeline::Surroundings{policy, {}};
              },
              setup.hooks)) {}

    std::future<Result<Committed>> send(Submission submission) {
        auto promise = std::make_shared<std::promise<Result<Committed>>>();
        auto future = promise->get_future();
        const bool taken = pipeline_->try_submit(std::move(submission), [promise](Result<Committed> outcome) {
            promise->set_value(std::move(outcome));
        });
        EXPECT_TRUE(taken) << "the queue is full";
        return future;
    }
    std::future<Result<Committed>> send(Command command) { return send(a_submission(std::move(command))); }
    Result<Committed> tell(Submission submission) { return answer_of(send(std::move(submission))); }
    Result<Committed> tell(Command command) { return tell(a_submission(std::move(command))); }
    Committed must(Submission submission) {
        const std::string name(name_of(submission.command));
        auto outcome = tell(std::move(submission));
        if (!outcome) {
            ADD_FAILURE() << name << ": " << outcome.error().code << " " << outcome.error().message;
            return {};
        }
        return std::move(*outcome);
    }
    Committed must(Command command) { return must(a_submission(std::move(command))); }

    static Result<Committed> answer_of(std::future<Result<Committed>> future) {
        if (future.wait_for(std::chrono::minutes(2)) != std::future_status::ready) {
            ADD_FAILURE() << "a command was never answered";
            return fail(ErrorKind::in_doubt, "never_answered", "");
        }
        return future.get();
    }

    pipeline::CommitPipeline& pipeline() { return *pipeline_; }
    [[nodiscard]] pipeline::Statistics statistics() const { return pipeline_->statistics(); }
    void stop() { pipeline_.reset(); }  // finishes what is queued

private:
    std::unique_ptr<pipeline::CommitPipeline> pipeline_;
};

// Keeps a committer busy from the moment that it decides this command until `open()`: what is sent
// meanwhile becomes one batch.
class Hold {
public:
    explicit Hold(Gateway& gateway, int number = 90'000) {
        Submission submission = a_submission(Trade(number).set_trust());
        submission.render = [entered = &entered_, opened = opened_.get_future().share()](const Decision&) {
            entered->set_value();
            opened.wait();
            return pipeline::Answer{};
        };
        future_ = gateway.send(std::move(submission));
        entered_.get_future().wait();
    }
    ~Hold() { open(); }
    void open() {
        if (is_open_) return;
        is_open_ = true;
        opened_.set_value();
        EXPECT_TRUE(Gateway::answer_of(std::move(future_)));
    }

private:
    std::promise<void> entered_;
    std::promise<void> opened_;
    std::future<Result<Committed>> future_;
    bool is_open_ = false;
};

class World : public ::testing::Test {
protected:
    testing::MigratedDatabase database_;
    TestClock clock_{at("10:00")};
    std::unique_ptr<store::Store> looking_ = postgres::make_store(database_.dsn());

    store::CaseRows rows_of(const Trade& trade) {
        store::LoadRequest request;
        request.returns = {trade.return_id};
        auto loaded = looking_->load(request);
        if (!loaded || loaded->cases.size() != 1) {
            ADD_FAILURE() << "no case of " << trade.buyer.value;
            return {};
        }
        return std::move(loaded->cases.front());
    }
    CreditLine line_of(const BuyerId& buyer) {
        store::LoadRequest request;
        request.buyers = {buyer};
        auto loaded = looking_->load(request);
        return loaded && loaded->lines.size() == 1 ? loaded->lines.front() : CreditLine{};
    }
    BookingReference reference_of(const Trade& trade) {
        const auto rows = rows_of(trade);
        if (rows.bookings.empty()) ADD_FAILURE() << "no booking of " << trade.buyer.value;
        return rows.bookings.empty() ? BookingReference{} : rows.bookings.back().reference;
    }
    // Up to the courier's yes, with a number, on the way to an advance.
    BookingReference bring_to_the_door(Gateway& gateway, const Trade& trade) {
        gateway.must(trade.put_order());
        gateway.must(trade.set_trust());
        gateway.must(trade.apply_with_pickup());
        const auto reference = reference_of(trade);
        gateway.must(trade.accepted(reference));
        return reference;
    }
    void expect_square_books() {
        pqxx::connection connection(database_.dsn());
        for (const auto& check : postgres::check_ledger(connection)) {
            EXPECT_EQ(check.violations, 0)
                << check.name << ": " << check.promise << " First: " << check.first;
        }
    }
    long count(const std::string& from) { return database_.number("SELECT count(*) FROM " + from); }
};

}  // namespace returngate::test
