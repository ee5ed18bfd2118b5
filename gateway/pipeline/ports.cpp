// The real clock and the real randomness.
#include "gateway/pipeline/ports.hpp"

#include <openssl/rand.h>
#include <stdexcept>

namespace returngate {

Instant SystemClock::now() const {
    return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now()) + offset_;
}

std::array<std::uint8_t, 16> SystemRandom::bytes() {
    std::array<std::uint8_t, 16> bytes{};
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) {
        throw std::runtime_error("no randomness from OpenSSL");
    }
    return bytes;
}

}  // namespace returngate
