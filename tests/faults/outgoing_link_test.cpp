// The links to a courier and to the payment provider fail in every way that links fail: we stop waiting in
// time, no case is lost, nothing is placed or paid twice, and all is well once the link is.
#include <gtest/gtest.h>

#include "adapters/json/writer.hpp"
#include "tests/e2e/books.hpp"
#include "tests/faults/fault_proxy.hpp"
#include "tests/support/eventually.hpp"

namespace returngate::e2e {
namespace {

using testing::Fault;
using testing::FaultProxy;

constexpr std::size_t kReturns = 3;
constexpr const char* kTimeoutMs = "300";
// Of calls that are cut off after 300 ms.
constexpr std::chrono::seconds kGivenUpWithin{10};
// Far below what a loopback carries in 300 ms: the cap of 256 KiB, and what lay in the sockets.
constexpr std::int64_t kMostTaken = 16'000'000;

struct Row {
    const char* name;
    Fault fault;
};
std::ostream& operator<<(std::ostream& out, const Row& row) {
    return out << row.name;
}
constexpr Row kFaults[] = {{"refuse", Fault::refuse},       {"reset", Fault::lose_request},
                           {"hang", Fault::hang},           {"lose_reply", Fault::lose_reply},
                           {"trickle", Fault::trickle},     {"garbage", Fault::garbage},
                           {"huge_body", Fault::huge_body}, {"endless_body", Fault::endless_body}};

std::string name_of(const ::testing::TestParamInfo<Row>& row) {
    return row.param.name;
}

// A world in which one table's base_url leads through the proxy.
class Detour {
public:
    Detour(const std::string& file, const std::string& table, const std::string& first)
        : scene_({.first = first, .speed = 30, .detour = [this, file, table](std::uint16_t world) {
                      proxy_ = std::make_unique<FaultProxy>(world);
                      const std::string url = "http://127.0.0.1:" + std::to_string(proxy_->port());
                      return std::vector<TomlSetting>{{file, table, "base_url", json::quoted(url)},
                                                      {file, table, "timeout_ms", kTimeoutMs}};
                  }}) {}

    Scene& scene() { return scene_; }
    FaultProxy& proxy() { return *proxy_; }

    void apply_several() {
        for (std::size_t i = 0; i < kReturns; ++i) {
            shoppers_.push_back(scene_.introduced());
            ids_.push_back(scene_.apply(shoppers_.back()));
        }
    }
    // To the last book: every return is matched, and no break is open.
    void expect_all_to_complete() {
        for (std::size_t i = 0; i < kReturns; ++i) scene_.receive_and_recover(shoppers_.at(i), ids_.at(i));
        for (const auto& id : ids_) ASSERT_TRUE(scene_.comes_to(id, "return.closed"));
        const auto answer = scene_.call(As::finance, "POST", "/v1/finance/runs", {.body = "{}"});
        ASSERT_EQ(answer.status, 201) << answer.body;
        const auto run = json::parse(answer.body);
        ASSERT_TRUE(run.has_value());
        EXPECT_EQ((*run)["counts"]["matched"].integer(), kReturns) << answer.body;
        EXPECT_TRUE((*run)["breaks"].items().empty()) << answer.body;
        expect_one_live_booking_each(scene_);
        expect_square(scene_);
    }
    void expect_little_taken() const { EXPECT_LT(proxy_->most_poured(), kMostTaken); }

private:
    std::unique_ptr<FaultProxy> proxy_;
    Scene scene_;
    std::vector<Shopper> shoppers_;
    std::vector<std::string> ids_;
};

// Until the fault has been met by all, and none of them waits for its answer any more.
::testing::AssertionResult comes_true(Books& books, const std::string& condition) {
    if (testing::eventually([&] { return books.number("SELECT (" + condition + ")::int") == 1; },
                            kGivenUpWithin))
        return ::testing::AssertionSuccess();
    std::string jobs;
    for (const auto& job : books.column("SELECT kind || ' after ' || attempts FROM job")) jobs += ", " + job;
    return ::testing::AssertionFailure() << "not true: " << condition << jobs;
}

class CourierLink : public ::testing::TestWithParam<Row> {};

TEST_P(CourierLink, FailsWhilePickupsAreBookedAndEveryReturnCompletes) {
    Detour detour("couriers.toml", "couriers.SF", "SF");
    Scene& scene = detour.scene();
    Books books(scene.dsn());
    // No callback asks for more questions meanwhile: ten failures in a row would open the courier's breaker
    // for half a minute, which is another test's story.
    scene.script("SF", "book", R"({"hold_before":"accepted"})", "always");
    detour.proxy().set(GetParam().fault);
    detour.apply_several();
    ASSERT_TRUE(comes_true(books, "SELECT count(*) = 3 FROM booking WHERE courier = 'SF'"));
    ASSERT_TRUE(comes_true(books, "SELECT count(*) = 0 FROM job WHERE kind = 'place_booking'"));
    scene.clear_script("SF");
    const json::Value arrived = scene.courier_book("SF");
    detour.proxy().set(Fault::none);
    for (const auto& parcel : arrived["bookings"].items())
        scene.advance("SF", std::string(parcel["reference"].string().value_or("")), "accepted");
    detour.expect_all_to_complete();
    detour.expect_little_taken();
    EXPECT_TRUE(scene.courier_book("SF")["repeated"].items().empty())
        << "placed again, although this courier can be asked";
}

INSTANTIATE_TEST_SUITE_P(Faults, CourierLink, ::testing::ValuesIn(kFaults), name_of);

TEST(CourierLinkWithoutAQuery, LosesAnswersAndTheSameReferenceIsSentAgain) {
    Detour detour("couriers.toml", "couriers.YTO", "YTO");
    Books books(detour.scene().dsn());
    detour.proxy().set(Fault::lose_reply);
    detour.apply_several();
    ASSERT_TRUE(testing::eventually([&] { return detour.proxy().hits() >= 3; }, kGivenUpWithin));
    detour.proxy().set(Fault::none);
    detour.expect_all_to_complete();
    EXPECT_EQ(books.number("SELECT count(*) FROM booking"), kReturns);
}

class ProviderLink : public ::testing::TestWithParam<Row> {};

TEST_P(ProviderLink, FailsWhileAdvancesArePaidAndEachIsPaidOnceUnderItsOnlyKey) {
    Detour detour("returngate.toml", "payout", "YTO");
    Books books(detour.scene().dsn());
    detour.proxy().set(GetParam().fault);
    detour.apply_several();
    ASSERT_TRUE(comes_true(books, "SELECT count(*) = 3 FROM advance WHERE state = 'committed'"));
    ASSERT_TRUE(comes_true(books, "SELECT count(*) = 3 FROM job WHERE kind = 'resolve_payout'"));
    detour.proxy().set(Fault::none);
    detour.expect_all_to_complete();
    detour.expect_little_taken();
    const json::Value keys = detour.scene().provider_attempts();
    EXPECT_EQ(keys.members().size(), kReturns) << "an advance was sent under a second key";
    const bool was_executed_before = GetParam().fault == Fault::lose_reply;
    for (const auto& [key, attempts] : keys.members()) {
        if (was_executed_before) {
            EXPECT_EQ(attempts.integer(), 1) << key << " was sent again, not asked for";
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Faults, ProviderLink, ::testing::ValuesIn(kFaults), name_of);

}  // namespace
}  // namespace returngate::e2e
