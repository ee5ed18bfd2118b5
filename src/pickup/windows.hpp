// When a pickup can be asked for, and which two-hour windows can be had (decision 19). Pure.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>
#include <vector>

#include "src/base/result.hpp"
#include "src/base/time.hpp"

namespace returngate {

// Wall clock of Asia/Shanghai. `opens` and `closes` limit the time of the request, both included.
struct PickupHours {
    std::chrono::minutes opens{9 * 60};
    std::chrono::minutes closes{20 * 60};
    std::chrono::minutes slot_length{120};
    int days_ahead = 2;
    // A `now` window that was shown to the buyer this long ago can still be booked.
    std::chrono::minutes shown_for{5};
};

struct PickupSlot {
    Window window;
    bool is_now = false;  // [t, t + slot_length] instead of one of the grid
    bool operator==(const PickupSlot&) const = default;
};

// Local minutes after midnight of the window's day: no window of a courier may begin before it opens or end
// after its cut-off.
constexpr std::chrono::minutes kNoCutOff{24 * 60};
struct CourierHours {
    std::chrono::minutes opens{0};
    std::chrono::minutes cut_off = kNoCutOff;
};
[[nodiscard]] bool is_after_opening(const Window& window, const CourierHours& courier);
[[nodiscard]] bool is_within_cut_off(const Window& window, const CourierHours& courier);

[[nodiscard]] bool is_open_at(const PickupHours& hours, Instant now);

// What can be booked at this moment, soonest first; empty outside the hours. `couriers` is from the
// earliest opening to the latest cut-off of those that could come.
[[nodiscard]] std::vector<PickupSlot> bookable_slots(const PickupHours& hours, Instant now,
                                                     const CourierHours& couriers = {});

// What to offer to somebody who was refused: the windows that can be had from the next moment on
// at which we are open.
[[nodiscard]] std::vector<PickupSlot> next_slots(const PickupHours& hours, Instant now, std::size_t count,
                                                 const CourierHours& couriers = {});

// The window to book; no request means `now`. Fails with `invalid` and one of the codes
// outside_hours, wrong_window_length, window_past, window_not_on_offer, before_opening, after_cut_off; the
// message names the next windows.
[[nodiscard]] Result<Window> choose_window(const PickupHours& hours, Instant now,
                                           const std::optional<Window>& requested,
                                           const CourierHours& couriers = {});

}  // namespace returngate
