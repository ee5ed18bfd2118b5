// Reads the invariants of the books while money moves; one that does not hold halts it.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "gateway/pipeline/ports.hpp"

namespace returngate::work {

// Halts the money, in the books and so in every gateway, when `ledger verify` would find something wrong;
// only a person releases it. One thread. Looks every `between`, and never spends more than a twentieth of
// the time on it: the checks walk whole tables, so that large books are read less often.
class LedgerWatch {
public:
    LedgerWatch(std::string dsn, const Clock& clock, std::chrono::milliseconds between);
    ~LedgerWatch();  // breaks off a look under way

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace returngate::work
