// The sandbox's wall clock: the machine's, moved by an offset, and written the way couriers write it.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "src/base/time.hpp"

namespace returngate::sandbox {

class WorldClock {
public:
    explicit WorldClock(std::chrono::seconds offset = {}) : offset_(offset) {}
    [[nodiscard]] Instant now() const {
        return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now()) + offset_;
    }

private:
    std::chrono::seconds offset_;
};

// yyyy-MM-dd HH:mm:ss at UTC+8. Written apart from src/base/time on purpose: an error there must not
// be repeated by the other side of the wire.
[[nodiscard]] std::string courier_time(Instant instant);
// Whether the text has that very form; lexical order is then order in time.
[[nodiscard]] bool is_courier_time(std::string_view text);

}  // namespace returngate::sandbox
