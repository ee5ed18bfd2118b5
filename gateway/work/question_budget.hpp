// How often a courier is asked about silent parcels: so many times a minute, evenly, and never saved up for
// more.
#pragma once

#include <algorithm>
#include <chrono>
#include <map>
#include <string>

namespace returngate::work {

// Pure in time: the caller says what time it is. One thread.
class QuestionBudget {
public:
    using Time = std::chrono::steady_clock::time_point;

    // Whether one more question may go to this courier now.
    [[nodiscard]] bool take(const std::string& courier, int per_minute, Time now) {
        constexpr std::chrono::nanoseconds kMinute = std::chrono::minutes(1);
        const auto price = kMinute / per_minute;
        auto [found, is_first] = left_.try_emplace(courier, Left{kMinute, now});
        Left& left = found->second;
        left = {std::min(kMinute, left.time + (now - left.at)), now};
        if (left.time < price) return false;
        left.time -= price;
        return true;
    }

private:
    struct Left {
        std::chrono::nanoseconds time{};  // not yet spent on questions
        Time at{};
    };
    std::map<std::string, Left> left_;
};

}  // namespace returngate::work
