// Promises, from rows and events.
#include "gateway/api/promises.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace returngate::api {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

const Instant kApplied = parse_rfc3339("2026-01-10T02:00:00Z").value();
constexpr Clocks kClocks{};

PickupId pickup_id() {
    PickupId id;
    id.bytes[15] = 7;
    return id;
}

postgres::TimelineView booked() {
    postgres::TimelineView view;
    view.case_.approval = Approval::automatic;
    view.case_.applied_at = kApplied;
    view.pickups.push_back({pickup_id(),
                            {kApplied, kApplied + minutes(120)},
                            kApplied,
                            kApplied + minutes(120),
                            PickupStatus::booked});
    view.events.push_back({1, kApplied, "return.applied", "{}"});
    view.events.push_back({2, kApplied, "pickup.booked",
                           R"({"pickup_id":")" + to_string(pickup_id()) + R"(","courier":"YTO"})"});
    return view;
}

std::optional<Promise> find(const postgres::TimelineView& view, std::string_view name, Instant now) {
    for (const auto& promise : promises_of(view, kClocks, now)) {
        if (promise.promise == name) return promise;
    }
    return std::nullopt;
}

TEST(Promises, AreOpenUntilTheirTimeHasPassed) {
    const auto view = booked();
    EXPECT_EQ(find(view, "courier_accepts", kApplied + minutes(5))->kept, std::nullopt);
    EXPECT_EQ(find(view, "courier_accepts", kApplied + minutes(5) + seconds(1))->kept, false);
    EXPECT_EQ(find(view, "courier_at_door", kApplied + minutes(119))->kept, std::nullopt);
    EXPECT_EQ(find(view, "courier_at_door", kApplied + minutes(121))->kept, false);
    EXPECT_FALSE(find(view, "seller_answers_application", kApplied));
    EXPECT_FALSE(find(view, "advance_pays", kApplied));
}

TEST(Promises, AreKeptByTheCouriersOwnTimeOfTheVisit) {
    auto view = booked();
    view.events.push_back({3, kApplied + minutes(2), "pickup.accepted", R"({"courier":"YTO"})"});
    // We heard of the visit late; it was in time.
    view.events.push_back({4, kApplied + minutes(150), "pickup.collected",
                           R"({"courier":"YTO","occurred_at":"2026-01-10T03:30:00Z"})"});
    const Instant now = kApplied + minutes(200);
    EXPECT_EQ(find(view, "courier_accepts", now)->kept, true);
    EXPECT_EQ(find(view, "courier_accepts", now)->actual_at, kApplied + minutes(2));
    EXPECT_EQ(find(view, "courier_at_door", now)->kept, true);
    EXPECT_EQ(find(view, "courier_at_door", now)->actual_at, kApplied + minutes(90));
}

TEST(Promises, OfACancelledPickupAreNoLongerOwed) {
    auto view = booked();
    view.pickups[0].status = PickupStatus::cancelled;
    EXPECT_EQ(find(view, "courier_at_door", kApplied + minutes(500))->kept, std::nullopt);
}

TEST(Promises, OfTheMoneyRunFromTheLastNeededFact) {
    auto view = booked();
    view.advance = postgres::AdvanceView{};
    view.advance->trigger_at = kApplied + minutes(60);
    view.advance->paid_at = kApplied + minutes(60) + std::chrono::milliseconds(999);
    EXPECT_EQ(find(view, "advance_pays", kApplied + minutes(70))->kept, true);
    view.advance->paid_at = kApplied + minutes(60) + std::chrono::milliseconds(1001);
    EXPECT_EQ(find(view, "advance_pays", kApplied + minutes(70))->kept, false);
    view.advance->paid_at.reset();
    view.advance->state = AdvanceState::reversed;
    EXPECT_EQ(find(view, "advance_pays", kApplied + minutes(70))->kept, std::nullopt);
}

TEST(Promises, OfTheSellerRunFromApplicationAndDelivery) {
    auto view = booked();
    view.case_.approval = Approval::seller;
    EXPECT_EQ(find(view, "seller_answers_application", kApplied)->promised_at,
              kApplied + std::chrono::hours(72));
    view.events.push_back({3, kApplied + std::chrono::hours(24), "parcel.delivered", "{}"});
    view.events.push_back({4, kApplied + std::chrono::hours(48), "receipt.confirmed", "{}"});
    const auto receipt = find(view, "seller_confirms_receipt", kApplied + std::chrono::hours(50));
    ASSERT_TRUE(receipt);
    EXPECT_EQ(receipt->promised_at, kApplied + std::chrono::hours(24 + 240));
    EXPECT_EQ(receipt->kept, true);
}

}  // namespace
}  // namespace returngate::api
