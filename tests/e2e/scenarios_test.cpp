// The rule book, lived through end to end: every scenario of tests/scenarios/ side by side in one world, over
// HTTP, against the gateway with its database, couriers and provider.
#include <algorithm>
#include <array>
#include <gtest/gtest.h>

#include "tests/e2e/lived_scenario.hpp"

namespace returngate::e2e {
namespace {

// Against decide() alone (tests/scenarios/scenarios_test.cpp), for a reason.
struct Apart {
    std::string_view scenario;
    std::string_view reason;
};
constexpr std::string_view kReadSeldom = "what speaks against a courier is read every half minute";
constexpr std::string_view kSweep = "a round of the sweep for silent parcels takes an hour";
constexpr std::string_view kOneWorld = "the couriers' terms are one for the whole world";
constexpr std::string_view kNotYto = "a pickup is YTO's, which moves none";
constexpr std::string_view kCounted =
    "our own records are counted, not told: see tests/gateway/api/appeals_test.cpp";
constexpr std::string_view kClaimed =
    "others' claims are given: see tests/gateway/pipeline/pipeline_test.cpp";
constexpr std::array kApart{
    Apart{"A1-courier-that-cannot-be-asked", "every courier is configured there"},
    Apart{"A7-own-records", kCounted},
    Apart{"A7-own-records-of-complaints", kCounted},
    Apart{"A7-own-records-of-disputes", kCounted},
    Apart{"A7-own-records-of-lost-disputes", kCounted},
    Apart{"A7-snapshot-stands", kCounted},
    Apart{"B3-account-of-the-place", kOneWorld},
    Apart{"B3-contradicted-courier-is-asked", kReadSeldom},
    Apart{"B3-courier-does-not-come-there", kOneWorld},
    Apart{"B3-dead-reference", "YTO refuses what it has cancelled; only others hand it back as dead"},
    Apart{"B3-moved-by-the-courier", kNotYto},
    Apart{"B3-next-courier-by-lateness", kReadSeldom},
    Apart{"B3-next-courier-by-record", kReadSeldom},
    Apart{"B3-no-capacity", "YTO has no word for it"},
    Apart{"B3-nobody-free-long-ago", kReadSeldom},
    Apart{"B3-nobody-free-there", kReadSeldom},
    Apart{"B3-not-moved-by-the-courier", kNotYto},
    Apart{"B3-quoted-fee", "YTO has no price query"},
    Apart{"B3-silent-for-fifteen-days", kSweep},
    Apart{"B3-silent-parcel", kSweep},
    Apart{"B3-unsigned-is-asked-about", "YTO signs; SF does not, see UnsignedCallbacks"},
    Apart{"W-number-beside-the-buyers-own", kClaimed},
    Apart{"W-number-beside-the-buyers-own-of-long-ago", kClaimed},
    Apart{"W-number-beside-the-sellers-other", kClaimed},
    Apart{"W-number-beside-the-sellers-other-of-yesterday", kClaimed},
    Apart{"W-number-claimed-otherwise", kClaimed},
    Apart{"W-number-four-on", kClaimed},
    Apart{"W-number-three-on", kClaimed},
};

bool is_apart(const std::filesystem::path& file) {
    return std::ranges::count(kApart, file.stem().string(), &Apart::scenario) > 0;
}

// Of those that want the rules as config/ has them, or of the others: these do not disturb each other.
std::vector<std::filesystem::path> scenarios(bool under_other_rules) {
    auto files = test::scenario_files();
    std::erase_if(files, [&](const auto& file) {
        return is_apart(file) || rules_of(file).empty() == under_other_rules;
    });
    return files;
}

std::optional<Instant> next_of(const std::vector<LivedScenario>& lives) {
    std::optional<Instant> next;
    for (const auto& life : lives) {
        const auto at = life.next();
        if (at && (!next || *at < *next)) next = at;
    }
    return next;
}

// All steps of this moment: the first of everybody's, then the second.
void live_through(std::vector<LivedScenario>& lives, Instant moment, VirtualDay& day) {
    std::vector<LivedScenario*> acting;
    do {
        acting.clear();
        for (auto& life : lives) {
            if (life.next() == moment) acting.push_back(&life);
        }
        for (auto* life : acting) life->act();
        day.settle();
        for (auto* life : acting) life->check();
    } while (!acting.empty());
}

std::vector<TomlSetting> rules_of_all(const std::vector<std::filesystem::path>& files) {
    std::vector<TomlSetting> rules;
    for (const auto& file : files) std::ranges::move(rules_of(file), std::back_inserter(rules));
    return rules;
}

void put_seller(VirtualDay& day, const std::string& seller, bool is_pilot) {
    json::Writer w;
    w.begin_object().member("name", "店").member("pilot", is_pilot).key("return_address");
    write_party(w, "退货仓", "上海市", "世纪大道3号");
    const auto answer =
        day.scene.call(As::platform, "PUT", "/v1/sellers/" + seller, {.body = w.end_object().take()});
    EXPECT_TRUE(answer.is_good()) << answer.body;
}

// What operations see of the day: every broken promise, counted by courier and place.
void expect_promises_to_be_measured(VirtualDay& day) {
    const auto missed = day.books.number(
        "SELECT count(*) FROM return_case WHERE pickup_promise_missed AND pickup_status <> 'cancelled'");
    std::int64_t shown = 0;
    const auto body = day.scene.get(As::operations, "/v1/operations/promises?hours=744");
    for (const auto& place : body["promises"].items()) {
        EXPECT_EQ(place["city"].string(), "杭州市");
        shown += place["missed"].integer().value_or(0);
    }
    EXPECT_EQ(shown, missed);
    const std::string metrics = day.scene.call(As::operations, "GET", "/metrics").body;
    const auto events = day.books.number(
        "SELECT count(*) FROM case_entry, json_array_elements(events) AS noted(event) "
        "WHERE event ->> 'type' = 'pickup.promise_missed' AND event -> 'data' ->> 'courier' = 'YTO'");
    const std::string counted = R"(returngate_door_promises_total{courier="YTO",outcome="missed"} )";
    EXPECT_NE(metrics.find(counted + std::to_string(events) + "\n"), metrics.npos) << events;
}

void expect_to_hold(const std::vector<std::filesystem::path>& files) {
    VirtualDay day(parse_shanghai("2026-01-10 09:55:00").value(), rules_of_all(files));
    put_seller(day, "seller-b", false);
    put_seller(day, "seller-out", true);
    std::vector<LivedScenario> lives;
    lives.reserve(files.size());
    for (const auto& file : files) lives.emplace_back(day, file).introduce();
    for (auto moment = next_of(lives); moment; moment = next_of(lives)) {
        day.pass_until(*moment);
        live_through(lives, *moment, day);
    }
    day.end();
    expect_promises_to_be_measured(day);
    expect_square(day.scene);
    const std::string configuration = (day.scene.folder() / "gateway0" / "returngate.toml").string();
    EXPECT_NO_THROW((void)testing::run_returngate({"ledger", "verify", "--config", configuration}));
}

TEST(ScenariosEndToEnd, HoldUnderTheRulesAsConfigured) {
    const auto files = scenarios(false);
    EXPECT_GT(files.size(), 60U);
    expect_to_hold(files);
}

TEST(ScenariosEndToEnd, HoldUnderOtherRules) {
    const auto files = scenarios(true);
    EXPECT_FALSE(files.empty());
    expect_to_hold(files);
}

TEST(ScenariosEndToEnd, WhatStandsApartIsAScenario) {
    const auto files = test::scenario_files();
    for (const auto& [scenario, reason] : kApart)
        EXPECT_EQ(std::ranges::count(files, scenario, [](const auto& file) { return file.stem().string(); }),
                  1)
            << scenario;
}

}  // namespace
}  // namespace returngate::e2e
