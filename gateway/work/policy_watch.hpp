// Hears of approved versions of the rule book before they take effect.
#pragma once

#include <memory>
#include <string>

#include "gateway/pipeline/ports.hpp"
#include "gateway/policy_book.hpp"

namespace returngate::work {

// Looks every second, on a thread and a connection of its own, so that load on the others delays nothing. A
// version that this program does not understand never takes effect here; it is logged, and the one before it
// stays in force.
class PolicyWatch {
public:
    // Imports the configuration's policy where the database has none (decision 30), and reads what there is
    // before it returns. Throws when that cannot be done, or when no version is in force.
    PolicyWatch(const Configuration& configuration, const Clock& clock, PolicyBook& book);
    ~PolicyWatch();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace returngate::work
