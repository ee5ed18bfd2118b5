// The rule tables. To add a rule: write its function, add its row, name its scenario in the tests.
#include "src/advance/eligibility.hpp"

#include <array>
#include <span>

namespace returngate {
namespace {

struct Verdict {
    bool passed = false;
    std::string detail;
};

struct Rule {
    std::string_view label;
    std::string_view name;
    Verdict (*holds)(const ApplicationFacts&);
};

// B1: three stars and more.
Verdict stars_at_least(const ApplicationFacts& facts) {
    return {facts.line.stars >= facts.policy.min_stars,
            std::to_string(facts.line.stars) + " of " + std::to_string(facts.policy.min_stars) + " stars"};
}

// B1: within seven days of receiving the goods; goods not received yet are the seller's to judge.
Verdict within_days(const ApplicationFacts& facts) {
    if (!facts.order.received_at) return {false, "not received yet"};
    const auto age = facts.now - *facts.order.received_at;
    return {age <= facts.policy.within,
            std::to_string(std::chrono::duration_cast<std::chrono::hours>(age).count()) + " h of " +
                std::to_string(facts.policy.within.count()) + " h"};
}

// B5: no written reason, pictures are enough, and one there must be.
Verdict picture_present(const ApplicationFacts& facts) {
    return {facts.pictures > 0, std::to_string(facts.pictures) + " pictures"};
}

// A2, A3: inside what is left of the credit line.
Verdict within_credit_line(const ApplicationFacts& facts) {
    return {facts.amount_fen <= facts.line.left_fen(),
            std::to_string(facts.amount_fen) + " of " + std::to_string(facts.line.left_fen()) + " fen left"};
}

constexpr std::array kApprovalRules{
    Rule{"B1", "stars_at_least", stars_at_least},
    Rule{"B1", "within_days", within_days},
    Rule{"B5", "picture_present", picture_present},
};

constexpr std::array kRefundRules{
    Rule{"A2", "within_credit_line", within_credit_line},
};

std::vector<RuleResult> evaluate(std::span<const Rule> rules, const ApplicationFacts& facts) {
    std::vector<RuleResult> results;
    results.reserve(rules.size());
    for (const auto& rule : rules) {
        auto verdict = rule.holds(facts);
        results.push_back({rule.label, rule.name, verdict.passed, std::move(verdict.detail)});
    }
    return results;
}

}  // namespace

std::vector<RuleResult> approval_rules(const ApplicationFacts& facts) {
    return evaluate(kApprovalRules, facts);
}
std::vector<RuleResult> refund_rules(const ApplicationFacts& facts) {
    return evaluate(kRefundRules, facts);
}

}  // namespace returngate
