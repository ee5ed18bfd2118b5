// Scripts do what they say: faults of bookings, answers, callbacks and lives, over real sockets.
#include <gtest/gtest.h>

#include "adapters/sandbox/form.hpp"
#include "adapters/sandbox/signatures.hpp"
#include "tests/adapters/sandbox/support.hpp"

namespace returngate::sandbox {
namespace {

class SandboxScripts : public testing::Test {
protected:
    SandboxScripts()
        : receiver_([](const http::Request&) { return yto_ack(); }),
          world_(fast_options(book_, receiver_.url())) {
        yto_ = world_->base_url("yto");
    }
    void script(const std::string& behaviour, const std::string& call = "book") {
        caller_.post_json(
            world_->base_url("sandbox") + "/script",
            R"({"courier":"YTO","call":")" + call + R"(","match":"next","behaviour":)" + behaviour + "}");
    }
    Result<http::Response> book(const std::string& reference,
                                std::chrono::milliseconds patience = std::chrono::seconds(60)) {
        return caller_.send(yto_, yto_booking(reference), patience);
    }
    ParcelBook& parcels() { return world_->courier("YTO").book(); }
    static std::string told_number(const Result<http::Response>& response) {
        const auto body = json::parse(response ? response->body : "");
        return body ? std::string((*body)["mailNo"].string().value_or("")) : std::string();
    }
    // The words of the first `count` callbacks, in the order they came.
    std::string words(std::size_t count) {
        std::string seen;
        for (const http::Request& callback : receiver_.wait_for(count)) {
            const std::string xml(
                field(parse_form(callback.body).value_or(FormFields{}), "logistics_interface"));
            const std::size_t start = xml.find("<infoContent>");
            seen += start == std::string::npos
                        ? "?"
                        : xml.substr(start + 13, xml.find("</infoContent>") - start - 13);
            seen += " ";
        }
        return seen;
    }

    TemporaryFile book_;
    Receiver receiver_;
    WorldThread world_;
    Caller caller_;
    std::string yto_;
};

TEST_F(SandboxScripts, RefuseSaysNoAndTakesNothingDown) {
    script(R"({"answer":"refuse"})");
    const auto response = book("RG00CCCCCC01");
    ASSERT_TRUE(response);
    EXPECT_NE(response->body.find("\"success\":false"), std::string::npos);
    EXPECT_FALSE(parcels().find("RG00CCCCCC01"));
    // The next one is served again.
    EXPECT_FALSE(told_number(book("RG00CCCCCC02")).empty());
}

TEST_F(SandboxScripts, NeverIsSilenceWithTheBookingTakenDown) {
    script(R"({"answer":"never"})");
    const auto response = book("RG00CCCCCC03", std::chrono::milliseconds(200));
    ASSERT_FALSE(response);
    EXPECT_TRUE(eventually([this] { return parcels().find("RG00CCCCCC03").has_value(); }));
}

TEST_F(SandboxScripts, CloseExecutesAndDropsTheReplyOrDoesNothingAtAll) {
    script(R"({"answer":"close"})");
    script(R"({"answer":"close","executes":false})");
    EXPECT_FALSE(book("RG00CCCCCC04"));
    EXPECT_FALSE(book("RG00CCCCCC05"));
    EXPECT_TRUE(parcels().find("RG00CCCCCC04"));
    EXPECT_FALSE(parcels().find("RG00CCCCCC05"));
}

TEST_F(SandboxScripts, CutShortGarbageAndUnavailableAnswersAreNoBookings) {
    script(R"({"answer":"cut_short"})");
    script(R"({"answer":"garbage"})");
    script(R"({"answer":"unavailable","executes":false})");
    EXPECT_FALSE(book("RG00CCCCCC06"));
    const auto garbage = book("RG00CCCCCC07");
    ASSERT_TRUE(garbage);
    EXPECT_FALSE(json::parse(garbage->body));
    const auto unavailable = book("RG00CCCCCC08");
    ASSERT_TRUE(unavailable);
    EXPECT_EQ(unavailable->status, 503);
    EXPECT_FALSE(parcels().find("RG00CCCCCC08"));
}

TEST_F(SandboxScripts, TheWholeCourierIsDownUntilCleared) {
    caller_.post_json(
        world_->base_url("sandbox") + "/script",
        R"({"courier":"YTO","call":"any","match":"always","behaviour":{"answer":"unavailable","executes":false}})");
    EXPECT_EQ(book("RG00CCCCCC09")->status, 503);
    EXPECT_EQ(caller_.send(yto_, yto_request("track_query_adapter", R"({"NUMBER":"YT1"})"))->status, 503);
    world_->courier("YTO").scripts().clear();
    EXPECT_EQ(book("RG00CCCCCC10")->status, 200);
}

TEST_F(SandboxScripts, AnEarlyCallbackComesBeforeTheBookingsAnswer) {
    script(R"({"calls_back_first":true,"answer_delay_ms":300,"hold_before":"courier_assigned"})");
    const auto response = book("RG00CCCCCC11", std::chrono::milliseconds(100));
    EXPECT_FALSE(response);
    EXPECT_EQ(words(1), "ACCEPT ");
}

TEST_F(SandboxScripts, CopiesAreTheSameBytes) {
    script(R"({"callback_copies":3,"hold_before":"courier_assigned"})");
    (void)book("RG00CCCCCC12");
    const auto callbacks = receiver_.wait_for(3);
    ASSERT_EQ(callbacks.size(), 3u);
    EXPECT_EQ(callbacks[0].body, callbacks[1].body);
    EXPECT_EQ(callbacks[1].body, callbacks[2].body);
}

TEST_F(SandboxScripts, SwappedPairsLeaveInTheWrongOrder) {
    script(R"({"swaps_callbacks":true})");
    (void)book("RG00CCCCCC13");
    EXPECT_EQ(words(5), "ACCEPT ACCEPT DEPARTURE GOT SIGNED ");
}

TEST_F(SandboxScripts, GarbageIsAuthenticAndComesBeforeTheRealOne) {
    script(R"({"sends_garbage":true,"hold_before":"courier_assigned"})");
    (void)book("RG00CCCCCC14");
    EXPECT_EQ(words(2), "? ACCEPT ");
    const auto form = parse_form(receiver_.wait_for(1)[0].body);
    EXPECT_EQ(field(*form, "data_digest"),
              yto_push_digest(field(*form, "logistics_interface"), YtoAccount{}.push_secret));
}

TEST_F(SandboxScripts, AForgeryCarriesNoValidSignatureAndNoTruth) {
    script(R"({"sends_forgery":true,"hold_before":"courier_assigned"})");
    (void)book("RG00CCCCCC15");
    EXPECT_EQ(words(2), "ACCEPT GOT ");
    const auto form = parse_form(receiver_.wait_for(2)[1].body);
    EXPECT_NE(field(*form, "data_digest"),
              yto_push_digest(field(*form, "logistics_interface"), YtoAccount{}.push_secret));
    EXPECT_EQ(parcels().find("RG00CCCCCC15")->stage, Stage::accepted);
}

TEST_F(SandboxScripts, ACourierThatNeverAcceptsStaysSilentUntilTold) {
    script(R"({"accepts":false})");
    (void)book("RG00CCCCCC16");
    EXPECT_EQ(parcels().find("RG00CCCCCC16")->stage, Stage::booked);
    caller_.post_json(
        world_->base_url("sandbox") + "/advance",
        R"({"courier":"YTO","reference":"RG00CCCCCC16","stage":"accepted","hold_before":"courier_assigned"})");
    EXPECT_EQ(words(1), "ACCEPT ");
}

TEST_F(SandboxScripts, AHeldParcelMovesExactlyAsFarAsTold) {
    script(R"({"hold_before":"collected"})");
    (void)book("RG00CCCCCC17");
    EXPECT_EQ(words(2), "ACCEPT ACCEPT ");
    caller_.post_json(
        world_->base_url("sandbox") + "/advance",
        R"({"courier":"YTO","reference":"RG00CCCCCC17","stage":"collected","hold_before":"in_transit"})");
    EXPECT_EQ(words(3), "ACCEPT ACCEPT GOT ");
    EXPECT_EQ(parcels().find("RG00CCCCCC17")->stage, Stage::collected);
}

TEST_F(SandboxScripts, TheCourierGivesUp) {
    script(R"({"abandons_after":"courier_assigned"})");
    (void)book("RG00CCCCCC18");
    EXPECT_EQ(words(3), "ACCEPT ACCEPT NOT_SEND ");
    EXPECT_FALSE(parcels().find("RG00CCCCCC18")->is_live);
}

TEST_F(SandboxScripts, WrongWaybillsAreToldAndTheTrueOneIsKept) {
    const std::string anothers = told_number(book("RG00CCCCCC19"));
    script(R"({"waybill":"anothers"})");
    script(R"({"waybill":"spoiled"})");
    script(R"({"waybill":"YT9999999999990"})");
    script(R"({"waybill":"later"})");
    EXPECT_EQ(told_number(book("RG00CCCCCC20")), anothers);
    EXPECT_EQ(told_number(book("RG00CCCCCC21")).size(), 14u);
    EXPECT_EQ(told_number(book("RG00CCCCCC22")), "YT9999999999990");
    EXPECT_EQ(told_number(book("RG00CCCCCC23")), "");
    EXPECT_NE(parcels().find("RG00CCCCCC20")->waybill, anothers);
}

TEST_F(SandboxScripts, HiddenEventsShowUpAfterSoManyQueries) {
    script(R"({"hidden_queries":2})");
    const std::string waybill = told_number(book("RG00CCCCCC24"));
    (void)words(3);
    const http::Request query = yto_request("track_query_adapter", R"({"NUMBER":")" + waybill + R"("})");
    EXPECT_NE(caller_.send(yto_, query)->body.find("1001"), std::string::npos);
    EXPECT_NE(caller_.send(yto_, query)->body.find("1001"), std::string::npos);
    EXPECT_NE(caller_.send(yto_, query)->body.find("GOT"), std::string::npos);
}

TEST_F(SandboxScripts, TheBookNamesRepeatsAndTwins) {
    script(R"({"hold_before":"accepted"})");
    script(R"({"hold_before":"accepted"})");
    (void)book("RG00CCCCCC25");
    (void)book("RG00CCCCCC25");
    (void)book("RG00CCCCCC26");
    const auto page = caller_.get_json(world_->base_url("sandbox") + "/couriers/YTO/book");
    EXPECT_EQ(page["live"].integer(), 2);
    ASSERT_EQ(page["repeated"].items().size(), 1u);
    EXPECT_EQ(page["repeated"].items()[0].string(), "RG00CCCCCC25");
    ASSERT_EQ(page["twins"].items().size(), 1u);
    EXPECT_EQ(page["twins"].items()[0].items().size(), 2u);
}

TEST_F(SandboxScripts, AMisspelledScriptIsRefused) {
    http::Request request;
    request.method = "POST";
    request.target = "/script";
    request.headers.set("Content-Type", "application/json");
    for (const char* behaviour : {R"({"anwser":"never"})", R"({"answer":"nevr"})", R"({"hold_before":7})",
                                  R"({"callback_copies":-1})"}) {
        request.body = R"({"courier":"YTO","behaviour":)" + std::string(behaviour) + "}";
        const auto response = caller_.send(world_->base_url("sandbox"), request);
        ASSERT_TRUE(response);
        EXPECT_EQ(response->status, 400) << behaviour;
    }
}

}  // namespace
}  // namespace returngate::sandbox
