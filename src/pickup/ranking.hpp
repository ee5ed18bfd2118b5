// Which courier to ask next for a pickup, and why the others are not asked. Pure.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>
#include <vector>

#include "src/base/ids.hpp"
#include "src/base/money.hpp"
#include "src/base/time.hpp"
#include "src/pickup/courier_record.hpp"
#include "src/pickup/windows.hpp"

namespace returngate {

// What the order of couriers goes by besides the configured priority, in points of priority.
struct RankingWeights {
    int refusals = 100;    // where every booking was refused or left unserved
    int lateness = 100;    // where every collection came after its window
    int fee_per_yuan = 0;  // of the pickup fee, as it was quoted or is agreed
    int full = 200;        // where it had nobody free just now
    int enough = 20;       // fewer bookings than this say nothing
    bool operator==(const RankingWeights&) const = default;
};

struct CourierCandidate {
    CourierCode code;
    int priority = 100;  // of the configuration, lower goes first
    bool enabled = true;
    bool breaker_open = false;   // it has been failing; asking costs the promise
    bool already_tried = false;  // for this pickup
    CourierHours hours{};
    Fen fee_fen = 0;  // of this pickup: quoted, or else agreed
    CourierRecord record{};
    bool is_covered = true;  // by the configured coverage
    bool is_served = true;   // as the courier itself answered lately
    bool is_full = false;    // it had nobody free in this region just now
};

enum class Exclusion {
    disabled,
    already_tried,
    out_of_coverage,
    not_served,
    breaker_open,
    before_opening,
    after_cut_off
};
[[nodiscard]] std::string_view to_string(Exclusion exclusion);

// What speaks against a courier, in points; more of them go later.
struct Demerits {
    int priority = 0;
    int refusals = 0;
    int lateness = 0;
    int fee = 0;
    int full = 0;
    [[nodiscard]] int sum() const { return priority + refusals + lateness + fee + full; }
    bool operator==(const Demerits&) const = default;
};

struct RankedCourier {
    CourierCode code;
    std::optional<Exclusion> excluded{};
    Demerits demerits{};
    bool operator==(const RankedCourier&) const = default;
};

// Every candidate once: those to ask, best first, then the excluded ones. Equals go by code, so that the
// same input gives the same order everywhere. Without records it is the order of the priorities.
[[nodiscard]] std::vector<RankedCourier> rank_couriers(const std::vector<CourierCandidate>& candidates,
                                                       const Window& window,
                                                       const RankingWeights& weights = {});

}  // namespace returngate
