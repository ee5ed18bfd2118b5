// Appeals with their evidence, penalties and receipts of fewer units over HTTP.
#include <gtest/gtest.h>

#include "tests/gateway/api/house.hpp"

namespace returngate::api {
namespace {

const std::string kDigest(64, 'a');
const std::string kEvidence =
    R"([{"reference":"film-2","sha256":")" + kDigest + R"(","taken_at":"2026-01-10T12:00:00+08:00"}])";
const std::string kAppeal = R"({"reason":"the parcel was full","evidence":)" + kEvidence + "}";

std::string code_of(const testing::PlainAnswer& answer) {
    return std::string(body_of(answer)["code"].string().value_or(""));
}

class Appeals : public ::testing::Test {
protected:
    Appeals() { house_.put_master_data(); }

    testing::PlainAnswer say(Caller caller, const std::string& target, const std::string& body) {
        return house_.ask(caller, "POST", target, {.body = body, .idempotency_key = next_key()});
    }
    testing::PlainAnswer say_as_bob(const std::string& target, const std::string& body) {
        if (bob_.empty()) bob_ = "Bearer " + house_.add_key(Caller::operations, "", false, "bob");
        Asking asking{.body = body, .idempotency_key = next_key()};
        asking.authorization = bob_;
        return house_.nobody("POST", target, asking);
    }
    void must(const testing::PlainAnswer& answer) { ASSERT_EQ(answer.status, 200) << answer.body; }
    static std::string of(const std::string& id, const std::string& word) {
        return "/v1/returns/" + id + "/" + word;
    }
    // Advanced, disputed, and ruled for the seller.
    std::string ruled_for_the_seller() {
        const std::string id = house_.apply();
        must(say(Caller::buyer_app, of(id, "waybill"), R"({"courier":"SF","waybill":"SF3182649705216"})"));
        must(say(Caller::seller, of(id, "receipt"),
                 R"({"outcome":"disputed","reason":"empty","fault":"empty","evidence":)" + kEvidence + "}"));
        must(say(Caller::buyer_app, of(id, "intervention"), R"({"reason":"it was full"})"));
        const std::string ruling = R"({"outcome":"for_seller","reason":"the film"})";
        must(say(Caller::operations, "/v1/operations/returns/" + id + "/ruling", ruling));
        must(say_as_bob("/v1/operations/returns/" + id + "/ruling", ruling));
        return id;
    }

    House house_;

private:
    std::string next_key() { return "key-" + std::to_string(++keys_); }
    std::string bob_;
    int keys_ = 0;
};

TEST_F(Appeals, OfTheBuyerIsUpheldByTwoPeopleAndStopsTheClawback) {
    const std::string id = ruled_for_the_seller();
    EXPECT_EQ(code_of(say(Caller::seller, of(id, "appeal"), kAppeal)), "not_appealable");
    EXPECT_EQ(code_of(say(Caller::buyer_app, of(id, "evidence"), R"({"evidence":)" + kEvidence + "}")),
              "nothing_investigated");
    const auto opened = say(Caller::buyer_app, of(id, "appeal"), kAppeal);
    must(opened);
    EXPECT_EQ(body_of(opened)["appeal"]["by"].string(), "buyer");
    must(say(Caller::seller, of(id, "evidence"), R"({"evidence":)" + kEvidence + "}"));
    const std::string decision = "/v1/operations/returns/" + id + "/appeal-decision";
    const std::string upheld = R"({"outcome":"upheld","reason":"the film shows the goods"})";
    must(say(Caller::operations, decision, upheld));
    EXPECT_EQ(code_of(say(Caller::operations, decision, upheld)), "second_person_required");
    const auto decided = say_as_bob(decision, upheld);
    must(decided);
    EXPECT_EQ(body_of(decided)["status"].string(), "received");
    EXPECT_EQ(body_of(decided)["appeal"]["outcome"].string(), "upheld");
    EXPECT_EQ(house_.database().text("SELECT clawback FROM advance"), "");
    EXPECT_EQ(house_.database().number("SELECT count(*) FROM job WHERE kind = 'appeal_deadline'"), 0);
    EXPECT_EQ(house_.database().number("SELECT count(*) FROM ruling WHERE outcome = 'upheld'"), 1);
    const auto shown = house_.ask(Caller::seller, "GET", of(id, "evidence"));
    must(shown);
    const json::Value evidence = body_of(shown)["evidence"];
    ASSERT_EQ(evidence.items().size(), 4U) << shown.body;
    EXPECT_EQ(evidence.items()[0]["items"].items()[0]["sha256"].string(), kDigest);
    EXPECT_EQ(evidence.items()[3]["by"].string(), "seller");
    EXPECT_EQ(evidence.items()[3]["kind"].string(), "answer");
}

TEST_F(Appeals, WantDigestAndTimeOfTheirEvidence) {
    // Before another new key is shown: the gateway does not look for unknown ones all the time.
    const std::string stranger = "Bearer " + house_.add_key(Caller::seller, "seller-9");
    const std::string id = ruled_for_the_seller();
    EXPECT_EQ(code_of(say(Caller::buyer_app, of(id, "appeal"), R"({"reason":"full","evidence":["film-2"]})")),
              "evidence_not_hashed");
    const auto short_digest = say(
        Caller::buyer_app, of(id, "appeal"),
        R"({"reason":"full","evidence":[{"reference":"f","sha256":"AB","taken_at":"2026-01-10T12:00:00Z"}]})");
    EXPECT_EQ(pointers_of(short_digest), std::vector<std::string>{"/evidence/0/sha256"});
    Asking asking;
    asking.authorization = stranger;
    EXPECT_EQ(house_.nobody("GET", of(id, "evidence"), asking).status, 404);
}

TEST_F(Appeals, OfFewerUnitsGiveTheAmountBack) {
    const auto applied = house_.ask(
        Caller::buyer_app, "POST", "/v1/returns",
        {.body =
             R"({"buyer_id":"buyer-1","order_id":"order-1","after_sale_id":"as-1","items":[{"item_id":"item-1","quantity":2}],"reason":"seven_day_no_reason","pictures":["picture-1"]})"});
    const std::string id(body_of(applied)["return_id"].string().value_or(""));
    must(say(Caller::buyer_app, of(id, "waybill"), R"({"courier":"SF","waybill":"SF3182649705216"})"));
    const std::string one =
        R"({"outcome":"confirmed","received":[{"item_id":"item-1","quantity":1}],"reason":"one is missing","evidence":)";
    EXPECT_EQ(code_of(say(Caller::seller, of(id, "receipt"), one + "[]}")), "reason_and_evidence_required");
    const auto received = say(Caller::seller, of(id, "receipt"), one + kEvidence + "}");
    must(received);
    EXPECT_EQ(body_of(received)["amount_fen"].integer(), 12950);
    EXPECT_EQ(body_of(received)["short_fen"].integer(), 12950);
    const json::Value shown = body_of(house_.ask(Caller::buyer_app, "GET", "/v1/returns/" + id));
    EXPECT_EQ(shown["refund"]["short_fen"].integer(), 12950);
    EXPECT_EQ(shown["advance"]["clawback"]["reason"].string(), "units_missing");
    EXPECT_EQ(shown["advance"]["clawback"]["asked_fen"].integer(), 12950);
    must(say(Caller::buyer_app, of(id, "appeal"), kAppeal));
    const std::string decision = "/v1/operations/returns/" + id + "/appeal-decision";
    const std::string upheld = R"({"outcome":"upheld","reason":"the film shows both"})";
    must(say(Caller::operations, decision, upheld));
    must(say_as_bob(decision, upheld));
    EXPECT_EQ(house_.database().number("SELECT amount_fen FROM return_case WHERE short_fen = 0"), 25900);
    EXPECT_EQ(house_.database().text("SELECT clawback FROM advance"), "");
}

TEST_F(Appeals, AndPenaltiesAreTakenBackByASecondPersonOnly) {
    const std::string id = ruled_for_the_seller();
    const std::string penalty = R"({"buyer_id":"buyer-1","return_id":")" + id +
                                R"(","step":"privilege_withdrawn","cause":"not paid back after review"})";
    const auto imposed = say(Caller::operations, "/v1/operations/penalties", penalty);
    must(imposed);
    EXPECT_EQ(body_of(imposed)["credit_line"]["line_fen"].integer(), 0);
    EXPECT_EQ(body_of(imposed)["stars"].integer(), 5);
    const std::string reversal = "/v1/operations/buyers/buyer-1/penalties/1/reversal";
    const std::string why = R"({"return_id":")" + id + R"(","reason":"paid after all"})";
    EXPECT_EQ(code_of(say(Caller::operations, reversal, why)), "second_person_required");
    const auto reversed = say_as_bob(reversal, why);
    must(reversed);
    EXPECT_EQ(body_of(reversed)["credit_line"]["line_fen"].integer(), 120000);
    EXPECT_EQ(code_of(say_as_bob("/v1/operations/buyers/buyer-1/penalties/2/reversal", why)),
              "penalty_not_found");
    for (const auto* target : {"/v1/operations/penalties", "/v1/operations/penalties?buyer_id=buyer-1"}) {
        const auto listed = house_.ask(Caller::auditor, "GET", target);
        must(listed);
        const json::Value penalties = body_of(listed)["penalties"];
        ASSERT_EQ(penalties.items().size(), 1U) << listed.body;
        EXPECT_EQ(penalties.items()[0]["cause"].string(), "not paid back after review");
        EXPECT_EQ(penalties.items()[0]["reversed_by"].string(), "bob");
        EXPECT_EQ(penalties.items()[0]["stands"].boolean(), false);
    }
}

TEST_F(Appeals, AndConductGoIntoTheRatingOnlyWhereNoSnapshotStands) {
    const std::string id = ruled_for_the_seller();
    const std::string changed = R"({"buyer_id":"buyer-1","fact":"changed_mind"})";
    EXPECT_EQ(code_of(say(Caller::platform, of(id, "conduct"), changed)), "refund_not_complete");
    must(say(Caller::platform, of(id, "conduct"), R"({"buyer_id":"buyer-1","fact":"complaint"})"));
    EXPECT_EQ(
        code_of(say(Caller::platform, of(id, "conduct"), R"({"buyer_id":"buyer-9","fact":"complaint"})")),
        "return_not_found");
    const auto rate = [&] {
        return house_.ask(Caller::operations, "POST", "/v1/operations/buyers/buyer-1/rating");
    };
    EXPECT_EQ(code_of(rate()), "snapshot_stands");
    house_.database().run("UPDATE buyer_standing SET as_of = '2020-01-01'");
    EXPECT_EQ(code_of(rate()), "records_too_few");
    house_.database().run(
        "INSERT INTO shop_order (cell, order_id, buyer_id, seller_id, items, paid_fen, trade_kind, category, "
        "state, "
        "outbound_courier, outbound_waybill, provider, payee_contact_id, payment_reference, version, terms) "
        "SELECT cell, order_id || n, buyer_id, seller_id, items, paid_fen, trade_kind, category, state, "
        "outbound_courier, outbound_waybill, provider, payee_contact_id, payment_reference, version, terms "
        "FROM shop_order CROSS JOIN generate_series(1, 9) AS n");
    const auto rated = rate();
    must(rated);
    // One return of ten orders takes no star; that it was disputed takes two.
    EXPECT_EQ(body_of(rated)["stars"].integer(), 2);
    EXPECT_EQ(body_of(rated)["rated_by"].string(), "records");
    EXPECT_EQ(house_.database().number("SELECT dispute_rate_bp FROM buyer_trust"), 1000);
    EXPECT_EQ(house_.database().number("SELECT complaints FROM buyer_trust"), 1);
}

}  // namespace
}  // namespace returngate::api
