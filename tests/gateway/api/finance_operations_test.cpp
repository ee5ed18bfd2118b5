// Finance and operations over HTTP.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/gateway/api/house.hpp"

namespace returngate::api {
namespace {

using ::testing::ElementsAre;

// A paid advance of 259 CNY, as the pipeline would have left it.
void plant_advance(House& house, int number, const std::string& state = "paid") {
    const std::string id = "'00000000-0000-4000-8000-0000000000" + std::to_string(10 + number) + "'::uuid";
    house.database().run(
        "INSERT INTO return_case VALUES (0, " + id + ", 'b', 'seller-1', 'o', 'as-" + std::to_string(number) +
        "', 'in_carriage', 'automatic', 'advance', 25900, 0, 'sandbox', " + id +
        ", '', NULL, '', now(), NULL, 'none', NULL, NULL, 0, 1);"
        "INSERT INTO advance VALUES (0, " +
        id + ", " + id + ", 'b', 25900, '" + state + "', 'sandbox', 'adv_' || replace(" + id +
        "::text, '-', ''), " + id + ", 'RG00AAAAAAAA', 'YT1', now(), now() - interval '" +
        std::to_string(number) + " minutes', now(), 'p', 0, NULL, 1)");
}

TEST(Advances, AreListedLatestFirstInPages) {
    House house;
    for (int i = 0; i < 5; ++i) plant_advance(house, i, i == 4 ? "committed" : "paid");
    const json::Value first = body_of(house.ask(Caller::finance, "GET", "/v1/finance/advances?limit=3"));
    ASSERT_EQ(first["advances"].items().size(), 3U);
    ASSERT_EQ(first["totals"].items().size(), 2U);
    EXPECT_EQ(first["totals"].items()[1]["state"].string(), "paid");
    EXPECT_EQ(first["totals"].items()[1]["amount_fen"].integer(), 4 * 25900);
    const std::string cursor(first["next_cursor"].string().value_or(""));
    const json::Value second =
        body_of(house.ask(Caller::auditor, "GET", "/v1/finance/advances?limit=3&cursor=" + cursor));
    ASSERT_EQ(second["advances"].items().size(), 2U);
    EXPECT_TRUE(second["next_cursor"].is_null());
    std::vector<std::string> ids;
    for (const auto* page : {&first, &second}) {
        for (const auto& advance : (*page)["advances"].items())
            ids.emplace_back(advance["advance_id"].string().value_or("").substr(34));
    }
    EXPECT_THAT(ids, ElementsAre("10", "11", "12", "13", "14"));
    const json::Value open =
        body_of(house.ask(Caller::finance, "GET", "/v1/finance/advances?state=committed"));
    EXPECT_EQ(open["advances"].items().size(), 1U);
}

TEST(Advances, RefuseAForgedCursorAndUnknownWords) {
    House house;
    const auto answer =
        house.ask(Caller::finance, "GET", "/v1/finance/advances?cursor=abc&state=lost&limit=0");
    EXPECT_EQ(answer.status, 422);
    EXPECT_THAT(pointers_of(answer), ::testing::UnorderedElementsAre("?cursor", "?state", "?limit"));
    EXPECT_EQ(house.ask(Caller::finance, "GET", "/v1/finance/advances?cursor=%zz").status, 400);
}

TEST(Couriers, ShowTheirRecordAndUntilWhenTheirWordIsDoubted) {
    House house;
    house.database().run(
        "INSERT INTO case_entry (cell, return_id, first_seq, at, events) VALUES (0, gen_random_uuid(), 1, "
        "now() + interval '12 hours', "
        "'[{\"type\":\"courier.contradicted\",\"data\":{\"courier\":\"SF\"}}]')");
    const json::Value body = body_of(house.ask(Caller::operations, "GET", "/v1/operations/couriers"));
    ASSERT_EQ(body["couriers"].items().size(), 2U);
    const json::Value& yto = body["couriers"].items()[0];
    EXPECT_EQ(yto["courier"].string(), "YTO");
    EXPECT_EQ(yto["priority"].integer(), 10);
    EXPECT_EQ(yto["breaker_open"].boolean(), false);
    EXPECT_EQ(yto["record"]["asked"].integer(), 0);
    EXPECT_TRUE(yto["distrusted_until"].is_null());
    EXPECT_FALSE(body["couriers"].items()[1]["distrusted_until"].is_null());
}

TEST(Runs, AreStoredWithTheirBreaks) {
    House house;
    EXPECT_EQ(house.ask(Caller::finance, "GET", "/v1/finance/breaks").status, 404);
    plant_advance(house, 1);
    house.database().run(
        "UPDATE advance SET committed_at = now() - interval '40 days', paid_at = now() - interval '40 days'");
    const auto run = house.ask(Caller::finance, "POST", "/v1/finance/runs", {.body = "{}"});
    ASSERT_EQ(run.status, 201) << run.body;
    EXPECT_EQ(body_of(run)["counts"]["advances"].integer(), 1);
    ASSERT_FALSE(body_of(run)["breaks"].items().empty());
    EXPECT_EQ(body_of(run)["breaks"].items()[0]["kind"].string(), "delivery_missing");
    EXPECT_EQ(house.ask(Caller::auditor, "GET", "/v1/finance/breaks").body, run.body);
    const std::string id(body_of(run)["run_id"].string().value_or(""));
    EXPECT_EQ(house.ask(Caller::finance, "GET", "/v1/finance/breaks?run_id=" + id).body, run.body);
}

TEST(Runs, UnderTheSameKeyAreOneRunOfTheirCaller) {
    House house;
    const auto first =
        house.ask(Caller::finance, "POST", "/v1/finance/runs", {.body = "{}", .idempotency_key = "day-1"});
    plant_advance(house, 1);
    const auto again =
        house.ask(Caller::finance, "POST", "/v1/finance/runs", {.body = "{}", .idempotency_key = "day-1"});
    EXPECT_EQ(again.status, 201);
    EXPECT_EQ(again.body, first.body);
    const auto next =
        house.ask(Caller::finance, "POST", "/v1/finance/runs", {.body = "{}", .idempotency_key = "day-2"});
    EXPECT_NE(body_of(next)["run_id"].string(), body_of(first)["run_id"].string());
    EXPECT_EQ(body_of(next)["counts"]["advances"].integer(), 1);
    EXPECT_EQ(house.database().number("SELECT count(*) FROM reconciliation_run"), 2);
}

TEST(Recoveries, NeedAKeyAndAnAdvance) {
    House house;
    house.put_master_data();
    const std::string id = house.apply();
    const std::string body =
        R"({"return_id":")" + id + R"(","amount_fen":100,"currency":"CNY","reference":"r-1"})";
    EXPECT_EQ(house.ask(Caller::platform, "POST", "/v1/finance/recoveries", {.body = body}).status, 400);
    EXPECT_EQ(
        house.ask(Caller::platform, "POST", "/v1/finance/recoveries", {.body = body, .idempotency_key = "k"})
            .status,
        404);
    const auto euro =
        house.ask(Caller::platform, "POST", "/v1/finance/recoveries",
                  {.body = R"({"return_id":"ret_1","amount_fen":0,"currency":"EUR","reference":"r"})",
                   .idempotency_key = "k"});
    EXPECT_THAT(pointers_of(euro), ElementsAre("/amount_fen", "/currency"));
}

TEST(Halts, SayWhoAndWhy) {
    House house;
    EXPECT_EQ(body_of(house.ask(Caller::operations, "GET", "/v1/operations/halts"))["halted"].boolean(),
              false);
    const auto halted = house.ask(Caller::operations, "POST", "/v1/operations/halts",
                                  {.body = R"({"halted":true,"reason":"looking into it"})"});
    EXPECT_EQ(halted.status, 201);
    EXPECT_EQ(body_of(halted)["by"].string(), "owner-operations");
    EXPECT_EQ(body_of(house.ask(Caller::finance, "GET", "/v1/operations/halts"))["halted"].boolean(), true);
    EXPECT_THAT(house.nobody("GET", "/metrics").body, ::testing::HasSubstr("returngate_money_halted 1"));
    EXPECT_EQ(house
                  .ask(Caller::operations, "POST", "/v1/operations/halts",
                       {.body = R"({"halted":false,"reason":"done"})"})
                  .status,
              201);
    EXPECT_EQ(body_of(house.ask(Caller::operations, "GET", "/v1/operations/halts"))["history"].items().size(),
              2U);
    EXPECT_EQ(
        house.ask(Caller::operations, "POST", "/v1/operations/halts", {.body = R"({"halted":"yes"})"}).status,
        422);
}

TEST(TheDatabase, GoneIsAnAnswerAndBackIsNoted) {
    House house;
    house.put_master_data();
    house.database().cut_connections();
    // The first question meets the lost connection, a later one a new connection.
    int status = 0;
    for (int tries = 0; tries < 10 && status != 200; ++tries) {
        status = house.ask(Caller::buyer_app, "GET", "/v1/buyers/buyer-1/entitlement").status;
        EXPECT_TRUE(status == 200 || status == 503) << status;
    }
    EXPECT_EQ(status, 200);
    const auto put =
        house.ask(Caller::platform, "PUT", "/v1/buyers/buyer-1/trust", {.body = R"({"stars":4})"});
    EXPECT_TRUE(put.status == 200 || put.status == 503) << put.status;
}

}  // namespace
}  // namespace returngate::api
