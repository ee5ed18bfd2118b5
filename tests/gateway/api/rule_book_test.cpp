// The parties' words over HTTP: other amounts, withdrawal, customer service, typed numbers, clocks.
#include <chrono>
#include <gtest/gtest.h>

#include "tests/gateway/api/house.hpp"

namespace returngate::api {
namespace {

constexpr std::string_view kSfNumber = "SF3182649705216";  // with its check digit
const std::string kTyped = R"({"courier":"SF","waybill":")" + std::string(kSfNumber) + "\"}";

std::string code_of(const testing::PlainAnswer& answer) {
    return std::string(body_of(answer)["code"].string().value_or(""));
}

std::string status_of(House& house, const std::string& id) {
    const json::Value body = body_of(house.ask(Caller::platform, "GET", "/v1/returns/" + id));
    return std::string(body["status"].string().value_or(""));
}

// A return whose seller is asked: the buyer gives a reason of its own.
std::string apply_to_the_seller(House& house) {
    house.put_master_data();
    std::string body = House::application();
    body.replace(body.find("seven_day_no_reason"), 19, "too small");
    const auto answer = house.ask(Caller::buyer_app, "POST", "/v1/returns", {.body = body});
    EXPECT_EQ(body_of(answer)["approval"]["verdict"].string(), "seller") << answer.body;
    return std::string(body_of(answer)["return_id"].string().value_or(""));
}

testing::PlainAnswer say(House& house, Caller caller, const std::string& id, const std::string& word,
                         const std::string& body) {
    return house.ask(caller, "POST", "/v1/returns/" + id + "/" + word, {.body = body});
}

TEST(AnotherAmount, IsOfferedByTheSellerAndTakenByTheBuyer) {
    House house;
    const std::string id = apply_to_the_seller(house);
    const auto offered =
        say(house, Caller::seller, id, "agreement", R"({"outcome":"agreed","amount_fen":5000})");
    ASSERT_EQ(offered.status, 200) << offered.body;
    EXPECT_EQ(body_of(offered)["status"].string(), "awaiting_buyer");
    EXPECT_EQ(body_of(offered)["offer_fen"].integer(), 5000);
    const auto accepted = say(house, Caller::buyer_app, id, "acceptance", R"({"outcome":"accepted"})");
    ASSERT_EQ(accepted.status, 200) << accepted.body;
    const json::Value shown = body_of(house.ask(Caller::buyer_app, "GET", "/v1/returns/" + id));
    EXPECT_EQ(shown["status"].string(), "awaiting_parcel");
    EXPECT_EQ(shown["refund"]["amount_fen"].integer(), 5000);
    EXPECT_EQ(shown["credit_line"]["held_fen"].integer(), 5000);
    EXPECT_EQ(code_of(say(house, Caller::buyer_app, id, "acceptance", R"({"outcome":"declined"})")),
              "no_offer");
}

TEST(Withdrawal, ClosesTheReturnAndFreesTheLine) {
    House house;
    house.put_master_data();
    const std::string id = house.apply();
    EXPECT_EQ(say(house, Caller::buyer_app, id, "withdrawal", R"({"reason":"settled"})").status, 200);
    EXPECT_EQ(status_of(house, id), "closed");
    EXPECT_EQ(house.database().number("SELECT held_fen FROM credit_line"), 0);
    EXPECT_EQ(code_of(say(house, Caller::buyer_app, id, "withdrawal", "{}")), "already_closed");
}

TEST(CustomerService, RulesByTwoPeople) {
    House house;
    const std::string id = apply_to_the_seller(house);
    const std::string why = R"({"reason":"the tag is on","evidence":["picture-2"]})";
    EXPECT_EQ(code_of(say(house, Caller::buyer_app, id, "intervention", why)), "nothing_contested");
    ASSERT_EQ(say(house, Caller::seller, id, "agreement",
                  R"({"outcome":"refused","reason":"worn","evidence":["picture-9"]})")
                  .status,
              200);
    const auto called = say(house, Caller::buyer_app, id, "intervention", why);
    ASSERT_EQ(called.status, 200) << called.body;
    EXPECT_EQ(body_of(called)["intervention"]["by"].string(), "buyer");
    const std::string ruling = "/v1/operations/returns/" + id + "/ruling";
    const Asking for_buyer{.body = R"({"outcome":"for_buyer","reason":"the tag is on"})"};
    EXPECT_EQ(house.ask(Caller::operations, "POST", ruling, for_buyer).status, 200);
    EXPECT_EQ(status_of(house, id), "refused");
    EXPECT_EQ(code_of(house.ask(Caller::operations, "POST", ruling, for_buyer)), "second_person_required");
    Asking by_another = for_buyer;
    by_another.authorization = "Bearer " + house.add_key(Caller::operations, "", false, "bob");
    const auto decided = house.nobody("POST", ruling, by_another);
    ASSERT_EQ(decided.status, 200) << decided.body;
    EXPECT_EQ(status_of(house, id), "awaiting_parcel");
    EXPECT_EQ(house.database().number("SELECT count(*) FROM evidence WHERE kind = 'intervention'"), 1);
}

TEST(TypedNumber, MovesTheMoneyOfATrustedBuyerOnce) {
    House house;
    house.put_master_data();
    const std::string id = house.apply();
    const Asking typed{.body = kTyped, .idempotency_key = "typed-1"};
    const auto shipped = house.ask(Caller::buyer_app, "POST", "/v1/returns/" + id + "/waybill", typed);
    ASSERT_EQ(shipped.status, 200) << shipped.body;
    const json::Value shown = body_of(house.ask(Caller::buyer_app, "GET", "/v1/returns/" + id));
    EXPECT_EQ(shown["self_shipped"]["waybill"].string(), kSfNumber);
    EXPECT_EQ(shown["advance"]["state"].string(), "committed");
    EXPECT_EQ(shown["credit_line"]["open_fen"].integer(), 12950);
    // The same number for another return is refused, and nothing is advanced.
    const std::string other = house.apply("", "as-2");
    const Asking again{.body = kTyped, .idempotency_key = "typed-2"};
    const auto refused = house.ask(Caller::buyer_app, "POST", "/v1/returns/" + other + "/waybill", again);
    EXPECT_EQ(refused.status, 422);
    EXPECT_EQ(code_of(refused), "waybill_refused");
    EXPECT_EQ(house.database().number("SELECT count(*) FROM advance"), 1);
    EXPECT_EQ(house.database().number("SELECT count(*) FROM job WHERE kind = 'self_shipped_deadline'"), 1);
}

TEST(Registration, IsTheWarehousesAndConfirmsNothing) {
    House house;
    house.put_master_data();
    const std::string id = house.apply();
    const auto registered = say(house, Caller::seller, id, "registration", "{}");
    ASSERT_EQ(registered.status, 200) << registered.body;
    const json::Value shown = body_of(house.ask(Caller::seller, "GET", "/v1/returns/" + id));
    EXPECT_TRUE(shown["registered_at"].string());
    EXPECT_EQ(shown["receipt"]["outcome"].string(), "none");
}

TEST(Clawback, IsRepaidInParts) {
    House house;
    house.put_master_data();
    const std::string id = house.apply();
    const Asking typed{.body = kTyped, .idempotency_key = "typed-1"};
    ASSERT_EQ(house.ask(Caller::buyer_app, "POST", "/v1/returns/" + id + "/waybill", typed).status, 200);
    const auto repay = [&](int amount_fen, const std::string& key, std::string reference = {}) {
        if (reference.empty()) reference = "bank-" + key;
        const std::string body = R"({"return_id":")" + id + R"(","amount_fen":)" +
                                 std::to_string(amount_fen) + R"(,"currency":"CNY","reference":")" +
                                 reference + "\"}";
        return house.ask(Caller::platform, "POST", "/v1/finance/repayments",
                         {.body = body, .idempotency_key = key});
    };
    EXPECT_EQ(code_of(repay(100, "early")), "no_clawback");
    house.database().run(
        "UPDATE advance SET clawback = 'not_collected', repay_by = now() + interval '7 days'");
    EXPECT_EQ(code_of(repay(5000, "hasty")), "advance_not_paid");
    house.database().run("UPDATE advance SET state = 'paid', paid_at = now()");
    const auto part = repay(5000, "part");
    ASSERT_EQ(part.status, 201) << part.body;
    EXPECT_EQ(body_of(part)["owed_fen"].integer(), 7950);
    EXPECT_EQ(repay(5000, "part").body, part.body);
    EXPECT_EQ(code_of(repay(5000, "part-again", "bank-part")), "repayment_reference_used");
    EXPECT_EQ(code_of(repay(7951, "much")), "repayment_exceeds_debt");
    EXPECT_EQ(body_of(repay(7950, "rest"))["owed_fen"].integer(), 0);
    const json::Value shown = body_of(house.ask(Caller::finance, "GET", "/v1/finance/advances"));
    EXPECT_EQ(shown["advances"].items()[0]["clawback"]["repaid_fen"].integer(), 12950);
}

TEST(Conduct, TakesTheAdvanceButNotTheApproval) {
    House house;
    house.put_master_data();
    const Asking trust{.body = R"({"stars":5,"complaints":4})"};
    ASSERT_EQ(house.ask(Caller::platform, "PUT", "/v1/buyers/buyer-1/trust", trust).status, 200);
    const json::Value body =
        body_of(house.ask(Caller::buyer_app, "POST", "/v1/returns", {.body = House::application()}));
    EXPECT_EQ(body["approval"]["verdict"].string(), "automatic");
    EXPECT_EQ(body["refund"]["verdict"].string(), "after_receipt");
}

TEST(Clocks, AreListedSoonestFirst) {
    House house;
    const std::string id = apply_to_the_seller(house);
    const auto soon = house.ask(Caller::operations, "GET", "/v1/operations/clocks?due_within=3600");
    EXPECT_TRUE(body_of(soon)["clocks"].items().empty()) << soon.body;
    const auto later = house.ask(Caller::auditor, "GET", "/v1/operations/clocks?due_within=259200");
    ASSERT_EQ(body_of(later)["clocks"].items().size(), 1U) << later.body;
    EXPECT_EQ(body_of(later)["clocks"].items()[0]["clock"].string(), "seller_answer_deadline");
    EXPECT_EQ(body_of(later)["clocks"].items()[0]["return_id"].string(), id);
    EXPECT_EQ(house.ask(Caller::operations, "GET", "/v1/operations/clocks?due_within=-1").status, 422);
    // The clock for shipping counts only while a parcel is awaited.
    ASSERT_EQ(say(house, Caller::seller, id, "agreement", R"({"outcome":"agreed"})").status, 200);
    const std::string week = "/v1/operations/clocks?due_within=700000";
    EXPECT_EQ(body_of(house.ask(Caller::operations, "GET", week))["clocks"].items().size(), 1U);
    ASSERT_EQ(say(house, Caller::seller, id, "receipt", R"({"outcome":"confirmed"})").status, 200);
    EXPECT_TRUE(body_of(house.ask(Caller::operations, "GET", week))["clocks"].items().empty());
}

// 129.50, paid and not shipped.
void put_unshipped_order(House& house, const std::string& category = "womens_wear",
                         const std::string& state = "paid") {
    house.put_master_data();
    const std::string order =
        R"({"buyer_id":"buyer-1","seller_id":"seller-1","items":[{"item_id":"item-1","title":"连衣裙","quantity":1,)"
        R"("amount_fen":12950}],"paid_fen":12950,"currency":"CNY","trade_kind":"ordinary","category":")" +
        category + R"(","state":")" + state +
        R"(","payee_reference":"payee-1","payment_reference":"payment-1","provider":"sandbox"})";
    const auto put = house.ask(Caller::platform, "PUT", "/v1/orders/order-2", {.body = order});
    EXPECT_EQ(put.status, 200) << put.body;
}

testing::PlainAnswer apply_unshipped(House& house, const std::string& after_sale = "as-9") {
    return house.ask(Caller::buyer_app, "POST", "/v1/unshipped-refunds",
                     {.body = R"({"buyer_id":"buyer-1","order_id":"order-2","after_sale_id":")" + after_sale +
                              R"(","items":[{"item_id":"item-1","quantity":1}],"reason":"changed_mind"})"});
}

TEST(UnshippedRefund, IsApprovedAtOnceWithItsNoteAndPaidOnce) {
    House house;
    put_unshipped_order(house);
    const auto made = apply_unshipped(house);
    ASSERT_EQ(made.status, 201) << made.body;
    const json::Value body = body_of(made);
    EXPECT_EQ(body["kind"].string(), "unshipped");
    EXPECT_EQ(body["status"].string(), "refunding");
    EXPECT_EQ(body["refund"]["verdict"].string(), "direct");
    EXPECT_EQ(body["refunds"].items()[0]["amount_fen"].integer(), 12950);
    EXPECT_EQ(body["note"].string(),
              "该用户为平台优质用户且订单满足极速退款条件，平台已自动审核通过卖家发货前仅退款申请");
    EXPECT_EQ(apply_unshipped(house).status, 200);
    EXPECT_EQ(code_of(apply_unshipped(house, "as-10")), "quantity_exceeded");
    EXPECT_EQ(house.database().number("SELECT count(*) FROM refund"), 1);
    EXPECT_EQ(house.database().number("SELECT count(*) FROM job WHERE kind = 'pay'"), 1);
    EXPECT_EQ(house.database().number("SELECT held_fen + open_fen FROM credit_line"), 0);
    const std::string id(body["return_id"].string().value_or(""));
    const json::Value shown = body_of(house.ask(Caller::seller, "GET", "/v1/returns/" + id));
    EXPECT_EQ(shown["refunds"].items()[0]["kind"].string(), "unshipped");
    EXPECT_EQ(code_of(house.ask(Caller::buyer_app, "POST", "/v1/returns",
                                {.body = House::application("", "as-9")})),
              "after_sale_id_reused");
}

TEST(UnshippedRefund, OfAnOrderThatIsShippedIsAReturns) {
    House house;
    put_unshipped_order(house, "womens_wear", "shipped");
    const auto refused = apply_unshipped(house);
    EXPECT_EQ(refused.status, 409);
    EXPECT_EQ(code_of(refused), "order_shipped");
}

TEST(UnshippedRefund, OutsideTheRulesIsTheSellersToAgreeToAndNotToRefuse) {
    House house;
    put_unshipped_order(house, "made_to_order");
    const json::Value body = body_of(apply_unshipped(house));
    EXPECT_EQ(body["approval"]["verdict"].string(), "seller");
    EXPECT_TRUE(body["refunds"].is_null());
    const std::string id(body["return_id"].string().value_or(""));
    EXPECT_EQ(code_of(say(house, Caller::seller, id, "agreement",
                          R"({"outcome":"refused","reason":"packed","evidence":["picture-9"]})")),
              "unshipped_not_refusable");
    // Shipped in the meantime: the order tells the return.
    put_unshipped_order(house, "made_to_order", "shipped");
    EXPECT_EQ(house.database().number("SELECT count(*) FROM job WHERE kind = 'look_at_order'"), 1);
}

TEST(GoodsKept, AreRefundedWithoutAParcel) {
    House house;
    const std::string id = apply_to_the_seller(house);
    const auto agreed =
        say(house, Caller::seller, id, "agreement", R"({"outcome":"agreed","keeps_goods":true})");
    ASSERT_EQ(agreed.status, 200) << agreed.body;
    EXPECT_EQ(body_of(agreed)["status"].string(), "refunding");
    EXPECT_EQ(body_of(agreed)["refunds"].items()[0]["kind"].string(), "refund");
    EXPECT_EQ(house.database().number("SELECT held_fen FROM credit_line"), 0);
}

TEST(LargeTerms, NeedASecondPersonOfTheSellers) {
    House house;
    house.put_master_data();
    const std::string received = format_rfc3339(std::chrono::floor<std::chrono::microseconds>(
        std::chrono::system_clock::now() - std::chrono::hours(48)));
    const std::string order =
        R"({"buyer_id":"buyer-1","seller_id":"seller-1","items":[{"item_id":"item-1","title":"大衣","quantity":1,)"
        R"("amount_fen":60000}],"paid_fen":60000,"currency":"CNY","trade_kind":"ordinary","category":"toys",)"
        R"("state":"received","received_at":")" +
        received + R"(","payee_reference":"payee-1","payment_reference":"payment-1","provider":"sandbox"})";
    ASSERT_EQ(house.ask(Caller::platform, "PUT", "/v1/orders/order-1", {.body = order}).status, 200);
    const std::string id = house.apply();
    const std::string terms = R"({"outcome":"agreed","keeps_goods":true})";
    EXPECT_EQ(body_of(say(house, Caller::seller, id, "agreement", terms))["status"].string(),
              "awaiting_consent");
    EXPECT_EQ(code_of(say(house, Caller::seller, id, "agreement", terms)), "superior_required");
    Asking superior{.body = terms};
    superior.authorization = "Bearer " + house.add_key(Caller::seller, "seller-1", false, "sam");
    const auto agreed = house.nobody("POST", "/v1/returns/" + id + "/agreement", superior);
    ASSERT_EQ(agreed.status, 200) << agreed.body;
    EXPECT_EQ(body_of(agreed)["status"].string(), "refunding");
}

TEST(Postage, IsRefundedOnceAfterTheReceipt) {
    House house;
    const std::string id = apply_to_the_seller(house);
    const std::string path = "/v1/returns/" + id + "/postage";
    const std::string body = R"({"amount_fen":1200,"currency":"CNY"})";
    const auto ask = [&](const std::string& key) {
        return house.ask(Caller::seller, "POST", path, {.body = body, .idempotency_key = key});
    };
    EXPECT_EQ(code_of(ask("k1")), "receipt_not_confirmed");
    EXPECT_EQ(say(house, Caller::seller, id, "agreement", R"({"outcome":"agreed"})").status, 200);
    EXPECT_EQ(say(house, Caller::seller, id, "receipt", R"({"outcome":"confirmed"})").status, 200);
    const auto refunded = ask("k2");
    ASSERT_EQ(refunded.status, 200) << refunded.body;
    EXPECT_EQ(ask("k2").body, refunded.body);
    EXPECT_EQ(code_of(ask("k3")), "postage_refunded");
    EXPECT_EQ(house.database().number("SELECT sum(amount_fen) FROM refund WHERE kind = 'postage'"), 1200);
}

}  // namespace
}  // namespace returngate::api
