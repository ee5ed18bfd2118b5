// The rule tables. To add a rule: write its function, add its row, name its scenario in the tests.
#include "src/advance/eligibility.hpp"

#include <algorithm>
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

bool is_listed(const std::vector<std::string>& list, std::string_view name) {
    return std::ranges::find(list, name) != list.end();
}

// B1: only what may be returned without a reason is answered without the seller.
Verdict reason_in_scope(const ApplicationFacts& facts) {
    return {is_listed(facts.policy.scope.reasons, facts.reason), std::string(facts.reason)};
}

// B2: both lists are data.
Verdict category_in_scope(const ApplicationFacts& facts) {
    return {is_listed(facts.policy.scope.categories, facts.order.category), facts.order.category};
}
Verdict seller_in_pilot(const ApplicationFacts& facts) {
    return {facts.is_pilot_seller || !facts.policy.scope.pilot_sellers_only,
            facts.is_pilot_seller ? "pilot seller" : "no pilot seller"};
}

// A8: trades that the instant flow is not for.
Verdict trade_kind_in_scope(const ApplicationFacts& facts) {
    return {!is_listed(facts.policy.scope.excluded_trade_kinds, facts.order.trade_kind),
            facts.order.trade_kind};
}

// D2: the platform takes shops and goods out; the seller cannot.
Verdict seller_not_excluded(const ApplicationFacts& facts) {
    return {!is_listed(facts.policy.scope.excluded_sellers, facts.order.seller.value),
            facts.order.seller.value};
}
Verdict items_not_excluded(const ApplicationFacts& facts) {
    for (const auto& item : facts.items) {
        if (is_listed(facts.policy.scope.excluded_items, item)) return {false, item};
    }
    return {true, std::to_string(facts.items.size()) + " items"};
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

// A2: open to selected members first, when the policy says so.
Verdict member_selected(const ApplicationFacts& facts) {
    return {facts.trust.is_selected || !facts.policy.trust.selected_only,
            facts.policy.trust.selected_only ? "selected members only" : "open to all"};
}

Verdict at_most(std::int32_t figure, std::int32_t limit, std::string_view unit) {
    return {figure <= limit,
            std::to_string(figure) + " of at most " + std::to_string(limit) + std::string(unit)};
}

// A7: the buyer's conduct over the last 90 days, and what is never forgotten.
Verdict refund_rate(const ApplicationFacts& facts) {
    return at_most(facts.trust.refund_rate_bp, facts.policy.trust.refund_rate_bp, " bp");
}
Verdict complaints(const ApplicationFacts& facts) {
    return at_most(facts.trust.complaints, facts.policy.trust.complaints, " complaints");
}
Verdict dispute_rate(const ApplicationFacts& facts) {
    return at_most(facts.trust.dispute_rate_bp, facts.policy.trust.dispute_rate_bp, " bp");
}
Verdict buyer_not_excluded(const ApplicationFacts& facts) {
    return {facts.trust.excluded.empty(),
            facts.trust.excluded.empty() ? "not excluded" : facts.trust.excluded};
}

// D1: the platform's quality user.
Verdict quality_user(const ApplicationFacts& facts) {
    const int least = facts.policy.unshipped.min_stars;
    return {facts.line.stars >= least,
            std::to_string(facts.line.stars) + " of " + std::to_string(least) + " stars"};
}

// D1: paid for the whole order, whatever part of it is refunded.
Verdict paid_below(const ApplicationFacts& facts) {
    return {facts.order.paid_fen < facts.policy.unshipped.below_fen,
            std::to_string(facts.order.paid_fen) + ", below " +
                std::to_string(facts.policy.unshipped.below_fen) + " fen"};
}

// D1: not what is made to order, and nothing virtual.
Verdict category_not_excluded(const ApplicationFacts& facts) {
    return {!is_listed(facts.policy.unshipped.excluded_categories, facts.order.category),
            facts.order.category};
}

constexpr std::array kUnshippedRules{
    Rule{"D1", "quality_user", quality_user},
    Rule{"D1", "paid_below", paid_below},
    Rule{"D1", "category_not_excluded", category_not_excluded},
    Rule{"D2", "seller_not_excluded", seller_not_excluded},
    Rule{"D2", "items_not_excluded", items_not_excluded},
    Rule{"D2", "buyer_not_excluded", buyer_not_excluded},
};

constexpr std::string_view kLineRule = "within_credit_line";

constexpr std::array kApprovalRules{
    Rule{"B1", "stars_at_least", stars_at_least},
    Rule{"B1", "within_days", within_days},
    Rule{"B1", "reason_in_scope", reason_in_scope},
    Rule{"B2", "category_in_scope", category_in_scope},
    Rule{"B2", "seller_in_pilot", seller_in_pilot},
    Rule{"B5", "picture_present", picture_present},
    Rule{"A8", "trade_kind_in_scope", trade_kind_in_scope},
    Rule{"D2", "seller_not_excluded", seller_not_excluded},
    Rule{"D2", "items_not_excluded", items_not_excluded},
};

constexpr std::array kRefundRules{
    Rule{"A2", kLineRule, within_credit_line},
    Rule{"A2", "member_selected", member_selected},
    Rule{"A7", "refund_rate", refund_rate},
    Rule{"A7", "complaints", complaints},
    Rule{"A7", "dispute_rate", dispute_rate},
    Rule{"A7", "buyer_not_excluded", buyer_not_excluded},
    Rule{"A8", "trade_kind_in_scope", trade_kind_in_scope},
    Rule{"D2", "seller_not_excluded", seller_not_excluded},
    Rule{"D2", "items_not_excluded", items_not_excluded},
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
std::vector<RuleResult> unshipped_rules(const ApplicationFacts& facts) {
    return evaluate(kUnshippedRules, facts);
}

bool grants_advance(const std::vector<RuleResult>& refund_rules) {
    return !refund_rules.empty() && all_passed(refund_rules);
}

bool is_above_line_only(const std::vector<RuleResult>& refund_rules) {
    const auto fails = [](const RuleResult& rule) { return !rule.passed; };
    return std::ranges::count_if(refund_rules, fails) == 1 &&
           std::ranges::find_if(refund_rules, fails)->name == kLineRule;
}

ApplicationInputs inputs_of(const ApplicationFacts& facts) {
    ApplicationInputs inputs;
    inputs.at = facts.now;
    inputs.seller = facts.order.seller;
    inputs.is_pilot_seller = facts.is_pilot_seller;
    inputs.category = facts.order.category;
    inputs.trade_kind = facts.order.trade_kind;
    inputs.received_at = facts.order.received_at;
    inputs.paid_fen = facts.order.paid_fen;
    inputs.amount_fen = facts.amount_fen;
    inputs.stars = facts.line.stars;
    inputs.line_fen = facts.line.line_fen;
    inputs.held_fen = facts.line.held_fen;
    inputs.open_fen = facts.line.open_fen;
    inputs.refund_rate_bp = facts.trust.refund_rate_bp;
    inputs.complaints = facts.trust.complaints;
    inputs.dispute_rate_bp = facts.trust.dispute_rate_bp;
    inputs.is_selected = facts.trust.is_selected;
    inputs.excluded = facts.trust.excluded;
    inputs.items = facts.items;
    inputs.reason = facts.reason;
    inputs.pictures = facts.pictures;
    return inputs;
}

Verdicts judge_again(const Policy& policy, const ApplicationInputs& inputs) {
    Order order;
    order.seller = inputs.seller;
    order.category = inputs.category;
    order.trade_kind = inputs.trade_kind;
    order.received_at = inputs.received_at;
    order.paid_fen = inputs.paid_fen;
    CreditLine line;
    line.stars = inputs.stars;
    line.line_fen = inputs.line_fen;
    line.held_fen = inputs.held_fen;
    line.open_fen = inputs.open_fen;
    BuyerTrust trust;
    trust.refund_rate_bp = inputs.refund_rate_bp;
    trust.complaints = inputs.complaints;
    trust.dispute_rate_bp = inputs.dispute_rate_bp;
    trust.is_selected = inputs.is_selected;
    trust.excluded = inputs.excluded;
    const ApplicationFacts facts{.policy = policy,
                                 .order = order,
                                 .line = line,
                                 .trust = trust,
                                 .items = inputs.items,
                                 .is_pilot_seller = inputs.is_pilot_seller,
                                 .amount_fen = inputs.amount_fen,
                                 .pictures = inputs.pictures,
                                 .reason = inputs.reason,
                                 .now = inputs.at};
    if (inputs.is_unshipped) return {unshipped_rules(facts), {}};
    return {approval_rules(facts), refund_rules(facts)};
}

}  // namespace returngate
