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
    // One return each: at most one of a return's bookings is live.
    void book(std::string courier, BookingStatus status, std::string_view collected = {}) {
        const int number = ++booked_;
        Booking booking = a_new_booking(number, status);
        booking.courier = CourierCode{std::move(courier)};
        booking.waybill = waybill_;
        booking.region = region_;
        booking.placed_at = placed_at_;
        booking.window = {at("10:00"), at("12:00")};
        booking.milestones = {};
        if (!collected.empty()) booking.milestones.merge(an_event(TrackingStatus::in_transit, at(collected)));
        store::Changes changes;
        changes.at = placed_at_;
        changes.cases = {a_new_case(return_of(number), AfterSaleId{"as-" + std::to_string(number)})};
        changes.bookings = {{return_of(number), booking}};
        must_save(*store_, changes);
    }
    static ReturnId return_of(int number) { return an_id<ReturnId>(static_cast<std::uint8_t>(number)); }
    void note(std::int32_t seq, Instant at, std::string_view type, const std::string& courier) {
        store::Changes changes;
        changes.entries = {{kReturn, seq, at, {CaseEvent{type, {{"courier", courier}}}}}};
        must_save(*store_, changes);
    }
    std::vector<CourierRecord> read() { return desk_.read().courier_records(at("13:00"), rules_); }

    std::vector<std::string> silent(int most = 10) {
        std::vector<std::string> names;
        for (const auto& found : desk_.read().silent_bookings(at("09:00"), at("11:00"), at("12:30"), most))
            names.push_back(found.reference.value);
        return names;
    }

    // As the rules note it about a booking.
    void note_full(std::int32_t seq, Instant at, int booking) {
        store::Changes changes;
        changes.entries = {{return_of(booking),
                            seq,
                            at,
                            {CaseEvent{"courier.full",
                                       {{"courier", std::string("YTO")},
                                        {"booking_reference", reference_of(booking).value},
                                        {"reason", std::string("no_capacity")}}}}}};
        must_save(*store_, changes);
    }

    CourierRules rules_;
    std::string region_;
    Instant placed_at_ = at("10:00");
    std::string waybill_;
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

TEST_F(CourierRecords, KnowWhereACourierHadNobodyFreeAtLast) {
    region_ = "浙江/杭州";
    book("YTO", BookingStatus::cancelled);
    book("YTO", BookingStatus::cancelled);
    region_ = "上海/上海";
    book("YTO", BookingStatus::cancelled);
    note_full(1, at("11:30"), 1);
    note_full(1, at("12:00"), 2);
    note_full(1, at("11:00"), 3);  // two hours ago: it has somebody again
    EXPECT_THAT(read(), ElementsAre(CourierRecord{.code = {"YTO"}, .full = {{"浙江/杭州", at("12:00")}}}));
}

TEST_F(CourierRecords, SilentParcelsAreThoseUnderWayWithoutAScan) {
    waybill_ = "YT1";
    book("YTO", BookingStatus::collected, "12:30");
    book("YTO", BookingStatus::collected, "12:30:01");  // heard of
    book("YTO", BookingStatus::accepted);
    waybill_.clear();
    book("YTO", BookingStatus::collected, "12:00");  // cannot be asked about
    waybill_ = "YT1";
    placed_at_ = at("11:00");
    book("YTO", BookingStatus::collected, "12:00");  // of another slice
    EXPECT_THAT(silent(), ElementsAre(reference_of(1).value));
}

TEST_F(CourierRecords, SilentParcelsThatAreAskedAboutAlreadyAreNotNamed) {
    waybill_ = "YT1";
    book("YTO", BookingStatus::collected, "12:00");
    store::Changes changes;
    changes.jobs = {{{return_of(1), JobKind::ask_courier, reference_of(1).value}, at("15:00")}};
    must_save(*store_, changes);
    EXPECT_TRUE(silent().empty());
}

TEST_F(CourierRecords, SilentParcelsAreSoManyOfEachCourier) {
    waybill_ = "YT1";
    for (int i = 0; i < 3; ++i) book("YTO", BookingStatus::collected, "12:00");
    book("SF", BookingStatus::collected, "12:00");
    EXPECT_EQ(silent(2).size(), 3U);
    EXPECT_EQ(silent(1).size(), 2U);
}

TEST_F(CourierRecords, AreReadByTheirIndexes) {
    database_.run("SET enable_seqscan = off");
    const std::string plan = database_.text(
        "EXPLAIN (FORMAT JSON) SELECT count(*) FROM booking WHERE placed_at > '2026-01-10'::timestamptz");
    EXPECT_NE(plan.find("booking_by_time"), std::string::npos) << plan;
    const std::string by_event = database_.text(
        "EXPLAIN (FORMAT JSON) SELECT max(at) FROM case_entry WHERE at > '2026-01-10'::timestamptz "
        "AND events::text LIKE '%\"courier.%'");
    EXPECT_NE(by_event.find("case_entry_of_courier"), std::string::npos) << by_event;
}

}  // namespace
}  // namespace returngate::test
