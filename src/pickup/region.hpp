// Where a courier comes to, down to the city: coverage, accounts, capacity and quotes go by it. An address it
// is not, so it may stand beside a booking.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace returngate {

// "浙江/杭州" of 浙江省 and 杭州市; "上海/上海" of 上海市 and 上海市. Empty without a province.
[[nodiscard]] std::string region_of(std::string_view province, std::string_view city);

// Of "浙江", "浙江省" or "浙江/杭州市", as a configuration writes it: a province, or one city of it.
[[nodiscard]] std::string area_of(std::string_view written);

// Whether the region lies in one of the areas.
[[nodiscard]] bool lies_in(std::string_view region, const std::vector<std::string>& areas);

}  // namespace returngate
