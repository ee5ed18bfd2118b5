// Circuit breakers, one per courier and provider: stop calling what keeps failing, or hangs, and try again by
// one probe.
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "gateway/configuration.hpp"
#include "src/base/ids.hpp"

namespace returngate::work {

struct BreakerRules {
    int failures_in_a_row = 10;  // opens
    double failure_share = 0.7;  // opens, of at least `sample` calls in the window
    int sample = 10;
    std::chrono::seconds window{300};
    std::chrono::seconds open_for{30};
    // So many calls under way of which none was answered for so long: it hangs, and whoever waits for it
    // would wait for their timeouts, one handful after the other.
    int hanging = 4;
    std::chrono::milliseconds hangs_after{1000};
};

// Pure in time: the caller says what time it is.
class Breaker {
public:
    using Time = std::chrono::steady_clock::time_point;
    explicit Breaker(BreakerRules rules = {}) : rules_(rules) {}

    // Whether a call may go out, which then is under way until it is reported; after `open_for` one probe
    // may. A probe that nobody reports on is given up after `open_for`.
    [[nodiscard]] bool allows(Time now);
    // Nobody should be sent there: open, or its probe is still out, or it hangs.
    [[nodiscard]] bool is_open(Time now) const;
    void succeeded(Time now);
    void failed(Time now);

private:
    void roll(Time now);
    void begin_call(Time now);
    [[nodiscard]] bool hangs(Time now) const;

    BreakerRules rules_;
    int in_a_row_ = 0;
    int failures_ = 0;
    int calls_ = 0;
    int under_way_ = 0;
    Time quiet_since_{};  // the last answer, or the first of the calls under way
    Time window_start_{};
    Time open_until_{};  // with a probe out: when it is given up
    bool is_open_ = false;
    bool is_probing_ = false;
};

// Shared by workers and committers.
class Breakers {
public:
    // A courier with fewer places than `hanging` hangs when all of them do.
    explicit Breakers(BreakerRules rules = {}, const std::vector<CourierOptions>& couriers = {});
    [[nodiscard]] bool allows(const std::string& name);
    void report(const std::string& name, bool ok);
    [[nodiscard]] std::vector<CourierCode> open_ones() const;

private:
    Breaker& breaker_of(const std::string& name);

    mutable std::mutex mutex_;
    BreakerRules rules_;
    std::map<std::string, Breaker> breakers_;
};

}  // namespace returngate::work
