// What a courier answered when it was asked for coverage and price, from a region to a seller's address.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "src/base/ids.hpp"
#include "src/base/money.hpp"

namespace returngate {

struct CourierQuote {
    CourierCode courier;
    std::string region;  // where it would come to
    SellerId seller;     // where the parcel would go
    bool serves = true;
    std::optional<Fen> fee_fen{};  // nothing: it serves, and did not say for how much
};

// nullptr: not asked lately. The quotes are sorted by courier, region and seller.
[[nodiscard]] const CourierQuote* find_quote(std::span<const CourierQuote> quotes, const CourierCode& courier,
                                             std::string_view region, const SellerId& seller);

}  // namespace returngate
