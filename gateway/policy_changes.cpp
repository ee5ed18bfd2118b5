// The checks in front of the two small writes.
#include "gateway/policy_changes.hpp"

#include "gateway/configuration.hpp"

namespace returngate {

Result<postgres::PolicyVersion> propose_policy(postgres::Desk& desk, postgres::PolicyVersion proposal) {
    const auto read = configuration::parse_policy(proposal.rules, "rules");
    if (!read) return tl::unexpected(read.error());
    proposal.version = desk.policies().propose(proposal);
    return proposal;
}

Result<postgres::PolicyVersion> approve_policy(postgres::Desk& desk, const PolicyApproval& approval) {
    auto version = desk.policies().find(approval.version);
    if (!version) return fail(ErrorKind::not_found, "policy_not_found", "There is no such policy version.");
    if (!version->approved_by.empty()) {
        return fail(
            ErrorKind::conflict, "policy_already_approved",
            "This version has been approved already; to go back to an older one, propose its rules again.");
    }
    if (version->proposed_by == approval.owner) {
        return fail(ErrorKind::unauthorized, "second_person_required",
                    "Whoever proposed a policy cannot approve it: a key of another owner is needed.");
    }
    const Instant soonest = approval.now + kPolicyLead;
    if (approval.effective_at.value_or(soonest) < soonest) {
        return fail(ErrorKind::invalid, "effective_too_early",
                    "Every gateway has to hear of it first: at least " + std::to_string(kPolicyLead.count()) +
                        " seconds from now.");
    }
    const auto read = configuration::parse_policy(version->rules, "rules");
    if (!read) return tl::unexpected(read.error());
    version->approved_by = approval.owner;
    version->approved_at = approval.now;
    version->effective_at = approval.effective_at.value_or(soonest);
    if (!desk.policies().approve(*version)) {
        return fail(ErrorKind::conflict, "policy_already_approved", "Somebody was faster.");
    }
    return *std::move(version);
}

}  // namespace returngate
