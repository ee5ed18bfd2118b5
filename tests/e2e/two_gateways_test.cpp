// Two processes on one database, asked the same thing at the same moment.
#include <barrier>
#include <gtest/gtest.h>
#include <thread>

#include "tests/e2e/books.hpp"
#include "tests/e2e/pushes.hpp"
#include "tests/e2e/scene.hpp"
#include "tests/support/eventually.hpp"

namespace returngate::e2e {
namespace {

constexpr std::int64_t kAmountFen = 25'900;

// Runs `ask(i)` for 0…n−1 at once, each in a thread of its own.
template <class Ask>
void at_once(std::size_t n, Ask ask) {
    std::barrier start(static_cast<std::ptrdiff_t>(n));
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < n; ++i) {
        threads.emplace_back([&, i] {
            start.arrive_and_wait();
            ask(i);
        });
    }
}

TEST(TwoGateways, TakeTheSameCallbacksAtOnceAndPayOnce) {
    Scene scene({.gateways = 2});
    const testing::GatewaySecrets secrets;
    Books books(scene.dsn());
    for (int round = 0; round < 10; ++round) {
        // What the courier itself would call is sent by the test, to both.
        scene.script("YTO", "book", R"({"calls_back":false})");
        const Shopper shopper = scene.introduced(kAmountFen);
        const std::string id = scene.apply(shopper);
        ASSERT_TRUE(scene.comes_to(id, "waybill.accepted"));
        const auto row = books
                             .rows("SELECT booking_reference, waybill FROM booking WHERE return_id = '" +
                                   id.substr(4) + "'")
                             .at(0);
        const Instant now = scene_now();
        std::vector<std::string> pushes;
        for (const char* word : {"ACCEPT", "GOT", "DEPARTURE"})
            pushes.push_back(yto_push(row.at(0), row.at(1), word, now, secrets.yto_push));
        at_once(pushes.size() * 2, [&](std::size_t i) {
            EXPECT_EQ(scene.call_back("YTO", kYtoPushType, pushes.at(i / 2), i % 2).status, 200);
        });
        ASSERT_TRUE(scene.comes_to(id, "advance.paid"));
        const Timeline timeline = scene.timeline(id);
        EXPECT_LE(timeline.count("pickup.accepted"), 1)
            << "one that comes after the collection says nothing new";
        for (const char* type : {"pickup.collected", "advance.committed", "advance.paid"})
            EXPECT_EQ(timeline.count(type), 1) << type << " in:" << timeline.words();
    }
    EXPECT_EQ(books.number("SELECT count(*) FROM inbox"), 30);
    EXPECT_TRUE(scene.courier_book("YTO")["repeated"].items().empty()) << "both have placed one booking";
    expect_one_live_booking_each(scene);
    expect_square(scene);
}

TEST(TwoGateways, PromiseTheLastFenOfACreditLineOnce) {
    Scene scene({.gateways = 2});
    Books books(scene.dsn());
    constexpr int kRaces = 25;
    for (int race = 0; race < kRaces; ++race) {
        Shopper first = scene.new_shopper(kAmountFen);
        Shopper second = scene.new_shopper(kAmountFen);
        second.buyer = first.buyer;
        // Enough for one of the two.
        scene.introduce(first, 5, kAmountFen);
        scene.introduce(second, 5, kAmountFen);
        const std::vector<std::string> bodies{application_body(first, true), application_body(second, true)};
        std::vector<PlainAnswer> answers(2);
        at_once(2, [&](std::size_t i) {
            answers[i] = scene.call(As::buyer_app, "POST", "/v1/returns", {.body = bodies[i], .gateway = i});
        });
        int advanced = 0;
        for (const auto& answer : answers) {
            ASSERT_EQ(answer.status, 201) << answer.body;
            advanced +=
                json::parse(answer.body)->operator[]("refund")["verdict"].string() == "advance" ? 1 : 0;
        }
        EXPECT_EQ(advanced, 1) << "race " << race << " for " << first.buyer;
    }
    EXPECT_TRUE(testing::eventually(
        [&] { return books.number("SELECT count(*) FROM advance WHERE state = 'paid'") >= kRaces; },
        std::chrono::seconds(60)));
    EXPECT_EQ(books.number("SELECT count(*) FROM advance"), kRaces);
    EXPECT_EQ(books.number("SELECT count(*) FROM (SELECT buyer_id FROM advance GROUP BY buyer_id HAVING "
                           "count(*) > 1) AS twice"),
              0);
    expect_square(scene);
}

TEST(TwoGateways, MakeOneReturnOfOneAfterSaleId) {
    Scene scene({.gateways = 2});
    for (int race = 0; race < 10; ++race) {
        const Shopper shopper = scene.introduced(kAmountFen);
        const std::string body = application_body(shopper, true);
        std::vector<std::string> ids(4);
        at_once(4, [&](std::size_t i) {
            const auto answer =
                scene.call(As::buyer_app, "POST", "/v1/returns", {.body = body, .gateway = i % 2});
            EXPECT_TRUE(answer.is_good()) << answer.body;
            const auto read = json::parse(answer.body);
            if (read) ids[i] = (*read)["return_id"].string().value_or("");
        });
        for (const auto& id : ids) EXPECT_EQ(id, ids.front());
        ASSERT_TRUE(scene.comes_to(ids.front(), "advance.paid"));
    }
    expect_one_live_booking_each(scene);
    expect_square(scene);
}

}  // namespace
}  // namespace returngate::e2e
