// kill -9 at any moment: what was acknowledged is there, nobody is paid twice, and all that was promised
// comes to its end.
#include <array>
#include <csignal>
#include <gtest/gtest.h>
#include <random>

#include "tests/e2e/aftermath.hpp"
#include "tests/e2e/books.hpp"
#include "tests/e2e/scene.hpp"
#include "tests/e2e/traffic.hpp"
#include "tests/support/eventually.hpp"

namespace returngate::e2e {
namespace {

constexpr int kRounds = 20;
constexpr int kClients = 6;

// The weather of a round: faults that meet whoever comes next.
struct Fault {
    const char* actor;
    const char* behaviour;
};
constexpr std::array kWeather{
    Fault{"provider", R"({"way":"execute_then_close"})"},
    Fault{"provider", R"({"way":"execute_then_hang"})"},
    Fault{"provider", R"({"way":"close_before"})"},
    Fault{"YTO", R"({"answer":"close"})"},
    Fault{"YTO", R"({"answer":"refuse"})"},
    Fault{"YTO", R"({"answer":"refuse"})"},
    Fault{"SF", R"({"answer":"never"})"},
    Fault{"YTO", R"({"callback_copies":2})"},
    Fault{"SF", R"({"swaps_callbacks":true})"},
};

void change_weather(Scene& scene, std::mt19937& random) {
    for (int i = 0; i < 3; ++i) {
        const Fault& fault = kWeather.at(random() % kWeather.size());
        if (std::string_view(fault.actor) == "provider") {
            scene.script_provider(fault.behaviour);
        } else {
            scene.script(fault.actor, "book", fault.behaviour);
        }
    }
}

TEST(KillTest, LosesNothingAcknowledgedAndPaysNobodyTwice) {
    Scene scene({.speed = 20});
    testing::AcknowledgementLog log(scene.folder() / "acknowledged");
    Traffic traffic(scene, log, kClients);
    std::mt19937 random(std::random_device{}());
    int rounds = 0;
    for (int kill = 0; rounds < kRounds && kill < 2 * kRounds; ++kill) {
        change_weather(scene, random);
        std::this_thread::sleep_for(std::chrono::milliseconds(30 + random() % 170));
        ASSERT_TRUE(testing::eventually([&] { return traffic.in_flight() > 1; }));
        const auto before = traffic.unacknowledged();
        scene.gateway().kill_outright();
        // A round counts when at least one caller was left without an answer.
        if (testing::eventually([&] { return traffic.unacknowledged() > before; }, std::chrono::seconds(1)))
            ++rounds;
        scene.gateway().start();
    }
    EXPECT_EQ(rounds, kRounds);
    traffic.stop();
    scene.clear_script("provider");
    EXPECT_GE(traffic.unacknowledged(), kRounds);
    EXPECT_GT(traffic.acknowledged(), kRounds);
    expect_that_nothing_was_lost(scene, traffic, log);
    RecordProperty("acknowledged", std::to_string(traffic.acknowledged()));
    RecordProperty("unacknowledged", std::to_string(traffic.unacknowledged()));
}

TEST(KillTest, ATerminatedGatewayAnswersWhatItHasTakenAndEndsCleanly) {
    Scene scene({.speed = 20});
    testing::AcknowledgementLog log(scene.folder() / "acknowledged");
    Traffic traffic(scene, log, 3);
    for (int round = 0; round < 3; ++round) {
        const auto before = traffic.acknowledged();
        ASSERT_TRUE(testing::eventually([&] { return traffic.acknowledged() > before + 20; }));
        EXPECT_EQ(scene.gateway().terminate(), 0);
        scene.gateway().start();
    }
    traffic.stop();
    expect_that_nothing_was_lost(scene, traffic, log);
}

TEST(KillTest, ATerminatedGatewaySaysThatItIsNotReadyWhileItStillAnswers) {
    // As long as may be set: it is the second signal that ends it.
    Scene scene({.settings = {{"returngate.toml", "http", "unready_ms", "60000"}}});
    const Shopper shopper = scene.introduced();
    scene.gateway().send_signal(SIGTERM);
    ASSERT_TRUE(
        testing::eventually([&] { return scene.call(As::buyer_app, "GET", "/readyz").status == 503; }));
    const std::string id = scene.apply(shopper);
    ASSERT_TRUE(scene.comes_to(id, "advance.paid"));
    EXPECT_EQ(scene.gateway().terminate(), 0);
    scene.gateway().start();
    expect_square(scene);
}

}  // namespace
}  // namespace returngate::e2e
