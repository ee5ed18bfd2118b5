// The sandbox's wall clock in the couriers' notation.
#include "adapters/sandbox/clock.hpp"

#include <ctime>

namespace returngate::sandbox {

std::string courier_time(Instant instant) {
    const auto beijing = std::chrono::floor<std::chrono::seconds>(instant) + std::chrono::hours(8);
    const std::time_t seconds = beijing.time_since_epoch().count();
    std::tm parts{};
    ::gmtime_r(&seconds, &parts);
    char text[32];
    const std::size_t length = std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &parts);
    return std::string(text, length);
}

bool is_courier_time(std::string_view text) {
    constexpr std::string_view kShape = "dddd-dd-dd dd:dd:dd";
    if (text.size() != kShape.size()) return false;
    for (std::size_t i = 0; i < kShape.size(); ++i) {
        const bool is_digit = text[i] >= '0' && text[i] <= '9';
        if (kShape[i] == 'd' ? !is_digit : text[i] != kShape[i]) return false;
    }
    return true;
}

}  // namespace returngate::sandbox
