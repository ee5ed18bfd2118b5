// Every scenario holds.
#include <algorithm>
#include <gtest/gtest.h>

#include "tests/scenarios/scenario.hpp"

namespace returngate::test {
namespace {

class Scenarios : public testing::TestWithParam<std::filesystem::path> {};

TEST_P(Scenarios, Hold) {
    for (const auto& fault : run_scenario(GetParam())) ADD_FAILURE() << GetParam().filename() << " " << fault;
}

std::string name_of(const testing::TestParamInfo<std::filesystem::path>& file) {
    std::string name = file.param.stem().string();
    std::ranges::replace(name, '-', '_');
    return name;
}
INSTANTIATE_TEST_SUITE_P(RuleBook, Scenarios, testing::ValuesIn(scenario_files()), name_of);

}  // namespace
}  // namespace returngate::test
