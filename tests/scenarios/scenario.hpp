// A scenario: readable text (given / at / then), lived through by one case in memory under a virtual clock.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "src/returns/command.hpp"
#include "src/returns/policy.hpp"
#include "tests/scenarios/text.hpp"

namespace returngate::test {

// A rule switched off, or moved: another number in the policy, made after the scenario's own lines; or the
// world bent before each command so that the rule has nothing to object to.
struct Change {
    std::function<void(Policy&)> policy;
    std::function<void(CaseFile&, Command&)> before;
};

// What did not hold, one sentence each with its line; empty: the scenario holds.
[[nodiscard]] std::vector<std::string> run_scenario(const std::filesystem::path& file,
                                                    const Change& change = {});

}  // namespace returngate::test
