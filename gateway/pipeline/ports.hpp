// Time and randomness come in through these, so that the same program runs in a simulator.
#pragma once

#include <array>
#include <cstdint>

#include "src/base/time.hpp"

namespace returngate {

class Clock {
public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual Instant now() const = 0;
};

class Random {
public:
    virtual ~Random() = default;
    [[nodiscard]] virtual std::array<std::uint8_t, 16> bytes() = 0;  // cryptographically secure
};

// The wall clock plus a fixed offset (for demonstrations at night; 0 in production).
class SystemClock final : public Clock {
public:
    explicit SystemClock(Duration offset = Duration{0}) : offset_(offset) {}
    [[nodiscard]] Instant now() const override;

private:
    Duration offset_;
};

// OpenSSL's generator; usable from every thread.
class SystemRandom final : public Random {
public:
    [[nodiscard]] std::array<std::uint8_t, 16> bytes() override;
};

}  // namespace returngate
