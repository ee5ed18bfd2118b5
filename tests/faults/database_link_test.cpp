// The link to the database fails under traffic, in every way that links fail: nothing acknowledged is lost,
// nobody is paid twice, and the gateway comes back by itself.
#include <gtest/gtest.h>

#include "tests/e2e/aftermath.hpp"
#include "tests/e2e/books.hpp"
#include "tests/e2e/traffic.hpp"
#include "tests/faults/fault_proxy.hpp"
#include "tests/support/eventually.hpp"

namespace returngate::e2e {
namespace {

using testing::Fault;
using testing::FaultProxy;

constexpr int kRounds = 6;
constexpr int kClients = 4;
constexpr std::chrono::milliseconds kFaultLasts{250};
constexpr std::chrono::seconds kComesBackWithin{5};

// "host=/folder port=5432 …" → /folder/.s.PGSQL.5432.
std::string word_of(const std::string& dsn, const std::string& name, const std::string& fallback) {
    const auto at = (" " + dsn).rfind(" " + name + "=");  // the last one counts
    if (at == std::string::npos) return fallback;
    const auto begin = at + name.size() + 1;
    return dsn.substr(begin, dsn.find(' ', begin) - begin);
}
std::string socket_of(const std::string& dsn) {
    return word_of(dsn, "host", "") + "/.s.PGSQL." + word_of(dsn, "port", "5432");
}
std::string through(const FaultProxy& proxy, const std::string& dsn) {
    return "host=127.0.0.1 port=" + std::to_string(proxy.port()) +
           " sslmode=disable gssencmode=disable dbname=" + word_of(dsn, "dbname", "") +
           " user=" + word_of(dsn, "user", "");
}

struct Case {
    const char* name;
    Fault fault;
};
std::ostream& operator<<(std::ostream& out, const Case& one) {
    return out << one.name;
}

class DatabaseLink : public ::testing::TestWithParam<Case> {};

TEST_P(DatabaseLink, FailsUnderTrafficAndNothingAcknowledgedIsLost) {
    std::unique_ptr<FaultProxy> proxy;
    Scene scene({.speed = 20, .link = [&proxy](const std::string& dsn) {
                     proxy = std::make_unique<FaultProxy>(socket_of(dsn));
                     return through(*proxy, dsn);
                 }});
    testing::AcknowledgementLog log(scene.folder() / "acknowledged");
    Traffic traffic(scene, log, kClients);
    for (int round = 0; round < kRounds; ++round) {
        const auto before = traffic.acknowledged();
        ASSERT_TRUE(
            testing::eventually([&] { return traffic.acknowledged() > before + 5; }, kComesBackWithin))
            << "the gateway did not come back after round " << round;
        proxy->set(GetParam().fault);
        std::this_thread::sleep_for(kFaultLasts);
        proxy->set(Fault::none);
    }
    traffic.stop();
    expect_that_nothing_was_lost(scene, traffic, log);
}

INSTANTIATE_TEST_SUITE_P(Faults, DatabaseLink,
                         ::testing::Values(Case{"refuse", Fault::refuse}, Case{"hang", Fault::hang},
                                           Case{"lose_request", Fault::lose_request},
                                           Case{"lose_reply", Fault::lose_reply},
                                           Case{"trickle", Fault::trickle}, Case{"garbage", Fault::garbage}),
                         [](const auto& one) { return std::string(one.param.name); });

TEST(DatabaseLinkDown, IsAnsweredWithTryAgainAndEndsByItself) {
    std::unique_ptr<FaultProxy> proxy;
    Scene scene({.link = [&proxy](const std::string& dsn) {
        proxy = std::make_unique<FaultProxy>(socket_of(dsn));
        return through(*proxy, dsn);
    }});
    const Shopper shopper = scene.introduced();
    proxy->set(Fault::refuse);
    const CallOptions options{.body = application_body(shopper, true), .idempotency_key = "k"};
    const auto away = scene.call(As::buyer_app, "POST", "/v1/returns", options);
    EXPECT_EQ(away.status, 503) << away.body;
    proxy->set(Fault::none);
    // 200 where an attempt before was stored, and only its answer could not be put together.
    EXPECT_TRUE(testing::eventually(
        [&] { return scene.call(As::buyer_app, "POST", "/v1/returns", options).status < 300; },
        kComesBackWithin));
    expect_square(scene);
}

}  // namespace
}  // namespace returngate::e2e
