// Waybill numbers that a courier of the sandbox issues: well formed, fresh, no published samples.
#pragma once

#include <cstdint>
#include <mutex>
#include <random>
#include <string>
#include <string_view>
#include <unordered_set>

namespace returngate::sandbox {

// The 13th digit of "SF" + 13 digits. Digits 4 to 12 are weighed 17, 15, 13, 11, 9, 7, 5, 3, 1, each
// product counts by its units plus its tens, and with the 13th added the sum ends in 0. SF does not
// publish it; it follows from the step table of shop systems that count SF numbers on.
[[nodiscard]] char sf15_check_digit(std::string_view first_twelve_digits);

// The 11th digit of EMS's 13: that of UPU S10, over digits 3 to 10.
[[nodiscard]] char ems_check_digit(std::string_view digits_3_to_10);

enum class NumberShape { yto, sf, jt, zto, sto, jd, deppon, open, ems, yunda };

class NumberIssuer {
public:
    // The same seed issues the same numbers; seed 0 takes one from the machine.
    NumberIssuer(NumberShape shape, std::uint64_t seed);
    [[nodiscard]] std::string next();

private:
    [[nodiscard]] std::string draw();

    NumberShape shape_;
    std::mutex mutex_;
    std::mt19937_64 random_;
    std::unordered_set<std::string> issued_;
};

// The number with one digit wrong: SF's and EMS's check digits do not hold, the others' are a digit short.
[[nodiscard]] std::string spoil(NumberShape shape, std::string number);

}  // namespace returngate::sandbox
