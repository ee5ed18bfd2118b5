// Waiting for what another thread does: by looking, with an end.
#pragma once

#include <chrono>
#include <thread>

namespace returngate::testing {

// True as soon as `holds()` is; false when it is not within the time.
template <class Condition>
[[nodiscard]] bool eventually(Condition holds, std::chrono::seconds within = std::chrono::seconds(30)) {
    const auto end = std::chrono::steady_clock::now() + within;
    while (std::chrono::steady_clock::now() < end) {
        if (holds()) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return false;
}

}  // namespace returngate::testing
