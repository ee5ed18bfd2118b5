// The couriers' own protocols over real sockets: what they refuse, what they answer, what they push.
#include <gtest/gtest.h>

#include "adapters/sandbox/form.hpp"
#include "adapters/sandbox/signatures.hpp"
#include "tests/adapters/sandbox/support.hpp"

namespace returngate::sandbox {
namespace {

json::Value body_of(const Result<http::Response>& response) {
    EXPECT_TRUE(response && response->status == 200);
    return response ? json::parse(response->body).value_or(json::Value{}) : json::Value{};
}

// SF's inner answer, which travels as JSON text within JSON.
json::Value inner_of(const Result<http::Response>& response) {
    return json::parse(body_of(response)["apiResultData"].string().value_or("null")).value_or(json::Value{});
}

std::string sf_waybill(const json::Value& inner) {
    const auto list = inner["msgData"]["waybillNoInfoList"].items();
    return list.empty() ? std::string() : std::string(list[0]["waybillNo"].string().value_or(""));
}

class SandboxCouriers : public testing::Test {
protected:
    void start(const std::string& receiver_url = {}) {
        world_.emplace(fast_options(book_, receiver_url));
        yto_ = (*world_)->base_url("yto");
        sf_ = (*world_)->base_url("sf");
    }
    World& world() { return **world_; }

    TemporaryFile book_;
    std::optional<WorldThread> world_;
    Caller caller_;
    std::string yto_;
    std::string sf_;
};

TEST_F(SandboxCouriers, YtoIssuesAWaybillAndTheSameOneForTheSameOrder) {
    start();
    const auto first = body_of(caller_.send(yto_, yto_booking("RG00AAAAAAA1")));
    EXPECT_EQ(first["logisticsNo"].string(), "RG00AAAAAAA1");
    const std::string waybill(first["mailNo"].string().value_or(""));
    EXPECT_EQ(waybill.size(), 15u);
    EXPECT_TRUE(waybill.starts_with("YT"));
    const auto again = body_of(caller_.send(yto_, yto_booking("RG00AAAAAAA1")));
    EXPECT_EQ(again["mailNo"].string(), waybill);
    EXPECT_EQ(world().courier("YTO").book().find("RG00AAAAAAA1")->requests, 2);
}

TEST_F(SandboxCouriers, YtoRefusesAWrongSignTokenOrMethod) {
    start();
    const std::string param = R"({"NUMBER":"YT3612345678901"})";
    const auto wrong_sign =
        body_of(caller_.send(yto_, yto_request("track_query_adapter", param, "another secret")));
    EXPECT_TRUE(wrong_sign["apiErrorMsg"].string());
    http::Request wrong_token = yto_booking("RG00AAAAAAA2");
    wrong_token.target.replace(wrong_token.target.find("AbCdEf"), 6, "FeDcBa");
    EXPECT_TRUE(body_of(caller_.send(yto_, wrong_token))["apiErrorMsg"].string());
    const auto wrong_method = body_of(caller_.send(yto_, yto_request("no_such_adapter", param)));
    EXPECT_TRUE(wrong_method["apiErrorMsg"].string());
    EXPECT_TRUE(world().courier("YTO").book().all().empty());
    EXPECT_EQ(world().courier("YTO").unproved_calls(), 3);
}

TEST_F(SandboxCouriers, YtoRefusesEveryChangedByteOfASignedParameter) {
    start();
    const http::Request good = yto_booking("RG00AAAAAAA3");
    const std::size_t start_of_param = good.body.find("logisticsNo");
    for (std::size_t i = start_of_param; i < start_of_param + 40; ++i) {
        http::Request changed = good;
        changed.body[i] = changed.body[i] == 'x' ? 'y' : 'x';
        const auto response = caller_.send(yto_, changed);
        ASSERT_TRUE(response);
        EXPECT_EQ(response->body.find("mailNo"), std::string::npos) << i;
    }
    EXPECT_TRUE(world().courier("YTO").book().all().empty());
}

TEST_F(SandboxCouriers, YtoNamesWhatIsMissing) {
    start();
    const auto answer =
        body_of(caller_.send(yto_, yto_request("privacy_create_adapter",
                                               R"({"logisticsNo":"RG00AAAAAAA4","senderName":"张三"})")));
    EXPECT_EQ(answer["code"].integer(), 200010003);
    EXPECT_TRUE(answer["reason"].string());
}

TEST_F(SandboxCouriers, YtoCancelsUntilCollectedAndTwiceIsFine) {
    start();
    world().courier("YTO").scripts().add(
        Call::book, Match{MatchKind::always, {}},
        parse_behaviour(*json::parse(R"({"hold_before":"collected"})")).value());
    (void)caller_.send(yto_, yto_booking("RG00AAAAAAA5"));
    const std::string param = R"({"logisticsNo":"RG00AAAAAAA5","cancelDesc":"买家取消"})";
    for (int i = 0; i < 2; ++i) {
        const auto answer = body_of(caller_.send(yto_, yto_request("korder_cancel_adapter", param)));
        EXPECT_EQ(answer["logisticsNo"].string(), "RG00AAAAAAA5");
        EXPECT_TRUE(answer["reason"].is_null());
    }
    EXPECT_FALSE(world().courier("YTO").book().find("RG00AAAAAAA5")->is_live);
    // A cancelled order's id is used up.
    const auto again = body_of(caller_.send(yto_, yto_booking("RG00AAAAAAA5")));
    EXPECT_TRUE(again["reason"].string());
}

TEST_F(SandboxCouriers, EachProtocolAnswersAtTheRootToo) {
    start();
    const std::string root = yto_.substr(0, yto_.rfind('/'));
    EXPECT_TRUE(body_of(caller_.send(root, yto_booking("RG00AAAAAAA9")))["mailNo"].string());
    EXPECT_FALSE(sf_waybill(inner_of(caller_.send(root, sf_booking("RG00BBBBBBB9")))).empty());
    EXPECT_TRUE(caller_.get_json(root + "/book").is_object());
}

TEST_F(SandboxCouriers, SfIssuesAWaybillAndCallsTheSecondOrderADuplicate) {
    start();
    const auto first = inner_of(caller_.send(sf_, sf_booking("RG00BBBBBBB1")));
    EXPECT_EQ(first["msgData"]["filterResult"].integer(), 2);
    const std::string waybill = sf_waybill(first);
    EXPECT_EQ(waybill.size(), 15u);
    const auto again = inner_of(caller_.send(sf_, sf_booking("RG00BBBBBBB1")));
    EXPECT_EQ(again["success"].boolean(), false);
    EXPECT_EQ(again["errorCode"].string(), "8016");
    const auto found = inner_of(caller_.send(
        sf_, sf_request("EXP_RECE_SEARCH_ORDER_RESP", R"({"orderId":"RG00BBBBBBB1","searchType":"1"})")));
    EXPECT_EQ(sf_waybill(found), waybill);
}

TEST_F(SandboxCouriers, SfRefusesAWrongDigestAndAnUnknownService) {
    start();
    const std::string data = R"({"orderId":"RG00BBBBBBB2"})";
    const auto wrong = caller_.send(sf_, sf_request("EXP_RECE_SEARCH_ORDER_RESP", data, "another checkword"));
    EXPECT_EQ(body_of(wrong)["apiResultCode"].string(), "A1006");
    const auto unknown = caller_.send(sf_, sf_request("EXP_RECE_NO_SUCH", data));
    EXPECT_EQ(body_of(unknown)["apiResultCode"].string(), "A1004");
}

TEST_F(SandboxCouriers, SfVerifiesInTheModeOfTheAccount) {
    for (const char* mode : {"standard", "simple", "sm3"}) {
        Options options = fast_options(book_);
        options.sf.digest_mode = mode;
        WorldThread one(options);
        const std::string data = R"({"orderId":"RG00BBBBBBB3"})";
        http::Request request = sf_request("EXP_RECE_SEARCH_ORDER_RESP", data);
        FormFields fields = *parse_form(request.body);
        for (auto& [name, value] : fields)
            if (name == "msgDigest")
                value = sf_digest(*parse_sf_digest(mode), data, "1768008600123", options.sf.checkword);
        request.body = render_form(fields);
        EXPECT_EQ(body_of(caller_.send(one->base_url("sf"), request))["apiResultCode"].string(), "A1000")
            << mode;
    }
}

TEST_F(SandboxCouriers, SfSpeaksOfCancellationInItsCodes) {
    start();
    world().courier("SF").scripts().add(
        Call::book, Match{MatchKind::always, {}},
        parse_behaviour(*json::parse(R"({"hold_before":"collected"})")).value());
    (void)caller_.send(sf_, sf_booking("RG00BBBBBBB4"));
    const std::string data = R"({"orderId":"RG00BBBBBBB4","dealType":2})";
    const auto cancelled = inner_of(caller_.send(sf_, sf_request("EXP_RECE_UPDATE_ORDER", data)));
    EXPECT_EQ(cancelled["msgData"]["resStatus"].integer(), 2);
    EXPECT_EQ(inner_of(caller_.send(sf_, sf_request("EXP_RECE_UPDATE_ORDER", data)))["errorCode"].string(),
              "8037");
    const auto unknown = inner_of(
        caller_.send(sf_, sf_request("EXP_RECE_UPDATE_ORDER", R"({"orderId":"RG00NOBODY99","dealType":2})")));
    EXPECT_EQ(unknown["errorCode"].string(), "8024");
}

TEST_F(SandboxCouriers, YtoPushesTheWholeLifeSigned) {
    Receiver receiver([](const http::Request&) { return yto_ack(); });
    start(receiver.url());
    (void)caller_.send(yto_, yto_booking("RG00AAAAAAA6"));
    const auto callbacks = receiver.wait_for(5);
    ASSERT_EQ(callbacks.size(), 5u);
    const char* words[] = {"ACCEPT", "ACCEPT", "GOT", "DEPARTURE", "SIGNED"};
    for (std::size_t i = 0; i < 5; ++i) {
        EXPECT_EQ(callbacks[i].target, "/callbacks/secret");
        const auto form = parse_form(callbacks[i].body);
        ASSERT_TRUE(form);
        const std::string_view xml = field(*form, "logistics_interface");
        EXPECT_NE(xml.find("<infoContent>" + std::string(words[i]) + "</infoContent>"),
                  std::string_view::npos);
        EXPECT_NE(xml.find("<txLogisticID>RG00AAAAAAA6</txLogisticID>"), std::string_view::npos);
        EXPECT_EQ(field(*form, "data_digest"), yto_push_digest(xml, YtoAccount{}.push_secret));
    }
}

TEST_F(SandboxCouriers, TheTrackQueryKnowsWhatThePushesSaid) {
    start();
    const auto booked = body_of(caller_.send(yto_, yto_booking("RG00AAAAAAA7")));
    const std::string waybill(booked["mailNo"].string().value_or(""));
    world().courier("YTO").advance("RG00AAAAAAA7", Stage::delivered, std::nullopt);
    json::Value rows;
    for (int i = 0; i < 100 && rows.items().size() < 3; ++i)
        rows = body_of(
            caller_.send(yto_, yto_request("track_query_adapter", R"({"NUMBER":")" + waybill + R"("})")));
    ASSERT_EQ(rows.items().size(), 3u);
    EXPECT_EQ(rows.items()[0]["infoContent"].string(), "GOT");
    EXPECT_EQ(rows.items()[2]["infoContent"].string(), "SIGNED");
    const auto none = body_of(caller_.send(yto_, yto_request("track_query_adapter", R"({"NUMBER":"YT1"})")));
    EXPECT_EQ(none["code"].string(), "1001");
}

TEST_F(SandboxCouriers, SfPushesOrderStatesAndRoutesUnsigned) {
    Receiver receiver([](const http::Request&) { return sf_ack(); });
    start(receiver.url());
    (void)caller_.send(sf_, sf_booking("RG00BBBBBBB5"));
    const auto callbacks = receiver.wait_for(6);
    ASSERT_EQ(callbacks.size(), 6u);
    std::string seen;
    for (const http::Request& callback : callbacks) {
        const auto body = json::parse(callback.body);
        ASSERT_TRUE(body);
        for (const json::Value& state : (*body)["orderState"].items())
            seen += std::string(state["orderStateCode"].string().value_or("")) + " ";
        for (const json::Value& route : (*body)["Body"]["WaybillRoute"].items())
            seen += std::string(route["opCode"].string().value_or("")) + " ";
    }
    EXPECT_EQ(seen, "04-40037 04-40001 05-40003 50 30 31 44 80 ");
}

TEST_F(SandboxCouriers, AnUnacknowledgedCallbackComesAgainWithTheSameBytes) {
    int count = 0;
    Receiver receiver([&count](const http::Request&) {
        http::Response refusal;
        refusal.status = 503;
        return ++count == 1 ? refusal : yto_ack();
    });
    start(receiver.url());
    world().courier("YTO").scripts().add(
        Call::book, Match{}, parse_behaviour(*json::parse(R"({"hold_before":"courier_assigned"})")).value());
    (void)caller_.send(yto_, yto_booking("RG00AAAAAAA8"));
    const auto callbacks = receiver.wait_for(2);
    ASSERT_EQ(callbacks.size(), 2u);
    EXPECT_EQ(callbacks[0].body, callbacks[1].body);
}

}  // namespace
}  // namespace returngate::sandbox
