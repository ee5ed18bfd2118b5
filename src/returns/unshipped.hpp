// Refunds of orders that were paid and not shipped (D1–D4, C7), and what the order says of them later.
#pragma once

#include <string_view>

#include "src/returns/draft.hpp"

namespace returngate {

// D4: what the buyer and the seller read beside an automatic approval.
inline constexpr std::string_view kUnshippedNote =
    "该用户为平台优质用户且订单满足极速退款条件，平台已自动审核通过卖家发货前仅退款申请";

// Asks the courier about the order's outbound number, where one is on file although the order is not marked
// as shipped (D3).
void trace_outbound(Draft& draft);

// The platform told something new of an order: returns that refund it as unshipped are to look at it.
void tell_unshipped(Draft& draft, const Order& before, const Order& now);

}  // namespace returngate
