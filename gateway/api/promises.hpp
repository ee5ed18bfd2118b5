// What was promised, when, and whether it was kept: computed from a return's rows and events. Pure.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "adapters/postgres/read/views.hpp"
#include "src/returns/policy.hpp"

namespace returngate::api {

struct Promise {
    std::string_view promise;
    Instant promised_at{};  // at the latest
    std::optional<Instant> actual_at;
    std::optional<bool> kept;  // absent: still open, or no longer owed
    bool operator==(const Promise&) const = default;
};

// In the order in which they were given.
[[nodiscard]] std::vector<Promise> promises_of(const postgres::TimelineView& timeline, const Clocks& clocks,
                                               Instant now);

}  // namespace returngate::api
