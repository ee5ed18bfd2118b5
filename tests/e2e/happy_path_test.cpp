// One return from the application to the reconciliation, in the ways that it is meant to go.
#include <gtest/gtest.h>

#include "adapters/json/writer.hpp"
#include "tests/e2e/books.hpp"
#include "tests/e2e/scene.hpp"

namespace returngate::e2e {
namespace {

// Every leg once, and nothing left over.
void expect_one_matched(Scene& scene) {
    const auto answer = scene.call(As::finance, "POST", "/v1/finance/runs", {.body = "{}"});
    ASSERT_EQ(answer.status, 201) << answer.body;
    const auto run = json::parse(answer.body);
    ASSERT_TRUE(run.has_value());
    for (const char* leg : {"advances", "deliveries", "receipts", "recoveries", "matched"})
        EXPECT_EQ((*run)["counts"][leg].integer(), 1) << leg;
    EXPECT_TRUE((*run)["breaks"].is_array());
    EXPECT_TRUE((*run)["breaks"].items().empty());
}

void expect_line_is_free(Scene& scene, const Shopper& shopper) {
    const auto entitlement = scene.get(As::buyer_app, "/v1/buyers/" + shopper.buyer + "/entitlement");
    EXPECT_EQ(entitlement["credit_line"]["held_fen"].integer(), 0);
    EXPECT_EQ(entitlement["credit_line"]["open_fen"].integer(), 0);
    EXPECT_TRUE(entitlement["open_advances"].items().empty());
}

// Twice the courier shows nothing: the callback alone is not believed.
void expect_paid_only_after_asking(Scene& scene, const std::string& courier) {
    scene.script(courier, "book", R"({"hidden_queries":2})");
    const Shopper shopper = scene.introduced();
    const std::string id = scene.apply(shopper);
    ASSERT_TRUE(scene.comes_to(id, "advance.paid"));
    Books books(scene.dsn());
    EXPECT_EQ(books.number("SELECT count(*) FROM booking WHERE confirmed_at > collected_known_at"), 1);
    expect_square(scene);
}

class HappyPath : public ::testing::TestWithParam<const char*> {};

TEST_P(HappyPath, RunsFromTheApplicationWithAPickupToTheReconciliation) {
    Scene scene({.first = GetParam()});
    const Shopper shopper = scene.introduced();
    const std::string id = scene.apply(shopper);
    ASSERT_NE(id, "");
    scene.receive_and_recover(shopper, id);
    ASSERT_TRUE(scene.comes_to(id, "return.closed"));

    const Timeline timeline = scene.timeline(id);
    for (const char* type : {"return.applied", "return.approved", "pickup.booked", "pickup.accepted",
                             "waybill.accepted", "pickup.collected", "advance.committed", "advance.paid",
                             "parcel.delivered", "receipt.confirmed", "advance.recovered", "return.closed"})
        EXPECT_EQ(timeline.count(type), 1) << type << " in:" << timeline.words();
    EXPECT_EQ(timeline.first("pickup.booked")->data["courier"].string(), GetParam());
    expect_one_matched(scene);
    expect_line_is_free(scene, shopper);
    expect_square(scene);
    expect_one_live_booking_each(scene);
}

INSTANTIATE_TEST_SUITE_P(First, HappyPath,
                         ::testing::Values("YTO", "SF", "KUAIDI100", "ZTO", "STO", "JT", "DEPPON", "JD",
                                           "KDNIAO", "OPEN", "EMS"),
                         [](const auto& parameter) { return std::string(parameter.param); });

// D1, D3: the number that a courier knows is that of a parcel that it has fetched from somebody else.
TEST(AnUnshippedOrder, IsRefundedAtOnceAndReportedWhenACourierHasIt) {
    Scene scene;
    const std::string parcel = scene.apply(scene.introduced());
    ASSERT_TRUE(scene.comes_to(parcel, "advance.paid"));
    const std::string number(
        scene.timeline(parcel).first("waybill.accepted")->data["waybill"].string().value_or(""));
    Shopper shopper = scene.introduced(12'900);
    shopper.order += "-unshipped";  // another one of this buyer's
    json::Writer order;
    order.begin_object().member("buyer_id", shopper.buyer).member("seller_id", "seller-1");
    order.key("items").begin_array().begin_object().member("item_id", "item-1").member("title", "连衣裙");
    order.member("quantity", 1).member("amount_fen", shopper.amount_fen).end_object().end_array();
    order.member("paid_fen", shopper.amount_fen).member("currency", "CNY").member("trade_kind", "ordinary");
    order.member("category", "womens_wear").member("state", "paid").key("outbound").begin_object();
    order.member("courier", "YTO").member("waybill", number).end_object();
    order.member("payee_reference", shopper.payee).member("payment_reference", "payment-1");
    order.member("provider", "sandbox").end_object();
    ASSERT_EQ(scene.call(As::platform, "PUT", "/v1/orders/" + shopper.order, {.body = order.take()}).status,
              200);
    json::Writer application;
    application.begin_object().member("buyer_id", shopper.buyer).member("order_id", shopper.order);
    application.member("after_sale_id", shopper.after_sale).key("items").begin_array();
    application.begin_object().member("item_id", "item-1").member("quantity", 1).end_object().end_array();
    application.member("reason", "changed_mind").end_object();
    const auto made =
        scene.call(As::buyer_app, "POST", "/v1/unshipped-refunds", {.body = application.take()});
    ASSERT_EQ(made.status, 201) << made.body;
    const std::string id(json::parse(made.body).value()["return_id"].string().value_or(""));
    ASSERT_TRUE(scene.comes_to(id, "return.closed"));
    ASSERT_TRUE(scene.comes_to(id, "refund.shipped_anyway"));
    EXPECT_EQ(scene.timeline(id).first("refund.shipped_anyway")->data["found_by"].string(), "trace");
    expect_line_is_free(scene, shopper);
    expect_square(scene);
}

TEST(ABroker, IsPaidForTheParcelOfItsCarrierAndMoneyMovesOnTheCarriersNumber) {
    Scene scene({.first = "KUAIDI100"});
    const Shopper shopper = scene.introduced();
    const std::string id = scene.apply(shopper);
    ASSERT_TRUE(scene.comes_to(id, "advance.paid"));
    Books books(scene.dsn());
    EXPECT_EQ(books.column("SELECT courier || ' ' || carrying_courier FROM booking"),
              std::vector<std::string>{"KUAIDI100 JT"});
    EXPECT_EQ(books.column("SELECT courier FROM waybill_claim WHERE number = (SELECT waybill FROM booking)"),
              std::vector<std::string>{"JT"});
    EXPECT_EQ(scene.timeline(id).first("waybill.accepted")->data["courier"].string(), "JT");
    expect_square(scene);
}

TEST(ABroker, IsAskedBeforeMoneyMovesAboveTheLimitOfWeakSignatures) {
    Scene scene({.first = "KUAIDI100", .settings = {{"policy.toml", "advance", "weak_limit_fen", "10000"}}});
    expect_paid_only_after_asking(scene, "KUAIDI100");
}

TEST(UnsignedCallbacks, AreConfirmedByAskingTheCourierBeforeMoneyMoves) {
    Scene scene({.first = "SF"});
    expect_paid_only_after_asking(scene, "SF");
}

TEST(UnsignedCallbacks, AreWorthNothingWhenTheCourierKnowsOfNoCollection) {
    Scene scene({.first = "SF"});
    scene.script("SF", "book", R"({"sends_forgery":true,"hold_before":"collected"})");
    const Shopper shopper = scene.introduced();
    const std::string id = scene.apply(shopper);
    ASSERT_TRUE(scene.comes_to(id, "pickup.collected"));  // as somebody claims
    const auto parcel = scene.only_parcel("SF");
    EXPECT_EQ(parcel["stage"].string(), "courier_assigned");
    EXPECT_EQ(scene.timeline(id).count("advance.committed"), 0);

    scene.advance("SF", std::string(*parcel["reference"].string()), "collected");
    ASSERT_TRUE(scene.comes_to(id, "advance.paid"));
    expect_square(scene);
}

TEST(Application, WithoutAPickupIsAnsweredAtOnceAndThePickupIsBookedLater) {
    Scene scene;
    const Shopper shopper = scene.introduced();
    const std::string id = scene.apply(shopper, false);
    EXPECT_EQ(scene.timeline(id).count("pickup.booked"), 0);
    const auto slots = scene.get(As::buyer_app, "/v1/pickup-slots?return_id=" + id);
    EXPECT_GT(slots["slots"].items().size(), 2U);
    EXPECT_NE(scene.book_pickup(shopper, id), "");
    ASSERT_TRUE(scene.comes_to(id, "advance.paid"));
    expect_square(scene);
}

TEST(Application, TakesAPickupInAWindowOfTheGridAsOneOfItsMembers) {
    Scene scene;
    const Shopper shopper = scene.introduced();
    const auto slots = scene.get(As::buyer_app, "/v1/pickup-slots");
    const auto& slot = slots["slots"].items()[2];
    std::string body = application_body(shopper, true);
    const std::string now = R"("now":true)";
    const std::string window = R"("window":{"start":")" + std::string(*slot["start"].string()) +
                               R"(","end":")" + std::string(*slot["end"].string()) + R"("})";
    body.replace(body.find(now), now.size(), window);
    const auto answer = scene.call(As::buyer_app, "POST", "/v1/returns", {.body = body});
    ASSERT_EQ(answer.status, 201) << answer.body;
    const auto made = json::parse(answer.body);
    EXPECT_EQ((*made)["pickup"]["window"]["start"].string(), slot["start"].string());
    ASSERT_TRUE(scene.comes_to(std::string(*(*made)["return_id"].string()), "advance.paid"));
    expect_square(scene);
}

TEST(Application, AboveTheCreditLineIsRefundedAfterTheReceipt) {
    Scene scene;
    const Shopper shopper = scene.introduced(60'000, 3);  // the line of three stars is 500 CNY
    const std::string id = scene.apply(shopper);
    const auto shown = scene.get(As::buyer_app, "/v1/returns/" + id);
    EXPECT_EQ(shown["approval"]["verdict"].string(), "automatic");
    EXPECT_EQ(shown["refund"]["verdict"].string(), "after_receipt");
    ASSERT_TRUE(scene.comes_to(id, "parcel.delivered"));
    EXPECT_EQ(scene.timeline(id).count("advance.committed"), 0);
    EXPECT_TRUE(scene.provider_book()["payouts"].items().empty());
    expect_line_is_free(scene, shopper);
    expect_square(scene);
}

TEST(Application, OfATwoStarBuyerIsAgreedToByTheSellerAndThenAdvanced) {
    Scene scene;
    const Shopper shopper = scene.introduced(20'000, 2);
    const std::string id = scene.apply(shopper, false);
    EXPECT_EQ(scene.get(As::buyer_app, "/v1/returns/" + id)["approval"]["verdict"].string(), "seller");
    const auto early = scene.call(As::buyer_app, "POST", "/v1/returns/" + id + "/pickup",
                                  {.body = pickup_body(shopper), .idempotency_key = "too-early"});
    EXPECT_EQ(early.status, 409) << early.body;
    const auto agreed = scene.call(As::seller, "POST", "/v1/returns/" + id + "/agreement",
                                   {.body = R"({"outcome":"agreed"})"});
    EXPECT_EQ(agreed.status, 200) << agreed.body;
    scene.book_pickup(shopper, id);
    ASSERT_TRUE(scene.comes_to(id, "advance.paid"));
    expect_square(scene);
}

}  // namespace
}  // namespace returngate::e2e
