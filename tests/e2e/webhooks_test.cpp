// Events out, from a courier's callback to a receiver on a real socket, and back by a stream.
#include <algorithm>
#include <fstream>
#include <gtest/gtest.h>
#include <map>
#include <set>
#include <sstream>

#include "src/webhook/event_types.hpp"
#include "tests/e2e/books.hpp"
#include "tests/e2e/receiver.hpp"
#include "tests/e2e/scene.hpp"
#include "tests/support/eventually.hpp"

namespace returngate::e2e {
namespace {

using testing::eventually;

SceneOptions quick(std::vector<TomlSetting> more = {}) {
    SceneOptions options;
    options.settings = {{"returngate.toml", "webhooks", "allow_http", "true"},
                        {"returngate.toml", "webhooks", "allowed_networks", "\"127.0.0.1\""},
                        {"returngate.toml", "webhooks", "first_retry_ms", "50"},
                        {"returngate.toml", "webhooks", "poll_ms", "20"}};
    options.settings.insert(options.settings.end(), more.begin(), more.end());
    return options;
}

http::Response with_status(int status, const std::string& retry_after = "") {
    http::Response response;
    response.status = status;
    if (!retry_after.empty()) response.headers.set("Retry-After", retry_after);
    return response;
}

struct Endpoint {
    std::string path;
    std::string secret;
};

Endpoint make_endpoint(const Scene& scene, const Receiver& receiver) {
    const auto answer = scene.call(As::platform, "POST", "/v1/webhook-endpoints",
                                   {.body = R"({"url":")" + receiver.url() + "\"}"});
    EXPECT_EQ(answer.status, 201) << answer.body;
    const auto body = json::parse(answer.body).value_or(json::Value());
    return {"/v1/webhook-endpoints/" + std::string(body["endpoint_id"].string().value_or("")),
            std::string(body["secret"].string().value_or(""))};
}

std::string state_of(const Scene& scene, const Endpoint& endpoint) {
    const auto shown = scene.get(As::platform, endpoint.path);
    return std::string(shown["state"].string().value_or("")) + " " +
           std::string(shown["pause_reason"].string().value_or(""));
}

// The numbers of one return's events as they first arrived.
std::vector<std::int64_t> arrived_of(const Receiver& receiver, const std::string& return_id) {
    std::vector<std::int64_t> seqs;
    for (const auto& one : receiver.arrived()) {
        if (one.return_id == return_id && std::ranges::count(seqs, one.seq) == 0) seqs.push_back(one.seq);
    }
    return seqs;
}

std::vector<std::int64_t> sent_out_of(const Scene& scene, const std::string& return_id) {
    std::vector<std::int64_t> seqs;
    for (const auto& event : scene.timeline(return_id).events) {
        if (webhook::is_event_type(event.type)) seqs.push_back(event.seq);
    }
    return seqs;
}

// In their order, and none is missing that the timeline has and that is sent out.
void expect_complete(const Scene& scene, const Receiver& receiver, const std::string& return_id) {
    EXPECT_TRUE(eventually([&] { return arrived_of(receiver, return_id) == sent_out_of(scene, return_id); }))
        << ::testing::PrintToString(arrived_of(receiver, return_id)) << " of "
        << scene.timeline(return_id).words();
}

TEST(Webhooks, ArriveSignedAndInOrderThroughFailuresUnderTheSameIds) {
    Receiver receiver;
    Scene scene(quick());
    const Endpoint endpoint = make_endpoint(scene, receiver);
    receiver.answer_next({with_status(500), with_status(429, "1"), with_status(302), with_status(503)});
    const Shopper shopper = scene.introduced();
    const std::string id = scene.apply(shopper);
    ASSERT_TRUE(scene.comes_to(id, "advance.paid"));
    scene.receive_and_recover(shopper, id);
    ASSERT_TRUE(scene.comes_to(id, "return.closed"));
    ASSERT_TRUE(eventually([&] { return receiver.count("return.closed") == 1; }, std::chrono::seconds(60)));
    expect_complete(scene, receiver, id);

    std::map<std::string, std::set<std::string>> ids;
    for (const auto& one : receiver.deliveries()) {
        EXPECT_EQ(one.signature, expected_signature(endpoint.secret, one));
        ids[one.return_id + std::to_string(one.seq)].insert(one.id);
    }
    for (const auto& [event, of_event] : ids) EXPECT_EQ(of_event.size(), 1) << event;
    EXPECT_GE(receiver.deliveries().size(), receiver.arrived().size() + 4);
    EXPECT_TRUE(eventually([&] { return scene.get(As::platform, endpoint.path)["pending"].integer() == 0; }));
    expect_square(scene);
}

TEST(Webhooks, WaitAsLongAsTheReceiverAsks) {
    Receiver receiver;
    Scene scene(quick());
    const Endpoint endpoint = make_endpoint(scene, receiver);
    receiver.answer_next({with_status(429, "3600")});
    const std::string id = scene.apply(scene.introduced(), false);
    ASSERT_TRUE(scene.comes_to(id, "return.approved"));
    ASSERT_TRUE(
        eventually([&] { return scene.get(As::platform, endpoint.path)["failures"].integer() == 1; }));
    const std::string second = scene.apply(scene.introduced(), false);
    ASSERT_TRUE(scene.comes_to(second, "return.approved"));
    Books books(scene.dsn());
    EXPECT_EQ(books.number("SELECT count(*) FROM webhook_endpoint WHERE next_at > now() + interval '55 min' "
                           "OR next_at > last_attempt_at + interval '59 min'"),
              1);
    EXPECT_EQ(receiver.deliveries().size(), 1);
}

TEST(Webhooks, OfAReceiverThatIsGoneArePausedAndGoOnWhenAPersonSaysSo) {
    Receiver receiver;
    Scene scene(quick());
    const Endpoint endpoint = make_endpoint(scene, receiver);
    receiver.answer_always(410);
    const std::string id = scene.apply(scene.introduced());
    ASSERT_TRUE(eventually([&] { return state_of(scene, endpoint) == "paused gone"; }));
    EXPECT_TRUE(scene.get(As::platform, endpoint.path)["paused_at"].string().has_value());
    ASSERT_TRUE(scene.comes_to(id, "advance.paid"));
    const std::size_t knocked = receiver.deliveries().size();
    EXPECT_GT(knocked, 0);
    EXPECT_TRUE(receiver.arrived().empty());
    EXPECT_NE(scene.gateway().log().find("webhook_endpoint_paused"), std::string::npos);
    const auto metrics = scene.call(As::platform, "GET", "/metrics");
    EXPECT_NE(metrics.body.find("returngate_webhook_endpoints_paused 1"), std::string::npos);

    receiver.answer_always(200);
    EXPECT_EQ(receiver.deliveries().size(), knocked);
    const auto resumed = scene.call(As::platform, "PATCH", endpoint.path, {.body = R"({"state":"active"})"});
    EXPECT_EQ(resumed.status, 200) << resumed.body;
    ASSERT_TRUE(eventually([&] { return receiver.count("advance.paid") == 1; }));
    expect_complete(scene, receiver, id);
}

TEST(Webhooks, SurviveAGatewayThatIsKilledInTheMiddle) {
    Receiver receiver;
    Scene scene(quick());
    (void)make_endpoint(scene, receiver);
    std::vector<std::string> returns;
    for (int i = 0; i < 6; ++i) returns.push_back(scene.apply(scene.introduced()));
    ASSERT_TRUE(eventually([&] { return receiver.count("return.applied") >= 3; }));
    scene.gateway().kill_outright();
    // Of the dead: nobody waits for its lease to run out.
    Books books(scene.dsn());
    EXPECT_EQ(
        books.number("WITH freed AS (UPDATE webhook_endpoint SET leased_until = '-infinity' RETURNING 1) "
                     "SELECT count(*) FROM freed"),
        1);
    scene.gateway().start();
    for (const auto& id : returns) ASSERT_TRUE(scene.comes_to(id, "advance.paid"));
    ASSERT_TRUE(eventually([&] { return receiver.count("advance.paid") >= returns.size(); }));
    for (const auto& id : returns) {
        ASSERT_TRUE(scene.comes_to(id, "parcel.delivered"));
        expect_complete(scene, receiver, id);
    }
}

// Shorter than a lease: what a stopped gateway was at is not waited for.
TEST(Webhooks, GoOnAfterAnOrderlyRestartWithoutWaitingForALease) {
    Receiver receiver;
    Scene scene(quick());
    (void)make_endpoint(scene, receiver);
    std::vector<std::string> returns;
    for (int i = 0; i < 6; ++i) returns.push_back(scene.apply(scene.introduced(), false));
    ASSERT_TRUE(eventually([&] { return receiver.count("return.applied") >= 1; }));
    EXPECT_EQ(scene.gateway().terminate(), 0);
    Books books(scene.dsn());
    EXPECT_EQ(books.number("SELECT count(*) FROM webhook_endpoint WHERE lease IS NOT NULL"), 0);
    scene.gateway().start();
    for (const auto& id : returns) expect_complete(scene, receiver, id);
}

TEST(Webhooks, AreTestedReplayedAndSignedWithTwoSecretsWhileTheseOverlap) {
    Receiver receiver;
    Scene scene(quick());
    const Endpoint endpoint = make_endpoint(scene, receiver);
    const auto tested = scene.call(As::platform, "POST", endpoint.path + "/test");
    EXPECT_EQ(tested.body, R"({"delivered":true,"status":204})");
    ASSERT_EQ(receiver.deliveries().size(), 1);
    EXPECT_EQ(receiver.deliveries()[0].type, "webhook.test");
    EXPECT_EQ(receiver.deliveries()[0].signature,
              expected_signature(endpoint.secret, receiver.deliveries()[0]));

    const std::string id = scene.apply(scene.introduced(), false);
    ASSERT_TRUE(eventually([&] { return receiver.count("return.approved") == 1; }));
    const auto rotated = scene.call(As::platform, "POST", endpoint.path + "/secrets");
    ASSERT_EQ(rotated.status, 201) << rotated.body;
    const auto made = json::parse(rotated.body).value();
    const std::string secret(made["secret"].string().value_or(""));
    const auto replayed = scene.call(As::platform, "POST", endpoint.path + "/replay",
                                     {.body = R"({"since":"2020-01-01T00:00:00Z"})"});
    ASSERT_EQ(replayed.status, 202) << replayed.body;
    ASSERT_TRUE(eventually([&] { return receiver.count("return.approved") == 2; }));
    std::map<std::string, int> times;
    for (const auto& one : receiver.arrived()) ++times[one.id];
    for (const auto& one : receiver.arrived()) {
        EXPECT_EQ(times[one.id], one.type == "webhook.test" ? 1 : 2) << one.type;
    }
    const Delivery last = receiver.deliveries().back();
    EXPECT_EQ(last.signature,
              expected_signature(secret, last) + " " + expected_signature(endpoint.secret, last));
}

TEST(Webhooks, DoNotGoWhereTheConfigurationDoesNotLetThem) {
    Receiver receiver;
    Scene scene(quick({{"returngate.toml", "webhooks", "allowed_networks", "\"10.0.0.0/8\""}}));
    const Endpoint endpoint = make_endpoint(scene, receiver);
    const auto tested = scene.call(As::platform, "POST", endpoint.path + "/test");
    EXPECT_EQ(tested.body, R"({"delivered":false,"status":0,"error":"address_refused"})");
    EXPECT_TRUE(receiver.deliveries().empty());
}

TEST(WebhookSecrets, AreEncryptedByMigrateAndCountedByDoctor) {
    Receiver receiver;
    Scene scene(quick());
    (void)make_endpoint(scene, receiver);
    const auto folder = scene.folder() / "gateway0";
    const std::vector<std::string> with_config{"--config", (folder / "returngate.toml").string()};
    const auto run = [&](const std::string& command) {
        return testing::run_command({command, with_config[0], with_config[1]}, "").output;
    };
    EXPECT_NE(run("doctor").find("ok    1 of 1 webhook secrets can be used"), std::string::npos);
    // As a version before migration 4 stored it.
    Books books(scene.dsn());
    (void)books.rows(
        "UPDATE webhook_secret SET sealed = decode(repeat('70', 32), 'hex'), is_plain = true RETURNING 1");
    EXPECT_NE(run("doctor").find("FAIL  0 of 1 webhook secrets can be used"), std::string::npos);
    EXPECT_NE(run("migrate").find("encrypted 1 webhook secrets\n"), std::string::npos);
    EXPECT_EQ(run("migrate").find("encrypted"), std::string::npos);
    EXPECT_NE(run("doctor").find("ok    1 of 1 webhook secrets can be used"), std::string::npos);
    std::ofstream(folder / "secrets" / "webhook_key", std::ios::trunc) << std::string(64, '5') << "\n";
    EXPECT_NE(run("doctor").find("FAIL  0 of 1 webhook secrets can be used"), std::string::npos);
}

struct StreamAnswer {
    std::vector<std::string> types;
    std::string last_id;
};

StreamAnswer listen(const Scene& scene, const std::string& target, const std::string& last_id = "") {
    auto request = scene.request(As::platform, "GET", target);
    if (!last_id.empty()) request.headers.emplace_back("Last-Event-ID", last_id);
    const auto answer = testing::send_plain(request, std::chrono::seconds(40));
    EXPECT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(answer.header("Content-Type"), "text/event-stream");
    StreamAnswer heard;
    std::istringstream lines(answer.body);
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("event: ")) heard.types.push_back(line.substr(7));
        if (line.starts_with("id: ")) heard.last_id = line.substr(4);
    }
    return heard;
}

TEST(TheStream, GoesOnAfterTheLastEventIdUntilTheStoryEnds) {
    Scene scene;
    const StreamAnswer start = listen(scene, "/v1/events?wait_seconds=0");
    EXPECT_TRUE(start.types.empty());
    const Shopper shopper = scene.introduced();
    const std::string id = scene.apply(shopper);
    const std::string all = "/v1/events?wait_seconds=20";
    for (const std::string& target : {all, "/v1/returns/" + id + "/events?wait_seconds=20"}) {
        std::vector<std::string> types;
        std::string last_id = target == all ? start.last_id : "";
        const auto has = [&](std::string_view type) { return std::ranges::count(types, type) > 0; };
        while (!(has("parcel.delivered") && has("advance.paid")) && types.size() < 40) {
            const StreamAnswer heard = listen(scene, target, last_id);
            types.insert(types.end(), heard.types.begin(), heard.types.end());
            last_id = heard.last_id;
        }
        std::vector<std::string> wanted;
        for (const auto& event : scene.timeline(id).events) {
            if (webhook::is_event_type(event.type)) wanted.push_back(event.type);
        }
        EXPECT_EQ(types, wanted);
    }
    EXPECT_EQ(scene.call(As::other_seller, "GET", "/v1/returns/" + id + "/events").status, 404);
}

}  // namespace
}  // namespace returngate::e2e
