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
        const double most = per_minute;
        auto [found, is_first] = left_.try_emplace(courier, Left{most, now});
        Left& left = found->second;
        const std::chrono::duration<double, std::ratio<60>> passed = now - left.at;
        left = {std::min(most, left.questions + passed.count() * most), now};
        if (left.questions < 1) return false;
        left.questions -= 1;
        return true;
    }

private:
    struct Left {
        double questions = 0;
        Time at{};
    };
    std::map<std::string, Left> left_;
};

}  // namespace returngate::work
