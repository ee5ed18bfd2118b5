// Jobs become calls to couriers: what is sent when an answer is lost, refused, late or wrong, and what never
// is.
#include <boost/asio/co_spawn.hpp>

#include "adapters/postgres/job_queue.hpp"
#include "gateway/work/silence_sweep.hpp"
#include "tests/gateway/work/workers_world.hpp"

namespace returngate::test {
namespace {

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

}  // namespace
}  // namespace returngate::test
