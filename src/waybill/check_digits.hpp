// The couriers' check digits, each by name. All public arithmetic: they stop typing errors, not forgers.
#pragma once

#include <cstdint>
#include <string_view>

namespace returngate::waybill {

enum class CheckRule : std::uint8_t {
    none,
    sf12,         // SF Express, 12 digits
    sf15,         // SF Express, "SF" + 13 digits
    s10,          // UPU S10; China Post's 13-digit numbers (emsnum) carry it at the same positions
    rest_mod_7,   // last digit = the rest of the number mod 7 (ZJS, DHL Express)
    rest_mod_11,  // FedEx China domestic; 10 → 0
    fedex_12,     // weights 3,1,7 over 11 digits, mod 11 mod 10
    fedex_34,     // weights 1,7,3 over the 13 digits before the last
    fedex_astra,  // fedex_12 at positions 17…28 of 32
    luhn,         // ISO/IEC 7812-1 (Purolator, Old Dominion)
    mod_37_36,    // ISO/IEC 7064 as DPD uses it
    ups,          // the rules from here on are mod 10 with two alternating weights
    ups_waybill,
    fedex_15,
    fedex_96,
    sscc_18,
    mod_10_3_1,  // USPS, Canada Post: 3,1,… over all but the last digit
    usps_implied_91,
    usps_implied_92,
    usps_routed_5,  // behind 420 + 5-digit ZIP code
    usps_routed_9,  // behind 420 + 9-digit ZIP code
    usps_routed_5_implied_91,
    usps_routed_9_implied_91,
    ontrac_c,
    ontrac_d,
};

// Whether the number's check digit is right. The text must have the shape of a format with this rule.
[[nodiscard]] bool passes(CheckRule rule, std::string_view number);

}  // namespace returngate::waybill
