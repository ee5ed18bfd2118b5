// What was not sent is kept as it was; what failed is due later.
#include "gateway/work/deliveries.hpp"

#include <algorithm>
#include <unordered_map>

namespace returngate::work {
namespace {

using postgres::OutgoingEvent;
using webhook::Verdict;

std::vector<Deliveries::Chain> chains_of(const std::vector<OutgoingEvent>& events) {
    std::vector<Deliveries::Chain> chains;
    std::unordered_map<ReturnId, std::size_t> places;
    for (std::size_t i = 0; i < events.size(); ++i) {
        const auto [place, is_new] = places.emplace(events[i].event.position.return_id, chains.size());
        if (is_new) chains.emplace_back();
        chains[place->second].push_back(i);
    }
    return chains;
}

}  // namespace

Deliveries::Deliveries(postgres::Round round)
    : round_(std::move(round)),
      chains_(chains_of(round_.events)),
      fates_(round_.events.size()),
      health_(round_.health) {}

const Deliveries::Chain* Deliveries::next_chain() {
    return next_chain_ < chains_.size() ? &chains_[next_chain_++] : nullptr;
}

void Deliveries::note(const webhook::DeliveryTerms& terms, std::size_t index, const webhook::Attempt& attempt,
                      Instant now) {
    fates_[index] = Fate{true, attempt};
    last_attempt_ = attempt;
    const auto pause = webhook::record(terms, health_, attempt, now);
    if (pause != webhook::PauseReason::none) pause_ = pause;
}

bool Deliveries::go_on(Instant now) const {
    return pause_ == webhook::PauseReason::none && health_.next_at <= now;
}

postgres::RoundOutcome Deliveries::outcome(const webhook::DeliveryTerms& terms, Random& random, Instant now) {
    postgres::RoundOutcome outcome;
    outcome.id = round_.id;
    outcome.lease = round_.lease;
    outcome.cursor = round_.cursor;
    outcome.health = health_;
    outcome.pause = pause_;
    outcome.last_attempt = last_attempt_;
    outcome.now = now;
    outcome.has_recovered =
        webhook::is_breaker_open(terms, round_.health) && !webhook::is_breaker_open(terms, health_);
    for (std::size_t i = 0; i < fates_.size(); ++i) {
        OutgoingEvent& event = round_.events[i];
        const Fate& fate = fates_[i];
        Instant next_at = now;
        if (fate.is_sent && fate.attempt.verdict == Verdict::delivered) {
            outcome.arrived.push_back(std::move(event));
            continue;
        }
        if (fate.is_sent) {
            ++event.attempts;
            const auto delay = webhook::retry_delay(terms, event.attempts, random.bytes()[0]);
            next_at += std::max(delay, fate.attempt.retry_after.value_or(Duration{0}));
        }
        outcome.kept.push_back({std::move(event), next_at});
    }
    for (auto& event : round_.held_back) outcome.kept.push_back({std::move(event), now});
    return outcome;
}

}  // namespace returngate::work
