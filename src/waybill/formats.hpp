// Every number format we know as data, and which of them a canonical number matches.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "src/waybill/check.hpp"
#include "src/waybill/check_digits.hpp"

namespace returngate::waybill {

// What a shape cannot say.
enum class Extra : std::uint8_t {
    nothing,
    known_country,      // the last two letters are a post's country
    china_post_parcel,  // two of GAKQPH in front, province 11…65 at the end
    last_digit_to_6,    // UC counts 0…6
    parcel_suffix,      // only with a parcel suffix
    lasership_leg,      // 01 and a leg number 1…4 in the middle
};

struct Traits {
    CheckRule check = CheckRule::none;
    Extra extra = Extra::nothing;
    std::string_view tail{};    // literal end
    std::string_view except{};  // prefixes that are somebody else's, or lack the check digit
    bool is_legacy = false;     // still seen, no longer issued
    bool claims = false;        // prefix and length are this courier's own: a failing check digit is telling
};

struct Format {
    std::string_view courier;   // code of decision 31
    std::string_view name;      // unique
    int tier;                   // 1 strongest … 5 length only
    std::string_view prefixes;  // alternatives of one length, separated by '|'; empty: any
    std::string_view body;      // '#' digit, '@' letter, '*' either; {n} or {n,m} repeats
    Traits traits{};
};

struct Match {
    const Format* format;
    CheckDigit check;
};

// Matches of one number, in table order.
class Matches {
public:
    static constexpr std::size_t kCapacity = 40;

    void add(Match match) { items_[size_++] = match; }
    [[nodiscard]] std::span<const Match> all() const { return {items_.data(), size_}; }

private:
    std::array<Match, kCapacity> items_;  // the first size_ are set
    std::size_t size_ = 0;
};

[[nodiscard]] Matches match_formats(std::string_view canonical, bool has_suffix);

[[nodiscard]] std::span<const Format> all_formats();
[[nodiscard]] bool is_known_courier(std::string_view code);

}  // namespace returngate::waybill
