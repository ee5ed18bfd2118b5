// The feed against transactions that commit late, and rounds of deliveries against each other.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/postgres/read/desk.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/migrated_database.hpp"

namespace returngate::postgres {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using testing::eventually;
using ::testing::IsEmpty;
using webhook::Attempt;

constexpr std::string_view kA = "0a000000-0000-0000-0000-00000000000a";
constexpr std::string_view kB = "0b000000-0000-0000-0000-00000000000b";
const Instant kNow = *parse_rfc3339("2026-01-10T07:20:00Z");

std::string entry(std::string_view return_id, int first_seq, std::string_view events,
                  std::string_view at = "2026-01-10T07:00:00Z") {
    const std::string id(return_id);
    return "INSERT INTO case_entry (cell, return_id, first_seq, at, events) VALUES (get_byte(uuid_send('" +
           id + "'), 0), '" + id + "', " + std::to_string(first_seq) + ", '" + std::string(at) + "', '" +
           std::string(events) + "')";
}

constexpr std::string_view kApplied = R"([{"type":"return.applied","data":{"amount_fen":9900}}])";
constexpr std::string_view kTwo =
    R"([{"type":"return.applied","data":{}},{"type":"return.approved","data":{"by":"rules"}}])";
constexpr std::string_view kPaid = R"([{"type":"advance.paid","data":{}}])";

class Events : public ::testing::Test {
protected:
    // "a1", "b2": the return and the number.
    static std::string word(const FeedEvent& event) {
        return std::string(1, event.position.return_id.bytes[0] == 0x0a ? 'a' : 'b') +
               std::to_string(event.position.seq);
    }
    static std::vector<std::string> words(const std::vector<FeedEvent>& events) {
        std::vector<std::string> all;
        for (const auto& event : events) all.push_back(word(event));
        return all;
    }
    static std::vector<std::string> words(const std::vector<OutgoingEvent>& events) {
        std::vector<std::string> all;
        for (const auto& event : events) all.push_back(word(event.event));
        return all;
    }
    std::vector<std::string> after(const EventPosition& position) {
        return words(desk_.events().after(position, 100));
    }
    // Other tests' transactions in the same cluster may hold the feed back for a moment.
    bool comes_to(const EventPosition& position, const std::vector<std::string>& wanted) {
        return eventually([&] { return after(position) == wanted; });
    }

    EndpointId add_endpoint(const std::string& types = "") {
        EndpointView endpoint;
        endpoint.id.bytes[15] = 7;
        endpoint.url = "https://shop.example.com/hooks";
        endpoint.types = types;
        endpoint.created_at = kNow;
        desk_.endpoints().add(endpoint, std::string(60, 's'));
        return endpoint.id;
    }
    static RoundTerms terms(Instant now = kNow, std::uint8_t lease = 1) {
        RoundTerms terms;
        terms.now = now;
        terms.leased_until = now + 60s;
        terms.lease[0] = lease;
        return terms;
    }
    Round leased(const RoundTerms& terms) {
        std::optional<Round> round;
        EXPECT_TRUE(eventually([&] { return (round = desk_.rounds().lease(terms)).has_value(); }));
        return round.value_or(Round());
    }
    static RoundOutcome outcome_of(const Round& round, Instant now = kNow) {
        RoundOutcome outcome;
        outcome.id = round.id;
        outcome.lease = round.lease;
        outcome.cursor = round.cursor;
        outcome.health = round.health;
        outcome.now = now;
        for (const auto& event : round.held_back) outcome.kept.push_back({event, now});
        return outcome;
    }

    testing::MigratedDatabase database_;
    Desk desk_{database_.dsn()};
};

TEST_F(Events, OfATransactionThatCommitsLateAreNeverPassedOver) {
    const auto start = desk_.events().end();
    pqxx::connection slow(database_.dsn());
    pqxx::work older(slow);
    older.exec(entry(kA, 1, kApplied));
    database_.run(entry(kB, 1, kApplied));
    EXPECT_THAT(after(start), IsEmpty());
    older.commit();
    EXPECT_TRUE(comes_to(start, {"a1", "b1"}));
}

TEST_F(Events, AreNotHeldBackByATransactionThatWasGivenUp) {
    const auto start = desk_.events().end();
    {
        pqxx::connection slow(database_.dsn());
        pqxx::work older(slow);
        older.exec(entry(kA, 1, kApplied));
        database_.run(entry(kB, 1, kApplied));
    }
    EXPECT_TRUE(comes_to(start, {"b1"}));
}

TEST_F(Events, AreReadOnFromAnyOfThem) {
    const auto start = desk_.events().end();
    database_.run(entry(kB, 1, kTwo) + ";" + entry(kA, 1, kTwo));
    database_.run(entry(kA, 3, kPaid));
    ASSERT_TRUE(comes_to(start, {"a1", "a2", "b1", "b2", "a3"}));
    const auto events = desk_.events().after(start, 100);
    EXPECT_THAT(after(events[0].position), ElementsAre("a2", "b1", "b2", "a3"));
    EXPECT_THAT(after(events[2].position), ElementsAre("b2", "a3"));
    EXPECT_THAT(after(events[4].position), IsEmpty());
    EXPECT_THAT(words(desk_.events().after(start, 1)), ElementsAre("a1", "a2"));
    EXPECT_EQ(events[1].type, "return.approved");
    EXPECT_EQ(events[1].data, R"({"by":"rules"})");
    EXPECT_EQ(parse_position(to_string(events[2].position)), events[2].position);
}

TEST_F(Events, AreFoundFromAnInstantOn) {
    const auto start = desk_.events().end();
    for (int hour = 0; hour < 20; ++hour) {
        const std::string at = "2026-01-10T" + std::string(hour < 10 ? "0" : "") + std::to_string(hour);
        database_.run(entry(kA, hour + 1, kPaid, at + ":00:00Z"));
    }
    ASSERT_TRUE(eventually([&] { return after(start).size() == 20; }));
    const auto from = desk_.events().before(*parse_rfc3339("2026-01-10T17:00:00Z"));
    EXPECT_THAT(after(from), ElementsAre("a18", "a19", "a20"));
    EXPECT_EQ(after(desk_.events().before(*parse_rfc3339("2025-01-01T00:00:00Z"))).size(), 20);
    EXPECT_THAT(after(desk_.events().before(*parse_rfc3339("2027-01-01T00:00:00Z"))), IsEmpty());
}

TEST(EventPosition, IsReadStrictly) {
    const std::string id(32, 'a');
    EXPECT_TRUE(parse_position("7." + id + ".3"));
    for (const std::string& text :
         {std::string(), std::string("7"), "7." + id, "x." + id + ".3", "7." + id + ".", "7." + id + ".3x",
          "-7." + id + ".3", "7." + id + ".-3", "7." + std::string(32, 'x') + ".3",
          "99999999999999999999." + id + ".3"}) {
        EXPECT_FALSE(parse_position(text)) << text;
    }
}

TEST_F(Events, GoToAnEndpointFromItsMakingOnAndToOneGatewayAtATime) {
    database_.run(entry(kA, 1, kApplied));
    ASSERT_TRUE(comes_to(EventPosition(), {"a1"}));
    (void)add_endpoint("advance.paid,return.approved");
    EXPECT_FALSE(desk_.rounds().lease(terms()));
    database_.run(entry(kA, 2, kPaid));
    database_.run(entry(kB, 1, kTwo));
    ASSERT_TRUE(comes_to(EventPosition(), {"a1", "a2", "b1", "b2"}));
    const Round round = leased(terms());
    EXPECT_THAT(words(round.events), ElementsAre("a2", "b2"));
    EXPECT_THAT(round.sealed_secrets, ElementsAre(std::string(60, 's')));
    EXPECT_FALSE(desk_.rounds().lease(terms(kNow, 2)));
    auto outcome = outcome_of(round);
    outcome.arrived = round.events;
    EXPECT_TRUE(desk_.rounds().finish(outcome));
    EXPECT_FALSE(desk_.rounds().lease(terms(kNow, 3)));
    EXPECT_EQ(database_.number("SELECT count(*) FROM webhook_pending"), 0);
}

TEST_F(Events, OfALeaseThatRanOutAreSentAgainAndTheLateOutcomeIsNotWritten) {
    (void)add_endpoint();
    database_.run(entry(kA, 1, kApplied));
    const Round first = leased(terms());
    const Round second = leased(terms(kNow + 61s, 2));
    EXPECT_EQ(words(first.events), words(second.events));
    EXPECT_FALSE(desk_.rounds().finish(outcome_of(first)));
    EXPECT_TRUE(desk_.rounds().finish(outcome_of(second)));
}

TEST_F(Events, WaitBehindAFailedOneOfTheSameReturnOnly) {
    const EndpointId id = add_endpoint();
    database_.run(entry(kA, 1, kApplied));
    const Round first = leased(terms());
    auto outcome = outcome_of(first);
    outcome.kept = {{first.events[0], kNow + 10s}};
    outcome.kept[0].event.attempts = 1;
    Attempt attempt;
    attempt.status = 500;
    outcome.last_attempt = attempt;
    outcome.health.failures = 1;
    ASSERT_TRUE(desk_.rounds().finish(outcome));

    database_.run(entry(kA, 2, kPaid));
    database_.run(entry(kB, 1, kApplied));
    ASSERT_TRUE(comes_to(EventPosition(), {"a1", "a2", "b1"}));
    const Round second = leased(terms(kNow + 1s, 2));
    EXPECT_THAT(words(second.events), ElementsAre("b1"));
    EXPECT_THAT(words(second.held_back), ElementsAre("a2"));
    auto next = outcome_of(second, kNow + 1s);
    next.arrived = second.events;
    ASSERT_TRUE(desk_.rounds().finish(next));
    EXPECT_FALSE(desk_.rounds().lease(terms(kNow + 2s, 3))) << "a2 may not overtake a1";

    const Round third = leased(terms(kNow + 10s, 4));
    EXPECT_THAT(words(third.events), ElementsAre("a1"));
    EXPECT_EQ(third.events[0].attempts, 1);
    auto last = outcome_of(third, kNow + 10s);
    last.arrived = third.events;
    ASSERT_TRUE(desk_.rounds().finish(last));
    EXPECT_THAT(words(leased(terms(kNow + 10s, 5)).events), ElementsAre("a2"));
    const auto view = desk_.endpoints().find(id, kNow);
    EXPECT_EQ(view->pending, 1);
    EXPECT_EQ(view->last_status, 500);
}

TEST_F(Events, GoOneByOneWhileTheBreakerIsOpen) {
    (void)add_endpoint();
    database_.run("UPDATE webhook_endpoint SET failures = 5");
    database_.run(entry(kA, 1, kTwo));
    database_.run(entry(kB, 1, kApplied));
    ASSERT_TRUE(comes_to(EventPosition(), {"a1", "a2", "b1"}));
    const Round round = leased(terms());
    EXPECT_THAT(words(round.events), ElementsAre("a1"));
    EXPECT_THAT(words(round.held_back), ElementsAre("a2"));
    auto outcome = outcome_of(round);
    outcome.kept.push_back({round.events[0], kNow + 1h});
    ASSERT_TRUE(desk_.rounds().finish(outcome));
    const Round second = leased(terms(kNow, 2));
    EXPECT_THAT(words(second.events), ElementsAre("b1"));
    auto recovered = outcome_of(second);
    recovered.arrived = second.events;
    recovered.has_recovered = true;
    recovered.health = webhook::Health{.next_at = kNow};
    ASSERT_TRUE(desk_.rounds().finish(recovered));
    EXPECT_THAT(words(leased(terms(kNow, 3)).events), ElementsAre("a1")) << "what waits goes at once";
}

TEST_F(Events, OfAPausedEndpointWaitUntilItIsActiveAgain) {
    const EndpointId id = add_endpoint();
    database_.run(entry(kA, 1, kApplied));
    const Round round = leased(terms());
    auto outcome = outcome_of(round);
    outcome.kept.push_back({round.events[0], kNow + 1h});
    outcome.pause = webhook::PauseReason::gone;
    ASSERT_TRUE(desk_.rounds().finish(outcome));
    EXPECT_EQ(desk_.endpoints().find(id, kNow)->pause_reason, "gone");
    EXPECT_EQ(desk_.endpoints().totals().paused_by_us, 1);
    database_.run(entry(kA, 2, kPaid));
    EXPECT_FALSE(desk_.rounds().lease(terms(kNow + 2h, 2)));
    EndpointChange change;
    change.is_active = true;
    EXPECT_TRUE(desk_.endpoints().change(id, change, kNow));
    EXPECT_THAT(words(leased(terms(kNow, 3)).events), ElementsAre("a1"));
}

TEST_F(Events, AreReplayedSinceAnInstantAndARoundUnderWayDoesNotUndoThat) {
    const EndpointId id = add_endpoint();
    database_.run(entry(kA, 1, kApplied, "2026-01-10T06:00:00Z"));
    database_.run(entry(kA, 2, kPaid, "2026-01-10T07:00:00Z"));
    ASSERT_TRUE(comes_to(EventPosition(), {"a1", "a2"}));
    const Round round = leased(terms());
    const Instant since = *parse_rfc3339("2026-01-10T06:30:00Z");
    EXPECT_TRUE(desk_.endpoints().replay(id, desk_.events().before(since), since, kNow));
    auto outcome = outcome_of(round);
    outcome.arrived = round.events;
    EXPECT_FALSE(desk_.rounds().finish(outcome));
    EXPECT_THAT(words(leased(terms(kNow, 2)).events), ElementsAre("a2"));
}

TEST_F(Events, SignWithTwoSecretsAtMostWhileTheyOverlap) {
    const EndpointId id = add_endpoint();
    EXPECT_TRUE(desk_.endpoints().add_secret(id, std::string(60, 't'), kNow, kNow + 24h));
    EXPECT_THAT(desk_.endpoints().sealed_secrets(id, kNow),
                ElementsAre(std::string(60, 't'), std::string(60, 's')));
    EXPECT_TRUE(desk_.endpoints().add_secret(id, std::string(60, 'u'), kNow, kNow + 24h));
    EXPECT_THAT(desk_.endpoints().sealed_secrets(id, kNow),
                ElementsAre(std::string(60, 'u'), std::string(60, 't')));
    EXPECT_THAT(desk_.endpoints().sealed_secrets(id, kNow + 24h), ElementsAre(std::string(60, 'u')));
    EXPECT_FALSE(desk_.endpoints().add_secret(EndpointId(), std::string(60, 'v'), kNow, kNow));
}

// As a row looks that was written before migration 4.
TEST_F(Events, SecretsFromBeforeTheyWereSealedAreSealedOnce) {
    const EndpointId id = add_endpoint();
    database_.run("UPDATE webhook_secret SET sealed = decode(repeat('70', 32), 'hex'), is_plain = true");
    const auto seal = [&](EndpointId endpoint, const std::string& plain) {
        EXPECT_EQ(endpoint, id);
        EXPECT_EQ(plain, std::string(32, 'p'));
        return std::string(60, 'z');
    };
    EXPECT_EQ(desk_.endpoints().seal_plain_secrets(seal), 1);
    EXPECT_EQ(desk_.endpoints().seal_plain_secrets(seal), 0);
    EXPECT_THAT(desk_.endpoints().sealed_secrets(id, kNow), ElementsAre(std::string(60, 'z')));
}

}  // namespace
}  // namespace returngate::postgres
