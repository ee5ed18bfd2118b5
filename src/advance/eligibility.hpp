// The rules of an application, one small pure function and one row each.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "src/advance/application_inputs.hpp"
#include "src/base/money.hpp"
#include "src/base/rule.hpp"
#include "src/returns/case_file.hpp"
#include "src/returns/policy.hpp"

namespace returngate {

// Everything that a rule may look at.
struct ApplicationFacts {
    const Policy& policy;
    const Order& order;
    const CreditLine& line;
    const BuyerTrust& trust;
    const std::vector<std::string>& items;  // item ids
    bool is_pilot_seller = false;
    Fen amount_fen = 0;
    std::size_t pictures = 0;
    std::string_view reason;
    Instant now{};
};

// All must pass for an automatic approval; else the seller answers (decision 5).
[[nodiscard]] std::vector<RuleResult> approval_rules(const ApplicationFacts& facts);
// All must pass for an advance; else the refund follows the receipt.
[[nodiscard]] std::vector<RuleResult> refund_rules(const ApplicationFacts& facts);

// All must pass for the refund of an order that was not shipped to be approved at once (D1, D2).
[[nodiscard]] std::vector<RuleResult> unshipped_rules(const ApplicationFacts& facts);
// The refund's rules were asked and all pass. The refund of an order that was not shipped is no advance: it
// is asked none.
[[nodiscard]] bool grants_advance(const std::vector<RuleResult>& refund_rules);
// Nothing but the line is in the way of an advance: it may come back (A3, A6).
[[nodiscard]] bool is_above_line_only(const std::vector<RuleResult>& refund_rules);

// All that the rules look at, by value. A rule that looks at something else makes explanations differ.
[[nodiscard]] ApplicationInputs inputs_of(const ApplicationFacts& facts);
struct Verdicts {
    std::vector<RuleResult> approval;
    std::vector<RuleResult> refund;
};
[[nodiscard]] Verdicts judge_again(const Policy& policy, const ApplicationInputs& inputs);

}  // namespace returngate
