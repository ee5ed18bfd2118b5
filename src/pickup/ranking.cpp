// Excluded couriers last, the rest by configured priority.
#include "src/pickup/ranking.hpp"

#include <algorithm>
#include <array>
#include <tuple>

namespace returngate {
namespace {

constexpr std::array<std::string_view, 4> kExclusionNames{"disabled", "already_tried", "breaker_open",
                                                          "after_cut_off"};

// The lasting reason before the passing one.
std::optional<Exclusion> exclusion_of(const CourierCandidate& candidate, const Window& window) {
    if (!candidate.enabled) return Exclusion::disabled;
    if (candidate.already_tried) return Exclusion::already_tried;
    if (candidate.breaker_open) return Exclusion::breaker_open;
    if (!is_within_cut_off(window, candidate.cut_off)) return Exclusion::after_cut_off;
    return std::nullopt;
}

}  // namespace

std::string_view to_string(Exclusion exclusion) {
    return kExclusionNames[static_cast<std::size_t>(exclusion)];
}

std::vector<RankedCourier> rank_couriers(const std::vector<CourierCandidate>& candidates,
                                         const Window& window) {
    struct Entry {
        std::tuple<bool, int, std::string_view> order;
        RankedCourier courier;
    };
    std::vector<Entry> entries;
    entries.reserve(candidates.size());
    for (const auto& candidate : candidates) {
        const auto excluded = exclusion_of(candidate, window);
        entries.push_back(
            {{excluded.has_value(), candidate.priority, candidate.code.value}, {candidate.code, excluded}});
    }
    std::ranges::sort(entries, {}, &Entry::order);
    std::vector<RankedCourier> ranked;
    ranked.reserve(entries.size());
    for (auto& entry : entries) ranked.push_back(std::move(entry.courier));
    return ranked;
}

}  // namespace returngate
