// The table of raw requests, and bad keys and paths, against the whole gateway: no fault of ours anywhere,
// one answer each, and no word of the request in a refusal.
#include <chrono>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <set>
#include <thread>

#include "tests/adapters/http/guard_cases.hpp"
#include "tests/adapters/http/raw_socket.hpp"
#include "tests/gateway/api/house.hpp"

namespace returngate::api {
namespace {

using http::testing::RawSocket;
using ::testing::HasSubstr;

TEST(RawBytes, GetOneAnswerEachAndNeverAFaultOfOurs) {
    House house;
    for (const auto& one : http::testing::guard_cases()) {
        if (one.status == 408) continue;  // a real deadline is 10 seconds
        SCOPED_TRACE(one.name);
        RawSocket socket(house.port());
        socket.send(one.bytes);
        if (one.status == 200) socket.finish_sending();
        const auto bytes = socket.read_to_end();
        ASSERT_TRUE(bytes.has_value()) << "not closed";
        const auto answers = http::testing::split_answers(*bytes);
        ASSERT_TRUE(answers.has_value()) << *bytes;
        ASSERT_EQ(answers->size(), 1U) << *bytes;
        const auto& answer = answers->front();
        // What passes the guard finds no route: the table's paths are nobody's.
        EXPECT_EQ(answer.status, one.status == 200 ? 404 : one.status) << answer.body;
        EXPECT_THAT(answer.head, HasSubstr("Content-Type: application/problem+json\r\n"));
        const auto problem = json::parse(answer.body);
        ASSERT_TRUE(problem) << answer.body;
        EXPECT_EQ((*problem)["status"].integer(), answer.status);
        EXPECT_TRUE((*problem)["request_id"].string().value_or("").starts_with("req_")) << answer.body;
    }
    EXPECT_EQ(house.nobody("GET", "/readyz").status, 200);
}

std::string without_request_id(const testing::PlainAnswer& answer) {
    const auto at = answer.body.find("\"request_id\"");
    return std::to_string(answer.status) + " " + answer.body.substr(0, at);
}

TEST(BadKeys, AreAllAnsweredAlike) {
    House house;
    const std::string good = house.key(Caller::auditor);
    std::string changed = good;
    changed.back() = changed.back() == '0' ? '1' : '0';
    std::string capitals = good;
    for (char& c : capitals) c = static_cast<char>(c >= 'a' && c <= 'f' ? c - 0x20 : c);
    const std::string expired = house.add_key(Caller::auditor, "", true);
    const std::string authorizations[] = {
        "",
        "Bearer",
        "Bearer rgk_",
        good,
        "Basic " + good,
        "Token " + good,
        "Bearer  " + good,
        "Bearer " + good + " x",
        "Bearer " + good + ",",
        "Bearer \"" + good + "\"",
        "Bearer " + good.substr(0, good.size() - 1),
        "Bearer " + good.substr(0, 8),
        "Bearer " + good + "0",
        "Bearer " + changed,
        "Bearer " + capitals,
        "Bearer " + good.substr(4),
        "Bearer rgl_" + good.substr(4),
        "Bearer " + expired,
        "Bearer " + std::string(4000, 'a'),
        "Bearer rgk_" + std::string(64, '0'),
    };
    std::set<std::string> answers;
    for (const auto& authorization : authorizations) {
        const auto answer = house.nobody("GET", "/v1/finance/advances", {.authorization = authorization});
        EXPECT_EQ(answer.status, 401) << authorization;
        EXPECT_EQ(answer.header("WWW-Authenticate"), "Bearer");
        answers.insert(without_request_id(answer));
    }
    EXPECT_EQ(answers.size(), 1U);
    EXPECT_EQ(house.nobody("GET", "/v1/finance/advances", {.authorization = "bearer " + good}).status, 200);
}

TEST(Paths, MatchARouteExactlyOrNotAtAll) {
    House house;
    struct Row {
        const char* method;
        const char* target;
        int status;
    };
    const Row rows[] = {
        {"GET", "/healthz", 200},
        {"GET", "/healthz/", 404},
        {"GET", "/Healthz", 404},
        {"GET", "/%68ealthz", 404},
        {"OPTIONS", "/healthz", 405},
        {"DELETE", "/healthz", 405},
        {"GET", "/v1/returns", 405},
        {"GET", "/v1/returns/", 404},
        {"GET", "/v2/returns", 404},
        {"GET", "/v1/returns/1", 404},
        {"GET", "/v1/returns/ret_%E4%B8%AD", 404},
        {"GET", "/v1/returns/pku_00000000000000000000000000000000", 404},
        {"GET", "/v1/returns/RET_00000000000000000000000000000000", 404},
        {"GET", "/v1/returns/ret_0000000000000000000000000000000", 404},
        {"GET", "/v1/returns/ret_00000000000000000000000000000000", 404},
        {"GET", "/v1/returns/%7Breturn_id%7D", 404},
        {"GET", "/v1/buyers/'%20OR%201=1/entitlement", 404},
        {"GET", "/v1/buyers/%F0%A0%AE%B7/entitlement", 404},
        {"GET", "/v1/pickup-slots?return_id=ret_1", 422},
        {"GET", "/v1/pickup-slots?return_id=a&return_id=b", 422},
        {"GET", "/v1/pickup-slots?%E4%B8%AD=1", 422},
        {"GET", "/v1/pickup-slots?%ff=1", 400},
        {"GET", "/v1/pickup-slots?a=%1b", 400},
        {"GET", "/v1/pickup-slots?&", 400},
        {"GET", "/v1/pickup-slots?=1", 400},
        {"GET", "/v1/pickup-slots?a&b&c&d&e&f&g&h&i&j&k&l&m&n&o&p&q", 400},
    };
    for (const auto& row : rows) {
        testing::PlainRequest request;
        request.port = house.port();
        request.method = row.method;
        request.target = row.target;
        request.headers = {{"Authorization", "Bearer " + house.key(Caller::buyer_app)}};
        const auto answer = testing::send_plain(request);
        EXPECT_EQ(answer.status, row.status) << row.method << " " << row.target << "\n" << answer.body;
        EXPECT_TRUE(answer.body.empty() || json::parse(answer.body)) << answer.body;
    }
}

TEST(Paths, HaveNoHead) {
    House house;
    RawSocket socket(house.port());
    socket.send("HEAD /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    const auto answer = socket.read_to_end().value_or("");
    EXPECT_THAT(answer, ::testing::StartsWith("HTTP/1.1 405 "));
    EXPECT_THAT(answer, HasSubstr("Allow: GET\r\n"));
    EXPECT_THAT(answer, ::testing::EndsWith("\r\n\r\n"));
}

TEST(Readers, AreToldWhatTheyCannotAskFor) {
    House house;
    const std::pair<const char*, int> targets[] = {
        {"/v1/finance/advances?limit=1", 200},
        {"/v1/finance/advances?limit=0", 422},
        {"/v1/finance/advances?limit=-1", 422},
        {"/v1/finance/advances?limit=201", 422},
        {"/v1/finance/advances?limit=1.0", 422},
        {"/v1/finance/advances?limit=%2B1", 422},
        {"/v1/finance/advances?limit=99999999999999999999", 422},
        {"/v1/finance/advances?limit=", 422},
        {"/v1/finance/advances?limit=1&limit=2", 422},
        {"/v1/finance/advances?cursor=", 422},
        {"/v1/finance/advances?cursor=ffffffffffffffffffffffffffffffffffffffffffffffff", 422},
        {"/v1/finance/advances?cursor=000000000000000000000000000000000000000000000000", 200},
        {"/v1/finance/breaks?run_id=run_1", 422},
        {"/v1/events?wait_seconds=0", 200},
        {"/v1/events?wait_seconds=-1", 422},
        {"/v1/events?wait_seconds=0x1", 422},
        {"/v1/events?wait_seconds=0&since=0001-01-01T00:00:00Z", 200},
        {"/v1/events?wait_seconds=0&since=9999-12-31T23:59:59Z", 200},
        {"/v1/events?wait_seconds=0&since=0000-01-01T00:00:00Z", 422},
        {"/v1/events?wait_seconds=0&since=9999-12-31T23:59:59-23:59", 422},
        {"/v1/events?wait_seconds=0&since=1736491200", 422},
    };
    for (const auto& [target, status] : targets) {
        const auto answer = house.ask(Caller::auditor, "GET", target);
        EXPECT_EQ(answer.status, status) << target << "\n" << answer.body;
    }
    for (const char* id : {"", "0", "-1", "1.2.3", "x", "18446744073709551616.5c0f.1",
                           "7431.5c0f6e2ad1b94c7f8a3e6d20419b7c55.99999999999", "7431.zz.3"}) {
        testing::PlainRequest request;
        request.port = house.port();
        request.target = "/v1/events?wait_seconds=0";
        request.headers = {{"Authorization", "Bearer " + house.key(Caller::auditor)}, {"Last-Event-ID", id}};
        EXPECT_EQ(testing::send_plain(request).status, 422) << id;
    }
}

TEST(IdempotencyKeys, BelongToTheirCallerAndTheirRequest) {
    House house;
    struct Row {
        const char* name;
        std::string key;
        int status;
    };
    house.put_master_data();
    const std::string pickup = "/v1/returns/" + house.apply() + "/pickup";
    const std::string book = R"({"now":true,"contact":)" + std::string(kContact) + "}";
    const Row refused[] = {
        {"none", "", 400},
        {"empty", "\"\"", 400},
        {"of 256", std::string(256, 'k'), 400},
        {"of a quote inside", "\"a\"b\"", 400},
        {"outside ASCII", "schl\xc3\xbcssel", 400},
        {"with a tab", "a\tb", 400},
    };
    for (const auto& row : refused) {
        testing::PlainRequest request;
        request.port = house.port();
        request.method = "POST";
        request.target = pickup;
        request.headers = {{"Authorization", "Bearer " + house.key(Caller::buyer_app)},
                           {"Content-Type", "application/json"}};
        if (!row.key.empty()) request.headers.emplace_back("Idempotency-Key", row.key);
        request.body = book;
        EXPECT_EQ(testing::send_plain(request).status, row.status) << row.name;
    }
    EXPECT_EQ(house.database().number("SELECT count(*) FROM pickup"), 0);
    const Asking asking{.body = book, .idempotency_key = "k"};
    EXPECT_EQ(house.ask(Caller::buyer_app, "POST", pickup, asking).status, 201);
    EXPECT_EQ(house.ask(Caller::buyer_app, "POST", pickup + "?a=b", asking).status, 422) << "another target";
    // The same key of another key's owner is another key: it is asked, and there is a pickup already.
    const std::string other = "Bearer " + house.add_key(Caller::buyer_app);
    int status = 401;
    for (int tries = 0; tries < 30 && status == 401; ++tries) {
        status = house.nobody("POST", pickup, {.body = book, .idempotency_key = "k", .authorization = other})
                     .status;
        if (status == 401) std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    EXPECT_EQ(status, 409);
}

}  // namespace
}  // namespace returngate::api
