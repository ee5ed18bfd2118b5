// What a buyer's own conduct makes of the rating (B6, E3, E4): facts remembered, penalties in steps, and the
// stars that our records give where the platform says nothing (A7).
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/ids.hpp"
#include "src/base/money.hpp"
#include "src/base/time.hpp"

namespace returngate {

// Facts that the rules and people remember against a buyer.
inline constexpr std::string_view kFalseWaybill = "false_waybill";      // a number, and no parcel (A7)
inline constexpr std::string_view kUnpaidClawback = "unpaid_clawback";  // not paid back in time (A4)
inline constexpr std::string_view kChangedMind = "changed_mind";        // complained after a refund (E4)
inline constexpr std::string_view kComplaint = "complaint";             // of a seller, against the buyer (A7)
inline constexpr std::string_view kDisputeLost = "dispute_lost";        // decided for the seller

// Penalties have steps (E3). The rules go up to the rating cut; the last two are for people.
enum class PenaltyStep : std::uint8_t { warning, restriction, rating_cut, privilege_withdrawn, ban };
[[nodiscard]] std::string_view to_string(PenaltyStep step);
[[nodiscard]] std::optional<PenaltyStep> parse_penalty_step(std::string_view word);

struct ConductFact {
    std::string fact;
    ReturnId return_id;
    Instant at{};
    bool operator==(const ConductFact&) const = default;
};

struct Penalty {
    std::int32_t number = 0;  // of the buyer's, from 1
    PenaltyStep step{};
    std::string cause;  // the fact, or a person's words
    ReturnId return_id;
    Instant imposed_at{};
    std::string imposed_by;   // owner of the key; "rules"
    std::string reversal_by;  // the first of two who take back what the rules imposed; empty: nobody yet
    std::optional<Instant> reversed_at;
    std::string reversed_by;
    std::string reversal_reason;
    bool operator==(const Penalty&) const = default;

    [[nodiscard]] bool stands() const { return !reversed_at; }
};

// What the platform's snapshot or our records say, before the penalties; and what is held against the buyer.
struct Standing {
    BuyerId buyer;
    int stars = 0;                // 0: nothing is known
    std::optional<Fen> line_fen;  // the platform's override; absent: by stars
    std::string excluded;         // by the platform; empty: not excluded
    bool is_by_records = false;   // else by the platform
    std::optional<Instant> as_of;
    std::vector<ConductFact> facts;  // of the last days that count
    std::vector<Penalty> penalties;  // all there ever were
    std::int64_t version = 0;        // 0: not stored yet
    bool operator==(const Standing&) const = default;
};

// Our own records of a buyer over the last days.
struct RecordFigures {
    std::int64_t orders = 0;
    std::int64_t refunds = 0;   // returns that were applied for
    std::int64_t disputes = 0;  // of these: disputed, or with customer service
};

// From figures to stars: each full measure takes one off.
struct RatingRules {
    int most_stars = 4;     // our own records never give more
    int enough_orders = 5;  // fewer say nothing
    int refund_rate_bp_per_star = 2000;
    int complaints_per_star = 2;
    int dispute_rate_bp_per_star = 500;
    int disputes_lost_per_star = 1;
    std::chrono::days window{90};    // how far back the figures and the facts count
    std::chrono::days snapshot{45};  // how long the platform's word stands
};

// By how many steps a fact goes up, from where the facts of the last days have led.
struct PenaltyRules {
    int changed_mind_steps = 1;
    int dispute_lost_steps = 1;
    int false_waybill_steps = 2;
    int unpaid_clawback_steps = 3;
    Fen restricted_line_fen = 10000;
    int rating_cut_stars = 1;
};

struct RecordedRating {
    int stars = 0;
    std::int32_t refund_rate_bp = 0;
    std::int32_t complaints = 0;
    std::int32_t dispute_rate_bp = 0;
};
// Absent: too few orders.
[[nodiscard]] std::optional<RecordedRating> rating_of(const RecordFigures& figures,
                                                      const std::vector<ConductFact>& facts, Instant now,
                                                      const RatingRules& rules);

// What the facts of the last days call for; absent: a fact that is only counted.
[[nodiscard]] std::optional<PenaltyStep> step_for(std::string_view fact,
                                                  const std::vector<ConductFact>& facts,
                                                  const PenaltyRules& rules);

// What is left of the rating under the penalties that stand.
struct Effect {
    int stars = 0;
    Fen line_fen = 0;
    std::string excluded;
};
[[nodiscard]] Effect effect_of(const Standing& standing, const PenaltyRules& rules,
                               const std::array<Fen, 6>& line_by_stars);

}  // namespace returngate
