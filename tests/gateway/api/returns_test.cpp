// From master data to the seller's answer, over HTTP; every answer is held against the document.
#include <chrono>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <thread>

#include "tests/gateway/api/house.hpp"

namespace returngate::api {
namespace {

using ::testing::ElementsAre;

const std::string kPickupNow = R"(,"pickup":{"now":true,"contact":)" + std::string(kContact) + "}";
const std::string kBookNow = R"({"now":true,"contact":)" + std::string(kContact) + "}";

TEST(Application, IsAnsweredWithBothVerdictsAndTheirRules) {
    House house;
    house.put_master_data();
    const auto answer =
        house.ask(Caller::buyer_app, "POST", "/v1/returns", {.body = House::application(kPickupNow)});
    ASSERT_EQ(answer.status, 201) << answer.body;
    const json::Value body = body_of(answer);
    EXPECT_EQ(body["status"].string(), "awaiting_parcel");
    EXPECT_EQ(body["approval"]["verdict"].string(), "automatic");
    EXPECT_EQ(body["approval"]["rules"].items()[0]["label"].string(), "B1");
    EXPECT_EQ(body["refund"]["verdict"].string(), "advance");
    EXPECT_EQ(body["refund"]["amount_fen"].integer(), 12950);
    EXPECT_EQ(body["return_address"]["phone"].string(), "+8613800000000");
    EXPECT_EQ(body["credit_line"]["held_fen"].integer(), 12950);
    EXPECT_EQ(body["credit_line"]["left_fen"].integer(), 120000 - 12950);
    EXPECT_EQ(body["pickup"]["status"].string(), "brokering");
    EXPECT_EQ(body["pickup"]["courier"].string(), "YTO");
    EXPECT_EQ(answer.header("Location"),
              "/v1/returns/" + std::string(body["return_id"].string().value_or("")));
}

TEST(Application, IsAnsweredWithWhatIsReadBackLater) {
    House house;
    house.put_master_data();
    const auto made =
        house.ask(Caller::buyer_app, "POST", "/v1/returns", {.body = House::application(kPickupNow)});
    ASSERT_EQ(made.status, 201) << made.body;
    EXPECT_EQ(house.ask(Caller::buyer_app, "GET", std::string(made.header("Location"))).body, made.body);
}

TEST(Application, ShowsTheAddressThatItsSellerHasNow) {
    House house;
    house.put_master_data();
    ASSERT_FALSE(house.apply().empty());
    const std::string moved =
        R"({"name":"示例女装店","pilot":true,"return_address":{"name":"新仓","phone":"+8613700000000",)"
        R"("province":"浙江省","city":"杭州市","address":"文三路1号"}})";
    house.put_master_data("buyer-2", "order-2");
    ASSERT_EQ(house.ask(Caller::platform, "PUT", "/v1/sellers/seller-1", {.body = moved}).status, 200);
    std::string second = House::application("", "as-2");
    second.replace(second.find("buyer-1"), 7, "buyer-2");
    second.replace(second.find("order-1"), 7, "order-2");
    const auto answer = house.ask(Caller::buyer_app, "POST", "/v1/returns", {.body = second});
    ASSERT_EQ(answer.status, 201) << answer.body;
    EXPECT_EQ(body_of(answer)["return_address"]["phone"].string(), "+8613700000000");
}

TEST(Application, WithTheSameAfterSaleIdIsTheSameReturn) {
    House house;
    house.put_master_data();
    const std::string first = house.apply();
    const auto again = house.ask(Caller::buyer_app, "POST", "/v1/returns", {.body = House::application()});
    EXPECT_EQ(again.status, 200);
    EXPECT_EQ(body_of(again)["return_id"].string(), first);
    EXPECT_EQ(house.database().number("SELECT held_fen FROM credit_line"), 12950);
    EXPECT_EQ(house.database().number("SELECT count(*) FROM return_case"), 1);
}

TEST(Application, ForAnotherBuyersOrderIsAnOrderThatDoesNotExist) {
    House house;
    house.put_master_data();
    std::string body = House::application();
    body.replace(body.find("buyer-1"), 7, "buyer-2");
    EXPECT_EQ(house.ask(Caller::buyer_app, "POST", "/v1/returns", {.body = body}).status, 404);
    EXPECT_EQ(house.database().number("SELECT count(*) FROM return_case"), 0);
}

TEST(Application, WithAPickupThatCannotBeHadIsTakenAndSaysWhy) {
    House house;
    house.put_master_data();
    const std::string past =
        R"(,"pickup":{"window":{"start":"2020-01-10T01:00:00Z","end":"2020-01-10T03:00:00Z"},"contact":)" +
        std::string(kContact) + "}";
    const auto answer =
        house.ask(Caller::buyer_app, "POST", "/v1/returns", {.body = House::application(past)});
    ASSERT_EQ(answer.status, 201);
    EXPECT_EQ(body_of(answer)["pickup_refusal"]["code"].string(), "window_past");
    EXPECT_EQ(body_of(answer).find("pickup"), nullptr);
}

TEST(Application, NamesEveryFaultyMemberAtOnce) {
    House house;
    const auto answer = house.ask(
        Caller::buyer_app, "POST", "/v1/returns",
        {.body =
             R"({"buyer_id":7,"order_id":"o","items":[{"item_id":"i","quantity":1.0},{"item_id":"i","quantity":0,"x":1}],)"
             R"("reason":"","surprise":true})"});
    EXPECT_EQ(answer.status, 422);
    EXPECT_THAT(pointers_of(answer), ElementsAre("/buyer_id", "/after_sale_id", "/items/0/quantity",
                                                 "/items/1/quantity", "/items/1/x", "/reason", "/surprise"));
}

TEST(Bodies, ThatAreNoJsonOrNoObjectAreRefused) {
    House house;
    const auto put = [&](const std::string& body, const std::string& type = "application/json") {
        return house.ask(Caller::platform, "PUT", "/v1/buyers/b/trust", {.body = body, .content_type = type})
            .status;
    };
    EXPECT_EQ(put("{\"stars\":5"), 400);
    EXPECT_EQ(put(R"({"stars":5,"stars":1})"), 400);
    EXPECT_EQ(put("[5]"), 422);
    EXPECT_EQ(put(R"({"stars":"5"})"), 422);
    EXPECT_EQ(put(R"({"stars":6})"), 422);
    EXPECT_EQ(put(R"({"stars":5})", "text/plain"), 415);
    EXPECT_EQ(put(R"({"stars":5})", "application/json; charset=utf-8"), 200);
    EXPECT_EQ(put(R"({"stars":4,"line_fen":null})"), 200);
}

TEST(Order, MustAddUpAndNameItsWaybill) {
    House house;
    house.put_master_data();
    const std::string body =
        R"({"buyer_id":"b","seller_id":"s","items":[{"item_id":"i","title":"t","quantity":1,"amount_fen":200}],)"
        R"("paid_fen":100,"currency":"CNY","trade_kind":"ordinary","category":"c","state":"shipped",)"
        R"("payee_reference":"p","payment_reference":"p","provider":"sandbox"})";
    const auto above = house.ask(Caller::platform, "PUT", "/v1/orders/o", {.body = body});
    EXPECT_EQ(above.status, 422);
    EXPECT_EQ(body_of(above)["code"].string(), "items_above_paid");
    const auto wrong =
        house.ask(Caller::platform, "PUT", "/v1/orders/o",
                  {.body = body.substr(0, body.size() - 1) +
                           R"(,"outbound":{"courier":"ZTO","waybill":"?"},"currency":"USD"})"});
    EXPECT_EQ(wrong.status, 400) << "a member stands twice";
}

TEST(Order, KeepsItsBuyer) {
    House house;
    house.put_master_data();
    const std::string body =
        R"({"buyer_id":"buyer-1","seller_id":"seller-2","items":[{"item_id":"item-1","title":"t","quantity":2,"amount_fen":100}],)"
        R"("paid_fen":100,"currency":"CNY","trade_kind":"ordinary","category":"c","state":"shipped",)"
        R"("payee_reference":"p","payment_reference":"p","provider":"sandbox"})";
    EXPECT_EQ(house.ask(Caller::platform, "PUT", "/v1/orders/order-1", {.body = body}).status, 409);
}

TEST(Return, IsShownToItsReadersAndToItsOwnSellerOnly) {
    House house;
    house.put_master_data();
    const std::string target = "/v1/returns/" + house.apply(kPickupNow);
    EXPECT_EQ(house.ask(Caller::buyer_app, "GET", target).status, 200);
    EXPECT_EQ(house.ask(Caller::seller, "GET", target).status, 200);
    const std::string other = "Bearer " + house.add_key(Caller::seller, "seller-2");
    std::this_thread::sleep_for(std::chrono::milliseconds(1100));  // a miss asks the database once a second
    const auto theirs = house.nobody("GET", target, {.authorization = other});
    const auto nobodys =
        house.nobody("GET", "/v1/returns/ret_" + std::string(32, '0'), {.authorization = other});
    EXPECT_EQ(theirs.status, 404);
    EXPECT_EQ(nobodys.status, 404);
    EXPECT_EQ(body_of(theirs)["detail"].string(), body_of(nobodys)["detail"].string());
    EXPECT_EQ(house
                  .nobody("POST", target + "/receipt",
                          {.body = R"({"outcome":"confirmed"})", .authorization = other})
                  .status,
              404);
    EXPECT_EQ(house.nobody("GET", target + "/timeline", {.authorization = other}).status, 404);
}

TEST(Return, ThatIsUnknownIsNotFound) {
    House house;
    EXPECT_EQ(house.ask(Caller::buyer_app, "GET", "/v1/returns/ret_" + std::string(32, 'a')).status, 404);
    EXPECT_EQ(house.ask(Caller::buyer_app, "GET", "/v1/returns/1").status, 404);
    EXPECT_EQ(house.ask(Caller::buyer_app, "GET", "/v1/buyers/stranger/entitlement").status, 404);
}

TEST(Timeline, ListsEventsWithoutGapsAndPromises) {
    House house;
    house.put_master_data();
    const std::string id = house.apply(kPickupNow);
    const json::Value body = body_of(house.ask(Caller::buyer_app, "GET", "/v1/returns/" + id + "/timeline"));
    std::vector<std::string> types;
    for (const auto& event : body["events"].items()) {
        types.emplace_back(event["type"].string().value_or(""));
        EXPECT_EQ(event["seq"].integer(), static_cast<std::int64_t>(types.size()));
    }
    EXPECT_THAT(types, ElementsAre("return.applied", "return.approved", "pickup.booked"));
    std::vector<std::string> promises;
    for (const auto& promise : body["promises"].items()) {
        promises.emplace_back(promise["promise"].string().value_or(""));
        EXPECT_TRUE(promise["kept"].is_null());
    }
    EXPECT_THAT(promises, ElementsAre("courier_accepts", "courier_at_door"));
}

TEST(Slots, AreOfferedWithNowFirst) {
    House house;
    const json::Value body = body_of(house.ask(Caller::buyer_app, "GET", "/v1/pickup-slots"));
    ASSERT_FALSE(body["slots"].items().empty());
    EXPECT_EQ(body["slots"].items()[0]["now"].boolean(), true);
    EXPECT_EQ(
        house.ask(Caller::buyer_app, "GET", "/v1/pickup-slots?return_id=ret_" + std::string(32, 'a')).status,
        404);
    EXPECT_THAT(pointers_of(house.ask(Caller::buyer_app, "GET", "/v1/pickup-slots?return_id=x&colour=red")),
                ElementsAre("?return_id", "?colour"));
}

TEST(Pickup, IsBookedOnceUnderOneKey) {
    House house;
    house.put_master_data();
    const std::string target = "/v1/returns/" + house.apply() + "/pickup";
    EXPECT_EQ(house.ask(Caller::buyer_app, "POST", target, {.body = kBookNow}).status, 400);
    const auto first =
        house.ask(Caller::buyer_app, "POST", target, {.body = kBookNow, .idempotency_key = "k-1"});
    ASSERT_EQ(first.status, 201) << first.body;
    const auto again =
        house.ask(Caller::buyer_app, "POST", target, {.body = kBookNow, .idempotency_key = "\"k-1\""});
    EXPECT_EQ(again.status, 201);
    EXPECT_EQ(again.body, first.body);
    EXPECT_EQ(again.header("Idempotency-Replayed"), "true");
    std::string other = kBookNow;
    other.replace(
        other.find("13800000000") == std::string::npos ? other.find("0000-0000") : other.find("13800000000"),
        4, "1111");
    EXPECT_EQ(house.ask(Caller::buyer_app, "POST", target, {.body = other, .idempotency_key = "k-1"}).status,
              422);
    EXPECT_EQ(
        house.ask(Caller::buyer_app, "POST", target, {.body = kBookNow, .idempotency_key = "k-2"}).status,
        409);
    EXPECT_EQ(house.database().number("SELECT count(*) FROM pickup"), 1);
}

TEST(Pickup, IsCancelledAndCanBeBookedAgain) {
    House house;
    house.put_master_data();
    const std::string target = "/v1/returns/" + house.apply(kPickupNow) + "/pickup";
    const auto cancelled = house.ask(Caller::buyer_app, "DELETE", target);
    EXPECT_EQ(cancelled.status, 200);
    EXPECT_EQ(body_of(cancelled)["status"].string(), "cancelled");
    EXPECT_EQ(house.ask(Caller::buyer_app, "POST", target, {.body = kBookNow, .idempotency_key = "k"}).status,
              201);
}

TEST(Pickup, IsMovedToAnotherWindow) {
    House house;
    house.put_master_data();
    const std::string target = "/v1/returns/" + house.apply(kPickupNow) + "/pickup";
    const json::Value slots = body_of(house.ask(Caller::buyer_app, "GET", "/v1/pickup-slots"));
    const json::Value& last = slots["slots"].items().back();
    const std::string start(last["start"].string().value()), end(last["end"].string().value());
    const std::string window = R"({"window":{"start":")" + start + R"(","end":")" + end + R"("}})";
    const auto moved = house.ask(Caller::buyer_app, "PATCH", target, {.body = window});
    ASSERT_EQ(moved.status, 200) << moved.body;
    EXPECT_EQ(body_of(moved)["window"]["start"].string(), start);
    EXPECT_EQ(body_of(moved)["courier"].string(), "YTO");
    EXPECT_EQ(house.database().number("SELECT count(*) FROM pickup"), 1);
    EXPECT_EQ(house.database().text("SELECT string_agg(status, ',' ORDER BY placed_at) FROM booking"),
              "cancelling,placing");
    EXPECT_THAT(pointers_of(house.ask(Caller::buyer_app, "PATCH", target, {.body = R"({"contact":{}})"})),
                ElementsAre("/window", "/contact"));
}

TEST(Pickup, NeedsAWindowOrNowAndAContact) {
    House house;
    house.put_master_data();
    const std::string target = "/v1/returns/" + house.apply() + "/pickup";
    const auto neither = house.ask(Caller::buyer_app, "POST", target,
                                   {.body = R"({"contact":{"name":"a"}})", .idempotency_key = "k"});
    EXPECT_EQ(neither.status, 422);
    EXPECT_THAT(pointers_of(neither), ElementsAre("/window", "/contact/phone", "/contact/province",
                                                  "/contact/city", "/contact/address"));
    const auto bidi = house.ask(
        Caller::buyer_app, "POST", target,
        {.body =
             R"({"now":true,"contact":{"name":"a\u202eb","phone":"1380","province":"p","city":"c","address":"a"}})",
         .idempotency_key = "k"});
    EXPECT_THAT(pointers_of(bidi), ElementsAre("/contact/name", "/contact/phone"));
}

TEST(PersonalData, StandsInTheContactTableAndInNoAnswerThatNeedsItNot) {
    House house;
    house.put_master_data();
    const std::string id = house.apply(kPickupNow);
    EXPECT_EQ(house.database().number("SELECT count(*) FROM contact WHERE name = '张三' AND kind = 'pickup'"),
              1);
    const auto timeline = house.ask(Caller::seller, "GET", "/v1/returns/" + id + "/timeline");
    EXPECT_THAT(timeline.body, ::testing::Not(::testing::HasSubstr("张三")));
    EXPECT_EQ(
        house.database().number("SELECT count(*) FROM case_event WHERE data::text LIKE '%13800000000%'"), 0);
}

TEST(Agreement, IsTheSellersAndARefusalNeedsReasonAndEvidence) {
    House house;
    house.put_master_data();
    house.database().run("UPDATE credit_line SET stars = 1");
    const std::string target = "/v1/returns/" + house.apply() + "/agreement";
    const auto bare = house.ask(Caller::seller, "POST", target, {.body = R"({"outcome":"refused"})"});
    EXPECT_EQ(bare.status, 422);
    EXPECT_EQ(body_of(bare)["code"].string(), "reason_and_evidence_required");
    const auto agreed = house.ask(Caller::seller, "POST", target,
                                  {.body = R"({"outcome":"agreed"})", .idempotency_key = "a"});
    EXPECT_EQ(agreed.status, 200);
    EXPECT_EQ(body_of(agreed)["status"].string(), "awaiting_parcel");
    EXPECT_EQ(
        house.ask(Caller::seller, "POST", target, {.body = R"({"outcome":"agreed"})", .idempotency_key = "a"})
            .status,
        200);
    EXPECT_EQ(house.ask(Caller::seller, "POST", target, {.body = R"({"outcome":"agreed"})"}).status, 409);
}

TEST(Entitlement, ShowsTheLineAndWhatIsLeft) {
    House house;
    house.put_master_data();
    static_cast<void>(house.apply());
    const json::Value body = body_of(house.ask(Caller::buyer_app, "GET", "/v1/buyers/buyer-1/entitlement"));
    EXPECT_EQ(body["stars"].integer(), 5);
    EXPECT_EQ(body["credit_line"]["line_fen"].integer(), 120000);
    EXPECT_EQ(body["credit_line"]["held_fen"].integer(), 12950);
    EXPECT_EQ(body["rights"]["automatic_approval"].boolean(), true);
    EXPECT_EQ(body["rights"]["advance"].boolean(), true);
    EXPECT_TRUE(body["excluded"].is_null());
}

TEST(Entitlement, SaysWhyNothingIsAdvancedForGood) {
    House house;
    house.put_master_data();
    house.ask(Caller::platform, "PUT", "/v1/buyers/buyer-1/trust",
              {.body = R"({"stars":5,"excluded":"fraud"})"});
    const json::Value body = body_of(house.ask(Caller::buyer_app, "GET", "/v1/buyers/buyer-1/entitlement"));
    EXPECT_EQ(body["excluded"].string(), "fraud");
    EXPECT_EQ(body["rights"]["advance"].boolean(), false);
}

}  // namespace
}  // namespace returngate::api
