// The grid of windows over the Shanghai day, and why a wished one cannot be had.
#include "src/pickup/windows.hpp"

#include <algorithm>
#include <string>

namespace returngate {
namespace {

using std::chrono::days;

constexpr std::size_t kOffered = 3;

std::chrono::year_month_day plus_days(std::chrono::year_month_day date, int count) {
    return std::chrono::year_month_day{std::chrono::sys_days{date} + days{count}};
}

bool is_served(const Window& window, const CourierHours& couriers) {
    return is_after_opening(window, couriers) && is_within_cut_off(window, couriers);
}

// Back-to-back windows from opening time on; the last one ends before closing time.
void append_grid(std::vector<PickupSlot>& slots, const PickupHours& hours, std::chrono::year_month_day date,
                 Instant not_before, const CourierHours& couriers) {
    for (auto start = hours.opens; start + hours.slot_length <= hours.closes; start += hours.slot_length) {
        const Window window{from_shanghai(date, start), from_shanghai(date, start + hours.slot_length)};
        if (window.start < not_before || !is_served(window, couriers)) continue;
        slots.push_back({.window = window, .is_now = false});
    }
}

// As asked at `now`, which must be within the hours.
std::vector<PickupSlot> slots_at(const PickupHours& hours, Instant now, const CourierHours& couriers) {
    std::vector<PickupSlot> slots;
    const Window soonest{now, now + hours.slot_length};
    if (is_served(soonest, couriers)) slots.push_back({.window = soonest, .is_now = true});
    const auto today = shanghai(now).date;
    for (int day = 0; day <= hours.days_ahead; ++day) {
        // A grid window that starts this very moment is the `now` window.
        append_grid(slots, hours, plus_days(today, day), now + Duration{1}, couriers);
    }
    return slots;
}

Instant next_opening(const PickupHours& hours, Instant now) {
    const LocalTime local = shanghai(now);
    const int wait_days = local.since_midnight > hours.closes ? 1 : 0;
    return from_shanghai(plus_days(local.date, wait_days), hours.opens);
}

std::string clock_text(Instant instant) {
    return format_shanghai(instant).substr(11, 5);
}

std::string offer_text(const PickupHours& hours, Instant now, const CourierHours& couriers) {
    const auto slots = next_slots(hours, now, kOffered, couriers);
    if (slots.empty()) return "No window can be had in the coming days.";
    std::string text = "Next windows:";
    for (const auto& slot : slots) {
        text += text.back() == ':' ? " " : ", ";
        text += format_shanghai(slot.window.start).substr(0, 16) + "-" + clock_text(slot.window.end);
    }
    return text + " (Asia/Shanghai).";
}

bool is_shown_now_window(const PickupHours& hours, Instant now, const Window& window) {
    return window.start <= now && window.start + hours.shown_for >= now && is_open_at(hours, window.start);
}

std::string two_digits(std::chrono::minutes::rep value) {
    return std::string(value < 10 ? "0" : "") + std::to_string(value);
}

std::string hour_text(std::chrono::minutes since_midnight) {
    return two_digits(since_midnight.count() / 60) + ":" + two_digits(since_midnight.count() % 60);
}

}  // namespace

bool is_after_opening(const Window& window, const CourierHours& courier) {
    return shanghai(window.start).since_midnight >= courier.opens;
}

bool is_within_cut_off(const Window& window, const CourierHours& courier) {
    if (courier.cut_off >= kNoCutOff) return true;
    return shanghai(window.start).since_midnight + (window.end - window.start) <= courier.cut_off;
}

bool is_open_at(const PickupHours& hours, Instant now) {
    const auto local = shanghai(now).since_midnight;
    return local >= hours.opens && local <= hours.closes;
}

std::vector<PickupSlot> bookable_slots(const PickupHours& hours, Instant now, const CourierHours& couriers) {
    if (!is_open_at(hours, now)) return {};
    return slots_at(hours, now, couriers);
}

std::vector<PickupSlot> next_slots(const PickupHours& hours, Instant now, std::size_t count,
                                   const CourierHours& couriers) {
    const bool is_open = is_open_at(hours, now);
    auto slots = slots_at(hours, is_open ? now : next_opening(hours, now), couriers);
    if (!is_open && !slots.empty()) slots.front().is_now = false;  // the grid's first window, not now
    if (slots.size() > count) slots.resize(count);
    return slots;
}

Result<Window> choose_window(const PickupHours& hours, Instant now, const std::optional<Window>& requested,
                             const CourierHours& couriers) {
    auto refuse = [&](std::string code, const std::string& reason) {
        return fail(ErrorKind::invalid, std::move(code), reason + " " + offer_text(hours, now, couriers));
    };
    if (!is_open_at(hours, now)) {
        return refuse("outside_hours", "Pickups are taken between " + hour_text(hours.opens) + " and " +
                                           hour_text(hours.closes) + ".");
    }
    const Window window = requested.value_or(Window{now, now + hours.slot_length});
    if (window.end - window.start != hours.slot_length) {
        return refuse("wrong_window_length",
                      "A pickup window is " + std::to_string(hours.slot_length.count()) + " minutes long.");
    }
    const bool is_now = is_shown_now_window(hours, now, window);
    if (window.start < now && !is_now) return refuse("window_past", "The window has begun already.");
    if (!is_within_cut_off(window, couriers)) return refuse("after_cut_off", "No courier comes that late.");
    if (!is_after_opening(window, couriers)) return refuse("before_opening", "No courier comes that early.");
    const auto slots = slots_at(hours, now, couriers);
    const bool is_on_grid = std::ranges::find(slots, window, &PickupSlot::window) != slots.end();
    if (!is_now && !is_on_grid) return refuse("window_not_on_offer", "This window is not on offer.");
    return window;
}

}  // namespace returngate
