// Jobs become calls: what is sent when an answer is lost, refused, late or wrong, and what never is.
#include "gateway/work/workers.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <spdlog/spdlog.h>

#include "adapters/payout/sandbox/sandbox.hpp"
#include "adapters/postgres/job_queue.hpp"
#include "gateway/work/silence_sweep.hpp"
#include "src/waybill/check.hpp"
#include "tests/gateway/pipeline/world.hpp"
#include "tests/gateway/work/scripted_client.hpp"

namespace returngate::test {
namespace {

using namespace std::chrono_literals;
using work::Workers;

constexpr const char* kSfBook = "SF EXP_RECE_CREATE_ORDER";
constexpr const char* kSfFind = "SF EXP_RECE_SEARCH_ORDER_RESP";
constexpr const char* kSfCancel = "SF EXP_RECE_UPDATE_ORDER";
constexpr const char* kSfTrack = "SF EXP_RECE_SEARCH_ROUTES";
constexpr const char* kYtoBook = "YTO privacy_create_adapter";
constexpr const char* kYtoCancel = "YTO korder_cancel_adapter";
constexpr const char* kPay = "POST /payouts";
constexpr const char* kAsk = "GET /payouts/KEY";

// A number with SF's check digit that is nobody's sample.
std::string sf_number() {
    for (long candidate = 1486203957100; candidate < 1486203957200; ++candidate) {
        auto number = "SF" + std::to_string(candidate);
        if (waybill::check(number, "SF").verdict == waybill::Verdict::ok) return number;
    }
    ADD_FAILURE() << "no number passes";
    return {};
}

CourierOptions a_courier(std::string_view code, std::string_view base_url,
                         std::map<std::string, std::string> settings) {
    CourierOptions options;
    options.code.value = code;
    options.account.base_url = base_url;
    options.account.settings = std::move(settings);
    return options;
}

Configuration a_configuration(const std::string& dsn) {
    Configuration configuration;
    configuration.database.dsn = dsn;
    configuration.drain = 0s;
    configuration.workers.poll = 5ms;
    configuration.payout.base_url = "http://provider.test";
    configuration.couriers = {a_courier("SF", "http://sf.test", {{"partner_id", "P"}, {"secret", "S"}}),
                              a_courier("YTO", "http://yto.test",
                                        {{"book_path", "/open/privacy_create_adapter/v1/T/C"},
                                         {"cancel_path", "/open/korder_cancel_adapter/v1/T/C"},
                                         {"track_path", "/open/track_query_adapter/v1/T/C"},
                                         {"secret", "S"}})};
    return configuration;
}

Policy sf_then_yto() {
    Policy policy;
    CourierTerms sf;
    sf.code.value = "SF";
    sf.priority = 10;
    sf.finds_by_reference = true;
    sf.moves_bookings = true;
    CourierTerms yto;
    yto.code.value = "YTO";
    yto.priority = 20;
    yto.accepts_by_answer = false;
    yto.repeats_reference = true;
    policy.couriers = {sf, yto};
    return policy;
}

class WorkersWorld : public World {
protected:
    WorkersWorld() {
        outside_.on(kSfBook,
                    [this](const std::string& body) { return ok(sf_booking(reference_in(body), number_)); });
        outside_.on(kYtoBook, [this](const std::string& body) {
            return ok(yto_booking(reference_in(body), trade_.waybill));
        });
        outside_.on(kPay, [this](const std::string& body) {
            const auto order = json::parse(body).value();
            return ok(outside_.pay(std::string(order["key"].string().value()),
                                   std::string(order["payee_reference"].string().value()),
                                   order["amount_fen"].integer().value()));
        });
        outside_.on(kAsk, [this](const std::string& target) { return outside_.look_up(target.substr(9)); });
        const auto address = detail::to_hex(ContactId{{0, 7}}.bytes);
        database_.run("INSERT INTO contact VALUES (0, '" + address +
                      "', 'return_address', '某店', '13900000002', '广东省', '广州市', '', '某街 2 号', '')");
        database_.run("INSERT INTO seller VALUES ('" + kSeller.value + "', '某店', true, '" + address +
                      "', now())");
    }

    static GatewaySetup with_policy(Policy policy) {
        GatewaySetup setup;
        setup.policy = std::move(policy);
        return setup;
    }
    void start() {
        // As the program does, before it has threads: spdlog makes its logger on first use.
        (void)spdlog::default_logger();
        workers_ = std::make_unique<Workers>(work::WorkersContext{
            configuration_, *provider_, clock_, random_, gateway_.pipeline(), breakers_,
            [this](bool halted) { is_halted_ = halted; },
            [this](boost::asio::io_context& io) { return std::make_unique<ScriptedClient>(io, outside_); }});
    }
    void stop() { workers_.reset(); }

    // An application with a pickup at once; the buyer's and the payee's contacts with it.
    void apply(Fen amount_fen = 9900) { apply(trade_, amount_fen); }
    void apply(const Trade& trade, Fen amount_fen) {
        auto put = a_submission(trade.put_order(amount_fen));
        put.contacts = {contact(trade.payee, "payee")};
        put.contacts[0].payee_reference = "payer-token";
        gateway_.must(std::move(put));
        gateway_.must(trade.set_trust());
        auto application = a_submission(trade.apply_with_pickup());
        application.contacts = {contact(trade.contact, "pickup")};
        gateway_.must(std::move(application));
    }
    static Contact contact(ContactId id, std::string kind) {
        return Contact{id,       std::move(kind), "张三", "13900000001", "浙江省", "杭州市",
                       "西湖区", "某路 1 号",     ""};
    }
    // Up to a committed advance whose payout is due; no worker has run.
    void bring_to_the_payout() {
        apply();
        const auto reference = reference_of(trade_);
        auto accepted = trade_.accepted(reference);
        accepted.waybill = number_;
        gateway_.must(accepted);
        gateway_.must(a_callback("SF", reference, {an_event(TrackingStatus::collected, at("10:00"))}, "body",
                                 Proof::strong_signature));
        ASSERT_EQ(count("advance WHERE state = 'committed'"), 1);
        database_.run("DELETE FROM job WHERE kind NOT IN ('pay', 'resolve_payout')");
        key_ = database_.text("SELECT provider_key FROM advance");
    }
    template <class Condition>
    void expect_soon(Condition holds, const char* what) {
        EXPECT_TRUE(testing::eventually(holds)) << what;
    }
    bool has(const std::string& rows) { return count(rows) > 0; }

    Outside outside_;
    Trade trade_{1};
    std::string number_ = sf_number();
    std::string key_;  // of the one advance; scripts run on another thread than the database's session
    Configuration configuration_ = a_configuration(database_.dsn());
    std::unique_ptr<payout::Provider> provider_ = payout::make_sandbox_provider({});
    SystemRandom random_;
    work::Breakers breakers_{{.hangs_after = std::chrono::milliseconds(100)}};
    std::atomic<bool> is_halted_{false};
    Gateway gateway_{database_.dsn(), clock_, with_policy(sf_then_yto())};
    std::unique_ptr<Workers> workers_;
};

int turn_of(work::SilenceSweep& sweep) {
    boost::asio::io_context context(1);
    int watched = -1;
    boost::asio::co_spawn(context, sweep.turn(), [&watched](const std::exception_ptr& thrown, int count) {
        watched = thrown ? -1 : count;
    });
    context.run();
    return watched;
}

using Bookings = WorkersWorld;
using Payouts = WorkersWorld;

TEST_F(Bookings, AReturnIsWalkedByItsJobs) {
    start();
    apply();
    expect_soon([&] { return has("booking WHERE status = 'accepted'"); }, "SF accepts by its answer");
    const auto reference = reference_of(trade_);
    outside_.on(kSfTrack, [&](const std::string&) { return ok(sf_routes(number_, "2026-01-10 10:20:00")); });
    clock_.set(at("10:21"));
    // SF's route push is unsigned: the courier is asked before money moves.
    gateway_.must(a_callback("SF", reference, {an_event(TrackingStatus::collected, at("10:20"))}, "body",
                             Proof::secret_url));
    EXPECT_FALSE(rows_of(trade_).advance);
    expect_soon([&] { return has("advance WHERE state = 'paid'"); }, "asked, advanced and paid");
    stop();
    EXPECT_EQ(outside_.asked(kSfBook), 1);
    EXPECT_EQ(outside_.asked(kPay), 1);
    EXPECT_EQ(outside_.paid(), 1U);
    expect_square_books();
}

TEST_F(Bookings, ALostAnswerOfSfIsLookedUpAndNotSentAgain) {
    outside_.on(kSfBook, [](const std::string&) { return lost(); });
    outside_.on(kSfFind,
                [this](const std::string& body) { return ok(sf_booking(reference_in(body), number_)); });
    start();
    apply();
    expect_soon([&] { return has("job WHERE kind = 'resolve_booking'"); }, "in doubt");
    clock_.pass(2s);
    expect_soon([&] { return has("booking WHERE status = 'accepted' AND waybill <> ''"); }, "found");
    EXPECT_EQ(outside_.asked(kSfBook), 1);
    EXPECT_EQ(outside_.asked(kYtoBook), 0);
}

TEST_F(Bookings, AQuestionThatFailsLeavesTheDoubtAndABookingThatIsNotThereGoesToTheNextCourier) {
    outside_.on(kSfBook, [](const std::string&) { return lost(); });
    outside_.on(kSfFind, [](const std::string&) { return http::Response{502, {}, "bad gateway"}; });
    start();
    apply();
    expect_soon([&] { return has("job WHERE kind = 'resolve_booking'"); }, "in doubt");
    clock_.pass(2s);
    expect_soon([&] { return outside_.asked(kSfFind) > 0; }, "asked");
    expect_soon([&] { return has("job WHERE kind = 'resolve_booking' AND due_at > '2026-01-10 02:00:02Z'"); },
                "to be asked again");
    EXPECT_EQ(outside_.asked(kYtoBook), 0);
    outside_.on(kSfFind, [](const std::string&) { return ok(sf_answer("8024")); });
    clock_.pass(60s);
    expect_soon([&] { return outside_.asked(kYtoBook) == 1; }, "the next courier");
    EXPECT_EQ(outside_.asked(kSfBook), 1);
}

TEST_F(Bookings, ALostAnswerOfYtoIsSentAgainUnderTheSameReference) {
    outside_.on(kSfBook, [](const std::string&) { return ok(sf_answer("8177")); });
    std::atomic<int> sent{0};
    outside_.on(kYtoBook, [&](const std::string& body) {
        if (sent++ == 0) return lost();
        return ok(yto_booking(reference_in(body), trade_.waybill));
    });
    start();
    apply();
    expect_soon(
        [&] {
            return sent == 1 && has("job WHERE kind = 'place_booking' AND due_at > '2026-01-10 02:00:00Z'");
        },
        "in doubt");
    clock_.pass(2s);
    expect_soon([&] { return has("booking WHERE status = 'placed' AND waybill <> ''"); },
                "taken down, not accepted yet");
    const auto bodies = outside_.bodies(kYtoBook);
    ASSERT_EQ(bodies.size(), 2U);
    EXPECT_EQ(reference_in(bodies[0]), reference_in(bodies[1]));
}

TEST_F(Bookings, ARefusalGoesToTheNextCourierAtOnce) {
    outside_.on(kSfBook, [](const std::string&) { return ok(sf_answer("8177")); });
    start();
    apply();
    expect_soon([&] { return has("booking WHERE courier = 'YTO' AND status = 'placed'"); }, "YTO has it");
    EXPECT_TRUE(has("booking WHERE courier = 'SF' AND status = 'refused'"));
    EXPECT_EQ(outside_.asked(kSfBook), 1);
    EXPECT_EQ(outside_.asked(kSfCancel), 0);
}

TEST_F(Bookings, ACourierWhoseBreakerIsOpenIsNotCalled) {
    apply();
    for (int i = 0; i < 10; ++i) breakers_.report("SF", false);
    start();
    expect_soon([&] { return has("booking WHERE courier = 'YTO' AND status = 'placed'"); }, "YTO has it");
    EXPECT_EQ(outside_.asked(kSfBook), 0);
}

TEST_F(Bookings, AWorkerThatDiedMayHaveSentItSoSfIsAskedFirst) {
    outside_.on(kSfFind,
                [this](const std::string& body) { return ok(sf_booking(reference_in(body), number_)); });
    apply();
    postgres::JobQueue dead(database_.dsn());
    postgres::LeaseTerms terms;
    terms.now = clock_.now();
    ASSERT_EQ(dead.lease(terms).size(), 1U);
    clock_.pass(31s);
    start();
    expect_soon(
        [&] { return has("job WHERE kind = 'resolve_booking'") || has("booking WHERE status = 'accepted'"); },
        "in doubt");
    clock_.pass(5s);
    expect_soon([&] { return has("booking WHERE status = 'accepted'"); }, "found");
    EXPECT_EQ(outside_.asked(kSfBook), 0);
}

TEST_F(Bookings, ACancellationThatComesTooLateAsksForTheCollection) {
    start();
    apply();
    expect_soon([&] { return has("booking WHERE status = 'accepted'"); }, "booked");
    outside_.on(kSfCancel, [](const std::string&) { return ok(sf_answer("8168")); });  // has collected
    outside_.on(kSfTrack, [&](const std::string&) { return ok(sf_routes(number_, "2026-01-10 10:20:00")); });
    clock_.set(at("10:21"));
    gateway_.must(CancelPickup{trade_.return_id});
    expect_soon([&] { return has("advance WHERE state = 'paid'"); },
                "the parcel is on its way, so the money is");
    EXPECT_TRUE(has("case_event WHERE type = 'pickup.cancel_too_late'"));
    EXPECT_TRUE(has("pickup WHERE status = 'collected'"));
}

TEST_F(Bookings, OfAFurtherAccountUseItsSettingsForEveryCall) {
    FurtherAccount east;
    east.terms = {.name = "east", .areas = {"浙江"}, .sellers = {}};
    east.account = configuration_.courier("SF")->account;
    east.account.settings["partner_id"] = "EAST";
    configuration_.couriers.front().further = {east};
    start();
    apply();
    outside_.on(kSfCancel, [](const std::string& body) {
        return ok(sf_answer("S0000", "{\"orderId\":\"" + reference_in(body) + "\",\"resStatus\":2}"));
    });
    expect_soon([&] { return has("booking WHERE status = 'accepted'"); }, "booked");
    EXPECT_NE(outside_.bodies(kSfBook).front().find("partnerID=P&"), std::string::npos);
    database_.run("UPDATE booking SET account = 'east'");
    gateway_.must(CancelPickup{trade_.return_id});
    expect_soon([&] { return has("booking WHERE status = 'cancelled'"); }, "cancelled");
    EXPECT_NE(outside_.bodies(kSfCancel).front().find("partnerID=EAST&"), std::string::npos);
}

TEST_F(Bookings, AreMovedByTheCouriersOwnOperation) {
    start();
    apply();
    expect_soon([&] { return has("booking WHERE status = 'accepted'"); }, "booked");
    outside_.on(kSfCancel, [](const std::string& body) {
        return ok(sf_answer("S0000", "{\"orderId\":\"" + reference_in(body) + "\",\"resStatus\":2}"));
    });
    gateway_.must(ReschedulePickup{trade_.return_id, Window{at("15:00"), at("17:00")}});
    expect_soon([&] { return has("case_event WHERE type = 'pickup.moved'"); }, "moved");
    EXPECT_EQ(outside_.asked(kSfCancel), 1) << "asked once, for the new window";
    EXPECT_NE(outside_.bodies(kSfCancel).front().find("pickupAppointEndtime"), std::string::npos);
    EXPECT_EQ(count("booking"), 1);
    EXPECT_TRUE(has("booking WHERE status = 'accepted' AND window_start = '2026-01-10 15:00+08'"));
    EXPECT_EQ(count("job WHERE kind = 'move_booking'"), 0);
}

TEST_F(Bookings, ThatTheCourierDoesNotMoveAreCancelledAndMadeAnew) {
    start();
    apply();
    expect_soon([&] { return has("booking WHERE status = 'accepted'"); }, "booked");
    outside_.on(kSfCancel, [](const std::string&) { return ok(sf_answer("8252")); });  // confirmed for good
    gateway_.must(ReschedulePickup{trade_.return_id, Window{at("15:00"), at("17:00")}});
    expect_soon([&] { return count("booking") == 2; }, "booked anew");
    EXPECT_FALSE(has("case_event WHERE type = 'pickup.moved'"));
}

TEST_F(Bookings, ACancellationWithoutAUsableAnswerIsTriedAgain) {
    start();
    apply();
    expect_soon([&] { return has("booking WHERE status = 'accepted'"); }, "booked");
    outside_.on(kSfCancel, [](const std::string&) { return lost(); });
    gateway_.must(CancelPickup{trade_.return_id});
    expect_soon([&] { return outside_.asked(kSfCancel) == 1; }, "asked");
    EXPECT_TRUE(has("booking WHERE status = 'cancelling'"));
    outside_.on(kSfCancel, [](const std::string& body) {
        return ok(sf_answer("S0000", "{\"orderId\":\"" + reference_in(body) + "\",\"resStatus\":2}"));
    });
    clock_.pass(31s);
    expect_soon([&] { return has("booking WHERE status = 'cancelled'"); }, "cancelled");
    EXPECT_EQ(count("job WHERE kind = 'cancel_booking'"), 0);
}

TEST_F(Bookings, ASilentParcelIsAskedAboutUntilItArrives) {
    start();
    apply();
    expect_soon([&] { return has("booking WHERE status = 'accepted'"); }, "SF accepts by its answer");
    clock_.set(at("10:21"));
    gateway_.must(a_callback("SF", reference_of(trade_), {an_event(TrackingStatus::collected, at("10:20"))},
                             "body", Proof::strong_signature));
    expect_soon([&] { return has("advance WHERE state = 'paid'"); }, "advanced and paid");
    api::QueryPool queries({}, database_.dsn());
    PolicyBook policies;
    PolicyInForce in_force;
    in_force.rules.policy = sf_then_yto();
    policies.add(in_force);
    work::SilenceSweep sweep({policies, clock_, random_, gateway_.pipeline(), queries}, 1);
    EXPECT_EQ(turn_of(sweep), 0) << "a minute is no silence";
    EXPECT_EQ(outside_.asked(kSfTrack), 0);
    clock_.set(at("10:20") + 24h);
    outside_.on(kSfTrack,
                [&](const std::string&) { return ok(sf_routes(number_, "2026-01-11 09:00:00", "80")); });
    EXPECT_EQ(turn_of(sweep), 1);
    expect_soon([&] { return has("return_case WHERE status = 'delivered'"); }, "delivered, by our question");
    expect_soon([&] { return !has("job WHERE kind = 'ask_courier'"); }, "nothing more is asked");
    EXPECT_EQ(turn_of(sweep), 0);
    EXPECT_EQ(outside_.asked(kSfTrack), 1);
}

TEST_F(Bookings, TimersFire) {
    outside_.on(kYtoCancel, [](const std::string&) { return lost(); });
    start();
    apply();
    expect_soon([&] { return has("booking WHERE status = 'accepted'"); }, "booked");
    clock_.set(at("12:00:01"));
    expect_soon([&] { return has("pickup WHERE promise_missed"); }, "the promise was missed");
}

TEST_F(Bookings, ACourierThatHangsLeavesTheOthersTheirPlaces) {
    configuration_.workers.courier_concurrency = 3;
    configuration_.couriers[0].concurrency = 2;
    outside_.hang(kSfBook);
    for (int number = 1; number <= 4; ++number) apply(Trade(number), 9900);
    const Trade last(5);
    apply(last, 9900);
    database_.run("UPDATE booking SET courier = 'YTO' WHERE booking_reference = '" +
                  reference_of(last).value + "'");
    start();
    expect_soon([&] { return outside_.asked(kYtoBook) == 1; }, "YTO is asked while SF hangs");
    expect_soon([&] { return outside_.asked(kSfBook) == 2; }, "SF has two calls");
    EXPECT_EQ(count("job WHERE kind = 'place_booking' AND attempts = 0"), 2);
}

TEST_F(Bookings, WhatWaitsForACourierThatHangsGoesToTheNextOneBeforeTheTimeout) {
    configuration_.couriers[0].concurrency = 4;
    outside_.hang(kSfBook);
    for (int number = 1; number <= 6; ++number) apply(Trade(number), 9900);
    start();
    expect_soon([&] { return outside_.asked(kYtoBook) == 2; }, "the two that found no place are YTO's");
    EXPECT_EQ(outside_.asked(kSfBook), 4);
}

TEST_F(Bookings, ACourierIsNotAskedAboutAllLostAnswersAtOnce) {
    const auto unreadable = [](const std::string&) { return ok("<html>"); };
    outside_.on(kSfBook, unreadable);
    outside_.on(kSfFind, unreadable);
    for (int number = 1; number <= 30; ++number) apply(Trade(number), 9900);
    start();
    expect_soon([&] { return outside_.asked(kSfBook) == 30; }, "they are placed");
    expect_soon([&] { return count("job WHERE kind = 'resolve_booking'") == 30; }, "all answers are lost");
    clock_.pass(1s);
    expect_soon([&] { return count("job WHERE kind = 'resolve_booking' AND attempts > 0") == 30; },
                "each had its turn");
    expect_soon([&] { return outside_.asked(kSfFind) >= 10; }, "as many as are allowed at once");
    EXPECT_LT(outside_.asked(kSfFind), 30);
}

TEST_F(Bookings, TimersOfEveryKindAreTaken) {
    start();
    apply();
    expect_soon([&] { return has("booking WHERE status = 'accepted'"); }, "booked");
    for (std::size_t i = 0; i < kJobKinds; ++i) {
        const auto kind = static_cast<JobKind>(i);
        if (!is_timer(kind)) continue;
        database_.run(
            "INSERT INTO job (cell, return_id, kind, subject, due_at, run_at) SELECT cell, return_id, '" +
            std::string(to_string(kind)) +
            "', 'X', '2026-01-10 01:00:00Z', '2026-01-10 01:00:00Z' FROM return_case");
    }
    expect_soon([&] { return !has("job WHERE subject = 'X'"); }, "each has run");
}

TEST_F(Bookings, AJobThatIsCommittedLateIsNotOverlooked) {
    start();
    apply();
    expect_soon([&] { return has("booking WHERE status = 'accepted'"); }, "booked");
    clock_.set(at("12:00:01"));
    expect_soon([&] { return has("pickup WHERE promise_missed"); }, "a timer of 12:00 has run");
    // Due before what has run already, visible only now: commits do not come in the order of their times.
    database_.run(
        "INSERT INTO job (cell, return_id, kind, subject, due_at, run_at) SELECT cell, return_id, "
        "'ship_deadline', "
        "'SF X', '2026-01-10 01:00:00Z', '2026-01-10 01:00:00Z' FROM return_case");
    expect_soon([&] { return count("job WHERE subject = 'SF X'") == 0; }, "run all the same");
}

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
