// Check digit arithmetic. Sources: SF from public "next waybill number" code (not published by SF); S10
// from UPU S10; Chinese rules from Taobao's desktop shipping tool; the rest from tracking_number_data.
#include "src/waybill/check_digits.hpp"

#include <array>
#include <cassert>
#include <cstddef>

namespace returngate::waybill {
namespace {

int digit(char c) {
    return c - '0';
}

// Units digit plus tens digit of each product; hundreds do not occur or are ignored.
bool passes_sf(std::string_view digits, int first_weight) {
    int sum = digit(digits.back());
    int weight = first_weight;
    for (std::size_t i = 3; i + 1 < digits.size(); ++i, weight -= 2) {
        const int product = weight * digit(digits[i]);
        sum += product % 10 + product / 10 % 10;
    }
    return sum % 10 == 0;
}

bool passes_s10(std::string_view number) {
    constexpr std::array<int, 8> kWeights{8, 6, 4, 2, 3, 5, 9, 7};
    int sum = 0;
    for (std::size_t i = 0; i < kWeights.size(); ++i) sum += kWeights[i] * digit(number[2 + i]);
    const int rest = 11 - sum % 11;
    const int expected = rest == 11 ? 5 : rest == 10 ? 0 : rest;
    return digit(number[10]) == expected;
}

// Last digit = the number without it modulo `modulus`; 10 is written 0.
bool passes_rest(std::string_view number, int modulus) {
    int rest = 0;
    for (const char c : number.substr(0, number.size() - 1)) rest = (rest * 10 + digit(c)) % modulus;
    return digit(number.back()) == rest % 10;
}

// FedEx: weighted sum mod 11, then mod 10, equals the digit behind the payload.
bool passes_fedex(std::string_view number, std::size_t start, std::size_t count, std::array<int, 3> weights) {
    int sum = 0;
    for (std::size_t i = 0; i < count; ++i) sum += weights[i % 3] * digit(number[start + i]);
    return sum % 11 % 10 == digit(number[start + count]);
}

bool passes_luhn(std::string_view number) {
    int sum = 0;
    bool is_doubled = false;
    for (std::size_t i = number.size(); i-- > 0; is_doubled = !is_doubled) {
        const int value = digit(number[i]) * (is_doubled ? 2 : 1);
        sum += value / 10 + value % 10;
    }
    return sum % 10 == 0;
}

int base_36(char c) {
    return c <= '9' ? c - '0' : c - 'A' + 10;
}

bool passes_mod_37_36(std::string_view number) {
    int product = 36;
    for (const char c : number.substr(0, number.size() - 1)) {
        const int sum = (product + base_36(c)) % 36;
        product = (sum == 0 ? 36 : sum) * 2 % 37;
    }
    return (product + base_36(number.back())) % 36 == 1;
}

struct Mod10 {
    std::uint8_t start;     // first payload position; the check digit is the last character
    std::uint8_t even;      // weight of the 1st, 3rd, … character
    std::uint8_t odd;       // weight of the 2nd, 4th, …
    std::string_view lead;  // digits that count in front of the payload without being printed,
    bool unless_printed;    // unless the payload begins with them
};

// In the order of CheckRule, from `ups` on.
constexpr std::array<Mod10, 14> kMod10{{
    {2, 1, 2, "", false},    // ups
    {1, 1, 2, "", false},    // ups_waybill
    {0, 1, 3, "", false},    // fedex_15
    {7, 1, 3, "", false},    // fedex_96
    {2, 3, 1, "", false},    // sscc_18
    {0, 3, 1, "", false},    // mod_10_3_1
    {0, 3, 1, "91", true},   // usps_implied_91
    {0, 3, 1, "92", false},  // usps_implied_92
    {8, 3, 1, "", false},    // usps_routed_5
    {12, 3, 1, "", false},   // usps_routed_9
    {8, 3, 1, "91", true},   // usps_routed_5_implied_91
    {12, 3, 1, "91", true},  // usps_routed_9_implied_91
    {1, 1, 2, "4", true},    // ontrac_c
    {1, 1, 2, "5", true},    // ontrac_d
}};

int mod_10_value(char c) {
    return c <= '9' ? digit(c) : (c - 3) % 10;  // letters as UPS counts them
}

// Products are not digit-summed: this is not Luhn.
bool passes_mod_10(const Mod10& rule, std::string_view number) {
    const std::string_view payload = number.substr(rule.start, number.size() - rule.start - 1);
    const bool is_printed = rule.unless_printed && payload.starts_with(rule.lead);
    int sum = 0;
    bool is_even = true;
    auto add = [&](std::string_view text) {
        for (const char c : text) {
            sum += mod_10_value(c) * (is_even ? rule.even : rule.odd);
            is_even = !is_even;
        }
    };
    if (!is_printed) add(rule.lead);
    add(payload);
    return (sum + digit(number.back())) % 10 == 0;
}

}  // namespace

bool passes(CheckRule rule, std::string_view number) {
    switch (rule) {
        case CheckRule::none: return true;
        case CheckRule::sf12: return passes_sf(number, 15);
        case CheckRule::sf15: return passes_sf(number.substr(2), 17);
        case CheckRule::s10: return passes_s10(number);
        case CheckRule::rest_mod_7: return passes_rest(number, 7);
        case CheckRule::rest_mod_11: return passes_rest(number, 11);
        case CheckRule::fedex_12: return passes_fedex(number, 0, 11, {3, 1, 7});
        case CheckRule::fedex_34: return passes_fedex(number, 20, 13, {1, 7, 3});
        case CheckRule::fedex_astra: return passes_fedex(number, 16, 11, {3, 1, 7});
        case CheckRule::luhn: return passes_luhn(number);
        case CheckRule::mod_37_36: return passes_mod_37_36(number);
        default: break;
    }
    const auto index = static_cast<std::size_t>(rule) - static_cast<std::size_t>(CheckRule::ups);
    assert(index < kMod10.size());
    return passes_mod_10(kMod10[index], number);
}

}  // namespace returngate::waybill
