// By binary search: a decision looks once for each courier, among thousands.
#include "src/pickup/quote.hpp"

#include <algorithm>
#include <tuple>

namespace returngate {
namespace {

using Key = std::tuple<std::string_view, std::string_view, std::string_view>;

Key key_of(const CourierQuote& quote) {
    return {quote.courier.value, quote.region, quote.seller.value};
}

}  // namespace

const CourierQuote* find_quote(std::span<const CourierQuote> quotes, const CourierCode& courier,
                               std::string_view region, const SellerId& seller) {
    const Key wanted{courier.value, region, seller.value};
    const auto found = std::ranges::lower_bound(quotes, wanted, {}, key_of);
    return found != quotes.end() && key_of(*found) == wanted ? &*found : nullptr;
}

}  // namespace returngate
