// What a courier has done for us over the last hours, as our own records tell.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "src/base/ids.hpp"
#include "src/base/time.hpp"

namespace returngate {

// It had nobody free, or did not come at that time of the day.
struct FullRegion {
    std::string region;
    Instant at{};  // its latest such answer
    bool operator==(const FullRegion&) const = default;
};

struct CourierRecord {
    CourierCode code{};
    std::int32_t asked = 0;     // bookings that it accepted, refused, or left unanswered or unserved
    std::int32_t accepted = 0;  // of these
    std::int32_t due = 0;       // accepted ones that were collected, or whose window is over
    std::int32_t on_time = 0;   // of these: collected before the window's end
    // The latest time at which its "collected" turned out to be wrong.
    std::optional<Instant> contradicted_at{};
    std::vector<FullRegion> full{};
    bool operator==(const CourierRecord&) const = default;
};

}  // namespace returngate
