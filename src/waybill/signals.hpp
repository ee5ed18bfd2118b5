// Cheap signs of fraud or damage on the string itself.
#pragma once

#include <string_view>
#include <vector>

namespace returngate::waybill {

struct Signals {
    std::vector<std::string_view> reasons;
    bool is_placeholder = false;  // nobody's number: suspect whatever its format says
};

[[nodiscard]] Signals find_signals(std::string_view canonical);

}  // namespace returngate::waybill
