// What a changed policy would have said about recorded applications.
#pragma once

#include <array>
#include <map>
#include <vector>

#include "src/advance/application_inputs.hpp"
#include "src/returns/policy.hpp"

namespace returngate {

struct RecordedApplication {
    ReturnId return_id;
    ApplicationInputs inputs;
    int policy_version = 0;
    bool was_approved = false;  // at once, without the seller
    bool was_advanced = false;  // the verdict on the refund, not what became of it
};

struct Tally {
    std::int64_t approvals = 0;
    std::int64_t advances = 0;
    Fen exposure_fen = 0;  // promised ahead of the seller's receipt
    Fen refused_fen = 0;   // applied for, and left to the classic flow
    bool operator==(const Tally&) const = default;
};

struct ChangedApplication {
    ReturnId return_id;
    Fen amount_fen = 0;
    bool was_approved = false;
    bool is_approved = false;
    bool was_advanced = false;
    bool is_advanced = false;
};

struct Simulation {
    std::int64_t applications = 0;
    Tally before;
    Tally after;
    std::vector<ChangedApplication> changed;  // in the order given
};

using LinesByVersion = std::map<int, std::array<Fen, 6>>;  // by stars

// Each application by itself: what is reserved and open on the buyer's line stays as it was recorded. A line
// that was the recorded policy's for its stars becomes the changed policy's; another one was the platform's
// own and stays.
[[nodiscard]] Simulation simulate(const Policy& changed, const std::vector<RecordedApplication>& recorded,
                                  const LinesByVersion& lines);

}  // namespace returngate
