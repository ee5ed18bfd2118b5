// What has to be true when the noise is over, read from the database and from the parties' own notes.
#include "tests/e2e/aftermath.hpp"

#include <chrono>
#include <gtest/gtest.h>
#include <set>
#include <thread>
#include <vector>

#include "tests/e2e/books.hpp"

namespace returngate::e2e {
namespace {

using testing::Acknowledgement;

constexpr std::chrono::milliseconds kBetweenLooks{250};
// Half a minute for the leases of dead workers, and as much again for what they had in hand.
constexpr std::chrono::seconds kSettlesWithin{200};

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

std::set<std::string> set_of(Books& books, const std::string& sql) {
    auto values = books.column(sql);
    return {values.begin(), values.end()};
}

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

}  // namespace

void expect_that_nothing_was_lost(Scene& scene, Traffic& traffic, const testing::AcknowledgementLog& log) {
    const auto surprises = traffic.surprises();
    EXPECT_TRUE(surprises.empty()) << surprises.size() << " surprises, the first: " << surprises.front();
    Books books(scene.dsn());
    expect_to_settle(scene, books);
    expect_all_in_database(log.read(), books);
    expect_callbacks_in_database(scene, books);
    expect_nothing_forgotten(books);
    expect_one_live_booking_each(scene);
    expect_square(scene);
}

}  // namespace returngate::e2e
