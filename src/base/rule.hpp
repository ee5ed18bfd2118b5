// A named rule's answer, as stored with the decision and shown in the timeline.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace returngate {

struct RuleResult {
    std::string_view label;  // of the rule book, e.g. "B1"
    std::string_view name;   // e.g. "stars_at_least"
    bool passed = false;
    std::string detail;  // the figures that it compared, e.g. "4 ≥ 3"

    bool operator==(const RuleResult&) const = default;
};

[[nodiscard]] inline bool all_passed(const std::vector<RuleResult>& rules) {
    for (const auto& rule : rules) {
        if (!rule.passed) return false;
    }
    return true;
}

}  // namespace returngate
