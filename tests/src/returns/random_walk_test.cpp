// Whatever happens to a case, in whatever order: money is promised once, the books balance, no step ends
// in silence, and the same inputs give the same decision.
#include <gtest/gtest.h>
#include <random>

#include "src/returns/conduct.hpp"
#include "tests/src/returns/soundness.hpp"

namespace returngate::test {
namespace {

using Random = std::mt19937;

// --- what can happen ------------------------------------------------------------------------------

class Chance {
public:
    explicit Chance(unsigned seed) : random_(seed) {}
    std::size_t below(std::size_t limit) { return random_() % limit; }
    bool one_in(std::size_t count) { return below(count) == 0; }
    template <class Range>
    auto of(const Range& range) {
        return *std::next(range.begin(), static_cast<std::ptrdiff_t>(below(range.size())));
    }

private:
    Random random_;
};

const std::map<std::string, std::string> kOwnNumber{
    {"YTO", std::string(kYtoNumber)}, {"JT", std::string(kJtNumber)}, {"JD", "JDVA30718462950"}};
const std::vector<std::string> kWrongNumbers{std::string(kOtherYtoNumber), std::string(kOutboundNumber),
                                             "YT1"};

std::string some_number(const CourierCode& courier, Chance& chance) {
    const auto own = kOwnNumber.find(courier.value);
    return own == kOwnNumber.end() || chance.one_in(8) ? chance.of(kWrongNumbers) : own->second;
}

BookingReference some_booking(const Story& story, Chance& chance) {
    if (story.file.bookings.empty() || chance.one_in(50)) return BookingReference{"RG00STRANGER"};
    if (chance.one_in(3)) return chance.of(story.file.bookings).reference;
    return story.file.bookings.back().reference;
}

TrackingEvent some_event(const CourierCode& courier, Instant now, Chance& chance) {
    const bool is_scan = chance.one_in(2);
    const auto status = is_scan ? TrackingStatus::collected : static_cast<TrackingStatus>(chance.below(17));
    auto event = an_event(status, now - std::chrono::minutes(chance.below(chance.one_in(4) ? 60 : 2)));
    if (chance.one_in(3)) event.waybill = some_number(courier, chance);
    if (status == TrackingStatus::replaced) event.replaced_by = some_number(courier, chance);
    return event;
}

Command some_report(const Story& story, Chance& chance) {
    CourierReported report;
    report.reference = some_booking(story, chance);
    const Booking* booking = story.file.booking(report.reference);
    report.courier = booking != nullptr && !chance.one_in(50) ? booking->courier : CourierCode{"STO"};
    for (auto count = chance.below(3); count > 0; --count)
        report.events.push_back(some_event(report.courier, story.now, chance));
    report.proof = static_cast<Proof>(chance.below(4));
    if (report.proof == Proof::query) report.attempt = 1 + static_cast<int>(chance.below(6));
    report.on_silence = report.proof == Proof::query && chance.one_in(3);
    return report;
}

Command some_answer(const Story& story, Chance& chance) {
    BookingAnswered answer = Story::about(some_booking(story, chance));
    answer.outcome = static_cast<BookingAnswered::Outcome>(chance.below(7));
    answer.attempt = 1 + static_cast<int>(chance.below(9));
    const Booking* booking = story.file.booking(answer.reference);
    if (booking != nullptr && !chance.one_in(3)) answer.waybill = some_number(booking->courier, chance);
    if (chance.one_in(20)) answer.carrying_courier = "JT";
    return answer;
}

// Mostly what is due, sometimes what was due in a life that went otherwise.
Command some_timer(Story& story, Chance& chance) {
    std::vector<Story::JobName> timers;
    for (const auto& [name, due] : story.jobs) {
        if (is_timer(name.first)) timers.push_back(name);
    }
    if (timers.empty() || chance.one_in(20)) {
        const auto last = kJobKinds;
        return TimerFired{kReturn, static_cast<JobKind>(chance.below(last)),
                          some_booking(story, chance).value};
    }
    const auto by_due = [&](const Story::JobName& name) { return story.jobs.at(name); };
    const auto name = chance.one_in(4) ? chance.of(timers) : *std::ranges::min_element(timers, {}, by_due);
    story.now = std::max(story.now, story.jobs.at(name));
    return TimerFired{kReturn, name.first, name.second};
}

Command some_pickup(const Story& story, Chance& chance) {
    auto request = a_pickup_request();
    request.id = an_id<PickupId>(static_cast<std::uint8_t>(10 + story.saw("pickup.booked") % 200));
    if (chance.one_in(3)) request.window = Window{at("15:00"), at("17:00")};
    return BookPickup{kReturn, request};
}

// Into one of the windows that are offered tomorrow, or to now.
Command some_move(const Story& story, Chance& chance) {
    if (chance.one_in(4)) return ReschedulePickup{kReturn, std::nullopt};
    const auto today = std::chrono::sys_days{shanghai(story.now).date};
    const auto opens = std::chrono::hours(9 + 2 * static_cast<int>(chance.below(5)));
    const Instant start = from_shanghai(std::chrono::year_month_day{today + std::chrono::days(1)}, opens);
    return ReschedulePickup{kReturn, Window{start, start + std::chrono::hours(2)}};
}

// Mostly of the window that it was asked for last.
Command some_moved_answer(const Story& story, Chance& chance) {
    BookingMoved answer{kReturn, some_booking(story, chance), Window{at("15:00"), at("17:00")}};
    const Booking* booking = story.file.booking(answer.reference);
    if (booking != nullptr && !chance.one_in(6)) answer.window = booking->window;
    answer.outcome = static_cast<BookingMoved::Outcome>(chance.below(3));
    return answer;
}

Command some_self_shipped(Chance& chance) {
    if (chance.one_in(2)) return ShipYourself{kReturn, CourierCode{"SF"}, std::string(kSfNumber)};
    const CourierCode courier{chance.one_in(2) ? "YTO" : "JT"};
    return ShipYourself{kReturn, courier, some_number(courier, chance)};
}

Command some_terms(Chance& chance) {
    constexpr std::array<Fen, 4> kAmounts{9900, 9900, 5000, 7000};
    return AnswerApplication{.id = kReturn,
                             .seller = kSeller,
                             .agreed = true,
                             .reason = {},
                             .evidence = {},
                             .amount_fen = chance.of(kAmounts),
                             .keeps_goods = chance.one_in(2),
                             .owner = chance.one_in(2) ? "sue" : "sam"};
}

Command some_word_of_a_party(Chance& chance) {
    switch (chance.below(9)) {
        case 0: return some_terms(chance);
        case 8: return RefundPostage{kReturn, kSeller, static_cast<Fen>(chance.below(6000))};
        case 1: return AnswerOffer{kReturn, !chance.one_in(3)};
        case 2: return Withdraw{kReturn, "settled"};
        case 3: return Intervene{kReturn, chance.one_in(2) ? kSeller : SellerId{}, "unfair", {{"picture-1"}}};
        case 4:
        case 5: return Adjudicate{kReturn, chance.one_in(2), chance.one_in(2) ? "ann" : "bob", "seen"};
        case 6: return RegisterParcel{kReturn, kSeller};
        default:
            return ReportRepayment{kReturn, chance.one_in(2) ? 9900 : Fen(1 + chance.below(9900)), "bank"};
    }
}

Command some_payout_answer(const Story& story, Chance& chance) {
    PayoutAnswered answer{kReturn, static_cast<PayoutAnswered::Outcome>(chance.below(6) / 2), "trade-1", "",
                          1};
    if (!story.file.refunds.empty() && !chance.one_in(4))
        answer.payout = chance.of(story.file.refunds).provider_key();
    if (chance.one_in(50)) answer.payout = "rfd_of_nobody";
    return answer;
}

// What an order that was not shipped, and the courier who may have it, can say.
Command some_word_of_the_order(const Story& story, Chance& chance) {
    if (chance.one_in(3)) return LookAtOrder{kReturn, chance.one_in(20) ? OrderId{"order-2"} : kOrder};
    if (chance.one_in(2)) {
        OutboundTraced answer{kReturn, CourierCode{"YTO"}, std::string(kOutboundNumber), {}, 1};
        answer.attempt += static_cast<int>(chance.below(5));
        if (chance.one_in(2)) answer.collected_at = story.now;
        return answer;
    }
    Order order = *story.file.order;
    if (chance.one_in(2)) order.state = chance.one_in(2) ? "shipped" : "paid";
    order.outbound_courier = "YTO";
    order.outbound_waybill = chance.one_in(2) ? std::string(kOutboundNumber) : "";
    return PutOrder{order};
}

Command some_application(const Story& story, Chance& chance) {
    auto application = an_application();
    application.items.front().quantity = story.file.order->items.front().quantity;
    application.is_unshipped = story.file.case_.kind == CaseKind::unshipped && !chance.one_in(8);
    return application;
}

std::vector<Evidence> some_film(Chance& chance) {
    if (chance.one_in(10)) return {{"film"}};
    return {{"film", std::string(64, 'a'), at("09:00")}};
}

// What is said about an outcome, and about the buyer.
Command some_word_about_an_outcome(const Story& story, Chance& chance) {
    const auto owner = [&] { return std::string(chance.one_in(2) ? "ann" : "bob"); };
    const bool is_open = !story.file.rulings.empty() && story.file.rulings.back().outcome.empty();
    const bool is_upheld = is_open && story.file.rulings.back().proposed == "upheld";
    if (is_open && !chance.one_in(4))
        return DecideAppeal{kReturn, chance.one_in(4) ? !is_upheld : is_upheld || !chance.one_in(3), owner(),
                            "seen"};
    switch (chance.below(8)) {
        case 0: return AddEvidence{kReturn, chance.one_in(2) ? kSeller : SellerId{}, some_film(chance)};
        case 1:
            return Penalise{kReturn, kBuyer, static_cast<PenaltyStep>(chance.below(5)), "reviewed", owner()};
        case 2: {
            const auto count = story.file.standing.penalties.size();
            return ReversePenalty{kReturn, kBuyer, static_cast<std::int32_t>(chance.below(count + 2)), "no",
                                  owner()};
        }
        case 3: return NoteConduct{kReturn, kBuyer, "changed_mind", chance.one_in(4), "platform"};
        default: break;
    }
    const bool is_buyers = story.file.case_.short_fen > 0 || chance.one_in(2);
    return Appeal{kReturn, is_buyers ? SellerId{} : kSeller, "unfair", some_film(chance)};
}

Command some_receipt(const Story& story, Chance& chance) {
    ConfirmReceipt receipt{kReturn, kSeller, chance.one_in(2), "empty", {{"picture-1"}}};
    if (story.file.order->items.front().quantity > 1 && !chance.one_in(3)) {
        receipt.confirmed = true;
        receipt.received = {{"item-1", static_cast<std::int32_t>(chance.below(4))}};
        receipt.order = kOrder;
    }
    return receipt;
}

Command some_word_about_a_quarrel(Chance& chance) {
    if (chance.one_in(3)) return Intervene{kReturn, kSeller, "unfair", {{"picture-1"}}};
    return Adjudicate{kReturn, chance.one_in(2), chance.one_in(2) ? "ann" : "bob", "seen"};
}

Command some_order(const Story& story, Chance& chance) {
    Order order = an_order(9900 + static_cast<Fen>(chance.below(3)));
    order.items.front().quantity = story.file.order->items.front().quantity;
    return PutOrder{order};
}

Command some_rating(Chance& chance) {
    SetTrust rating{kBuyer, 1 + static_cast<int>(chance.below(5)), std::nullopt};
    if (chance.one_in(4)) rating.records = RecordFigures{10, static_cast<std::int64_t>(chance.below(8)), 0};
    return rating;
}

Command some_command(Story& story, Chance& chance) {
    const auto status = story.file.case_.status;
    const bool is_contested = status == CaseStatus::refused || status == CaseStatus::disputed;
    if (is_contested && story.file.rulings.empty() && chance.one_in(3))
        return some_word_about_a_quarrel(chance);
    const bool has_outcome =
        !story.file.rulings.empty() || status == CaseStatus::received || status == CaseStatus::closed;
    if (has_outcome && chance.one_in(4)) return some_word_about_an_outcome(story, chance);
    for (const auto& [name, due] : story.jobs) {
        if (name.first == JobKind::note_conduct && chance.one_in(2)) return conduct_of(kReturn, name.second);
    }
    const bool is_unshipped = story.file.case_.kind == CaseKind::unshipped;
    if (is_unshipped && chance.one_in(2)) return some_word_of_the_order(story, chance);
    const bool awaits_seller =
        status == CaseStatus::awaiting_agreement || status == CaseStatus::awaiting_consent;
    if (awaits_seller && chance.one_in(4)) return some_terms(chance);
    if (!story.file.refunds.empty() && chance.one_in(4)) return some_payout_answer(story, chance);
    if (story.has_job(JobKind::look_at_order, kOrder.value) && chance.one_in(3))
        return LookAtOrder{kReturn, kOrder};
    const Booking* live = story.file.live_booking();
    if (live != nullptr && story.has_job(JobKind::move_booking, live->reference.value) && !chance.one_in(8))
        return some_moved_answer(story, chance);
    if (live != nullptr && live->status == BookingStatus::accepted && chance.one_in(2))
        return some_move(story, chance);
    const bool awaits_answer = live != nullptr && live->status < BookingStatus::accepted;
    if (awaits_answer && chance.one_in(5)) return some_answer(story, chance);
    switch (chance.below(35)) {
        case 24:
        case 25:
        case 26:
        case 27:
        case 28:
        case 29: return some_word_of_a_party(chance);
        case 30:
        case 31: return some_self_shipped(chance);
        case 32: return WatchParcel{kReturn, some_booking(story, chance)};
        case 33:
        case 34: return some_move(story, chance);
        case 0:
            if (is_unshipped) return some_word_of_the_order(story, chance);
            return some_order(story, chance);
        case 1: return some_rating(chance);
        case 2: return some_application(story, chance);
        case 3: return AnswerApplication{kReturn, kSeller, !chance.one_in(4), "worn", {{"picture-1"}}};
        case 4:
        case 5: return story.file.line.stars == 5 ? some_self_shipped(chance) : some_pickup(story, chance);
        case 6: return CancelPickup{kReturn};
        case 7:
            return BookingCancelled{kReturn, some_booking(story, chance),
                                    static_cast<BookingCancelled::Outcome>(chance.below(3))};
        case 8:
        case 9:
        case 10:
        case 19:
        case 20: return some_answer(story, chance);
        case 11:
        case 16:
        case 17: return some_payout_answer(story, chance);
        case 12: return some_receipt(story, chance);
        case 13:
        case 18:
            return ReportRecovery{kReturn, chance.one_in(2) ? 9900 : Fen(1 + chance.below(9900)), "escrow"};
        case 14:
        case 15: return some_timer(story, chance);
        default: return some_report(story, chance);
    }
}

// --- the walks ------------------------------------------------------------------------------------

struct Reached {
    int advances = 0, paid = 0, reversed = 0, closed = 0, frozen = 0, unserved = 0, disputed = 0, several = 0,
        self_shipped = 0, offered = 0, decided = 0, clawed_back = 0, refunded = 0, rejected = 0,
        unshipped = 0, kept = 0, postage = 0, consented = 0, turned_instant = 0, shipped_anyway = 0,
        given_back = 0, watched = 0, moved = 0, dead = 0, carried_over = 0, not_moved = 0, appealed = 0,
        upheld = 0, dismissed = 0, restored = 0, in_part = 0, noted = 0, penalised = 0,
        reversed_penalties = 0, evidence_added = 0;
};

void walk(unsigned seed, Reached& reached) {
    Chance chance(seed);
    auto story = Story::of_buyer(1 + static_cast<int>(chance.below(5)), 9900);
    if (chance.one_in(3)) story.file.order->category = "toys";  // the seller is asked
    if (chance.one_in(3)) {
        story.file.order->items.front().quantity = 3;
    }
    story.policy.rating.snapshot = std::chrono::days(0);
    story.policy.negotiation.superior_above_fen = 6000;
    if (chance.one_in(3)) story.file.line = a_line(story.file.line.stars, 9899);  // above it, for now
    auto application = an_application();
    application.items.front().quantity = story.file.order->items.front().quantity;
    if (chance.one_in(6)) {
        application.is_unshipped = true;
        story.file.order->state = "paid";
        story.file.order->received_at.reset();
    }
    story.policy.confirm_by_query = static_cast<ConfirmByQuery>(chance.below(3));
    story.policy.weak_limit_fen = chance.one_in(2) ? 200000 : 5000;
    story.policy.silence.carriage = std::chrono::hours(1);
    for (auto& terms : story.policy.couriers) terms.moves_bookings = seed % 4 != 0;
    story.must(application);
    for (int step = 0; step < 90; ++step) {
        if (chance.one_in(3)) story.now += std::chrono::minutes(chance.below(40));
        if (chance.one_in(10)) story.open_breakers = {CourierCode{"YTO"}};
        if (chance.one_in(10)) story.open_breakers.clear();
        if (chance.one_in(20)) story.records = {{.code = {"YTO"}, .contradicted_at = story.now}};
        const Command command = some_command(story, chance);
        const auto before = story.file;
        const Situation situation{story.policy, story.now,           story.now,    {},
                                  kReturn,      story.open_breakers, story.records};
        ASSERT_TRUE(is_same(decide(before, command, situation), decide(before, command, situation)));
        const auto decision = story.tell(command);
        if (!decision) {
            ASSERT_FALSE(decision.error().code.empty());
            ASSERT_FALSE(decision.error().message.empty());
            ASSERT_TRUE(is_same(story.file, before));
            continue;
        }
        expect_sound(story, *decision);
        const auto* answer = std::get_if<BookingMoved>(&command);
        const bool is_refused = answer != nullptr && answer->outcome == BookingMoved::Outcome::refused;
        reached.not_moved += is_refused && story.file.bookings.size() > before.bookings.size() ? 1 : 0;
        reached.watched += std::holds_alternative<WatchParcel>(command) && !decision->jobs.empty() ? 1 : 0;
        expect_advance_was_due(story, before.advance);
        ASSERT_FALSE(testing::Test::HasFailure())
            << "seed " << seed << " step " << step << " " << name_of(command);
    }
    reached.advances += story.file.advance ? 1 : 0;
    reached.paid += static_cast<int>(story.saw("advance.paid"));
    reached.reversed += static_cast<int>(story.saw("advance.reversed"));
    reached.closed += story.file.case_.status == CaseStatus::closed ? 1 : 0;
    reached.frozen += story.file.case_.frozen.empty() ? 0 : 1;
    reached.unserved += static_cast<int>(story.saw("pickup.unserved"));
    reached.disputed += static_cast<int>(story.saw("receipt.disputed"));
    reached.several += story.file.bookings.size() > 2 ? 1 : 0;
    reached.self_shipped += story.file.self_shipped() != nullptr && story.file.advance ? 1 : 0;
    reached.offered += static_cast<int>(story.saw("return.offered"));
    reached.decided += static_cast<int>(story.saw("intervention.decided"));
    reached.clawed_back += static_cast<int>(story.saw("clawback.notified"));
    reached.moved += static_cast<int>(story.saw("pickup.rescheduled"));
    reached.carried_over += static_cast<int>(story.saw("pickup.moved"));
    reached.dead += static_cast<int>(story.saw("pickup.dead_reference"));
    reached.refunded += static_cast<int>(story.saw("refund.paid"));
    reached.rejected += static_cast<int>(story.saw("refund.rejected"));
    reached.unshipped += story.refund_key(RefundKind::unshipped).empty() ? 0 : 1;
    reached.kept += story.file.case_.kind == CaseKind::keeps_goods && story.file.goods_refund() != nullptr;
    reached.postage += story.refund_key(RefundKind::postage).empty() ? 0 : 1;
    reached.consented += static_cast<int>(story.saw("return.consent_awaited"));
    reached.turned_instant += static_cast<int>(story.saw("refund.turned_instant"));
    reached.shipped_anyway += static_cast<int>(story.saw("refund.shipped_anyway"));
    reached.appealed += static_cast<int>(story.saw("appeal.opened"));
    for (const auto& ruling : story.file.rulings) {
        reached.upheld += ruling.outcome == "upheld" ? 1 : 0;
        reached.dismissed += ruling.outcome == "dismissed" ? 1 : 0;
    }
    reached.restored += story.refund_key(RefundKind::restitution).empty() ? 0 : 1;
    reached.in_part += static_cast<int>(story.saw("receipt.short"));
    reached.noted += static_cast<int>(story.saw("conduct.noted"));
    reached.penalised += static_cast<int>(story.saw("penalty.imposed"));
    reached.reversed_penalties += static_cast<int>(story.saw("penalty.reversed"));
    reached.evidence_added += static_cast<int>(story.saw("evidence.added"));
    reached.given_back += story.file.order->takings.empty() ? 1 : 0;
}

TEST(RandomWalk, KeepsEveryPromiseAboutMoneyAndSilence) {
    Reached reached;
    for (unsigned seed = 1; seed <= 7000; ++seed) {
        walk(seed, reached);
        if (HasFatalFailure()) return;
    }
    // A walk that never gets anywhere proves nothing.
    int index = 0;
    for (const int count : {reached.advances,       reached.paid,
                            reached.reversed,       reached.closed,
                            reached.frozen,         reached.unserved,
                            reached.disputed,       reached.several,
                            reached.self_shipped,   reached.offered,
                            reached.decided,        reached.clawed_back,
                            reached.refunded,       reached.rejected,
                            reached.unshipped,      reached.kept,
                            reached.postage,        reached.consented,
                            reached.turned_instant, reached.shipped_anyway,
                            reached.given_back,     reached.watched,
                            reached.moved,          reached.dead,
                            reached.carried_over,   reached.not_moved,
                            reached.appealed,       reached.upheld,
                            reached.dismissed,      reached.restored,
                            reached.in_part,        reached.noted,
                            reached.penalised,      reached.reversed_penalties,
                            reached.evidence_added}) {
        EXPECT_GT(count, 100) << index;
        ++index;
    }
}

TEST(Decide, WithAnotherSeedDrawsOtherIdsAndDecidesTheSame) {
    const CaseFile file = a_case();
    const Policy policy = a_policy();
    const BookPickup command{kReturn, a_pickup_request()};
    const auto one =
        decide(file, command, Situation{policy, at("10:00"), at("10:00"), {1}, std::nullopt, {}});
    const auto again =
        decide(file, command, Situation{policy, at("10:00"), at("10:00"), {1}, std::nullopt, {}});
    const auto other =
        decide(file, command, Situation{policy, at("10:00"), at("10:00"), {2}, std::nullopt, {}});
    EXPECT_TRUE(is_same(one, again));
    EXPECT_NE(one->after.bookings.front().reference, other->after.bookings.front().reference);
    EXPECT_EQ(one->after.bookings.front().courier, other->after.bookings.front().courier);
}

TEST(Decide, KnowsTheNameAndTheCellOfEveryCommand) {
    CourierReported report;
    IdSource ids({7});
    report.reference = ids.next_booking_reference(cell_of(kBuyer.value));
    const std::vector<std::pair<Command, std::string_view>> commands{
        {PutOrder{an_order()}, "put_order"},
        {SetTrust{kBuyer, 3, std::nullopt}, "set_trust"},
        {an_application(), "apply_for_return"},
        {AnswerApplication{kReturn, kSeller, true, {}, {}}, "answer_application"},
        {AnswerOffer{kReturn, true}, "answer_offer"},
        {Withdraw{kReturn, {}}, "withdraw"},
        {Intervene{kReturn, kSeller, {}, {}}, "intervene"},
        {Adjudicate{kReturn, true, "ann", {}}, "adjudicate"},
        {ShipYourself{kReturn, CourierCode{"SF"}, std::string(kSfNumber)}, "ship_yourself"},
        {RegisterParcel{kReturn, kSeller}, "register_parcel"},
        {ReportRepayment{kReturn, 1, "bank-1"}, "report_repayment"},
        {BookPickup{kReturn, a_pickup_request()}, "book_pickup"},
        {CancelPickup{kReturn}, "cancel_pickup"},
        {ReschedulePickup{kReturn, std::nullopt}, "reschedule_pickup"},
        {WatchParcel{kReturn, report.reference}, "watch_parcel"},
        {Story::about(report.reference), "booking_answered"},
        {BookingCancelled{kReturn, report.reference}, "booking_cancelled"},
        {BookingMoved{kReturn, report.reference, {}}, "booking_moved"},
        {report, "courier_reported"},
        {TimerFired{kReturn, JobKind::ship_deadline, ""}, "timer_fired"},
        {PayoutAnswered{kReturn, PayoutAnswered::Outcome::executed, "", "", 1}, "payout_answered"},
        {ConfirmReceipt{kReturn, kSeller, true, {}, {}}, "confirm_receipt"},
        {ReportRecovery{kReturn, 1, "escrow-1"}, "report_recovery"},
        {RefundPostage{kReturn, kSeller, 1}, "refund_postage"},
        {LookAtOrder{kReturn, kOrder}, "look_at_order"},
        {OutboundTraced{kReturn, CourierCode{"YTO"}, std::string(kOutboundNumber), {}, 1}, "outbound_traced"},
        {Appeal{kReturn, {}, {}, {}}, "appeal"},
        {DecideAppeal{kReturn, true, "ann", {}}, "decide_appeal"},
        {AddEvidence{kReturn, {}, {}}, "add_evidence"},
        {NoteConduct{kReturn, kBuyer, "complaint"}, "note_conduct"},
        {Penalise{kReturn, kBuyer, PenaltyStep::warning, "rude", "ann"}, "penalise"},
        {ReversePenalty{kReturn, kBuyer, 1, "polite", "bob"}, "reverse_penalty"}};
    EXPECT_EQ(commands.size(), std::variant_size_v<Command>);
    for (const auto& [command, name] : commands) {
        EXPECT_EQ(name_of(command), name);
        EXPECT_EQ(cell_of(command), cell_of(kBuyer.value)) << name;
    }
}

}  // namespace
}  // namespace returngate::test
