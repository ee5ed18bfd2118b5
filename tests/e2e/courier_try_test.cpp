// `returngate courier try` against couriers on real sockets: a booking that is cancelled at once, and what is
// said when the courier does not believe us or is not there.
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/json/writer.hpp"
#include "adapters/sandbox/world.hpp"
#include "tests/e2e/scene.hpp"

namespace returngate::e2e {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

struct Contract {
    const char* code;
    const char* secret_file;
    const char* refusal;  // in the courier's own words
    const char* meaning;  // in ours
    bool may_stand;       // the courier does not say that nothing was booked
};

class CourierTry : public ::testing::TestWithParam<Contract> {
protected:
    // The configuration of somebody who wants to reach the couriers at `world_url`.
    void configure(const std::string& world_url) {
        const std::string table = std::string("couriers.") + GetParam().code;
        testing::GatewayFiles files{
            .dsn = "none",
            .port = 8080,
            .world_url = world_url,
            .clock_offset = clock_offset_,
            .settings = {{"couriers.toml", table, "base_url", json::quoted(world_url)},
                         {"couriers.toml", table, "timeout_ms", "2000"}}};
        if (const auto own = testing::own_file_of(GetParam().code); !own.empty()) files.more_couriers = {own};
        configuration_ = testing::write_gateway_files(folder_.path(), files);
    }
    [[nodiscard]] testing::CommandEnd try_out() const {
        return testing::run_command({"courier", "try", GetParam().code, "--config", configuration_.string()},
                                    "");
    }
    [[nodiscard]] static std::string url_of(std::uint16_t port) {
        return "http://127.0.0.1:" + std::to_string(port);
    }

    sandbox::Options couriers() const {
        auto options = couriers_that_know_us();
        options.provider_book = folder_.path() / "provider.book";
        options.clock_offset = clock_offset_;
        return options;
    }
    json::Value bookings(std::uint16_t port) const {
        const testing::PlainRequest question{
            .port = port,
            .target = std::string("/sandbox/couriers/") + GetParam().code + "/book",
            .headers = {},
            .body = {}};
        return json::parse(testing::send_plain(question).body).value_or(json::Value())["bookings"];
    }

    const std::chrono::seconds clock_offset_ = testing::offset_to_ten_in_shanghai();
    const testing::TemporaryFolder folder_;
    std::filesystem::path configuration_;
};

TEST_P(CourierTry, BooksAtTheCourierAndCancelsAtOnce) {
    sandbox::WorldThread world(couriers());
    // On a busy machine the parcel would be collected before it is cancelled.
    sandbox::Behaviour waiting;
    waiting.hold_before = sandbox::Stage::collected;
    world->courier(GetParam().code)
        .scripts()
        .add(sandbox::Call::book, {sandbox::MatchKind::always, {}}, waiting);
    configure(url_of(world->port()));
    const auto end = try_out();
    EXPECT_EQ(end.code, 0) << end.output << end.errors;
    EXPECT_THAT(end.output, AllOf(HasSubstr("account  ok"), HasSubstr("book     ok"),
                                  HasSubstr("cancel   ok"), Not(HasSubstr("may still stand"))));
    const auto all = bookings(world->port());
    ASSERT_EQ(all.items().size(), 1U);
    EXPECT_EQ(all.items()[0]["stage"].string(), "cancelled");
}

TEST_P(CourierTry, ExplainsThatTheCourierRefusesAWrongSecret) {
    sandbox::WorldThread world(couriers());
    configure(url_of(world->port()));
    const auto secret = folder_.path() / "secrets" / GetParam().secret_file;
    std::ofstream(secret, std::ios::trunc) << "not-the-secret\n";
    const auto end = try_out();
    EXPECT_EQ(end.code, 1) << end.output << end.errors;
    EXPECT_THAT(end.output,
                AllOf(HasSubstr("account  ok"), HasSubstr("book     FAIL"), HasSubstr(GetParam().refusal),
                      HasSubstr(GetParam().meaning), Not(HasSubstr("not-the-secret"))));
    EXPECT_EQ(end.output.find("may still stand") != std::string::npos, GetParam().may_stand) << end.output;
    EXPECT_TRUE(bookings(world->port()).items().empty());
}

TEST_P(CourierTry, SaysThatNothingWasSentWhenNobodyListens) {
    configure("http://127.0.0.1:1");
    const auto end = try_out();
    EXPECT_EQ(end.code, 1) << end.errors;
    EXPECT_THAT(end.output,
                AllOf(HasSubstr(" at http://127.0.0.1:1,"), HasSubstr("book     FAIL  connect_failed"),
                      HasSubstr("nothing was sent"), Not(HasSubstr("may still stand"))));
}

INSTANTIATE_TEST_SUITE_P(
    Courier, CourierTry,
    ::testing::Values(Contract{"YTO", "yto_secret", "签名错误", "courier_gateway", true},
                      Contract{"SF", "sf_checkword", "A1006", "compare secret", false},
                      Contract{"KUAIDI100", "kuaidi100_secret", "503", "compare secret", false},
                      Contract{"ZTO", "zto_app_secret", "S210", "compare secret", false},
                      Contract{"STO", "sto_secret_key", "S02", "courier_refused", false}),
    [](const auto& parameter) { return std::string(parameter.param.code); });

}  // namespace
}  // namespace returngate::e2e
