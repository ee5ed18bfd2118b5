// Draws waybill numbers in the couriers' shapes, SF's with its check digit.
#include "adapters/sandbox/numbers.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace returngate::sandbox {
namespace {

struct Layout {
    NumberShape shape;
    std::string_view prefix;  // no published sample of these couriers begins like this
    std::size_t length;
    std::size_t check_at = 0;                   // where the check digit stands; 0: none
    char (*check)(std::string_view) = nullptr;  // of the digits between the first two characters and there
};
constexpr std::array kLayouts{
    Layout{NumberShape::yto, "YT36", 15},                       // YT and 13 digits
    Layout{NumberShape::sf, "SF15", 15, 14, sf15_check_digit},  // SF and 13 digits
    Layout{NumberShape::jt, "JT36", 15},                        // JT and 13 digits
    Layout{NumberShape::zto, "7836", 14},                       // 14 digits
    Layout{NumberShape::sto, "77836", 15},                      // 77 and 13 digits
    Layout{NumberShape::jd, "JDVC36", 15},                      // JDVC and 11 digits
    Layout{NumberShape::deppon, "DPK36", 15},                   // DPK and 12 digits
    Layout{NumberShape::open, "OPSB", 16},  // OP, two letters of the fleet, 8 to 20 digits
    Layout{NumberShape::ems, "1136", 13, 10, ems_check_digit},  // 13 digits, two behind the check digit
    Layout{NumberShape::yunda, "4636", 15},                     // 3 or 4, and 14 digits
};

const Layout& layout_of(NumberShape shape) {
    return *std::ranges::find(kLayouts, shape, &Layout::shape);
}

// Receivers rightly doubt numbers with few distinct digits.
bool looks_invented(std::string_view digits) {
    return std::set<char>(digits.begin(), digits.end()).size() < 5;
}

std::uint64_t fresh_seed() {
    std::random_device device;
    return std::uint64_t{device()} << 32 | device();
}

}  // namespace

char sf15_check_digit(std::string_view first_twelve_digits) {
    constexpr std::array<int, 9> kWeights{17, 15, 13, 11, 9, 7, 5, 3, 1};
    int sum = 0;
    for (std::size_t i = 0; i < kWeights.size(); ++i) {
        const int product = kWeights[i] * (first_twelve_digits[3 + i] - '0');
        sum += product % 10 + product / 10 % 10;
    }
    return static_cast<char>('0' + (10 - sum % 10) % 10);
}

char ems_check_digit(std::string_view digits_3_to_10) {
    constexpr std::array<int, 8> kWeights{8, 6, 4, 2, 3, 5, 9, 7};
    int sum = 0;
    for (std::size_t i = 0; i < kWeights.size(); ++i) sum += kWeights[i] * (digits_3_to_10[i] - '0');
    const int check = 11 - sum % 11;
    return check == 10 ? '0' : check == 11 ? '5' : static_cast<char>('0' + check);
}

NumberIssuer::NumberIssuer(NumberShape shape, std::uint64_t seed)
    : shape_(shape), random_(seed != 0 ? seed : fresh_seed()) {}

std::string NumberIssuer::draw() {
    std::uniform_int_distribution<int> digit('0', '9');
    const Layout& layout = layout_of(shape_);
    std::string number(layout.prefix);
    while (number.size() < layout.length) {
        const bool is_check = layout.check != nullptr && number.size() == layout.check_at;
        number +=
            is_check ? layout.check(std::string_view(number).substr(2)) : static_cast<char>(digit(random_));
    }
    return number;
}

std::string NumberIssuer::next() {
    const std::lock_guard lock(mutex_);
    for (;;) {
        std::string number = draw();
        if (looks_invented(std::string_view(number).substr(2))) continue;
        if (issued_.insert(number).second) return number;
    }
}

std::string spoil(NumberShape shape, std::string number) {
    if (shape == NumberShape::open) return number.substr(0, 11);  // its shape has any length from 12 on
    const Layout& layout = layout_of(shape);
    if (layout.check == nullptr) {
        number.pop_back();
        return number;
    }
    char& digit = number.at(layout.check_at);
    digit = static_cast<char>('0' + (digit - '0' + 1) % 10);
    return number;
}

}  // namespace returngate::sandbox
