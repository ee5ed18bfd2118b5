// Every scenario holds, and each rule's scenario fails when the rule is switched off or its number is moved.
#include <algorithm>
#include <gtest/gtest.h>
#include <limits>

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

// A rule that may be dropped without a scenario noticing is not proved.
struct Mutation {
    std::string_view scenario;
    std::string_view what;
    void (*change)(Policy&);
};
constexpr auto kNever = std::numeric_limits<std::int32_t>::max();
const std::vector<Mutation> kMutations{
    {"A1-self-shipped", "needs five stars", [](Policy& p) { p.self_shipped.min_stars = 5; }},
    {"A1-self-shipped", "watched an hour longer",
     [](Policy& p) { p.clocks.self_shipped_collected += std::chrono::hours(1); }},
    {"A1-self-shipped-by-the-less-trusted", "open to three stars",
     [](Policy& p) { p.self_shipped.min_stars = 3; }},
    {"A2-credit-line", "one fen less", [](Policy& p) { p.line_by_stars[4] -= 1; }},
    {"A2-line-of-three-stars", "one fen less", [](Policy& p) { p.line_by_stars[3] -= 1; }},
    {"A2-selected-members", "off", [](Policy& p) { p.trust.selected_only = false; }},
    {"A3-above-the-line", "one fen more", [](Policy& p) { p.line_by_stars[4] += 1; }},
    {"A4-clawback", "an hour longer", [](Policy& p) { p.clocks.buyer_repays += std::chrono::hours(1); }},
    {"A4-clawback", "watched an hour longer",
     [](Policy& p) { p.clocks.self_shipped_collected += std::chrono::hours(1); }},
    {"A7-refund-rate", "off", [](Policy& p) { p.trust.refund_rate_bp = kNever; }},
    {"A7-complaints", "off", [](Policy& p) { p.trust.complaints = kNever; }},
    {"A7-dispute-rate", "off", [](Policy& p) { p.trust.dispute_rate_bp = kNever; }},
    {"A7-within-the-limits", "refunds stricter", [](Policy& p) { p.trust.refund_rate_bp -= 1; }},
    {"A7-within-the-limits", "complaints stricter", [](Policy& p) { p.trust.complaints -= 1; }},
    {"A7-within-the-limits", "disputes stricter", [](Policy& p) { p.trust.dispute_rate_bp -= 1; }},
    {"A8-trade-kinds", "off", [](Policy& p) { p.scope.excluded_trade_kinds.clear(); }},
    {"B1-stars", "two are enough", [](Policy& p) { p.min_stars = 2; }},
    {"B3-door-pickup", "four stars", [](Policy& p) { p.min_stars = 4; }},
    {"B1-within-seven-days", "an hour longer", [](Policy& p) { p.within += std::chrono::hours(1); }},
    {"B1-seven-days-to-the-hour", "an hour shorter", [](Policy& p) { p.within -= std::chrono::hours(1); }},
    {"B1-reason", "any reason", [](Policy& p) { p.scope.reasons.emplace_back("damaged"); }},
    {"B1-seller-silent", "an hour longer",
     [](Policy& p) { p.clocks.seller_answers_application += std::chrono::hours(1); }},
    {"B2-categories", "toys too", [](Policy& p) { p.scope.categories.emplace_back("toys"); }},
    {"B2-pilot-sellers", "off", [](Policy& p) { p.scope.pilot_sellers_only = false; }},
    {"B3-next-courier-after-five-minutes", "a minute longer",
     [](Policy& p) { p.clocks.courier_accepts += std::chrono::seconds(60); }},
    {"B3-promise-missed", "an hour longer",
     [](Policy& p) { p.clocks.courier_at_door += std::chrono::seconds(3600); }},
    {"C1-buyer-does-not-ship", "an hour longer",
     [](Policy& p) { p.clocks.buyer_ships += std::chrono::hours(1); }},
    {"C1-seller-does-not-answer-for-the-parcel", "an hour longer",
     [](Policy& p) { p.clocks.seller_confirms_receipt += std::chrono::hours(1); }},
    {"C4-customer-service", "a day longer", [](Policy& p) { p.clocks.customer_service_days += 1; }},
    {"C5-another-amount", "an hour longer",
     [](Policy& p) { p.clocks.buyer_answers_offer += std::chrono::hours(1); }},
    {"C6-escalated-after-two-working-days", "Monday is a holiday",
     [](Policy& p) { p.calendar.holidays = {std::chrono::year{2026} / 1 / 12}; }},
    {"D2-excluded-seller", "off", [](Policy& p) { p.scope.excluded_sellers.clear(); }},
    {"D2-excluded-item", "off", [](Policy& p) { p.scope.excluded_items.clear(); }},
};

TEST(RulesMutation, IsNoticedByTheRulesScenario) {
    const auto folder = std::filesystem::path(RETURNGATE_SOURCE_DIR) / "tests" / "scenarios";
    for (const auto& mutation : kMutations) {
        const auto file = folder / (std::string(mutation.scenario) + ".txt");
        EXPECT_FALSE(run_scenario(file, mutation.change).empty())
            << mutation.scenario << ": " << mutation.what;
    }
}

}  // namespace
}  // namespace returngate::test
