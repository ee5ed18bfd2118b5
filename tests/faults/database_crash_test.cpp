// The database server dies under traffic, with all its processes at once, and is started again: the gateway
// stays, says "try again" meanwhile, and goes on by itself with all that it had acknowledged.
#include <gtest/gtest.h>

#include "tests/e2e/aftermath.hpp"
#include "tests/e2e/traffic.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/private_cluster.hpp"

namespace returngate::e2e {
namespace {

constexpr int kRounds = 3;
constexpr int kClients = 4;
constexpr std::chrono::seconds kComesBackWithin{5};

void expect_to_say_try_again(const Scene& scene, const Shopper& shopper) {
    const auto away = scene.call(As::buyer_app, "POST", "/v1/returns",
                                 {.body = application_body(shopper, true), .idempotency_key = "k"});
    EXPECT_EQ(away.status, 503) << away.body;
    EXPECT_EQ(away.header("Retry-After"), "1");
    EXPECT_EQ(away.header("Content-Type"), "application/problem+json");
    EXPECT_EQ(scene.call(As::buyer_app, "GET", "/readyz").status, 503);
    EXPECT_EQ(scene.call(As::buyer_app, "GET", "/healthz").status, 200)
        << "it is not the gateway that is ill";
}

TEST(DatabaseCrash, UnderTrafficLosesNothingAcknowledgedAndTheGatewayGoesOnByItself) {
    testing::PrivateCluster cluster("crash");
    Scene scene({.speed = 20, .cluster = cluster.dsn()});
    testing::AcknowledgementLog log(scene.folder() / "acknowledged");
    const Shopper shopper = scene.introduced();
    Traffic traffic(scene, log, kClients);
    for (int round = 0; round < kRounds; ++round) {
        auto before = traffic.acknowledged();
        ASSERT_TRUE(testing::eventually([&] { return traffic.acknowledged() > before + 20; }));
        cluster.crash();
        expect_to_say_try_again(scene, shopper);
        cluster.start();
        before = traffic.acknowledged();
        ASSERT_TRUE(
            testing::eventually([&] { return traffic.acknowledged() > before + 20; }, kComesBackWithin))
            << "the gateway did not come back after round " << round;
        EXPECT_TRUE(testing::eventually(
            [&] { return scene.call(As::buyer_app, "GET", "/readyz").status == 200; }, kComesBackWithin));
    }
    traffic.stop();
    expect_that_nothing_was_lost(scene, traffic, log);
}

}  // namespace
}  // namespace returngate::e2e
