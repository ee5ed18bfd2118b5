// Pickup windows against decision 19, with the clock of Asia/Shanghai (UTC+8).
#include "src/pickup/windows.hpp"

#include <gtest/gtest.h>
#include <string>

namespace returngate {
namespace {

using namespace std::chrono_literals;

Instant at(std::string_view shanghai_clock) {
    return parse_shanghai(shanghai_clock).value();
}

Window window(std::string_view start, std::string_view end) {
    return {at(start), at(end)};
}

const PickupHours kHours;

TEST(PickupHours, AreOpenFromNineToTwentyInclusive) {
    EXPECT_FALSE(is_open_at(kHours, at("2026-01-10 08:59:59.999999")));
    EXPECT_TRUE(is_open_at(kHours, at("2026-01-10 09:00:00")));
    EXPECT_TRUE(is_open_at(kHours, at("2026-01-10 20:00:00")));
    EXPECT_FALSE(is_open_at(kHours, at("2026-01-10 20:00:00.000001")));
    EXPECT_FALSE(is_open_at(kHours, at("2026-01-10 00:00:00")));
}

TEST(PickupSlots, AreNowTheRestOfTodayAndTwoDaysAhead) {
    const auto slots = bookable_slots(kHours, at("2026-01-10 14:10:00"));
    ASSERT_EQ(slots.size(), 1U + 2 + 5 + 5);
    EXPECT_TRUE(slots[0].is_now);
    EXPECT_EQ(slots[0].window, window("2026-01-10 14:10:00", "2026-01-10 16:10:00"));
    EXPECT_EQ(slots[1].window, window("2026-01-10 15:00:00", "2026-01-10 17:00:00"));
    EXPECT_EQ(slots[2].window, window("2026-01-10 17:00:00", "2026-01-10 19:00:00"));
    EXPECT_EQ(slots[3].window, window("2026-01-11 09:00:00", "2026-01-11 11:00:00"));
    EXPECT_EQ(slots.back().window, window("2026-01-12 17:00:00", "2026-01-12 19:00:00"));
    EXPECT_FALSE(slots.back().is_now);
}

TEST(PickupSlots, OnTheHourAreListedOnce) {
    const auto slots = bookable_slots(kHours, at("2026-01-10 09:00:00"));
    ASSERT_EQ(slots.size(), 15U);
    EXPECT_EQ(slots[0], (PickupSlot{window("2026-01-10 09:00:00", "2026-01-10 11:00:00"), true}));
    EXPECT_EQ(slots[1].window.start, at("2026-01-10 11:00:00"));
}

TEST(PickupSlots, LateInTheEveningStillHaveNow) {
    const auto slots = bookable_slots(kHours, at("2026-01-10 20:00:00"));
    ASSERT_EQ(slots.size(), 11U);
    EXPECT_EQ(slots[0].window, window("2026-01-10 20:00:00", "2026-01-10 22:00:00"));
    EXPECT_EQ(slots[1].window.start, at("2026-01-11 09:00:00"));
}

TEST(PickupSlots, AreNoneWhileClosed) {
    EXPECT_TRUE(bookable_slots(kHours, at("2026-01-10 20:30:00")).empty());
    EXPECT_TRUE(bookable_slots(kHours, at("2026-01-10 03:00:00")).empty());
}

TEST(PickupSlots, EndBeforeTheLatestCutOff) {
    const auto slots =
        bookable_slots(kHours, at("2026-01-10 16:30:00"), {.cut_off = std::chrono::minutes{17 * 60 + 30}});
    for (const auto& slot : slots) {
        EXPECT_LE(shanghai(slot.window.end).since_midnight, 17h + 30min);
        EXPECT_GE(slot.window.start, at("2026-01-11 09:00:00"));
    }
    EXPECT_EQ(slots.size(), 8U);  // 9, 11, 13, 15 on each of two days
}

TEST(PickupSlots, CrossMonthsAndYears) {
    const auto slots = bookable_slots(kHours, at("2025-12-31 19:30:00"));
    EXPECT_EQ(slots[1].window.start, at("2026-01-01 09:00:00"));
    EXPECT_EQ(slots.back().window.end, at("2026-01-02 19:00:00"));
}

TEST(NextSlots, OfSomebodyRefusedBeginAtTheNextOpening) {
    const auto evening = next_slots(kHours, at("2026-01-10 20:30:00"), 3);
    ASSERT_EQ(evening.size(), 3U);
    EXPECT_EQ(evening[0], (PickupSlot{window("2026-01-11 09:00:00", "2026-01-11 11:00:00"), false}));
    EXPECT_EQ(evening[1].window.start, at("2026-01-11 11:00:00"));
    const auto morning = next_slots(kHours, at("2026-01-10 08:59:00"), 1);
    ASSERT_EQ(morning.size(), 1U);
    EXPECT_EQ(morning[0].window.start, at("2026-01-10 09:00:00"));
}

TEST(ChooseWindow, TakesNowWhenNothingIsWished) {
    EXPECT_EQ(choose_window(kHours, at("2026-01-10 19:59:00"), std::nullopt),
              window("2026-01-10 19:59:00", "2026-01-10 21:59:00"));
}

TEST(ChooseWindow, TakesEveryWindowOnOffer) {
    const Instant now = at("2026-01-10 10:07:13");
    for (const auto& slot : bookable_slots(kHours, now)) {
        EXPECT_EQ(choose_window(kHours, now, slot.window), slot.window);
    }
}

TEST(ChooseWindow, StillTakesANowWindowThatWasShownAMomentAgo) {
    const auto shown = window("2026-01-10 14:00:00", "2026-01-10 16:00:00");
    EXPECT_EQ(choose_window(kHours, at("2026-01-10 14:04:59"), shown), shown);
    EXPECT_EQ(choose_window(kHours, at("2026-01-10 14:05:01"), shown).error().code, "window_past");
}

struct Refusal {
    const char* now;
    const char* start;
    const char* end;
    const char* code;
};

TEST(ChooseWindow, RefusesWithAReasonAndTheNextWindows) {
    const Refusal refusals[] = {
        {"2026-01-10 20:00:01", "2026-01-11 09:00:00", "2026-01-11 11:00:00", "outside_hours"},
        {"2026-01-10 08:59:59", "2026-01-10 09:00:00", "2026-01-10 11:00:00", "outside_hours"},
        {"2026-01-10 10:00:00", "2026-01-10 11:00:00", "2026-01-10 12:00:00", "wrong_window_length"},
        {"2026-01-10 10:00:00", "2026-01-10 13:00:00", "2026-01-10 11:00:00", "wrong_window_length"},
        {"2026-01-10 10:00:00", "2026-01-10 09:00:00", "2026-01-10 11:00:00", "window_past"},
        {"2026-01-10 10:00:00", "2026-01-09 11:00:00", "2026-01-09 13:00:00", "window_past"},
        {"2026-01-10 10:00:00", "2026-01-10 12:00:00", "2026-01-10 14:00:00", "window_not_on_offer"},
        {"2026-01-10 10:00:00", "2026-01-10 19:00:00", "2026-01-10 21:00:00", "window_not_on_offer"},
        {"2026-01-10 10:00:00", "2026-01-13 09:00:00", "2026-01-13 11:00:00", "window_not_on_offer"},
        {"2026-01-10 10:00:00", "2026-01-11 03:00:00", "2026-01-11 05:00:00", "window_not_on_offer"},
    };
    for (const auto& refusal : refusals) {
        const auto answer = choose_window(kHours, at(refusal.now), window(refusal.start, refusal.end));
        ASSERT_FALSE(answer.has_value()) << refusal.now << " " << refusal.start;
        EXPECT_EQ(answer.error().kind, ErrorKind::invalid);
        EXPECT_EQ(answer.error().code, refusal.code) << refusal.start;
        EXPECT_NE(answer.error().message.find("Next windows: 2026-01-1"), std::string::npos);
    }
}

TEST(ChooseWindow, RefusesWhatNoCourierComesFor) {
    const auto answer = choose_window(kHours, at("2026-01-10 18:00:00"), std::nullopt,
                                      {.cut_off = std::chrono::minutes{19 * 60}});
    ASSERT_FALSE(answer.has_value());
    EXPECT_EQ(answer.error().code, "after_cut_off");
    EXPECT_EQ(answer.error().message,
              "No courier comes that late. Next windows: 2026-01-11 09:00-11:00, 2026-01-11 11:00-13:00, "
              "2026-01-11 13:00-15:00 (Asia/Shanghai).");
}

TEST(ChooseWindow, RefusesWhatNoCourierIsUpFor) {
    const CourierHours couriers{.opens = 11h};
    const auto answer = choose_window(kHours, at("2026-01-10 10:00:00"), std::nullopt, couriers);
    ASSERT_FALSE(answer.has_value());
    EXPECT_EQ(answer.error().code, "before_opening");
    const auto slots = bookable_slots(kHours, at("2026-01-10 10:00:00"), couriers);
    ASSERT_FALSE(slots.empty());
    EXPECT_EQ(slots.front(), (PickupSlot{window("2026-01-10 11:00:00", "2026-01-10 13:00:00"), false}));
}

TEST(ChooseWindow, FollowsOtherHours) {
    const PickupHours hours{.opens = 8h, .closes = 12h, .slot_length = 60min, .days_ahead = 0};
    EXPECT_EQ(bookable_slots(hours, at("2026-01-10 08:30:00")).size(), 4U);
    EXPECT_FALSE(choose_window(hours, at("2026-01-10 12:00:01"), std::nullopt).has_value());
}

}  // namespace
}  // namespace returngate
