// What the platform knows of a buyer's conduct, as its monthly snapshot says it (A7).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "src/base/ids.hpp"
#include "src/base/money.hpp"
#include "src/base/time.hpp"

namespace returngate {

// Rates are of the last 90 days, in hundredths of a percent (10,000 = every order).
struct BuyerTrust {
    BuyerId buyer;
    std::int32_t refund_rate_bp = 0;
    std::int32_t complaints = 0;  // against the buyer
    std::int32_t dispute_rate_bp = 0;
    bool is_selected = false;  // on the list of members who may have advances first (A2)
    std::string excluded;      // why the buyer never gets an advance again; empty: not excluded
    std::int64_t version = 0;  // 0: not stored yet
    bool operator==(const BuyerTrust&) const = default;
};

}  // namespace returngate
