// Integer fen (1/100 CNY) in 64 bits. Overflow is an error; no floating point anywhere near it.
#pragma once

#include <cstdint>
#include <optional>

namespace returngate {

using Fen = std::int64_t;

[[nodiscard]] constexpr std::optional<Fen> checked_add(Fen a, Fen b) {
    Fen sum = 0;
    if (__builtin_add_overflow(a, b, &sum)) return std::nullopt;
    return sum;
}

[[nodiscard]] constexpr std::optional<Fen> checked_multiply(Fen a, Fen b) {
    Fen product = 0;
    if (__builtin_mul_overflow(a, b, &product)) return std::nullopt;
    return product;
}

}  // namespace returngate
