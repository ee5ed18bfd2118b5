// What our own rows say of the couriers.
#include <gmock/gmock.h>

#include "adapters/postgres/read/desk.hpp"
#include "tests/adapters/postgres/stored.hpp"
#include "tests/support/migrated_database.hpp"

namespace returngate::test {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;

class CourierRecords : public ::testing::Test {
protected:
    CourierRecords() { must_save(*store_, a_stored_case()); }

    // One pickup each: at most one of a pickup's bookings is live.
    void book(std::string courier, BookingStatus status, std::string_view collected = {}) {
        const int number = ++booked_;
        Booking booking = a_new_booking(number, status, an_id<PickupId>(static_cast<std::uint8_t>(number)));
        booking.courier = CourierCode{std::move(courier)};
        booking.waybill.clear();
        booking.placed_at = placed_at_;
        booking.window = {at("10:00"), at("12:00")};
        booking.milestones = {};
        if (!collected.empty()) booking.milestones.set(Milestone::in_transit, at(collected));
        store::Changes changes;
        changes.bookings = {{kReturn, booking}};
        must_save(*store_, changes);
    }
    void note(std::int32_t seq, Instant at, std::string_view type, const std::string& courier) {
        store::Changes changes;
        changes.entries = {{kReturn, seq, at, {CaseEvent{type, {{"courier", courier}}}}}};
        must_save(*store_, changes);
    }
    std::vector<CourierRecord> read() { return desk_.read().courier_records(at("13:00"), 12h, 24h); }

    Instant placed_at_ = at("10:00");
    testing::MigratedDatabase database_;
    std::unique_ptr<store::Store> store_ = open_store(database_.dsn());
    postgres::Desk desk_{database_.dsn()};
    int booked_ = 0;
};

TEST_F(CourierRecords, CountAnswersAndCollectionsPerCourier) {
    book("YTO", BookingStatus::collected, "11:59:59");
    book("YTO", BookingStatus::collected, "12:00:01");
    book("YTO", BookingStatus::accepted);  // its window is over
    book("YTO", BookingStatus::refused);
    book("YTO", BookingStatus::expired);
    book("SF", BookingStatus::collected, "11:00");
    EXPECT_THAT(
        read(),
        ElementsAre(CourierRecord{.code = {"SF"}, .asked = 1, .accepted = 1, .due = 1, .on_time = 1},
                    CourierRecord{.code = {"YTO"}, .asked = 5, .accepted = 3, .due = 3, .on_time = 1}));
}

TEST_F(CourierRecords, LeaveOutWhatSaysNothingOfTheCourier) {
    book("YTO", BookingStatus::placing);
    book("YTO", BookingStatus::placed);
    book("YTO", BookingStatus::cancelling);
    book("YTO", BookingStatus::cancelled);
    placed_at_ = at("13:00") - 12h;
    book("YTO", BookingStatus::refused);
    EXPECT_TRUE(read().empty());
    placed_at_ = at("13:00") - 12h + 1s;
    book("YTO", BookingStatus::refused);
    EXPECT_THAT(read(), ElementsAre(CourierRecord{.code = {"YTO"}, .asked = 1}));
}

TEST_F(CourierRecords, KnowTheLatestContradiction) {
    note(1, at("10:00"), "courier.contradicted", "YTO");
    note(2, at("11:00"), "courier.contradicted", "YTO");
    note(3, at("12:00"), "pickup.collected", "YTO");
    note(4, at("13:00") - 25h, "courier.contradicted", "SF");
    EXPECT_THAT(read(), ElementsAre(CourierRecord{.code = {"YTO"}, .contradicted_at = at("11:00")}));
}

TEST_F(CourierRecords, AreReadByTheirIndexes) {
    database_.run("SET enable_seqscan = off");
    const std::string plan = database_.text(
        "EXPLAIN (FORMAT JSON) SELECT count(*) FROM booking WHERE placed_at > '2026-01-10'::timestamptz");
    EXPECT_NE(plan.find("booking_by_time"), std::string::npos) << plan;
    const std::string by_event = database_.text(
        "EXPLAIN (FORMAT JSON) SELECT max(at) FROM case_entry WHERE at > '2026-01-10'::timestamptz "
        "AND events::text LIKE '%\"courier.contradicted\"%'");
    EXPECT_NE(by_event.find("case_entry_contradiction"), std::string::npos) << by_event;
}

}  // namespace
}  // namespace returngate::test
