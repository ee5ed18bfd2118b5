// Every rule of the book switched off, every number of it moved by one step, and the scenario that notices.
#pragma once

#include <span>
#include <string_view>

#include "tests/scenarios/scenario.hpp"

namespace returngate::test {

struct Mutation {
    std::string_view scenario;  // its name begins with the rule's label
    std::string_view of;  // a key of config/policy.toml, a rule of an application, or a label of the book
    std::string_view what;
    Change change;
};

[[nodiscard]] std::span<const Mutation> mutations();

}  // namespace returngate::test
