// Stars from records, steps from facts, and what both leave of a rating. Integers only.
#include "src/advance/standing.hpp"

#include <algorithm>

namespace returngate {
namespace {

constexpr std::array<std::string_view, 5> kSteps{"warning", "restriction", "rating_cut",
                                                 "privilege_withdrawn", "ban"};
constexpr std::string_view kBanned = "banned";
constexpr int kMostStepsByRules = 3;  // warning, restriction, rating cut

std::int64_t count(const std::vector<ConductFact>& facts, std::string_view fact, Instant since) {
    return std::ranges::count_if(
        facts, [&](const ConductFact& each) { return each.fact == fact && each.at >= since; });
}

// Of 10,000; a buyer may return more than was ordered within the days.
std::int32_t rate_bp(std::int64_t part, std::int64_t whole) {
    return static_cast<std::int32_t>(std::min<std::int64_t>(10'000, part * 10'000 / whole));
}

int steps_of(std::string_view fact, const PenaltyRules& rules) {
    if (fact == kChangedMind) return rules.changed_mind_steps;
    if (fact == kDisputeLost) return rules.dispute_lost_steps;
    if (fact == kFalseWaybill) return rules.false_waybill_steps;
    if (fact == kUnpaidClawback) return rules.unpaid_clawback_steps;
    return 0;
}

std::int64_t standing_count(const Standing& standing, PenaltyStep step) {
    return std::ranges::count_if(
        standing.penalties, [&](const Penalty& penalty) { return penalty.stands() && penalty.step == step; });
}

}  // namespace

std::string_view to_string(PenaltyStep step) {
    return kSteps.at(static_cast<std::size_t>(step));
}

std::optional<PenaltyStep> parse_penalty_step(std::string_view word) {
    for (std::size_t i = 0; i < kSteps.size(); ++i) {
        if (kSteps.at(i) == word) return static_cast<PenaltyStep>(i);
    }
    return std::nullopt;
}

std::optional<RecordedRating> rating_of(const RecordFigures& figures, const std::vector<ConductFact>& facts,
                                        Instant now, const RatingRules& rules) {
    if (figures.orders < rules.enough_orders) return std::nullopt;
    const Instant since = now - rules.window;
    RecordedRating rating;
    rating.refund_rate_bp = rate_bp(figures.refunds, figures.orders);
    rating.dispute_rate_bp = rate_bp(figures.disputes, figures.orders);
    rating.complaints = static_cast<std::int32_t>(count(facts, kComplaint, since));
    const std::int64_t off = rating.refund_rate_bp / rules.refund_rate_bp_per_star +
                             rating.dispute_rate_bp / rules.dispute_rate_bp_per_star +
                             rating.complaints / rules.complaints_per_star +
                             count(facts, kDisputeLost, since) / rules.disputes_lost_per_star;
    rating.stars = static_cast<int>(std::max<std::int64_t>(1, rules.most_stars - off));
    return rating;
}

std::optional<PenaltyStep> step_for(std::string_view fact, const std::vector<ConductFact>& facts,
                                    const PenaltyRules& rules) {
    if (steps_of(fact, rules) == 0) return std::nullopt;
    int steps = 0;
    for (const auto& each : facts) steps = std::min(kMostStepsByRules, steps + steps_of(each.fact, rules));
    return static_cast<PenaltyStep>(steps - 1);
}

Effect effect_of(const Standing& standing, const PenaltyRules& rules,
                 const std::array<Fen, 6>& line_by_stars) {
    Effect effect{standing.stars, 0, standing.excluded};
    const auto cuts = static_cast<int>(standing_count(standing, PenaltyStep::rating_cut));
    if (effect.stars > 0) effect.stars = std::max(1, effect.stars - cuts * rules.rating_cut_stars);
    const bool is_banned = standing_count(standing, PenaltyStep::ban) > 0;
    if (is_banned) effect.stars = std::min(effect.stars, 1);
    const Fen by_stars = line_by_stars.at(static_cast<std::size_t>(effect.stars));
    effect.line_fen = standing.line_fen.value_or(by_stars);
    if (cuts > 0) effect.line_fen = std::min(effect.line_fen, by_stars);
    if (standing_count(standing, PenaltyStep::restriction) > 0)
        effect.line_fen = std::min(effect.line_fen, rules.restricted_line_fen);
    if (is_banned || standing_count(standing, PenaltyStep::privilege_withdrawn) > 0) effect.line_fen = 0;
    if (is_banned && effect.excluded.empty()) effect.excluded = kBanned;
    // Callbacks read the line alone (docs/decisions/0014): who is excluded has none.
    if (!effect.excluded.empty()) effect.line_fen = 0;
    return effect;
}

}  // namespace returngate
