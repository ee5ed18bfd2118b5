// Each rule's scenario fails when the rule is switched off or its number moved, and no rule and no number is
// left out. ./dev rules-mutation shows the table.
#include "tests/scenarios/mutations.hpp"

#include <algorithm>
#include <fstream>
#include <gtest/gtest.h>
#include <iomanip>
#include <set>
#include <sstream>

#include "src/returns/decide.hpp"
#include "tests/support/story.hpp"

namespace returngate::test {
namespace {

std::filesystem::path source(const char* path) {
    return std::filesystem::path(RETURNGATE_SOURCE_DIR) / path;
}

std::set<std::string> mutated() {
    std::set<std::string> names;
    for (const auto& mutation : mutations()) names.emplace(mutation.of);
    return names;
}

TEST(RulesMutation, IsNoticedByTheRulesScenario) {
    std::ofstream table(std::filesystem::path(RETURNGATE_BINARY_DIR) / "rules-mutation.txt");
    table << std::left << std::setw(7) << "label" << std::setw(42) << "rule or number" << std::setw(38)
          << "mutation"
          << "caught by\n";
    for (const auto& mutation : mutations()) {
        const std::string name(mutation.scenario);
        const auto faults = run_scenario(source("tests/scenarios") / (name + ".txt"), mutation.change);
        EXPECT_FALSE(faults.empty()) << name << " holds without " << mutation.of << ": " << mutation.what;
        table << std::setw(7) << name.substr(0, name.find('-')) << std::setw(42) << mutation.of
              << std::setw(38) << mutation.what << (faults.empty() ? "NOBODY" : name + ", " + faults.front())
              << "\n";
    }
}

// "section.key" of each line with a value.
std::set<std::string> policy_keys() {
    std::set<std::string> keys;
    std::ifstream in(source("config/policy.toml"));
    std::string section;
    for (std::string line; std::getline(in, line);) {
        if (line.starts_with('[')) section = line.substr(1, line.find(']') - 1) + ".";
        const auto equals = line.find(" =");
        if (line.empty() || line.starts_with('#') || line.starts_with('[') || equals == line.npos) continue;
        keys.insert(section + line.substr(0, equals));
    }
    return keys;
}

TEST(RulesMutation, MovesEveryNumberOfThePolicy) {
    const auto known = mutated();
    const auto keys = policy_keys();
    EXPECT_GT(keys.size(), 40U);
    for (const auto& key : keys) {
        // Reconciliation compares the books' legs; no case is decided by its ages (tests/src/reconcile).
        if (key.starts_with("reconcile.")) continue;
        // What the records are made of is asked of the database
        // (tests/adapters/postgres/courier_records_test.cpp).
        if (key == "broker.record_hours") continue;
        EXPECT_TRUE(known.contains(key)) << key << ": add its mutation to tests/scenarios/mutations.cpp";
    }
}

TEST(RulesMutation, SwitchesOffEveryRuleOfAnApplication) {
    const auto known = mutated();
    Story story = Story::of_buyer(4, 9900);
    const auto record = story.must(an_application()).application.value();
    for (const auto* rules : {&record.approval_rules, &record.refund_rules}) {
        EXPECT_FALSE(rules->empty());
        for (const auto& rule : *rules) {
            EXPECT_TRUE(known.contains(std::string(rule.name)))
                << rule.label << " " << rule.name << ": add its mutation to tests/scenarios/mutations.cpp";
        }
    }
}

// "| A1 | … | `A1-*` |" and the like: what names a scenario is proved by one.
std::set<std::string> labels_with_scenarios() {
    std::set<std::string> labels;
    std::ifstream in(source("docs/rules.md"));
    for (std::string line; std::getline(in, line);) {
        const auto last = line.rfind('|', line.size() - 2);
        if (line.starts_with("| ") && last != line.npos && line.find('`', last) != line.npos)
            labels.insert(line.substr(2, line.find(' ', 2) - 2));
    }
    return labels;
}

TEST(RulesMutation, LeavesNoRuleOfTheBookOut) {
    std::set<std::string> proved = mutated();
    for (const auto& mutation : mutations())
        proved.emplace(mutation.scenario.substr(0, mutation.scenario.find('-')));
    const auto labels = labels_with_scenarios();
    EXPECT_GT(labels.size(), 15U);
    for (const auto& label : labels)
        EXPECT_TRUE(proved.contains(label)) << label << ": add a mutation to tests/scenarios/mutations.cpp";
}

}  // namespace
}  // namespace returngate::test
