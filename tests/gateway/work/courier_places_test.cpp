// A courier's calls under way: as many as its contract says, whatever the others do.
#include "gateway/work/courier_places.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace returngate::test {
namespace {

using ::testing::ElementsAre;
using work::CourierPlaces;

CourierOptions contract(std::string_view code, int concurrency) {
    CourierOptions options;
    options.code.value = code;
    options.concurrency = concurrency;
    return options;
}

std::vector<postgres::LeasedJob> jobs_of(std::initializer_list<std::string_view> couriers) {
    std::vector<postgres::LeasedJob> jobs;
    for (const auto code : couriers) jobs.emplace_back().courier.value = code;
    return jobs;
}

std::vector<std::string> couriers_of(const std::vector<postgres::LeasedJob>& jobs) {
    std::vector<std::string> codes;
    for (const auto& job : jobs) codes.push_back(job.courier.value);
    return codes;
}

TEST(CourierPlaces, ACourierFillsItsOwnAndNobodyElses) {
    CourierPlaces places({contract("SF", 2), contract("YTO", 8)});
    auto jobs = jobs_of({"SF", "SF", "YTO", "SF", "YTO"});
    EXPECT_THAT(couriers_of(places.take(jobs)), ElementsAre("SF"));
    EXPECT_THAT(couriers_of(jobs), ElementsAre("SF", "SF", "YTO", "YTO"));
    EXPECT_THAT(places.full(), ElementsAre(CourierCode{"SF"}));
}

TEST(CourierPlaces, ACallThatEndsMakesRoomAndSaysWhetherSomebodyMayWait) {
    CourierPlaces places({contract("SF", 2)});
    auto jobs = jobs_of({"SF", "SF"});
    EXPECT_TRUE(places.take(jobs).empty());
    EXPECT_TRUE(places.leave(CourierCode{"SF"}));
    EXPECT_TRUE(places.full().empty());
    EXPECT_FALSE(places.leave(CourierCode{"SF"}));
    jobs = jobs_of({"SF", "SF", "SF"});
    EXPECT_EQ(places.take(jobs).size(), 1U);
}

TEST(CourierPlaces, NobodyWaitsForOneThatIsNotCalled) {
    CourierPlaces places({contract("SF", 1)});
    auto jobs = jobs_of({"SF"});
    EXPECT_TRUE(places.take(jobs).empty());
    EXPECT_TRUE(places.full({CourierCode{"SF"}}).empty());
    jobs = jobs_of({"SF", "SF"});
    EXPECT_TRUE(places.take(jobs, {CourierCode{"SF"}}).empty());
    EXPECT_EQ(jobs.size(), 2U);
    for (int i = 0; i < 2; ++i) (void)places.leave(CourierCode{"SF"});
    EXPECT_THAT(places.full(), ElementsAre(CourierCode{"SF"})) << "the first one is still there";
}

TEST(CourierPlaces, ACourierWithoutAContractHasOne) {
    CourierPlaces places({});
    auto jobs = jobs_of({"ZTO", "ZTO"});
    EXPECT_EQ(places.take(jobs).size(), 1U);
}

}  // namespace
}  // namespace returngate::test
