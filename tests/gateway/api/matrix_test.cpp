// Every route against every class of caller, as the route table says; and the table against the document.
#include <chrono>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <thread>

#include "gateway/api/openapi.hpp"
#include "gateway/api/route.hpp"
#include "tests/gateway/api/house.hpp"

namespace returngate::api {
namespace {

constexpr std::array kCallers{Caller::platform,   Caller::buyer_app, Caller::seller, Caller::finance,
                              Caller::operations, Caller::auditor,   Caller::admin,  Caller::provider};

// A path of that route, with ids of nothing.
std::string path_of(const Route& route) {
    std::string path;
    for (std::string_view rest = route.path; !rest.empty();) {
        const auto open = rest.find('{');
        path += rest.substr(0, open);
        if (open == rest.npos) break;
        path += "nothing";
        rest = rest.substr(rest.find('}') + 1);
    }
    return path;
}

TEST(RouteTable, AndTheOpenApiDocumentNameTheSameRoutes) {
    std::vector<std::string> table;
    for (const auto& route : routes()) table.push_back(route.label());
    EXPECT_THAT(testing::OpenApiCheck(openapi_json()).operations(),
                ::testing::UnorderedElementsAreArray(table));
}

TEST(RouteTable, AndTheOpenApiDocumentNameTheSameCallers) {
    const auto document = json::parse(openapi_json());
    ASSERT_TRUE(document);
    for (const auto& route : routes()) {
        std::string method(route.method);
        for (char& c : method) c = static_cast<char>(c - 'A' + 'a');
        std::vector<std::string> named;
        for (const auto& caller : (*document)["paths"][route.path][method]["x-callers"].items()) {
            named.emplace_back(caller.string().value_or(""));
        }
        std::vector<std::string> wanted;
        for (const Caller caller : kCallers) {
            if (route.callers.has(caller)) wanted.emplace_back(to_string(caller));
        }
        EXPECT_THAT(named, ::testing::UnorderedElementsAreArray(wanted)) << route.label();
    }
}

TEST(RouteTable, HoldsForEveryRouteAndEveryCaller) {
    House house;
    for (const auto& route : routes()) {
        if (route.is_open()) continue;
        const std::string method(route.method);
        const std::string path = path_of(route);
        EXPECT_EQ(house.nobody(method, path).status, 401) << route.label();
        EXPECT_EQ(house.nobody(method, path, {.authorization = "Bearer rgk_" + std::string(64, '0')}).status,
                  401);
        for (const Caller caller : kCallers) {
            const int status = house.ask(caller, method, path).status;
            if (route.callers.has(caller)) {
                EXPECT_NE(status, 401) << route.label() << " by " << to_string(caller);
                EXPECT_NE(status, 403) << route.label() << " by " << to_string(caller);
                EXPECT_LT(status, 500) << route.label() << " by " << to_string(caller);
            } else {
                EXPECT_EQ(status, 403) << route.label() << " by " << to_string(caller);
            }
        }
    }
}

TEST(RouteTable, WhatIsNotInItDoesNotExist) {
    House house;
    EXPECT_EQ(house.ask(Caller::admin, "GET", "/v1/").status, 404);
    EXPECT_EQ(house.ask(Caller::admin, "GET", "/v1/orders").status, 404);
    EXPECT_EQ(house.ask(Caller::admin, "GET", "/").status, 404);
    const auto wrong_method = house.ask(Caller::buyer_app, "PUT", "/v1/returns");
    EXPECT_EQ(wrong_method.status, 405);
    EXPECT_EQ(wrong_method.header("Allow"), "POST");
}

TEST(Keys, MadeWhileTheGatewayRunsWorkAtOnceAndRevokedOnesStop) {
    House house;
    // The first miss may ask the database, another one within a second may not.
    std::string fresh = house.add_key(Caller::finance);
    int status = 0;
    for (int tries = 0; tries < 50 && status != 200; ++tries) {
        status = house.nobody("GET", "/v1/finance/advances", {.authorization = "Bearer " + fresh}).status;
        if (status != 200) std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    EXPECT_EQ(status, 200);
    house.database().run("UPDATE api_key SET revoked_at = now()");
    for (int tries = 0; tries < 50 && status == 200; ++tries) {
        status = house.nobody("GET", "/v1/finance/advances", {.authorization = "Bearer " + fresh}).status;
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    EXPECT_EQ(status, 401);
}

TEST(Keys, ExpiredOnesAreNobodys) {
    House house;
    const std::string expired = house.add_key(Caller::finance, "", true);
    EXPECT_EQ(house.nobody("GET", "/v1/finance/advances", {.authorization = "Bearer " + expired}).status,
              401);
}

TEST(Service, SaysThatItLivesIsReadyAndWhatItCounts) {
    House house;
    EXPECT_EQ(house.nobody("GET", "/healthz").status, 200);
    EXPECT_EQ(house.nobody("GET", "/readyz").status, 200);
    EXPECT_EQ(house.nobody("GET", "/openapi.json").body, openapi_json());
    const auto metrics = house.nobody("GET", "/metrics");
    EXPECT_EQ(metrics.status, 200);
    for (const auto* name : {"returngate_http_requests_total{route=\"GET /healthz\",status=\"200\"} 1",
                             "returngate_money_halted 0", "returngate_breaker_open{courier=\"YTO\"} 0",
                             "returngate_advance_seconds_count 0",
                             "returngate_promises_missed_total{promise=\"courier_at_door\"} 0",
                             "returngate_pipeline_queued 0"}) {
        EXPECT_THAT(metrics.body, ::testing::HasSubstr(name));
    }
}

TEST(Service, IsNotReadyOnAnotherSchema) {
    House house;
    house.database().run(
        "DELETE FROM schema_migration WHERE version = (SELECT max(version) FROM schema_migration)");
    EXPECT_EQ(house.nobody("GET", "/readyz").status, 503);
}

}  // namespace
}  // namespace returngate::api
