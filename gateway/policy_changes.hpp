// Changing the rule book: proposed by one owner, approved by another, in force from an instant on (decision
// 30).
#pragma once

#include <optional>
#include <string>

#include "adapters/postgres/read/desk.hpp"
#include "src/base/result.hpp"

namespace returngate {

// Between approval and effect every gateway looks at least once (work/policy_watch.hpp).
inline constexpr std::chrono::seconds kPolicyLead{10};
// A request with as much fits below the limit of bodies, escaped as JSON.
inline constexpr std::size_t kMostPolicyBytes = 49152;

// `invalid` policy with every fault of the rules, one a line.
[[nodiscard]] Result<postgres::PolicyVersion> propose_policy(postgres::Desk& desk,
                                                             postgres::PolicyVersion proposal);

struct PolicyApproval {
    int version = 0;
    std::string owner;
    Instant now{};
    std::optional<Instant> effective_at;  // absent: as soon as may be
};
// Errors: not_found; `unauthorized` second_person_required; `conflict` policy_already_approved; `invalid`
// effective_too_early, and policy where this program does not understand the rules any more.
[[nodiscard]] Result<postgres::PolicyVersion> approve_policy(postgres::Desk& desk,
                                                             const PolicyApproval& approval);

}  // namespace returngate
