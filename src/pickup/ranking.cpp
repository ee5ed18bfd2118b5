// Excluded couriers last, the rest by what speaks against them.
#include "src/pickup/ranking.hpp"

#include <algorithm>
#include <array>
#include <tuple>

namespace returngate {
namespace {

constexpr std::array<std::string_view, 7> kExclusionNames{"disabled",     "already_tried", "out_of_coverage",
                                                          "not_served",   "breaker_open",  "before_opening",
                                                          "after_cut_off"};
constexpr Fen kFenPerYuan = 100;

// The lasting reason before the passing one.
std::optional<Exclusion> exclusion_of(const CourierCandidate& candidate, const Window& window) {
    if (!candidate.enabled) return Exclusion::disabled;
    if (candidate.already_tried) return Exclusion::already_tried;
    if (!candidate.is_covered) return Exclusion::out_of_coverage;
    if (!candidate.is_served) return Exclusion::not_served;
    if (candidate.breaker_open) return Exclusion::breaker_open;
    if (!is_after_opening(window, candidate.hours)) return Exclusion::before_opening;
    if (!is_within_cut_off(window, candidate.hours)) return Exclusion::after_cut_off;
    return std::nullopt;
}

// A handful of bookings is chance.
int share_of(int points, std::int32_t bad, std::int32_t all, const RankingWeights& weights) {
    if (all < std::max(weights.enough, 1)) return 0;
    return static_cast<int>(std::int64_t{points} * bad / all);
}

Demerits demerits_of(const CourierCandidate& candidate, const RankingWeights& weights) {
    const CourierRecord& record = candidate.record;
    Demerits demerits;
    demerits.priority = candidate.priority;
    demerits.refusals = share_of(weights.refusals, record.asked - record.accepted, record.asked, weights);
    demerits.lateness = share_of(weights.lateness, record.due - record.on_time, record.due, weights);
    if (candidate.is_full) demerits.full = weights.full;
    demerits.fee = static_cast<int>(weights.fee_per_yuan * candidate.fee_fen / kFenPerYuan);
    return demerits;
}

}  // namespace

std::string_view to_string(Exclusion exclusion) {
    return kExclusionNames[static_cast<std::size_t>(exclusion)];
}

std::vector<RankedCourier> rank_couriers(const std::vector<CourierCandidate>& candidates,
                                         const Window& window, const RankingWeights& weights) {
    std::vector<RankedCourier> ranked;
    ranked.reserve(candidates.size());
    for (const auto& candidate : candidates) {
        ranked.push_back({candidate.code, exclusion_of(candidate, window), demerits_of(candidate, weights)});
    }
    std::ranges::sort(ranked, {}, [](const RankedCourier& courier) {
        return std::tuple(courier.excluded.has_value(), courier.demerits.sum(),
                          std::string_view(courier.code.value));
    });
    return ranked;
}

}  // namespace returngate
