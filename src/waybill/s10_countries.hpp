// The countries whose posts print S10 numbers.
#pragma once

#include <string_view>

namespace returngate::waybill {

// `code` is two letters.
[[nodiscard]] bool is_s10_country(std::string_view code);

}  // namespace returngate::waybill
