// Commands through one gateway: the walk of a return, batches, refusals, repeats, the end.
#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <thread>

#include "tests/gateway/pipeline/world.hpp"

namespace returngate::test {
namespace {

class Pipeline : public World {
protected:
    static GatewaySetup one_committer(std::size_t queue = 8192) {
        GatewaySetup setup;
        setup.options.committers = 1;
        setup.options.queue = queue;
        return setup;
    }
};

TEST_F(Pipeline, ATypedNumberBesideTheSellersOtherOneMovesNoMoney) {
    Gateway gateway(database_.dsn(), clock_);
    // SF's counter: one on before the check digit is 216, 225; four on is 252.
    const std::pair<Trade, const char*> typed[] = {
        {Trade(1), "SF3182649705216"}, {Trade(2), "SF3182649705225"}, {Trade(3), "SF3182649705261"}};
    for (const auto& [trade, number] : typed) {
        gateway.must(trade.put_order());
        gateway.must(trade.set_trust());
        gateway.must(trade.apply());
        gateway.must(ShipYourself{trade.return_id, CourierCode{"SF"}, number});
    }
    EXPECT_TRUE(rows_of(typed[0].first).advance);
    const auto suspect = rows_of(typed[1].first);
    EXPECT_FALSE(suspect.advance);
    EXPECT_EQ(suspect.case_.frozen, "waybill_suspect");
    EXPECT_EQ(suspect.case_.refund, RefundPath::after_receipt);
    EXPECT_EQ(line_of(typed[1].first.buyer).held_fen, 0);
    EXPECT_TRUE(rows_of(typed[2].first).advance) << "its neighbours end three on";
    // The same digits under another courier's code.
    const Trade other(4);
    gateway.must(other.put_order());
    gateway.must(other.set_trust());
    gateway.must(other.apply());
    gateway.must(ShipYourself{other.return_id, CourierCode{"YUNDA"}, "3182649705216"});
    EXPECT_EQ(rows_of(other).case_.frozen, "waybill_suspect");
    expect_square_books();
}

TEST_F(Pipeline, AReturnIsWalkedFromTheApplicationToTheMoney) {
    std::atomic<int> kicks{0};
    std::mutex mutex;
    std::vector<std::string> events;
    GatewaySetup setup;
    setup.hooks.on_jobs = [&] { ++kicks; };
    setup.hooks.on_event = [&](const CaseEvent& event) {
        const std::lock_guard lock(mutex);
        events.emplace_back(event.type);
    };
    Gateway gateway(database_.dsn(), clock_, setup);
    const Trade trade(1);

    const auto reference = bring_to_the_door(gateway, trade);
    EXPECT_EQ(rows_of(trade).bookings.at(0).waybill, trade.waybill);
    EXPECT_EQ(line_of(trade.buyer).held_fen, 9900);
    clock_.set(at("10:30"));
    gateway.must(a_callback("YTO", reference, {an_event(TrackingStatus::collected, at("10:29"))}));
    auto rows = rows_of(trade);
    ASSERT_TRUE(rows.advance);
    EXPECT_EQ(rows.advance->state, AdvanceState::committed);
    EXPECT_EQ(rows.case_.status, CaseStatus::in_carriage);
    EXPECT_EQ(line_of(trade.buyer).held_fen, 0);
    EXPECT_EQ(line_of(trade.buyer).open_fen, 9900);
    EXPECT_EQ(count("job WHERE kind = 'pay'"), 1);

    PayoutAnswered paid;
    paid.id = trade.return_id;
    paid.outcome = PayoutAnswered::Outcome::executed;
    paid.provider_reference = "trade-1";
    gateway.must(paid);
    rows = rows_of(trade);
    EXPECT_EQ(rows.advance->state, AdvanceState::paid);
    EXPECT_EQ(rows.advance->provider_reference, "trade-1");
    EXPECT_EQ(count("job WHERE kind IN ('pay', 'resolve_payout')"), 0);
    EXPECT_EQ(count("ledger_transfer"), 2);
    expect_square_books();

    gateway.stop();
    EXPECT_GE(kicks, 2);  // place_booking, pay
    EXPECT_EQ(static_cast<long>(events.size()), count("case_event"));
    EXPECT_EQ(std::ranges::count(events, "advance.committed"), 1);
}

TEST_F(Pipeline, ABatchOnOneCaseIsDecidedInTheOrderSent) {
    Gateway gateway(database_.dsn(), clock_, one_committer());
    const Trade trade(1);
    gateway.must(trade.put_order());
    gateway.must(trade.set_trust());
    Hold hold(gateway);
    auto book = [&](PickupId id) {
        return BookPickup{trade.return_id, PickupRequest{id, std::nullopt, trade.contact}};
    };
    const auto second = trade.an_id_of<PickupId>(2, 9);
    auto too_early = gateway.send(BookPickup{trade.return_id, {trade.pickup, std::nullopt, trade.contact}});
    auto applied = gateway.send(trade.apply());
    auto booked = gateway.send(book(trade.pickup));
    auto booked_twice = gateway.send(book(second));
    auto cancelled = gateway.send(CancelPickup{trade.return_id});
    auto booked_again = gateway.send(book(second));
    const auto batches = gateway.statistics().batches;
    hold.open();
    EXPECT_EQ(Gateway::answer_of(std::move(too_early)).error().code, "return_not_found");
    EXPECT_TRUE(Gateway::answer_of(std::move(applied)));
    EXPECT_TRUE(Gateway::answer_of(std::move(booked)));
    EXPECT_EQ(Gateway::answer_of(std::move(booked_twice)).error().code, "pickup_already_live");
    EXPECT_TRUE(Gateway::answer_of(std::move(cancelled)));
    EXPECT_TRUE(Gateway::answer_of(std::move(booked_again)));
    EXPECT_LE(gateway.statistics().batches, batches + 2) << "the held one and all the others";
    const auto rows = rows_of(trade);
    EXPECT_EQ(rows.case_.pickup->id, second);
    EXPECT_EQ(rows.case_.pickup->status, PickupStatus::brokering);
    EXPECT_EQ(count("pickup"), 2);
    EXPECT_EQ(count("pickup WHERE status = 'cancelled'"), 1);
    expect_square_books();
}

TEST_F(Pipeline, TwoApplicationsInOneBatchShareTheLine) {
    Gateway gateway(database_.dsn(), clock_, one_committer());
    const Trade one(1, "buyer");
    const Trade other(2, "buyer");
    gateway.must(one.put_order(50000));
    gateway.must(other.put_order(50000));
    gateway.must(one.set_trust());  // 800 CNY
    Hold hold(gateway);
    auto first = gateway.send(one.apply());
    auto second = gateway.send(other.apply());
    hold.open();
    EXPECT_TRUE(Gateway::answer_of(std::move(first)));
    EXPECT_TRUE(Gateway::answer_of(std::move(second)));
    EXPECT_EQ(rows_of(one).case_.refund, RefundPath::advance);
    EXPECT_EQ(rows_of(other).case_.refund, RefundPath::after_receipt);
    EXPECT_EQ(line_of(one.buyer).held_fen, 50000);
    expect_square_books();
}

TEST_F(Pipeline, TwoReservationsInOneBatchBothStand) {
    Gateway gateway(database_.dsn(), clock_, one_committer());
    const Trade one(1, "buyer");
    const Trade other(2, "buyer");
    gateway.must(one.put_order(30000));
    gateway.must(other.put_order(20000));
    gateway.must(one.set_trust());
    Hold hold(gateway);
    auto first = gateway.send(one.apply());
    auto second = gateway.send(other.apply());
    hold.open();
    EXPECT_TRUE(Gateway::answer_of(std::move(first)));
    EXPECT_TRUE(Gateway::answer_of(std::move(second)));
    EXPECT_EQ(line_of(one.buyer).held_fen, 50000);
    expect_square_books();
}

// One command of a batch that the database refuses, and what it is answered.
struct BadCommand {
    const char* name;
    std::function<Submission()> make;
    std::string_view code;
};
class OneBadCommand : public Pipeline, public ::testing::WithParamInterface<BadCommand> {};

TEST_P(OneBadCommand, DoesNotSinkItsNeighbours) {
    Gateway gateway(database_.dsn(), clock_, one_committer());
    std::vector<std::future<Result<Committed>>> neighbours;
    Hold hold(gateway);
    for (int i = 0; i < 10; ++i) neighbours.push_back(gateway.send(Trade(i).put_order()));
    auto bad = gateway.send(GetParam().make());
    for (int i = 10; i < 20; ++i) neighbours.push_back(gateway.send(Trade(i).put_order()));
    hold.open();
    for (auto& neighbour : neighbours) EXPECT_TRUE(Gateway::answer_of(std::move(neighbour)));
    const auto refused = Gateway::answer_of(std::move(bad));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, GetParam().code);
    EXPECT_NE(refused.error().kind, ErrorKind::unavailable) << "it would be sent again for ever";
    EXPECT_EQ(count("shop_order"), 20);
}

Submission too_much_money() {
    auto put = Trade(50).put_order();
    put.order.paid_fen = 100'000'000'001;
    return a_submission(put);
}
Submission text_with_nul() {
    auto put = Trade(50).put_order();
    put.order.items[0].title = std::string("a\0b", 3);
    return a_submission(put);
}
Submission bytes_that_are_no_text() {
    auto put = Trade(50).put_order();
    put.order.id.value = "\xff\xfe";
    return a_submission(put);
}
Submission event_that_cannot_be_looked_up() {
    IdSource ids({1});
    auto event = an_event(TrackingStatus::collected, at("10:00"));
    event.dedupe_key = "\xe8\xb4";
    return a_callback("YTO", ids.next_booking_reference(Cell{1}), {event});
}
Submission key_that_cannot_be_looked_up() {
    auto submission = a_submission(Trade(50).set_trust());
    submission.idempotency = pipeline::Idempotency{{1}, std::string("k\0", 2), "f"};
    return submission;
}
Submission render_that_throws() {
    auto submission = a_submission(Trade(50).set_trust());
    submission.render = [](const Decision&) -> pipeline::Answer { throw std::runtime_error("a bug"); };
    return submission;
}

INSTANTIATE_TEST_SUITE_P(
    Pipeline, OneBadCommand,
    ::testing::Values(BadCommand{"too_much_money", too_much_money, "constraint_positive_fen_check"},
                      BadCommand{"text_with_nul", text_with_nul, "text_not_storable"},
                      BadCommand{"bytes_that_are_no_text", bytes_that_are_no_text, "text_not_storable"},
                      BadCommand{"event_key", event_that_cannot_be_looked_up, "text_not_storable"},
                      BadCommand{"idempotency_key", key_that_cannot_be_looked_up, "text_not_storable"}),
    [](const auto& bad) { return bad.param.name; });

TEST_F(Pipeline, ABugInOneCommandLeavesTheCommitterAlive) {
    Gateway gateway(database_.dsn(), clock_, one_committer());
    Hold hold(gateway);
    auto before = gateway.send(Trade(1).set_trust());
    auto bug = gateway.send(render_that_throws());
    auto after = gateway.send(Trade(2).set_trust());
    hold.open();
    EXPECT_TRUE(Gateway::answer_of(std::move(before)));
    EXPECT_TRUE(Gateway::answer_of(std::move(after)));
    EXPECT_EQ(Gateway::answer_of(std::move(bug)).error().kind, ErrorKind::unavailable);
    EXPECT_EQ(line_of(Trade(50).buyer).version, 0);
}

TEST_F(Pipeline, TheSameContactTwiceInABatchIsTheLaterOne) {
    Gateway gateway(database_.dsn(), clock_, one_committer());
    const Trade trade(1);
    auto put = [&](std::string_view payee) {
        auto submission = a_submission(trade.put_order());
        Contact contact;
        contact.id = trade.payee;
        contact.kind = "payee";
        contact.payee_reference = payee;
        submission.contacts = {contact};
        return submission;
    };
    Hold hold(gateway);
    auto first = gateway.send(put("old"));
    auto second = gateway.send(put("new"));
    hold.open();
    EXPECT_TRUE(Gateway::answer_of(std::move(first)));
    EXPECT_TRUE(Gateway::answer_of(std::move(second)));
    EXPECT_EQ(database_.text("SELECT payee_reference FROM contact"), "new");
    gateway.must(put("newest"));  // the order is the same, its payee's token is not
    EXPECT_EQ(database_.text("SELECT payee_reference FROM contact"), "newest");
}

TEST_F(Pipeline, NamesOfTheOutsideBelongToTheirBuyer) {
    Gateway gateway(database_.dsn(), clock_, one_committer());
    Trade one(1);
    Trade other(2);
    other.order = one.order;
    Hold hold(gateway);
    auto first = gateway.send(one.put_order());
    auto second = gateway.send(other.put_order());
    hold.open();
    // In one batch or in two: the answer is the same.
    EXPECT_EQ(Gateway::answer_of(std::move(first)).has_value(),
              Gateway::answer_of(std::move(second)).has_value());
    EXPECT_EQ(count("shop_order"), 2);
}

TEST_F(Pipeline, AFullQueueRefusesAndStoresNothing) {
    Gateway gateway(database_.dsn(), clock_, one_committer(2));
    Hold hold(gateway);
    auto one = gateway.send(Trade(1).set_trust());
    auto two = gateway.send(Trade(2).set_trust());
    bool was_called = false;
    EXPECT_FALSE(gateway.pipeline().try_submit(a_submission(Trade(3).set_trust()),
                                               [&](Result<Committed>) { was_called = true; }));
    EXPECT_EQ(gateway.statistics().queued, 2U);
    boost::asio::io_context io;
    std::optional<Result<Committed>> outcome;
    boost::asio::co_spawn(io, gateway.pipeline().submit(a_submission(Trade(3).set_trust())),
                          [&](std::exception_ptr, Result<Committed> got) { outcome = std::move(got); });
    io.run();
    ASSERT_TRUE(outcome);
    EXPECT_EQ(outcome->error().kind, ErrorKind::unavailable);
    EXPECT_EQ(outcome->error().code, "queue_full");
    hold.open();
    EXPECT_TRUE(Gateway::answer_of(std::move(one)));
    EXPECT_TRUE(Gateway::answer_of(std::move(two)));
    EXPECT_FALSE(was_called);
    EXPECT_EQ(line_of(Trade(3).buyer).version, 0);
}

TEST_F(Pipeline, TheEndFinishesWhatIsQueued) {
    Gateway gateway(database_.dsn(), clock_, one_committer());
    std::vector<std::future<Result<Committed>>> sent;
    auto hold = std::make_unique<Hold>(gateway);
    for (int i = 0; i < 50; ++i) sent.push_back(gateway.send(Trade(i).set_trust()));
    std::jthread ending([&] { gateway.stop(); });
    hold->open();
    for (auto& each : sent) EXPECT_TRUE(Gateway::answer_of(std::move(each)));
    ending.join();
    EXPECT_EQ(count("credit_line"), 51);
}

TEST_F(Pipeline, TheSameEventAgainHasNoSecondEffect) {
    Gateway gateway(database_.dsn(), clock_);
    const Trade trade(1);
    const auto reference = bring_to_the_door(gateway, trade);
    const auto collected = an_event(TrackingStatus::collected, at("10:10"));
    gateway.must(a_callback("YTO", reference, {collected}));
    const auto once = rows_of(trade);
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(gateway.must(a_callback("YTO", reference, {collected})).conflicting_repeats, 0);
    }
    const auto again = rows_of(trade);
    EXPECT_EQ(again.case_, once.case_);
    EXPECT_EQ(again.bookings, once.bookings);
    EXPECT_EQ(count("inbox"), 1);
    EXPECT_EQ(count("advance"), 1);
}

TEST_F(Pipeline, TheSameEventIdWithAnotherBodyIsCountedAndHasNoEffect) {
    Gateway gateway(database_.dsn(), clock_);
    const Trade trade(1);
    const auto reference = bring_to_the_door(gateway, trade);
    auto event = an_event(TrackingStatus::courier_assigned, at("10:10"));
    gateway.must(a_callback("YTO", reference, {event}, "one body"));
    auto forged = an_event(TrackingStatus::collected, at("10:11"));
    forged.dedupe_key = event.dedupe_key;
    EXPECT_EQ(gateway.must(a_callback("YTO", reference, {forged}, "another body")).conflicting_repeats, 1);
    EXPECT_EQ(count("advance"), 0);
    forged.repeats_with_new_values = true;
    EXPECT_EQ(gateway.must(a_callback("YTO", reference, {forged}, "another body")).conflicting_repeats, 0);
    EXPECT_EQ(count("inbox"), 1);
}

TEST_F(Pipeline, OfACallbackWithOldAndNewEventsTheNewOnesCount) {
    Gateway gateway(database_.dsn(), clock_);
    const Trade trade(1);
    const auto reference = bring_to_the_door(gateway, trade);
    const auto assigned = an_event(TrackingStatus::courier_assigned, at("10:05"));
    gateway.must(a_callback("YTO", reference, {assigned}));
    gateway.must(a_callback("YTO", reference, {assigned, an_event(TrackingStatus::collected, at("10:10"))}));
    EXPECT_EQ(count("inbox"), 2);
    EXPECT_EQ(count("advance"), 1);
}

TEST_F(Pipeline, ARefusedCallbackIsNotRemembered) {
    Gateway gateway(database_.dsn(), clock_);
    const Trade trade(1);
    const auto reference = bring_to_the_door(gateway, trade);
    const auto collected = an_event(TrackingStatus::collected, at("10:10"));
    EXPECT_EQ(gateway.tell(a_callback("SF", reference, {collected})).error().code, "courier_mismatch");
    EXPECT_EQ(count("inbox"), 0);
}

TEST_F(Pipeline, ANumberThatAnotherReturnOwnsBringsNoAdvance) {
    Gateway gateway(database_.dsn(), clock_);
    const Trade owner(1);
    Trade other(2);
    other.waybill = owner.waybill;
    (void)bring_to_the_door(gateway, owner);
    const auto reference = bring_to_the_door(gateway, other);
    gateway.must(
        a_callback("YTO", reference, {an_event(TrackingStatus::collected, at("10:10"), owner.waybill)}));
    const auto rows = rows_of(other);
    EXPECT_TRUE(rows.bookings.at(0).waybill.empty());
    EXPECT_NE(rows.bookings.at(0).waybill_verdict.find("claimed_by_this_return"), std::string::npos);
    EXPECT_FALSE(rows.advance);
}

TEST_F(Pipeline, AForeignNumberBehindAnOwnOneIsNotTakenForOurs) {
    Gateway gateway(database_.dsn(), clock_);
    const Trade owner(1);
    const Trade other(2);
    (void)bring_to_the_door(gateway, owner);
    gateway.must(other.put_order());
    gateway.must(other.set_trust());
    gateway.must(other.apply_with_pickup());
    // The first number is a published sample: claimed, and refused for what it is. The second is foreign.
    const auto reference = reference_of(other);
    gateway.must(a_callback("YTO", reference,
                            {an_event(TrackingStatus::accepted, at("10:01"), "YT0000000000001"),
                             an_event(TrackingStatus::collected, at("10:10"), owner.waybill)}));
    EXPECT_TRUE(rows_of(other).bookings.at(0).waybill.empty());
    EXPECT_FALSE(rows_of(other).advance);
}

TEST_F(Pipeline, AHintClaimsNoNumber) {
    Gateway gateway(database_.dsn(), clock_);
    const Trade victim(1);
    const Trade other(2);
    gateway.must(other.put_order());
    gateway.must(other.set_trust());
    gateway.must(other.apply_with_pickup());
    gateway.must(a_callback("YTO", reference_of(other),
                            {an_event(TrackingStatus::accepted, at("10:01"), victim.waybill)}, "body",
                            Proof::secret_url));
    EXPECT_EQ(count("waybill_claim"), 0);
    (void)bring_to_the_door(gateway, victim);
    EXPECT_EQ(rows_of(victim).bookings.at(0).waybill, victim.waybill);
}

TEST_F(Pipeline, ACourierThatCameAfterAllTakesTheBookingBackFromTheNextOne) {
    Gateway gateway(database_.dsn(), clock_);
    const Trade trade(1);
    const auto first = bring_to_the_door(gateway, trade);
    clock_.set(at("13:00:01"));
    gateway.must(TimerFired{trade.return_id, JobKind::door_deadline, to_string(trade.pickup)});
    gateway.must(TimerFired{trade.return_id, JobKind::door_give_up, first.value});
    ASSERT_EQ(rows_of(trade).bookings.size(), 2U);
    gateway.must(a_callback("YTO", first, {an_event(TrackingStatus::collected, at("13:00"))}));
    const auto rows = rows_of(trade);
    EXPECT_EQ(rows.bookings.at(0).status, BookingStatus::collected);
    EXPECT_EQ(rows.bookings.at(1).status, BookingStatus::cancelling);
    EXPECT_TRUE(rows.advance);
    expect_square_books();
}

TEST_F(Pipeline, AnAnswerIsStoredWithItsEffectAndGivenAgain) {
    Gateway gateway(database_.dsn(), clock_);
    const Trade trade(1);
    gateway.must(trade.put_order());
    gateway.must(trade.set_trust());
    auto request = [&](std::string fingerprint) {
        auto submission = a_submission(trade.apply());
        submission.idempotency = pipeline::Idempotency{{7}, "key", std::move(fingerprint)};
        submission.render = [](const Decision& decision) {
            return pipeline::Answer{201, "made " + std::to_string(decision.events.size())};
        };
        return submission;
    };
    const auto first = gateway.must(request("f"));
    EXPECT_FALSE(first.replayed);
    const auto again = gateway.must(request("f"));
    EXPECT_TRUE(again.replayed);
    EXPECT_EQ(again.answer.status, 201);
    EXPECT_EQ(again.answer.body, first.answer.body);
    const auto other = gateway.tell(request("another request"));
    EXPECT_EQ(other.error().kind, ErrorKind::conflict);
    EXPECT_EQ(other.error().code, "idempotency_key_reused");
    EXPECT_EQ(count("return_case"), 1);
}

TEST_F(Pipeline, ARefusalIsNotStoredUnderItsKey) {
    Gateway gateway(database_.dsn(), clock_);
    const Trade trade(1);
    auto request = [&] {
        auto submission = a_submission(trade.apply());
        submission.idempotency = pipeline::Idempotency{{7}, "key", "f"};
        return submission;
    };
    EXPECT_EQ(gateway.tell(request()).error().code, "order_not_found");
    gateway.must(trade.put_order());
    EXPECT_FALSE(gateway.must(request()).replayed);
}

}  // namespace
}  // namespace returngate::test
