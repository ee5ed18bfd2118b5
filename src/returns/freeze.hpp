// A frozen case: operations must look before money moves. Reasons are kept side by side.
#pragma once

#include <string_view>

#include "src/returns/draft.hpp"

namespace returngate {

// A typed number is like others' (waybill_acceptance.hpp); whoever has seen the parcel explains it.
inline constexpr std::string_view kWaybillSuspect = "waybill_suspect";

// Noted once per reason.
void freeze(Draft& draft, std::string_view reason);
[[nodiscard]] bool is_frozen_for(const ReturnCase& return_case, std::string_view reason);
// What a later report explains is no reason any more; the other reasons stay.
void thaw(Draft& draft, std::string_view reason);

}  // namespace returngate
