// Drives one return through a running gateway, end to end, and prints each step as it happens.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "adapters/sandbox/options.hpp"

namespace returngate::sandbox {

struct DriveOptions {
    std::string gateway_url;
    std::string sandbox_url;  // "": the provider's own book is not looked into
    GatewayKeys keys;
    std::int64_t amount_fen = 25'900;
    std::chrono::seconds clock_offset{0};
    std::chrono::seconds patience{60};
};

// 0 when the money came back and nothing is left open; what went wrong is printed.
[[nodiscard]] int drive(const DriveOptions& options);

}  // namespace returngate::sandbox
