// I-19 of reliability: any permutation, duplication, batching and delay of one set of events gives the
// same end: statuses, milestones, and whether money moved.
#include <gtest/gtest.h>
#include <random>

#include "tests/support/story.hpp"

namespace returngate::test {
namespace {

using enum TrackingStatus;
using Random = std::mt19937;

// What a case has come to. Which couriers were asked on the way there is history, not outcome.
struct Outcome {
    CaseStatus status{};
    std::string frozen;
    std::optional<Instant> delivered_at;
    PickupStatus pickup{};
    std::optional<bool> promise_missed;
    bool is_given_up = false;
    BookingStatus booking{};
    std::string waybill;
    Milestones milestones;
    bool is_confirmed = false;
    std::optional<Fen> advanced_fen;
    Fen held_fen = 0;
    Fen open_fen = 0;
    bool operator==(const Outcome&) const = default;
};

Outcome outcome_of(const Story& story) {
    const Booking& booking = story.file.bookings.front();
    const bool is_given_up = !is_live(booking.status);
    Outcome outcome{.status = story.file.case_.status,
                    .frozen = story.file.case_.frozen,
                    .delivered_at = story.file.case_.delivered_at,
                    .pickup = story.file.case_.pickup->status,
                    .promise_missed = std::nullopt,
                    .is_given_up = is_given_up,
                    .booking = is_given_up ? BookingStatus::cancelled : booking.status,
                    .waybill = booking.waybill,
                    .milestones = booking.milestones,
                    .is_confirmed = booking.confirmed_at.has_value(),
                    .advanced_fen = std::nullopt,
                    .held_fen = story.file.case_.held_fen,
                    .open_fen = story.file.line.open_fen};
    if (booking.status == BookingStatus::collected)
        outcome.promise_missed = story.file.case_.pickup->promise_missed;
    if (story.file.advance) outcome.advanced_fen = story.file.advance->amount_fen;
    return outcome;
}

std::string text_of(const std::vector<TrackingEvent>& events) {
    std::string text;
    for (const auto& event : events) {
        text += event.raw_status + "@" + format_shanghai(event.occurred_at).substr(11) + " " +
                event.waybill.value_or("") + "\n";
    }
    return text;
}

struct Delivery {
    std::vector<TrackingEvent> events;  // as they come in
    Proof proof = Proof::strong_signature;
    Fen amount_fen = 9900;
    bool has_number = true;  // known from the booking on
};

// Whatever the gateway was told to ask, it asks; the courier knows everything by then.
void answer_questions(Story& story, const std::vector<TrackingEvent>& everything) {
    for (int attempt = 1; attempt <= 3; ++attempt) {
        if (!story.has_job(JobKind::confirm_collection, story.reference(1).value)) return;
        story.asked(1, everything, attempt);
    }
}

Outcome live(const Delivery& delivery, Random& random) {
    auto start = a_case().advance_path(delivery.amount_fen).with_pickup("YTO");
    if (delivery.has_number) start.with_waybill(kYtoNumber);
    Story story(start);
    story.now = at("10:01");
    for (std::size_t i = 0; i < delivery.events.size();) {
        const auto batch = std::min<std::size_t>(1 + random() % 3, delivery.events.size() - i);
        const auto first = delivery.events.begin() + static_cast<std::ptrdiff_t>(i);
        const std::vector<TrackingEvent> some(first, first + static_cast<std::ptrdiff_t>(batch));
        story.must(CourierReported{{"YTO"}, story.reference(1), some, delivery.proof, 0});
        story.now += std::chrono::seconds(random() % 600);
        i += batch;
    }
    answer_questions(story, delivery.events);
    return outcome_of(story);
}

std::vector<TrackingEvent> shuffled_with_repeats(std::vector<TrackingEvent> events, Random& random) {
    const auto count = events.size();
    for (std::size_t i = random() % (count + 1); i > 0; --i) events.push_back(events[random() % count]);
    std::ranges::shuffle(events, random);
    return events;
}

std::vector<TrackingEvent> some_of(std::vector<TrackingEvent> pool, Random& random) {
    std::erase_if(pool, [&](const TrackingEvent&) { return random() % 3 == 0; });
    return pool;
}

void expect_one_outcome(Delivery delivery, Random& random, int permutations) {
    Random in_order(0);  // NOLINT: a fixed seed repeats
    const auto events = delivery.events;
    const Outcome expected = live(delivery, in_order);
    for (int i = 0; i < permutations; ++i) {
        delivery.events = shuffled_with_repeats(events, random);
        ASSERT_EQ(live(delivery, random), expected) << "in order:\n"
                                                    << text_of(events) << "came as:\n"
                                                    << text_of(delivery.events);
    }
}

// A parcel that is on its way in the end, however much was said and taken back before.
std::vector<TrackingEvent> journey() {
    return {an_event(accepted, at("10:02")),   an_event(courier_assigned, at("10:05")),
            an_event(rebooked, at("10:06")),   an_event(cancelled, at("10:10")),
            an_event(unknown, at("10:12")),    an_event(collect_failed, at("10:15")),
            an_event(collected, at("10:30")),  an_event(fee, at("10:31")),
            an_event(undone, at("10:40")),     an_event(collected, at("11:00")),
            an_event(cancelled, at("11:30")),  an_event(exception, at("11:40")),
            an_event(in_transit, at("12:30")), an_event(at_station, at("14:00")),
            an_event(delivered, at("18:00")),  an_event(delivered, at("18:02"))};
}

constexpr std::array kProofs{Proof::strong_signature, Proof::weak_signature, Proof::secret_url};

TEST(OrderOfArrival, DoesNotMatterForAParcelThatMovesInTheEnd) {
    Random random(19);  // NOLINT: a fixed seed repeats
    int advances = 0;
    for (int set = 0; set < 300; ++set) {
        Delivery delivery{.events = some_of(journey(), random), .proof = kProofs.at(random() % 3)};
        delivery.events.push_back(an_event(out_for_delivery, at("15:00")));
        delivery.amount_fen = random() % 2 == 0 ? 9900 : 250000;
        expect_one_outcome(delivery, random, 10);
        if (HasFatalFailure()) return;
        Random again(0);  // NOLINT: a fixed seed repeats
        advances += live(delivery, again).advanced_fen ? 1 : 0;
    }
    EXPECT_EQ(advances, 300);
}

TEST(OrderOfArrival, DoesNotMatterForTheNumberEither) {
    Random random(20);  // NOLINT: a fixed seed repeats
    for (int set = 0; set < 300; ++set) {
        Delivery delivery{
            .events = some_of(journey(), random), .proof = kProofs.at(random() % 2), .has_number = false};
        delivery.events.push_back(an_event(out_for_delivery, at("15:00"), kYtoNumber));
        for (auto& event : delivery.events) {
            if (random() % 3 == 0) event.waybill = std::string(kYtoNumber);
        }
        expect_one_outcome(delivery, random, 10);
        if (HasFatalFailure()) return;
    }
}

// Every word that there is, at any minute; the number comes last, so that the decision about money is
// taken with all of them known.
TEST(OrderOfArrival, DoesNotMatterForMoneyWhateverTheCourierSays) {
    Random random(21);  // NOLINT: a fixed seed repeats
    int advances = 0;
    for (int set = 0; set < 1000; ++set) {
        std::vector<TrackingEvent> events;
        for (auto count = 1 + random() % 8; count > 0; --count) {
            const auto status = static_cast<TrackingStatus>(random() % 17);
            events.push_back(an_event(status, at("10:01") + std::chrono::minutes(random() % 30)));
        }
        std::optional<std::pair<Milestones, std::optional<Fen>>> expected;
        for (int i = 0; i < 5; ++i) {
            Story story(a_case().advance_path(9900).with_pickup("YTO"));
            const auto coming = shuffled_with_repeats(events, random);
            for (const auto& event : coming) story.reported(1, event);
            story.answered(1, BookingAnswered::Outcome::accepted, kYtoNumber);
            answer_questions(story, coming);
            const auto advanced =
                story.file.advance ? std::optional(story.file.advance->amount_fen) : std::nullopt;
            const auto seen = std::pair(story.booking(1).milestones, advanced);
            if (!expected) expected = seen;
            ASSERT_EQ(seen, *expected) << text_of(coming);
        }
        advances += expected->second ? 1 : 0;
    }
    EXPECT_GT(advances, 100);
    EXPECT_LT(advances, 900);
}

}  // namespace
}  // namespace returngate::test
