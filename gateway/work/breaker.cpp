// Opening, probing, closing.
#include "gateway/work/breaker.hpp"

#include <algorithm>

namespace returngate::work {

void Breaker::roll(Time now) {
    if (now - window_start_ < rules_.window) return;
    window_start_ = now;
    calls_ = 0;
    failures_ = 0;
}

void Breaker::begin_call(Time now) {
    if (under_way_ == 0 || now - quiet_since_ >= rules_.open_for) {  // nobody will report on those
        under_way_ = 0;
        quiet_since_ = now;
    }
    ++under_way_;
}

bool Breaker::hangs(Time now) const {
    const auto quiet = now - quiet_since_;
    return under_way_ >= rules_.hanging && quiet >= rules_.hangs_after && quiet < rules_.open_for;
}

bool Breaker::is_open(Time now) const {
    return is_open_ ? now < open_until_ : hangs(now);
}

bool Breaker::allows(Time now) {
    if (is_open(now)) return false;
    if (is_open_) {
        is_probing_ = true;
        open_until_ = now + rules_.open_for;
    }
    begin_call(now);
    return true;
}

void Breaker::succeeded(Time now) {
    roll(now);
    under_way_ = std::max(0, under_way_ - 1);
    quiet_since_ = now;
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
    const bool was_hanging = hangs(now);
    roll(now);
    under_way_ = std::max(0, under_way_ - 1);
    ++calls_;
    ++failures_;
    ++in_a_row_;
    const bool too_many = calls_ >= rules_.sample && failures_ >= rules_.failure_share * calls_;
    if (is_probing_ || was_hanging || in_a_row_ >= rules_.failures_in_a_row || too_many) {
        is_open_ = true;
        is_probing_ = false;
        open_until_ = now + rules_.open_for;
    }
}

Breakers::Breakers(BreakerRules rules, const std::vector<CourierOptions>& couriers) : rules_(rules) {
    for (const auto& options : couriers) {
        BreakerRules own = rules;
        own.hanging = std::min(own.hanging, std::max(1, options.concurrency));
        breakers_.try_emplace(options.code.value, own);
    }
}

Breaker& Breakers::breaker_of(const std::string& name) {
    return breakers_.try_emplace(name, rules_).first->second;
}

bool Breakers::allows(const std::string& name) {
    const std::lock_guard lock(mutex_);
    return breaker_of(name).allows(std::chrono::steady_clock::now());
}

void Breakers::report(const std::string& name, bool ok) {
    const std::lock_guard lock(mutex_);
    Breaker& breaker = breaker_of(name);
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
