// Opening, probing, closing.
#include "gateway/work/breaker.hpp"

namespace returngate::work {

void Breaker::roll(Time now) {
    if (now - window_start_ < rules_.window) return;
    window_start_ = now;
    calls_ = 0;
    failures_ = 0;
}

bool Breaker::is_open(Time now) const {
    return is_open_ && now < open_until_;
}

bool Breaker::allows(Time now) {
    if (!is_open_) return true;
    if (now < open_until_) return false;
    is_probing_ = true;
    open_until_ = now + rules_.open_for;
    return true;
}

void Breaker::succeeded(Time now) {
    roll(now);
    ++calls_;
    in_a_row_ = 0;
    if (is_open_) {  // the probe came through: start afresh
        is_open_ = false;
        is_probing_ = false;
        calls_ = 0;
        failures_ = 0;
    }
}

void Breaker::failed(Time now) {
    roll(now);
    ++calls_;
    ++failures_;
    ++in_a_row_;
    const bool too_many = calls_ >= rules_.sample && failures_ >= rules_.failure_share * calls_;
    if (is_probing_ || in_a_row_ >= rules_.failures_in_a_row || too_many) {
        is_open_ = true;
        is_probing_ = false;
        open_until_ = now + rules_.open_for;
    }
}

bool Breakers::allows(const std::string& name) {
    const std::lock_guard lock(mutex_);
    return breakers_.try_emplace(name, rules_).first->second.allows(std::chrono::steady_clock::now());
}

void Breakers::report(const std::string& name, bool ok) {
    const std::lock_guard lock(mutex_);
    auto& breaker = breakers_.try_emplace(name, rules_).first->second;
    const auto now = std::chrono::steady_clock::now();
    ok ? breaker.succeeded(now) : breaker.failed(now);
}

std::vector<CourierCode> Breakers::open_ones() const {
    const std::lock_guard lock(mutex_);
    std::vector<CourierCode> open;
    for (const auto& [name, breaker] : breakers_) {
        if (breaker.is_open(std::chrono::steady_clock::now())) open.push_back(CourierCode{name});
    }
    return open;
}

}  // namespace returngate::work
