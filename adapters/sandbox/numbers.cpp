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
};
constexpr std::array kLayouts{
    Layout{NumberShape::yto, "YT36", 15},      // YT and 13 digits
    Layout{NumberShape::sf, "SF15", 15},       // SF and 13 digits, the last one a check digit
    Layout{NumberShape::jt, "JT36", 15},       // JT and 13 digits
    Layout{NumberShape::zto, "7836", 14},      // 14 digits
    Layout{NumberShape::sto, "77836", 15},     // 77 and 13 digits
    Layout{NumberShape::jd, "JDVC36", 15},     // JDVC and 11 digits
    Layout{NumberShape::deppon, "DPK36", 15},  // DPK and 12 digits
    Layout{NumberShape::open, "OPSB", 16},     // OP, two letters of the fleet, 8 to 20 digits
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

NumberIssuer::NumberIssuer(NumberShape shape, std::uint64_t seed)
    : shape_(shape), random_(seed != 0 ? seed : fresh_seed()) {}

std::string NumberIssuer::draw() {
    std::uniform_int_distribution<int> digit('0', '9');
    const Layout& layout = layout_of(shape_);
    std::string number(layout.prefix);
    const std::size_t drawn = shape_ == NumberShape::sf ? layout.length - 1 : layout.length;
    while (number.size() < drawn) number += static_cast<char>(digit(random_));
    if (shape_ == NumberShape::sf) number += sf15_check_digit(std::string_view(number).substr(2));
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
    if (shape != NumberShape::sf) {
        number.pop_back();
        return number;
    }
    number.back() = static_cast<char>('0' + (number.back() - '0' + 1) % 10);
    return number;
}

}  // namespace returngate::sandbox
