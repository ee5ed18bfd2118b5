// How many calls to a courier may repeat earlier ones: a share of the first ones, so that a courier in
// trouble is not called the more the worse it gets.
#pragma once

#include <algorithm>
#include <chrono>
#include <map>
#include <string>

namespace returngate::work {

// Pure in time: the caller says what time it is. One thread.
class RetryBudget {
public:
    using Time = std::chrono::steady_clock::time_point;
    // Few bookings are lost at a quiet hour too: these may be repeated whatever the share …
    static constexpr int kAtOnce = 10;
    static constexpr std::chrono::seconds kOneMoreAfter{1};  // … and one more after each second

    // A first call went out: it earns its share of a repeated one.
    void earn(const std::string& courier, int percent, Time now) {
        Left& left = of(courier, now);
        left.hundredths = std::min(kMost, left.hundredths + percent);
    }
    // Whether a call may be repeated now.
    [[nodiscard]] bool take(const std::string& courier, Time now) {
        Left& left = of(courier, now);
        if (left.hundredths < kOne) return false;
        left.hundredths -= kOne;
        return true;
    }

private:
    static constexpr std::int64_t kOne = 100;
    static constexpr std::int64_t kMost = kAtOnce * kOne;
    struct Left {
        std::int64_t hundredths = kMost;  // of repeated calls
        Time at{};                        // filled up to here
    };

    Left& of(const std::string& courier, Time now) {
        Left& left = left_.try_emplace(courier, Left{kMost, now}).first->second;
        const auto more = (now - left.at) / kOneMoreAfter;
        left.hundredths = std::min(kMost, left.hundredths + more * kOne);
        left.at += more * kOneMoreAfter;
        return left;
    }

    std::map<std::string, Left> left_;
};

}  // namespace returngate::work
