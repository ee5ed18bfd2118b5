// The rule book's versions that this process knows, and the one in force at an instant. Any thread.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "adapters/postgres/read/policies.hpp"
#include "gateway/configuration.hpp"

namespace returngate {

// One version, validated; `rules.policy.version` is its number.
struct PolicyInForce {
    Instant effective_at{};
    configuration::PolicyFile rules;
};

// An approved version of the database, read by this program. Error: `invalid` policy, when it has rules that
// this program does not understand; such a version has no effect here.
[[nodiscard]] Result<PolicyInForce> read_policy(const postgres::PolicyVersion& stored);

class PolicyBook {
public:
    void add(PolicyInForce version);
    // The latest by instant, then by number, that is in force by then: the same for every gateway that knows
    // the same versions. Null: none.
    [[nodiscard]] std::shared_ptr<const PolicyInForce> at(Instant now) const;
    // Its policy alone.
    [[nodiscard]] std::shared_ptr<const Policy> policy_at(Instant now) const;

private:
    mutable std::mutex mutex_;
    std::vector<std::shared_ptr<const PolicyInForce>> versions_;  // by instant and number
};

}  // namespace returngate
