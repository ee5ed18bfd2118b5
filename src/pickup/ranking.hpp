// Which courier to ask next for a pickup, and why the others are not asked. Pure.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>
#include <vector>

#include "src/base/ids.hpp"
#include "src/base/time.hpp"
#include "src/pickup/windows.hpp"

namespace returngate {

struct CourierCandidate {
    CourierCode code;
    int priority = 100;  // of the configuration, lower goes first
    bool enabled = true;
    bool breaker_open = false;   // it has been failing; asking costs the promise
    bool already_tried = false;  // for this pickup
    std::chrono::minutes cut_off = kNoCutOff;
};

enum class Exclusion { disabled, already_tried, breaker_open, after_cut_off };
[[nodiscard]] std::string_view to_string(Exclusion exclusion);

struct RankedCourier {
    CourierCode code;
    std::optional<Exclusion> excluded;
    bool operator==(const RankedCourier&) const = default;
};

// Every candidate once: those to ask, best first, then the excluded ones. Equal priorities go by
// code, so that the same input gives the same order everywhere.
[[nodiscard]] std::vector<RankedCourier> rank_couriers(const std::vector<CourierCandidate>& candidates,
                                                       const Window& window);

}  // namespace returngate
