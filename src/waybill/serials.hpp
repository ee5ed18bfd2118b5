// The numbers that stand beside a number in its courier's own counting, and the same number written
// otherwise.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "src/waybill/check.hpp"

namespace returngate::waybill {

// The numbers up to `distance` before and after it, each with the check digit that it would have. Where a
// courier has none, the digits at the end simply count on.
[[nodiscard]] std::vector<std::string> neighbours(std::string_view canonical, std::string_view courier,
                                                  int distance);

struct Reading {
    std::string_view courier;  // code of decision 31
    std::string number;        // canonical
    bool operator==(const Reading&) const = default;
};
// Everything that the digits of this number are a well-formed number of, with letters in front and without:
// itself under each courier's code first.
[[nodiscard]] std::vector<Reading> readings_of(std::string_view canonical);

}  // namespace returngate::waybill
