// Whether a presented waybill number may trigger money: every rule, in order (domain.md "Waybill
// validation").
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/rule.hpp"
#include "src/returns/case_file.hpp"
#include "src/returns/claims.hpp"
#include "src/returns/policy.hpp"

namespace returngate {

struct WaybillAcceptance {
    std::string canonical;  // empty when malformed
    std::vector<RuleResult> rules;
};
// `claim_owner`: the return that owns the number's claim; the claim was committed before deciding.
[[nodiscard]] WaybillAcceptance judge_waybill(const CaseFile& file, const Booking& booking,
                                              std::string_view raw, std::optional<ReturnId> claim_owner);

// "name (detail), name": what the timeline says of those that failed.
[[nodiscard]] std::string failed_rules(const std::vector<RuleResult>& rules);

// The claim that presenting this number makes; nullopt when it is no number at all.
[[nodiscard]] std::optional<ClaimKey> claim_key(std::string_view number_courier, std::string_view raw);
// Claims that speak against a number which the buyer typed in, were they made before: the same number under
// another courier's code or written otherwise, and the numbers beside it.
[[nodiscard]] std::vector<ClaimKey> related_keys(const ClaimKey& typed, int neighbour_distance);

// Signs of an invented number, by the claims that were found under related_keys(). What fails does not
// refuse the number: it keeps money from moving on it.
[[nodiscard]] std::vector<RuleResult> judge_claims(const ClaimKey& typed, const ReturnCase& return_case,
                                                   std::span<const RelatedClaim> related, Instant now,
                                                   const TypedNumbers& limits);

}  // namespace returngate
