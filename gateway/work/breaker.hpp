// Circuit breakers, one per courier and provider: stop calling what keeps failing, and try again by one
// probe.
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "src/base/ids.hpp"

namespace returngate::work {

struct BreakerRules {
    int failures_in_a_row = 10;  // opens
    double failure_share = 0.7;  // opens, of at least `sample` calls in the window
    int sample = 10;
    std::chrono::seconds window{300};
    std::chrono::seconds open_for{30};
};

// Pure in time: the caller says what time it is.
class Breaker {
public:
    using Time = std::chrono::steady_clock::time_point;
    explicit Breaker(BreakerRules rules = {}) : rules_(rules) {}

    // Whether a call may go out; after `open_for` one probe may. A probe that nobody reports on is
    // given up after `open_for`.
    [[nodiscard]] bool allows(Time now);
    // Nobody should be sent there: open, or its probe is still out.
    [[nodiscard]] bool is_open(Time now) const;
    void succeeded(Time now);
    void failed(Time now);

private:
    void roll(Time now);

    BreakerRules rules_;
    int in_a_row_ = 0;
    int failures_ = 0;
    int calls_ = 0;
    Time window_start_{};
    Time open_until_{};  // with a probe out: when it is given up
    bool is_open_ = false;
    bool is_probing_ = false;
};

// Shared by workers and committers.
class Breakers {
public:
    explicit Breakers(BreakerRules rules = {}) : rules_(rules) {}
    [[nodiscard]] bool allows(const std::string& name);
    void report(const std::string& name, bool ok);
    [[nodiscard]] std::vector<CourierCode> open_ones() const;

private:
    mutable std::mutex mutex_;
    BreakerRules rules_;
    std::map<std::string, Breaker> breakers_;
};

}  // namespace returngate::work
