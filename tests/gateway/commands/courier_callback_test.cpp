// Callbacks decoded: for every courier of the registry what was recorded, and the same refusals.
#include "gateway/commands/courier_callback.hpp"

#include "gateway/event_key.hpp"
#include "tests/gateway/commands/recorded.hpp"

namespace returngate::commands {
namespace {

class DecodedCallback : public ::testing::TestWithParam<const courier::Courier*> {
protected:
    const courier::Courier& courier() const { return *GetParam(); }
    json::Value decode(const conformance::RecordedPush& recorded, const courier::Account& account) const {
        const auto answer = decode_callback(courier(), account, recorded.push, std::nullopt);
        auto parsed = json::parse(answer.json);
        EXPECT_TRUE(parsed) << answer.json;
        return parsed.value_or(json::Value());
    }
    conformance::Recording recording_ = conformance::load_recording(GetParam()->profile().code);
};
INSTANTIATE_TEST_SUITE_P(Registry, DecodedCallback, every_courier(), code_of);

std::string rendered(const json::Value& acknowledgement) {
    http::Response response;
    response.status = static_cast<int>(acknowledgement["status"].integer().value_or(0));
    for (const auto& [name, value] : acknowledgement["headers"].members())
        response.headers.fields.emplace_back(name, value.string().value_or(""));
    response.body = acknowledgement["body"].string().value_or("");
    return conformance::render(response);
}

// Members that a recording leaves out are null in the answer.
void expect_event(const json::Value& event, const json::Value& expected) {
    std::string names;
    for (const auto& member : event.members()) names += member.name + " ";
    EXPECT_EQ(names,
              "waybill booking_reference status raw_status occurred_at dedupe_key weight_grams fee_fen ");
    for (const auto& member : event.members()) {
        if (member.name == "dedupe_key" && expected["repeats_with_new_values"].boolean().value_or(false)) {
            const std::string prefix = std::string(expected["dedupe_key"].string().value_or("?")) + "#";
            EXPECT_TRUE(member.value.string().value_or("").starts_with(prefix));
            continue;
        }
        EXPECT_EQ(conformance::render(member.value), conformance::render(expected[member.name]))
            << member.name;
    }
}

TEST_P(DecodedCallback, SaysWhatWasRecorded) {
    for (const auto& recorded : recording_.pushes) {
        SCOPED_TRACE(recorded.name);
        const auto answer = decode(recorded, recording_.account);
        const bool is_signed = recorded.expected["proof"].string() != "secret_url";
        EXPECT_EQ(answer["proof"].string(), is_signed ? "signature" : "secret_url");
        const auto events = answer["events"].items();
        const auto expected = recorded.expected["events"].items();
        ASSERT_EQ(events.size(), expected.size());
        for (std::size_t i = 0; i < events.size(); ++i) expect_event(events[i], expected[i]);
        EXPECT_EQ(rendered(answer["acknowledgement"]), recorded.taken);
    }
}

TEST_P(DecodedCallback, RefusedHasNoEventsAndTheCouriersOwnRefusal) {
    for (const auto& recorded : recording_.pushes) {
        if (recorded.refused.empty()) continue;
        courier::Account foreign = recording_.account;
        for (const std::string& key : recording_.secret_settings) foreign.settings[key] += "x";
        if (courier().authenticate(foreign, recorded.push)) continue;
        const auto answer = decode(recorded, foreign);
        EXPECT_EQ(answer["proof"].string(), "refused") << recorded.name;
        EXPECT_TRUE(answer["events"].items().empty());
        EXPECT_EQ(rendered(answer["acknowledgement"]), recorded.refused);
    }
}

class OneOfSf : public ::testing::Test {
protected:
    const courier::Courier& sf_ = *courier::find_courier("SF");
    conformance::Recording recording_ = conformance::load_recording("SF");

    CallbackAnswer decode(std::string body, const std::optional<KnownBooking>& booking = {}) const {
        courier::Push push;
        push.request.method = "POST";
        push.request.target = "/cb";
        push.request.body = std::move(body);
        return decode_callback(sf_, recording_.account, push, booking);
    }
};
using Callback = OneOfSf;

constexpr std::string_view kRouteWithoutBooking =
    R"({"Body":{"WaybillRoute":[{"mailno":"SF7444400043266","orderid":"","id":"1",)"
    R"("acceptTime":"2026-01-10 10:00:00","opCode":"50","remark":""}]}})";

TEST_F(Callback, ThatNobodyCanReadIsTakenWithoutEventsAndSaysWhy) {
    const auto answer = decode(R"({"Body":{"WaybillRoute":[{"mailno":"SF1"}]}})");
    const auto json = json::parse(answer.json);
    ASSERT_TRUE(json);
    EXPECT_EQ((*json)["proof"].string(), "secret_url");
    EXPECT_TRUE((*json)["events"].items().empty());
    EXPECT_EQ((*json)["acknowledgement"]["status"].integer(), 200);
    EXPECT_NE(answer.remarks.find("set aside"), std::string::npos) << answer.remarks;
}

TEST_F(Callback, OfAKnownBookingNamesIt) {
    const std::string body(kRouteWithoutBooking);
    const auto reference = [](const CallbackAnswer& answer) {
        const auto json = json::parse(answer.json).value_or(json::Value());
        return std::string(json["events"].items()[0]["booking_reference"].string().value_or("none"));
    };
    EXPECT_EQ(reference(decode(body)), "none");
    EXPECT_EQ(reference(decode(body, KnownBooking{"RG01", ""})), "RG01");
    EXPECT_EQ(reference(decode(body, KnownBooking{"RG01", "SF7444400043266"})), "RG01");
    EXPECT_EQ(reference(decode(body, KnownBooking{"RG01", "SF7444400099999"})), "none");
}

TEST(KnownBookingOption, IsStrict) {
    const auto booking = read_known_booking(R"({"reference":"RG01","waybill":"YT1"})");
    ASSERT_TRUE(booking) << booking.error().message;
    EXPECT_EQ(booking->reference, "RG01");
    EXPECT_EQ(booking->waybill, "YT1");
    for (const std::string_view json : {"", "[]", "{}", R"({"reference":""})", R"({"reference":"A","x":1})"})
        EXPECT_FALSE(read_known_booking(json)) << json;
}

TEST(StoredKey, ChangesWithTheValuesOnlyWhereTheCourierRepeatsWithNewOnes) {
    TrackingEvent event;
    event.dedupe_key = "fee:1";
    EXPECT_EQ(stored_key(event, hash_of_event(event)), "fee:1");
    event.repeats_with_new_values = true;
    const std::string first = stored_key(event, hash_of_event(event));
    EXPECT_EQ(stored_key(event, hash_of_event(event)), first);
    event.fee_fen = 950;
    EXPECT_NE(stored_key(event, hash_of_event(event)), first);
    EXPECT_TRUE(first.starts_with("fee:1#"));
}

}  // namespace
}  // namespace returngate::commands
