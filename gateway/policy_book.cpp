// Few versions, in order; the search begins at the end, where the answer mostly is.
#include "gateway/policy_book.hpp"

#include <algorithm>

namespace returngate {

Result<PolicyInForce> read_policy(const postgres::PolicyVersion& stored) {
    auto rules = configuration::parse_policy(stored.rules, "policy " + std::to_string(stored.version));
    if (!rules) return tl::unexpected(rules.error());
    rules->policy.version = stored.version;
    return PolicyInForce{stored.effective_at.value(), *std::move(rules)};
}

void PolicyBook::add(PolicyInForce version) {
    const auto is_before = [](const auto& a, const auto& b) {
        return std::pair(a->effective_at, a->rules.policy.version) <
               std::pair(b->effective_at, b->rules.policy.version);
    };
    auto added = std::make_shared<const PolicyInForce>(std::move(version));
    const std::lock_guard lock(mutex_);
    versions_.insert(std::ranges::upper_bound(versions_, added, is_before), std::move(added));
}

std::shared_ptr<const PolicyInForce> PolicyBook::at(Instant now) const {
    const std::lock_guard lock(mutex_);
    for (auto version = versions_.rbegin(); version != versions_.rend(); ++version) {
        if ((*version)->effective_at <= now) return *version;
    }
    return nullptr;
}

std::shared_ptr<const Policy> PolicyBook::policy_at(Instant now) const {
    auto version = at(now);
    const Policy* policy = version ? &version->rules.policy : nullptr;
    return {std::move(version), policy};
}

}  // namespace returngate
