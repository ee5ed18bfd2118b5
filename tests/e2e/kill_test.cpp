// kill -9 at any moment: what was acknowledged is there, nobody is paid twice, and all that was promised
// comes to its end.
#include <array>
#include <gtest/gtest.h>
#include <random>
#include <set>

#include "tests/e2e/books.hpp"
#include "tests/e2e/scene.hpp"
#include "tests/e2e/traffic.hpp"
#include "tests/support/eventually.hpp"

namespace returngate::e2e {
namespace {

using testing::Acknowledgement;

constexpr int kRounds = 20;
constexpr int kClients = 6;
constexpr std::chrono::milliseconds kBetweenLooks{250};
// Half a minute for the leases of dead workers, and as much again for what they had in hand.
constexpr std::chrono::seconds kSettlesWithin{200};

// The weather of a round: faults that meet whoever comes next.
struct Fault {
    const char* actor;
    const char* behaviour;
};
constexpr std::array kWeather{
    Fault{"provider", R"({"way":"execute_then_close"})"},
    Fault{"provider", R"({"way":"execute_then_hang"})"},
    Fault{"provider", R"({"way":"close_before"})"},
    Fault{"YTO", R"({"answer":"close"})"},
    Fault{"YTO", R"({"answer":"refuse"})"},
    Fault{"YTO", R"({"answer":"refuse"})"},
    Fault{"SF", R"({"answer":"never"})"},
    Fault{"YTO", R"({"callback_copies":2})"},
    Fault{"SF", R"({"swaps_callbacks":true})"},
};

void change_weather(Scene& scene, std::mt19937& random) {
    for (int i = 0; i < 3; ++i) {
        const Fault& fault = kWeather.at(random() % kWeather.size());
        if (std::string_view(fault.actor) == "provider") {
            scene.script_provider(fault.behaviour);
        } else {
            scene.script(fault.actor, "book", fault.behaviour);
        }
    }
}

// A callback that its courier still wants to send.
bool is_outstanding(const json::Value& delivery, std::int64_t attempts_of_courier) {
    return delivery["acknowledged"].boolean() == false &&
           delivery["attempts"].integer() < attempts_of_courier;
}

bool has_outstanding_callbacks(Scene& scene) {
    const json::Value yto = scene.deliveries("YTO");
    for (const auto& delivery : yto["callbacks"].items())
        if (is_outstanding(delivery, 7)) return true;
    const json::Value sf = scene.deliveries("SF");
    for (const auto& delivery : sf["callbacks"].items())
        if (is_outstanding(delivery, 3)) return true;
    return false;
}

bool has_travelling_parcels(Scene& scene) {
    for (const char* courier : {"YTO", "SF"}) {
        const json::Value book = scene.courier_book(courier);
        for (const auto& parcel : book["bookings"].items())
            if (parcel["live"].boolean() == true && parcel["stage"].string() != "delivered") return true;
    }
    return false;
}

constexpr const char* kWork =
    "SELECT kind || ' of ' || return_id || ' after ' || attempts || ' attempts' FROM job "
    "WHERE kind IN ('place_booking', 'resolve_booking', 'cancel_booking', 'confirm_collection', 'pay', "
    "'resolve_payout')";

// All that was begun comes to its end.
void expect_to_settle(Scene& scene, Books& books) {
    const auto deadline = std::chrono::steady_clock::now() + kSettlesWithin;
    std::vector<std::string> left;
    do {
        std::this_thread::sleep_for(kBetweenLooks);
        left = books.column(kWork);
        if (left.empty() && has_travelling_parcels(scene)) left = {"parcels that travel"};
        if (left.empty() && has_outstanding_callbacks(scene)) left = {"callbacks to come"};
        if (left.empty()) left = books.column(kWork);  // of a callback that came while we looked
    } while (!left.empty() && std::chrono::steady_clock::now() < deadline);
    for (const auto& each : left) ADD_FAILURE() << "not settled: " << each;
}

std::set<std::string> set_of(Books& books, const std::string& sql) {
    auto values = books.column(sql);
    return {values.begin(), values.end()};
}

void expect_all_in_database(const std::vector<Acknowledgement>& acknowledged, Books& books) {
    const auto orders = set_of(books, "SELECT order_id FROM shop_order");
    const auto returns = set_of(
        books, "SELECT 'ret_' || replace(return_id::text, '-', '') || ' ' || after_sale_id FROM return_case");
    const auto pickups = set_of(books, "SELECT 'pku_' || replace(pickup_id::text, '-', '') FROM pickup");
    const auto cancelled = set_of(books,
                                  "SELECT 'ret_' || replace(return_id::text, '-', '') FROM pickup "
                                  "WHERE status IN ('cancelled', 'collected')");
    for (const auto& [kind, ids] : acknowledged) {
        if (kind == "order") {
            EXPECT_TRUE(orders.contains(ids.at(0))) << "lost: order " << ids.at(0);
        }
        if (kind == "return") {
            EXPECT_TRUE(returns.contains(ids.at(0) + " " + ids.at(1))) << "lost: " << ids.at(0);
        }
        if (kind == "pickup") {
            EXPECT_TRUE(pickups.contains(ids.at(0))) << "lost: " << ids.at(0);
        }
        if (kind == "cancellation") {
            EXPECT_TRUE(cancelled.contains(ids.at(0))) << "not cancelled: " << ids.at(0);
        }
    }
}

// By the couriers' own notes of which callbacks we have acknowledged.
void expect_callbacks_in_database(Scene& scene, Books& books) {
    const auto stored = set_of(books,
                               "SELECT encode(sha256(payload), 'hex') FROM inbox WHERE payload <> '' "
                               "UNION SELECT encode(sha256(payload), 'hex') FROM quarantine");
    std::size_t examined = 0;
    for (const char* courier : {"YTO", "SF"}) {
        const json::Value callbacks = scene.deliveries(courier);
        for (const auto& delivery : callbacks["callbacks"].items()) {
            if (delivery["acknowledged"].boolean() != true) continue;
            ++examined;
            EXPECT_TRUE(stored.contains(std::string(delivery["body_sha256"].string().value_or(""))))
                << "lost: " << courier << "'s " << delivery["stage"].string().value_or("") << " of "
                << delivery["reference"].string().value_or("");
        }
    }
    EXPECT_GT(examined, 0U);
}

// Every promise has its work, or is kept.
void expect_nothing_forgotten(Books& books) {
    EXPECT_EQ(books.number("SELECT count(*) FROM booking WHERE status = 'placing'"), 0)
        << "booked with nobody";
    EXPECT_EQ(books.number("SELECT count(*) FROM return_case c JOIN booking b USING (cell, return_id) "
                           "WHERE c.refund = 'advance' AND c.frozen = '' AND b.status = 'collected' "
                           "AND b.confirmed_at IS NOT NULL AND b.waybill <> '' "
                           "AND NOT EXISTS (SELECT FROM advance a WHERE a.return_id = c.return_id)"),
              0)
        << "collected, proved, and not advanced";
    EXPECT_EQ(books.number("SELECT count(*) FROM return_case WHERE frozen <> ''"), 0);
    EXPECT_GT(books.number("SELECT count(*) FROM advance WHERE state = 'paid'"), 0);
}

TEST(KillTest, LosesNothingAcknowledgedAndPaysNobodyTwice) {
    Scene scene({.speed = 20});
    testing::AcknowledgementLog log(scene.folder() / "acknowledged");
    Traffic traffic(scene, log, kClients);
    std::mt19937 random(std::random_device{}());
    int rounds = 0;
    for (int kill = 0; rounds < kRounds && kill < 2 * kRounds; ++kill) {
        change_weather(scene, random);
        std::this_thread::sleep_for(std::chrono::milliseconds(30 + random() % 170));
        ASSERT_TRUE(testing::eventually([&] { return traffic.in_flight() > 1; }));
        const auto before = traffic.unacknowledged();
        scene.gateway().kill_outright();
        // A round counts when at least one caller was left without an answer.
        if (testing::eventually([&] { return traffic.unacknowledged() > before; }, std::chrono::seconds(1)))
            ++rounds;
        scene.gateway().start();
    }
    EXPECT_EQ(rounds, kRounds);
    traffic.stop();
    scene.clear_script("provider");
    EXPECT_GE(traffic.unacknowledged(), kRounds);
    EXPECT_GT(traffic.acknowledged(), kRounds);
    const auto surprises = traffic.surprises();
    EXPECT_TRUE(surprises.empty()) << surprises.size() << " surprises, the first: " << surprises.front();

    Books books(scene.dsn());
    expect_to_settle(scene, books);
    expect_all_in_database(log.read(), books);
    expect_callbacks_in_database(scene, books);
    expect_nothing_forgotten(books);
    expect_one_live_booking_each(scene);
    expect_square(scene);
    RecordProperty("acknowledged", std::to_string(traffic.acknowledged()));
    RecordProperty("unacknowledged", std::to_string(traffic.unacknowledged()));
}

TEST(KillTest, ATerminatedGatewayAnswersWhatItHasTakenAndEndsCleanly) {
    Scene scene({.speed = 20});
    testing::AcknowledgementLog log(scene.folder() / "acknowledged");
    Traffic traffic(scene, log, 3);
    for (int round = 0; round < 3; ++round) {
        const auto before = traffic.acknowledged();
        ASSERT_TRUE(testing::eventually([&] { return traffic.acknowledged() > before + 20; }));
        EXPECT_EQ(scene.gateway().terminate(), 0);
        scene.gateway().start();
    }
    traffic.stop();
    Books books(scene.dsn());
    expect_to_settle(scene, books);
    expect_all_in_database(log.read(), books);
    expect_nothing_forgotten(books);
    expect_one_live_booking_each(scene);
    expect_square(scene);
}

}  // namespace
}  // namespace returngate::e2e
