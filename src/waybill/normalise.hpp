// Raw text as people and couriers write it → the canonical form that formats are matched on.
#pragma once

#include <string>
#include <string_view>

namespace returngate::waybill {

struct Normalised {
    std::string canonical;     // [A-Z0-9], empty when refused
    std::string suffix;        // parcel suffix with its leading '-', in canonical characters and '-'
    std::string_view refusal;  // reason word; empty: accepted
};

// Removes only what cannot carry meaning (case, width, spaces, hyphens, invisible characters); never
// repairs O/0, I/1 or S/5: a repair turns a wrong number into somebody else's.
[[nodiscard]] Normalised normalise(std::string_view raw);

}  // namespace returngate::waybill
