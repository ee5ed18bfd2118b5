// Couriers who refuse, keep silent, answer too late or not at all: one pickup, one live booking.
#include <gtest/gtest.h>

#include "tests/e2e/books.hpp"
#include "tests/e2e/scene.hpp"
#include "tests/support/eventually.hpp"

namespace returngate::e2e {
namespace {

using Strings = std::vector<std::string>;

const TomlSetting kAcceptWithinASecond{"policy.toml", "clocks", "courier_accepts_seconds", "1"};

TEST(Brokering, ACourierThatRefusesIsFollowedByTheNext) {
    Scene scene;
    scene.script("YTO", "book", R"({"answer":"refuse"})");
    const Shopper shopper = scene.introduced();
    const std::string id = scene.apply(shopper);
    ASSERT_TRUE(scene.comes_to(id, "advance.paid"));
    Books books(scene.dsn());
    EXPECT_EQ(bookings_of(books, id), (Strings{"YTO refused", "SF collected"}));
    EXPECT_TRUE(scene.courier_book("YTO")["bookings"].items().empty());
    expect_one_live_booking_each(scene);
    expect_square(scene);
}

TEST(Brokering, ABrokerWhoseCarrierRefusesIsFollowedByTheNext) {
    Scene scene({.first = "KUAIDI100"});
    scene.script("KUAIDI100", "book", R"({"answer":"refuse"})");
    const Shopper shopper = scene.introduced();
    const std::string id = scene.apply(shopper);
    ASSERT_TRUE(scene.comes_to(id, "advance.paid"));
    Books books(scene.dsn());
    EXPECT_EQ(bookings_of(books, id), (Strings{"KUAIDI100 refused", "YTO collected"}));
    EXPECT_TRUE(scene.courier_book("KUAIDI100")["bookings"].items().empty());
    expect_one_live_booking_each(scene);
    expect_square(scene);
}

TEST(Brokering, ABrokerIsCancelledByItsOwnNameOfTheOrder) {
    Scene scene({.first = "KUAIDI100", .settings = {kAcceptWithinASecond}});
    scene.script("KUAIDI100", "book", R"({"accepts":false})");
    const Shopper shopper = scene.introduced();
    const std::string id = scene.apply(shopper);
    ASSERT_TRUE(scene.comes_to(id, "pickup.rebrokered"));
    EXPECT_TRUE(
        testing::eventually([&] { return scene.only_parcel("KUAIDI100")["live"].boolean() == false; }));
    ASSERT_TRUE(scene.comes_to(id, "advance.paid"));
    expect_one_live_booking_each(scene);
    expect_square(scene);
}

TEST(Brokering, ACourierThatNeverAcceptsIsCancelledAndFollowedByTheNext) {
    Scene scene({.settings = {kAcceptWithinASecond}});
    scene.script("YTO", "book", R"({"accepts":false})");
    const Shopper shopper = scene.introduced();
    const std::string id = scene.apply(shopper);
    ASSERT_TRUE(scene.comes_to(id, "advance.paid"));
    const Timeline timeline = scene.timeline(id);
    ASSERT_NE(timeline.first("pickup.rebrokered"), nullptr);
    EXPECT_EQ(timeline.first("pickup.rebrokered")->data["courier"].string(), "SF");
    EXPECT_TRUE(testing::eventually([&] { return scene.only_parcel("YTO")["live"].boolean() == false; }));
    expect_one_live_booking_each(scene);
    expect_square(scene);
}

TEST(Brokering, AYesThatComesLateIsCancelled) {
    Scene scene({.settings = {kAcceptWithinASecond}});
    scene.script("YTO", "book", R"({"accepts":false})");
    scene.script("YTO", "cancel",
                 R"({"answer":"unavailable","executes":false})");  // the first cancellation fails
    const Shopper shopper = scene.introduced();
    const std::string id = scene.apply(shopper);
    ASSERT_TRUE(scene.comes_to(id, "pickup.rebrokered"));
    ASSERT_TRUE(scene.comes_to(id, "advance.paid"));
    const auto late = scene.only_parcel("YTO");
    ASSERT_EQ(late["live"].boolean(), true);

    scene.advance("YTO", std::string(*late["reference"].string()), "accepted", "collected");
    EXPECT_TRUE(
        testing::eventually([&] { return scene.only_parcel("YTO")["stage"].string() == "cancelled"; }));
    EXPECT_EQ(scene.timeline(id).count("advance.committed"), 1);
    expect_one_live_booking_each(scene);
    expect_square(scene);
}

TEST(Brokering, NobodyLeftIsSaidAndTheReturnStaysOpen) {
    Scene scene;
    scene.script("YTO", "book", R"({"answer":"refuse"})");
    scene.script("SF", "book", R"({"answer":"refuse"})");
    const Shopper shopper = scene.introduced();
    const std::string id = scene.apply(shopper);
    ASSERT_TRUE(scene.comes_to(id, "pickup.unserved"));
    EXPECT_EQ(scene.get(As::buyer_app, "/v1/returns/" + id)["status"].string(), "awaiting_parcel");
    EXPECT_NE(scene.book_pickup(shopper, id), "");  // asked again, they come
    ASSERT_TRUE(scene.comes_to(id, "advance.paid"));
    expect_square(scene);
}

// --- lost answers ------------------------------------------------------------------------------------

struct LostAnswer {
    const char* courier;
    const char* answer;
    bool executes;
};

class ALostBookingAnswer : public ::testing::TestWithParam<LostAnswer> {};

TEST_P(ALostBookingAnswer, LeavesExactlyOneLiveBooking) {
    const LostAnswer lost = GetParam();
    Scene scene({.first = lost.courier});
    scene.script(lost.courier, "book",
                 std::string(R"({"answer":")") + lost.answer + R"(","executes":)" +
                     (lost.executes ? "true}" : "false}"));
    const Shopper shopper = scene.introduced();
    const std::string id = scene.apply(shopper);
    ASSERT_TRUE(scene.comes_to(id, "advance.paid"));
    expect_one_live_booking_each(scene);
    Books books(scene.dsn());
    const auto parcel = scene.only_parcel(lost.courier);
    if (std::string_view(lost.courier) != "SF") {
        // The same reference again is the same booking, so that it is simply asked for once more.
        EXPECT_EQ(bookings_of(books, id), Strings{std::string(lost.courier) + " collected"});
        // Unless its callback was faster than our patience.
        EXPECT_GE(parcel["requests"].integer().value_or(0), 1);
        EXPECT_LE(parcel["requests"].integer().value_or(0), lost.executes ? 2 : 1);
    } else if (lost.executes) {
        // SF is asked what became of it, and never sent the order again.
        EXPECT_EQ(bookings_of(books, id), Strings{"SF collected"});
        EXPECT_EQ(parcel["requests"].integer(), 1);
    } else {
        EXPECT_EQ(bookings_of(books, id), (Strings{"SF refused", "YTO collected"}));
    }
    expect_square(scene);
}

INSTANTIATE_TEST_SUITE_P(
    Lost, ALostBookingAnswer,
    ::testing::Values(LostAnswer{"YTO", "close", true}, LostAnswer{"YTO", "never", true},
                      LostAnswer{"YTO", "garbage", true}, LostAnswer{"YTO", "unavailable", false},
                      LostAnswer{"KUAIDI100", "close", true}, LostAnswer{"KUAIDI100", "never", true},
                      LostAnswer{"KUAIDI100", "cut_short", true},
                      LostAnswer{"KUAIDI100", "unavailable", false}, LostAnswer{"SF", "close", true},
                      LostAnswer{"SF", "never", true}, LostAnswer{"SF", "cut_short", true},
                      LostAnswer{"SF", "unavailable", true}, LostAnswer{"SF", "close", false}),
    [](const auto& parameter) {
        return std::string(parameter.param.courier) + "_" + parameter.param.answer +
               (parameter.param.executes ? "" : "_before");
    });

// --- the buyer changes their mind while the courier is at the door ----------------------------------

TEST(ACancellation, RacingWithTheCollectionEndsOneWayInAllBooks) {
    Scene scene;
    for (int round = 0; round < 6; ++round) {
        const std::string courier = round % 2 == 0 ? "YTO" : "SF";
        if (courier == "SF") scene.script("YTO", "book", R"({"answer":"refuse"})");
        scene.script(courier, "book", R"({"hold_before":"collected"})");
        const Shopper shopper = scene.introduced();
        const std::string id = scene.apply(shopper);
        ASSERT_TRUE(scene.comes_to(id, "pickup.accepted"));
        Books books(scene.dsn());
        const std::string reference =
            books.column("SELECT booking_reference FROM booking WHERE status = 'accepted'").at(0);
        const std::string stage = "SELECT status FROM booking WHERE booking_reference = '" + reference + "'";

        std::thread collects([&] { scene.advance(courier, reference, "collected"); });
        const auto cancelled = scene.call(As::buyer_app, "DELETE", "/v1/returns/" + id + "/pickup");
        collects.join();
        EXPECT_TRUE(cancelled.status == 200 || cancelled.status == 409) << cancelled.body;
        ASSERT_TRUE(testing::eventually([&] {
            const std::string status = books.column(stage).at(0);
            return status == "cancelled" || (status == "collected" && advance_state(books, id) == "paid");
        })) << id
            << " is " << books.column(stage).at(0) << ":" << scene.timeline(id).words();
        const bool is_collected = books.column(stage).at(0) == "collected";
        EXPECT_EQ(advance_state(books, id), is_collected ? "paid" : "");
        const auto book = scene.courier_book(courier);
        for (const auto& parcel : book["bookings"].items()) {
            if (parcel["reference"].string() != reference) continue;
            EXPECT_EQ(parcel["live"].boolean(), is_collected);
        }
    }
    expect_one_live_booking_each(scene);
    expect_square(scene);
}

}  // namespace
}  // namespace returngate::e2e
