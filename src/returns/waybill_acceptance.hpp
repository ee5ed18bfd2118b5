// Whether a presented waybill number may trigger money: every rule, in order (domain.md "Waybill
// validation").
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/rule.hpp"
#include "src/returns/case_file.hpp"

namespace returngate {

struct WaybillAcceptance {
    std::string canonical;  // empty when malformed
    std::vector<RuleResult> rules;
};
// `claim_owner`: the return that owns the number's claim; the claim was committed before deciding.
[[nodiscard]] WaybillAcceptance judge_waybill(const CaseFile& file, const Booking& booking,
                                              std::string_view raw, std::optional<ReturnId> claim_owner);

// The claim that presenting this number makes; nullopt when it is no number at all.
struct ClaimKey {
    std::string courier;  // the carrying courier's code (decision 22)
    std::string number;   // canonical
    bool operator==(const ClaimKey&) const = default;
};
[[nodiscard]] std::optional<ClaimKey> claim_key(std::string_view number_courier, std::string_view raw);

}  // namespace returngate
