// Endpoints by the API, and the streams' edges.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/crypto/digest.hpp"
#include "adapters/webhook/vault.hpp"
#include "tests/adapters/http/raw_socket.hpp"
#include "tests/gateway/api/house.hpp"
#include "tests/support/eventually.hpp"

namespace returngate::api {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kEndpoints = "/v1/webhook-endpoints";
constexpr std::string_view kBody =
    R"({"url":"https://127.0.0.1/hooks","types":["advance.paid","return.closed"]})";

std::string made(House& house) {
    const auto answer =
        house.ask(Caller::platform, "POST", std::string(kEndpoints), {.body = std::string(kBody)});
    EXPECT_EQ(answer.status, 201) << answer.body;
    const auto body = body_of(answer);
    EXPECT_EQ(std::string(answer.header("Location")),
              std::string(kEndpoints) + "/" + std::string(body["endpoint_id"].string().value_or("")));
    EXPECT_THAT(std::string(body["secret"].string().value_or("")), ::testing::StartsWith("whsec_"));
    return std::string(answer.header("Location"));
}

TEST(WebhookEndpoints, AreMadeShownChangedAndRemoved) {
    House house;
    const std::string path = made(house);
    const auto shown = house.ask(Caller::auditor, "GET", path);
    EXPECT_EQ(shown.status, 200);
    EXPECT_THAT(shown.body, Not(HasSubstr("whsec_")));
    EXPECT_EQ(body_of(shown)["state"].string(), "active");
    EXPECT_EQ(body_of(shown)["types"].items().size(), 2);
    const auto changed = house.ask(Caller::admin, "PATCH", path,
                                   {.body = R"({"state":"paused","types":[],"description":"the shop"})"});
    EXPECT_EQ(changed.status, 200) << changed.body;
    const auto body = body_of(changed);
    EXPECT_EQ(body["state"].string(), "paused");
    EXPECT_EQ(body["pause_reason"].string(), "by_request");
    EXPECT_EQ(body["description"].string(), "the shop");
    EXPECT_TRUE(body["types"].items().empty());
    EXPECT_EQ(body_of(house.ask(Caller::platform, "PATCH", path, {.body = "{}"}))["state"].string(),
              "paused");
    EXPECT_EQ(
        body_of(house.ask(Caller::platform, "GET", std::string(kEndpoints)))["endpoints"].items().size(), 1);
    EXPECT_EQ(house.ask(Caller::platform, "DELETE", path).status, 200);
    EXPECT_EQ(house.ask(Caller::platform, "GET", path).status, 404);
    EXPECT_EQ(house.ask(Caller::platform, "DELETE", path).status, 404);
    EXPECT_EQ(house.ask(Caller::platform, "PATCH", path, {.body = "{}"}).status, 404);
    EXPECT_EQ(house.ask(Caller::platform, "POST", path + "/test").status, 404);
    EXPECT_EQ(house.ask(Caller::platform, "POST", path + "/secrets").status, 404);
    EXPECT_EQ(
        house.ask(Caller::platform, "POST", path + "/replay", {.body = R"({"since":"2026-01-10T00:00:00Z"})"})
            .status,
        404);
}

TEST(WebhookEndpoints, AreOnePerUrl) {
    House house;
    (void)made(house);
    const auto again =
        house.ask(Caller::admin, "POST", std::string(kEndpoints), {.body = std::string(kBody)});
    EXPECT_EQ(again.status, 409);
    EXPECT_EQ(body_of(again)["code"].string(), "endpoint_exists");
}

TEST(WebhookEndpoints, NeedAnHttpsUrlAndTypesThatThereAre) {
    House house;
    const auto ask = [&](const std::string& body) {
        const auto answer = house.ask(Caller::platform, "POST", std::string(kEndpoints), {.body = body});
        EXPECT_EQ(answer.status, 422) << body << answer.body;
        return pointers_of(answer);
    };
    EXPECT_THAT(ask(R"({})"), ElementsAre("/url"));
    EXPECT_THAT(ask(R"({"url":"http://shop.example.com/"})"), ElementsAre("/url"));
    EXPECT_THAT(ask(R"({"url":"https://user:secret@shop.example.com/"})"), ElementsAre("/url"));
    EXPECT_THAT(ask(R"({"url":"file:///etc/passwd"})"), ElementsAre("/url"));
    EXPECT_THAT(ask(R"({"url":"https://shop.example.com/","types":["pickup.courier_gave_up"]})"),
                ElementsAre("/types"));
    EXPECT_THAT(ask(R"({"url":"https://shop.example.com/","secret":"mine"})"), ElementsAre("/secret"));
}

TEST(WebhookEndpoints, OnPrivateAddressesAreNotConnectedTo) {
    House house;
    const auto tested = house.ask(Caller::platform, "POST", made(house) + "/test");
    EXPECT_EQ(tested.status, 200) << tested.body;
    EXPECT_EQ(tested.body, R"({"delivered":false,"status":0,"error":"address_refused"})");
}

TEST(WebhookEndpoints, ReplayOnlyWhatIsPast) {
    House house;
    const std::string path = made(house) + "/replay";
    EXPECT_EQ(
        house.ask(Caller::platform, "POST", path, {.body = R"({"since":"2026-01-10T00:00:00Z"})"}).status,
        202);
    EXPECT_THAT(pointers_of(house.ask(Caller::platform, "POST", path,
                                      {.body = R"({"since":"2099-01-10T00:00:00Z"})"})),
                ElementsAre("/since"));
}

std::string hex_of(const std::string& text) {
    return crypto::to_hex({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

TEST(WebhookSecrets, StandEncryptedInTheDatabase) {
    House house;
    const auto answer =
        house.ask(Caller::platform, "POST", std::string(kEndpoints), {.body = std::string(kBody)});
    const std::string id(body_of(answer)["endpoint_id"].string().value_or(""));
    const auto secret = webhook::parse_secret(body_of(answer)["secret"].string().value_or(""));
    ASSERT_TRUE(secret);
    const std::string row = house.database().text("SELECT row_to_json(s)::text FROM webhook_secret s");
    EXPECT_THAT(row, Not(HasSubstr(hex_of(*secret))));
    EXPECT_THAT(row, Not(HasSubstr(hex_of(secret->substr(0, 8)))));
    const auto sealed =
        crypto::from_hex(house.database().text("SELECT encode(sealed, 'hex') FROM webhook_secret"));
    ASSERT_TRUE(sealed);
    crypto::AesKey key{};
    key.fill(7);  // the house's
    EXPECT_EQ(webhook::Vault(key).open(*parse_id<webhook::EndpointTag>(id), *sealed), secret);
}

TEST(WebhookSecrets, ThatCannotBeOpenedSignNothing) {
    House house;
    const std::string path = made(house);
    house.database().run("UPDATE webhook_secret SET sealed = set_byte(sealed, 20, get_byte(sealed, 20) # 1)");
    const auto tested = house.ask(Caller::platform, "POST", path + "/test");
    EXPECT_EQ(tested.body, R"({"delivered":false,"status":0,"error":"secret_unreadable"})");
}

TEST(WebhookSecrets, OverlapAndAreShownOnce) {
    House house;
    const std::string path = made(house);
    const auto first = house.ask(Caller::platform, "POST", path + "/secrets");
    EXPECT_EQ(first.status, 201) << first.body;
    const auto second = house.ask(Caller::platform, "POST", path + "/secrets");
    EXPECT_NE(body_of(first)["secret"].string(), body_of(second)["secret"].string());
    EXPECT_EQ(body_of(house.ask(Caller::platform, "GET", path))["secrets"].integer(), 2);
}

TEST(EventStreams, BeginWhereTheReaderStopped) {
    House house;
    house.put_master_data();
    const std::string id = house.apply();
    const std::string path = "/v1/returns/" + id + "/events";
    const auto whole = house.ask(Caller::buyer_app, "GET", path);
    EXPECT_EQ(whole.status, 200);
    EXPECT_EQ(whole.header("Content-Type"), "text/event-stream");
    EXPECT_THAT(whole.body, HasSubstr("id: 1\nevent: return.applied\ndata: {\"type\":\"return.applied\""));
    EXPECT_THAT(whole.body, HasSubstr("\nevent: return.approved\n"));
    EXPECT_TRUE(testing::eventually([&] {
        return house.ask(Caller::platform, "GET", "/v1/events?wait_seconds=0&since=2020-01-01T00:00:00Z")
                   .body.find("event: return.approved") != std::string::npos;
    }));
    const auto from_now = house.ask(Caller::platform, "GET", "/v1/events?wait_seconds=0");
    EXPECT_THAT(from_now.body, Not(HasSubstr("event:")));
    EXPECT_THAT(from_now.body, HasSubstr("\nid: "));
}

// A reader that keeps its connection; what comes in chunks is read as it stands on the wire.
class OpenReader {
public:
    OpenReader(House& house, Caller caller, const std::string& target, const std::string& key = "")
        : socket_(house.port()) {
        socket_.send("GET " + target + " HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " +
                     (key.empty() ? house.key(caller) : key) + "\r\n\r\n");
        head = socket_.read_until("\r\n\r\n").value_or("");
        greeting = socket_.read_until("id: ").value_or("");
    }
    // Up to and with this text; "" when it does not come.
    std::string until(std::string_view text) {
        return socket_.read_until(text, std::chrono::seconds(10)).value_or("");
    }
    http::testing::RawSocket& socket() { return socket_; }

    std::string head;
    std::string greeting;

private:
    http::testing::RawSocket socket_;
};

TEST(OpenStreams, BringEventsAsTheyHappenUntilTheGatewayDrains) {
    House house(2);
    house.put_master_data();
    OpenReader all(house, Caller::platform, "/v1/events");
    EXPECT_THAT(all.head, ::testing::StartsWith("HTTP/1.1 200 OK\r\n"));
    EXPECT_THAT(all.head, HasSubstr("Content-Type: text/event-stream\r\n"));
    EXPECT_THAT(all.head, HasSubstr("Transfer-Encoding: chunked\r\n"));
    EXPECT_THAT(all.greeting, HasSubstr("retry: 200\n\n"));
    const std::string first = house.apply();
    EXPECT_NE(all.until("event: return.applied\ndata: {"), "");
    EXPECT_THAT(all.until("\n\n"), HasSubstr(first));
    OpenReader one(house, Caller::buyer_app, "/v1/returns/" + first + "/events");
    EXPECT_NE(one.until("event: return.approved"), "");
    // A pause: the readers hear nothing, and then the next event on the same connection.
    EXPECT_EQ(one.socket().read_until("event: ", std::chrono::milliseconds(600)), std::nullopt);
    const std::string pickup = R"({"now":true,"contact":)" + std::string(kContact) + "}";
    EXPECT_LT(house
                  .ask(Caller::buyer_app, "POST", "/v1/returns/" + first + "/pickup",
                       {.body = pickup, .idempotency_key = "pickup-1"})
                  .status,
              300);
    EXPECT_NE(one.until("event: pickup.booked"), "");
    EXPECT_NE(all.until("event: pickup.booked"), "");
    // Both places are taken: what there is, at once.
    const auto third = house.ask(Caller::finance, "GET", "/v1/events?since=2020-01-01T00:00:00Z");
    EXPECT_THAT(third.body, HasSubstr("retry: 2000\n"));
    house.drain();
    for (OpenReader* reader : {&one, &all}) {
        EXPECT_THAT(reader->socket().read_to_end().value_or("open still"),
                    ::testing::EndsWith("\r\n0\r\n\r\n"));
    }
}

TEST(OpenStreams, EndWithTheirKey) {
    House house(1);
    const std::string key = house.add_key(Caller::finance);
    OpenReader reader(house, Caller::finance, "/v1/events", key);
    ASSERT_THAT(reader.head, ::testing::StartsWith("HTTP/1.1 200 OK\r\n"));
    house.database().run(
        "UPDATE api_key SET revoked_at = now() WHERE key_id = (SELECT key_id FROM api_key "
        "ORDER BY ctid DESC LIMIT 1)");
    EXPECT_NE(reader.until("\r\n0\r\n\r\n"), "") << "the keys are read again every two seconds";
    // The place is free again.
    OpenReader next(house, Caller::platform, "/v1/events");
    EXPECT_THAT(next.head, HasSubstr("chunked"));
}

TEST(EventStreams, RefuseWhatTheyCannotRead) {
    House house;
    EXPECT_EQ(house.ask(Caller::platform, "GET", "/v1/events?wait_seconds=26").status, 422);
    EXPECT_EQ(house.ask(Caller::platform, "GET", "/v1/events?since=yesterday").status, 422);
    EXPECT_EQ(house.ask(Caller::platform, "GET", "/v1/events?cursor=1").status, 422);
    EXPECT_EQ(
        house.ask(Caller::platform, "GET", "/v1/returns/ret_" + std::string(32, '0') + "/events").status,
        404);
}

}  // namespace
}  // namespace returngate::api
