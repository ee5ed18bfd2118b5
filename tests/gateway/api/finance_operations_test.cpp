// Finance and operations over HTTP.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/gateway/api/house.hpp"
#include "tests/support/gateway_process.hpp"

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

TEST(DoorPromises, AreShownByCourierAndPlace) {
    House house;
    house.put_master_data();
    (void)house.apply(R"(,"pickup":{"now":true,"contact":)" + std::string(kContact) + "}");
    const auto due = [&] {
        return body_of(house.ask(Caller::operations, "GET", "/v1/operations/promises?hours=1"))["promises"];
    };
    EXPECT_TRUE(due().items().empty());  // there are two hours for it
    house.database().run("UPDATE return_case SET pickup_status = 'collected'");
    ASSERT_EQ(due().items().size(), 1U);
    EXPECT_EQ(due().items()[0]["kept"].integer(), 1);
    house.database().run("UPDATE return_case SET pickup_promise_missed = true");
    const json::Value missed = due();
    ASSERT_EQ(missed.items().size(), 1U);
    EXPECT_EQ(missed.items()[0]["courier"].string(), "YTO");
    EXPECT_EQ(missed.items()[0]["province"].string(), "浙江省");
    EXPECT_EQ(missed.items()[0]["city"].string(), "杭州市");
    EXPECT_EQ(missed.items()[0]["due"].integer(), 1);
    EXPECT_EQ(missed.items()[0]["missed"].integer(), 1);
    house.database().run("UPDATE return_case SET pickup_status = 'cancelled'");
    EXPECT_TRUE(due().items().empty());
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

// 259.00 for two, less 10.01 by the platform and 20.00 by the seller; freight 8.00 beside them.
void put_discounted_order(House& house) {
    house.put_master_data();
    const std::string order =
        R"({"buyer_id":"buyer-1","seller_id":"seller-1","items":[{"item_id":"item-1","title":"连衣裙","quantity":2,)"
        R"("amount_fen":25900}],"charges":[{"name":"freight","amount_fen":800}],)"
        R"("discounts":[{"name":"coupon","borne_by":"platform","amount_fen":1001},)"
        R"({"name":"full reduction","borne_by":"seller","amount_fen":2000}],"paid_fen":23699,"currency":"CNY",)"
        R"("trade_kind":"ordinary","category":"womens_wear","state":"shipped","payee_reference":"payee-1",)"
        R"("payment_reference":"payment-1","provider":"sandbox"})";
    const auto put = house.ask(Caller::platform, "PUT", "/v1/orders/order-1", {.body = order});
    EXPECT_EQ(put.status, 200) << put.body;
}

TEST(Amounts, AreShownWithTheReturnAsTheyWereComputed) {
    House house;
    put_discounted_order(house);
    const std::string id = house.apply();
    const json::Value shown = body_of(house.ask(Caller::buyer_app, "GET", "/v1/returns/" + id));
    // 25900 − 3001 = 22899 for two: floor(22899 / 2).
    EXPECT_EQ(shown["refund"]["amount_fen"].integer(), 11449);
    const json::Value& calculation = shown["refund"]["calculation"];
    EXPECT_EQ(calculation["total_fen"].integer(), 11449);
    const json::Value& item = calculation["items"].items()[0];
    EXPECT_EQ(item["of_fen"].integer(), 22899);
    EXPECT_EQ(item["gross_fen"].integer(), 11449 + 500 + 1000);
    EXPECT_EQ(item["discounts"].items()[0]["amount_fen"].integer(), 500);
    EXPECT_EQ(item["discounts"].items()[1]["borne_by"].string(), "seller");
    EXPECT_EQ(calculation["charges"].items()[0]["borne_by"].string(), "buyer");
}

TEST(Amounts, AreExportedPageByPageForWhoeverAuditsThem) {
    House house;
    put_discounted_order(house);
    const std::vector<std::string> made{house.apply("", "as-1"), house.apply("", "as-2")};
    const json::Value first = body_of(house.ask(Caller::auditor, "GET", "/v1/finance/amounts?limit=1"));
    ASSERT_EQ(first["amounts"].items().size(), 1U);
    const std::string cursor(first["next_cursor"].string().value_or(""));
    const json::Value rest =
        body_of(house.ask(Caller::finance, "GET", "/v1/finance/amounts?cursor=" + cursor));
    ASSERT_EQ(rest["amounts"].items().size(), 1U);
    EXPECT_TRUE(rest["next_cursor"].is_null());
    std::vector<std::string> exported;
    std::int64_t sum = 0;
    for (const auto* page : {&first, &rest}) {
        const json::Value& amount = (*page)["amounts"].items()[0];
        exported.emplace_back(amount["return_id"].string().value_or(""));
        sum += amount["calculation"]["total_fen"].integer().value_or(0);
    }
    EXPECT_THAT(exported, ::testing::UnorderedElementsAreArray(made));
    EXPECT_EQ(sum, 22899);
}

TEST(Orders, HaveTermsOfTheirNames) {
    House house;
    house.put_master_data();
    const auto answer = house.ask(
        Caller::platform, "PUT", "/v1/orders/order-2",
        {.body =
             R"({"charges":[{"name":"","amount_fen":-1}],"discounts":[{"name":"c","borne_by":"buyer","amount_fen":0}]})"});
    EXPECT_EQ(answer.status, 422);
    EXPECT_THAT(pointers_of(answer),
                ::testing::IsSupersetOf({"/charges/0/name", "/charges/0/amount_fen", "/discounts/0/borne_by",
                                         "/discounts/0/amount_fen"}));
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

// The file's ages are of version 1: what the desk shows and what the terminal says have to be the same run.
TEST(FinanceCommand, ReconcilesByTheRulesInForce) {
    House house;
    testing::TemporaryFolder folder;
    testing::GatewayFiles files;
    files.dsn = house.database().dsn();
    files.port = 1;
    files.world_url = "http://127.0.0.1:9";
    const auto config = write_gateway_files(folder.path(), files).string();
    const auto reconcile = [&] {
        return testing::run_command({"finance", "reconcile", "--config", config}, "");
    };
    plant_advance(house, 0);
    house.database().run(
        "UPDATE advance SET trigger_at = now() - interval '5 hours', committed_at = now() - interval '5 "
        "hours', "
        "paid_at = now() - interval '5 hours'");
    const auto by_the_file = reconcile();
    EXPECT_EQ(by_the_file.code, 0) << by_the_file.output << by_the_file.errors;
    house.database().run(
        "INSERT INTO policy_version (version, rules, note, proposed_by, proposed_at, approved_by, "
        "approved_at, "
        "effective_at) VALUES (2, E'[reconcile]\\ndelivered_hours = 2\\n', 'n', 'ann', now(), 'bob', now(), "
        "now() - interval '1 hour')");
    const auto by_what_is_in_force = reconcile();
    EXPECT_EQ(by_what_is_in_force.code, 1) << by_what_is_in_force.errors;
    EXPECT_THAT(by_what_is_in_force.output, ::testing::HasSubstr("break delivery_missing"));
}

}  // namespace
}  // namespace returngate::api
