// A scenario: readable text (given / at / then), lived through by one case in memory under a virtual clock.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "src/returns/policy.hpp"

namespace returngate::test {

// What did not hold, one sentence each with its line; empty: the scenario holds. `change` is applied to the
// policy after the scenario's own lines, so that one can see which scenario a rule is proved by.
[[nodiscard]] std::vector<std::string> run_scenario(const std::filesystem::path& file,
                                                    const std::function<void(Policy&)>& change = {});

// All scenario files, by name.
[[nodiscard]] std::vector<std::filesystem::path> scenario_files();

}  // namespace returngate::test
