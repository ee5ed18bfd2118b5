// The rule book changed by two people, and in force from an instant on.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/policy_book.hpp"
#include "gateway/policy_changes.hpp"
#include "gateway/work/policy_watch.hpp"
#include "tests/gateway/api/house.hpp"
#include "tests/support/eventually.hpp"

namespace returngate::api {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::string_view kFourStars = R"({"rules":"[approval]\nmin_stars = 4\n","note":"the pilot ends"})";

testing::PlainAnswer propose(House& house, std::string_view body = kFourStars) {
    return house.ask(Caller::operations, "POST", "/v1/operations/policies", {.body = std::string(body)});
}

testing::PlainAnswer approve(House& house, const std::string& key, int version,
                             const std::string& body = "{}") {
    return house.nobody("POST", "/v1/operations/policies/" + std::to_string(version) + "/approval",
                        {.body = body, .authorization = "Bearer " + key});
}

std::string operations_key(House& house, const std::string& owner) {
    return house.add_key(Caller::operations, "", false, owner);
}

TEST(Policies, BeginWithTheFileAsVersionOne) {
    House house;
    const auto list = body_of(house.ask(Caller::auditor, "GET", "/v1/operations/policies"));
    EXPECT_EQ(list["in_force"].integer(), 1);
    ASSERT_EQ(list["policies"].items().size(), 1U);
    EXPECT_EQ(list["policies"].items()[0]["in_force"].boolean(), true);
    EXPECT_EQ(house.ask(Caller::auditor, "GET", "/v1/operations/policies/2").status, 404);
}

TEST(Policies, TakeAnotherOwnerToTakeEffect) {
    House house;
    const auto own_other_key = operations_key(house, "owner-operations");
    const auto other = operations_key(house, "somebody-else");
    const auto proposed = propose(house);
    ASSERT_EQ(proposed.status, 201) << proposed.body;
    EXPECT_EQ(body_of(proposed)["version"].integer(), 2);
    EXPECT_EQ(proposed.header("Location"), "/v1/operations/policies/2");
    const auto alone =
        house.ask(Caller::operations, "POST", "/v1/operations/policies/2/approval", {.body = "{}"});
    EXPECT_EQ(alone.status, 403);
    EXPECT_EQ(body_of(alone)["code"].string(), "second_person_required");
    // Another key of the same person is no other person.
    EXPECT_EQ(approve(house, own_other_key, 2).status, 403);
    const auto approved = approve(house, other, 2);
    ASSERT_EQ(approved.status, 200) << approved.body;
    EXPECT_EQ(body_of(approved)["approved_by"].string(), "somebody-else");
    EXPECT_EQ(body_of(approved)["in_force"].boolean(), false);
    EXPECT_EQ(approve(house, other, 2).status, 409);
    EXPECT_EQ(approve(house, other, 3).status, 404);
}

TEST(Policies, TakeEffectAtTheirInstantAndNotTooSoon) {
    House house;
    ASSERT_EQ(propose(house).status, 201);
    const auto other = operations_key(house, "somebody-else");
    const auto early = approve(house, other, 2, R"({"effective_at":"2026-01-01T00:00:00Z"})");
    EXPECT_EQ(early.status, 422);
    EXPECT_EQ(body_of(early)["code"].string(), "effective_too_early");
    const auto later = approve(house, other, 2, R"({"effective_at":"2199-01-01T00:00:00+08:00"})");
    ASSERT_EQ(later.status, 200) << later.body;
    EXPECT_EQ(body_of(later)["effective_at"].string(), "2198-12-31T16:00:00Z");
}

TEST(Policies, AreCheckedBeforeTheyAreStored) {
    House house;
    const auto answer =
        propose(house, R"({"rules":"[approval]\nmin_stars = 9\nmin_star = 1\n","note":"two mistakes"})");
    EXPECT_EQ(answer.status, 422);
    EXPECT_THAT(pointers_of(answer), ElementsAre("/rules", "/rules"));
    EXPECT_THAT(answer.body, HasSubstr("approval.min_stars: is to be a whole number from 1 to 5"));
    EXPECT_EQ(propose(house, R"({"rules":"a\u0007","note":"a bell"})").status, 422);
    EXPECT_EQ(house.database().number("SELECT count(*) FROM policy_version"), 1);
}

TEST(Policies, OnceApprovedAreNeverChanged) {
    House house;
    ASSERT_EQ(propose(house).status, 201);
    EXPECT_ANY_THROW(house.database().run("UPDATE policy_version SET rules = '' WHERE version = 2"));
    EXPECT_ANY_THROW(
        house.database().run("UPDATE policy_version SET (approved_by, approved_at, effective_at) = "
                             "(proposed_by, now(), now()) WHERE version = 2"));
    EXPECT_ANY_THROW(house.database().run("DELETE FROM policy_version"));
    ASSERT_EQ(approve(house, operations_key(house, "somebody-else"), 2).status, 200);
    EXPECT_ANY_THROW(
        house.database().run("UPDATE policy_version SET effective_at = now() WHERE version = 2"));
}

PolicyInForce from(int version, Instant effective_at) {
    PolicyInForce made{effective_at, {}};
    made.rules.policy.version = version;
    return made;
}

TEST(PolicyBook, IsTheSameInWhicheverOrderItWasHeardOf) {
    const Instant noon{std::chrono::hours(1000)};
    PolicyBook one;
    PolicyBook other;
    for (const auto& version :
         {from(1, Instant{}), from(3, noon), from(2, noon), from(4, noon + Duration(1))})
        one.add(version);
    for (const auto& version :
         {from(4, noon + Duration(1)), from(2, noon), from(3, noon), from(1, Instant{})})
        other.add(version);
    for (const auto& [now, version] :
         std::vector<std::pair<Instant, int>>{{noon - Duration(1), 1},
                                              {noon, 3},
                                              {noon + Duration(1), 4},
                                              {noon + std::chrono::hours(9), 4}}) {
        EXPECT_EQ(one.policy_at(now)->version, version);
        EXPECT_EQ(other.policy_at(now)->version, version);
    }
    EXPECT_EQ(PolicyBook().policy_at(noon), nullptr);
}

// A clock that the test moves: no waiting for the instant.
class MovedClock final : public Clock {
public:
    [[nodiscard]] Instant now() const override { return at; }
    Instant at{std::chrono::hours(500'000)};
};

TEST(PolicyWatch, TakesApprovedVersionsAndLeavesWhatItDoesNotUnderstand) {
    testing::MigratedDatabase database;
    Configuration configuration;
    configuration.database.dsn = database.dsn();
    configuration.policy.couriers.push_back({.code = CourierCode{"YTO"}});
    configuration.policy_text = "[approval]\nmin_stars = 2\n";
    MovedClock clock;
    PolicyBook book;
    { const work::PolicyWatch first(configuration, clock, book); }
    EXPECT_EQ(book.policy_at(clock.at)->min_stars, 2);
    // The file says something else by now; the database rules.
    configuration.policy_text = "[approval]\nmin_stars = 5\n";
    database.run(
        "INSERT INTO policy_version VALUES "
        "(2, E'[approval]\\nmin_stars = 4', 'n', 'a', now(), 'b', now(), to_timestamp(1800000010), false), "
        "(3, 'from = \"the future\"', 'n', 'a', now(), 'b', now(), to_timestamp(1800000005), false), "
        "(4, E'[approval]\\nmin_stars = 1', 'n', 'a', now(), NULL, NULL, NULL, false)");
    PolicyBook again;
    const work::PolicyWatch second(configuration, clock, again);
    EXPECT_EQ(again.policy_at(Instant(std::chrono::seconds(1'800'000'009)))->version, 1);
    const auto changed = again.policy_at(Instant(std::chrono::seconds(1'800'000'010)));
    EXPECT_EQ(changed->version, 2);
    EXPECT_EQ(changed->min_stars, 4);
    ASSERT_EQ(changed->couriers.size(), 1U);
    EXPECT_EQ(changed->couriers[0].code.value, "YTO");
}

TEST(PolicyWatch, HearsOfAVersionWhileDecisionsAreTaken) {
    House house;
    house.put_master_data();
    house.database().run(
        "INSERT INTO policy_version VALUES (2, E'[approval]\\nmin_stars = 5', 'n', 'a', now(), "
        "'b', now(), now() - interval '2 days', false)");
    const auto is_in_force = [&] {
        return body_of(house.ask(Caller::auditor, "GET", "/v1/operations/policies"))["in_force"].integer() ==
               2;
    };
    ASSERT_TRUE(testing::eventually(is_in_force));
    static_cast<void>(house.apply());
    EXPECT_EQ(house.database().number("SELECT policy_version FROM application"), 2);
}

}  // namespace
}  // namespace returngate::api
