// A day of returns on a virtual clock: buyers, sellers, couriers, a payment provider and all that goes wrong
// between them, against the real decisions, brokers, calls and wire formats, with a store in memory. The same
// seed lives the same day.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "src/returns/policy.hpp"
#include "tests/day/memory_store.hpp"

namespace returngate::test {

struct DayOptions {
    std::uint64_t seed = 1;
    int returns = 400;
};

// What really happened, by name: faults that no run makes prove nothing.
using Counts = std::map<std::string, int>;

struct Payout {
    std::string payee;
    Fen amount_fen = 0;
    int executions = 0;
};

struct Day {
    Tables tables;
    Policy policy;
    Counts counts;
    std::map<std::string, Payout> payouts;  // by key, at the provider
    std::uint64_t events = 0;
    std::uint64_t fingerprint = 0;  // of all timelines in the order of their making
    Instant end{};
};

// From seven in the morning to seven on the next one; faults end at five, so that everything settles.
[[nodiscard]] std::unique_ptr<Day> live_a_day(const DayOptions& options);

}  // namespace returngate::test
