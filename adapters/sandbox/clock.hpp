// The sandbox's wall clock: the machine's, moved by an offset, or a test's; written the way couriers write
// it.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

#include "src/base/time.hpp"

namespace returngate::sandbox {

class WorldClock {
public:
    using Source = std::function<Instant()>;  // from any thread
    explicit WorldClock(std::chrono::seconds offset = {}, Source source = {})
        : offset_(offset), source_(std::move(source)) {}
    [[nodiscard]] Instant now() const {
        if (source_) return source_();
        return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now()) + offset_;
    }

private:
    std::chrono::seconds offset_;
    Source source_;
};

// yyyy-MM-dd HH:mm:ss at UTC+8. Written apart from src/base/time on purpose: an error there must not
// be repeated by the other side of the wire.
[[nodiscard]] std::string courier_time(Instant instant);
// Whether the text has that very form; lexical order is then order in time.
[[nodiscard]] bool is_courier_time(std::string_view text);

}  // namespace returngate::sandbox
