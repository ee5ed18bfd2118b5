// Who presented which waybill number. A claim is committed ahead of deciding: the first return that presents
// a number owns it.
#pragma once

#include <string>

#include "src/base/ids.hpp"
#include "src/base/time.hpp"

namespace returngate {

// The claim that presenting a number makes.
struct ClaimKey {
    std::string courier;  // the carrying courier's code (decision 22)
    std::string number;   // canonical
    bool operator==(const ClaimKey&) const = default;
};

// A claim that is like another one: the same number elsewhere, or one beside it.
struct RelatedClaim {
    ClaimKey key;
    ReturnId owner;
    BuyerId buyer;
    SellerId seller;
    Instant claimed_at{};
};

}  // namespace returngate
