// Our own protocol: what the recordings in tests/conformance/open cannot show.
#include "adapters/courier/open/open.hpp"

#include <gtest/gtest.h>

#include "adapters/courier/open/tables.hpp"
#include "adapters/json/reader.hpp"
#include "adapters/webhook/verification.hpp"
#include "src/waybill/check.hpp"

namespace returngate::courier {
namespace {

constexpr std::string_view kSecret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
constexpr std::string_view kOther = "whsec_//79/Pv6+fj39vX08/Lx8O/u7ezr6uno5+bl5OPi4eA=";
const Instant kNow = parse_rfc3339("2025-01-01T06:40:00Z").value();

Account account(const std::string& base_url = "https://fleet.example") {
    Account made;
    made.base_url = base_url;
    made.settings["secret"] = kSecret;
    return made;
}

Push push_of(const std::string& body, std::string_view secret, Instant signed_at, Instant received_at) {
    Push push;
    push.request.body = body;
    push.received_at = received_at;
    webhook::add_headers(push.request.headers, {webhook::parse_secret(secret).value()}, {"msg_1", body},
                         signed_at);
    return push;
}

TEST(OpenSettings, WantHttpsAndReadableSecrets) {
    for (const char* url : {"https://fleet.example", "https://fleet.example/a/b",
                            "http://127.0.0.1:8080/open", "http://localhost", "http://[::1]:80"})
        EXPECT_TRUE(open_protocol().check(account(url))) << url;
    for (const char* url : {"http://fleet.example", "http://127.0.0.1.example", "http://localhosts/",
                            "https://fleet.example/?a=b", "ftp://127.0.0.1"})
        EXPECT_FALSE(open_protocol().check(account(url))) << url;
    for (const char* name : {"secret", "push_secret", "secret_previous", "push_secret_previous"}) {
        Account made = account();
        made.settings[name] = "whsec_c2hvcnQ=";
        const auto refused = open_protocol().check(made);
        ASSERT_FALSE(refused) << name;
        EXPECT_NE(refused.error().message.find(name), std::string::npos);
    }
}

TEST(OpenRequest, IsSignedWithBothSecretsWhileTheyOverlap) {
    Account made = account();
    made.settings["secret_previous"] = kOther;
    const auto request = open_protocol().encode_find(made, {kNow, "nonce"}, BookingReference{"RG1"});
    ASSERT_TRUE(request);
    EXPECT_EQ(request->target, "/");
    for (const std::string_view secret : {kSecret, kOther}) {
        const std::vector<webhook::Secret> one{webhook::parse_secret(secret).value()};
        EXPECT_TRUE(webhook::verify(one, request->headers, request->body, kNow));
    }
}

TEST(OpenPush, IsBelievedForFiveMinutes) {
    const std::string body =
        R"({"events":[{"id":"e","reference":"R","status":"accepted","at":"2025-01-01T06:40:00Z"}]})";
    const auto proof = [&](int seconds) {
        return open_protocol().authenticate(
            account(), push_of(body, kSecret, kNow - std::chrono::seconds(seconds), kNow));
    };
    for (const int seconds : {-300, 0, 300}) EXPECT_EQ(proof(seconds), Proof::strong_signature) << seconds;
    for (const int seconds : {-301, 301, 86400})
        EXPECT_EQ(proof(seconds).error().code, "stale_timestamp") << seconds;
}

TEST(OpenPush, WithASecretOfItsOwnIsNotBelievedByTheOneOfRequests) {
    Account made = account();
    made.settings["push_secret"] = kOther;
    const auto proof = [&](std::string_view secret) {
        return open_protocol().authenticate(made, push_of("{}", secret, kNow, kNow)).has_value();
    };
    EXPECT_TRUE(proof(kOther));
    EXPECT_FALSE(proof(kSecret));
}

TEST(OpenPush, NamesTheMemberAtFaultToItsSender) {
    const std::string good = R"("id":"e1","reference":"R1","status":"collected","at":"2025-01-01T06:40:00Z")";
    const std::pair<std::string, std::string> rows[] = {
        {R"({"events":[{)" + good + R"(},{"id":"e2","reference":"R1","status":"collected"}]})",
         "events[1].at"},
        {R"({"events":[{)" + good + R"(,"fee_fen":12.5}]})", "events[0].fee_fen"},
        {R"({"events":[{)" + good + R"(,"weight_grams":"1"}]})", "events[0].weight_grams"},
        {R"({"events":[{)" + good + R"(,"waybill":5}]})", "events[0].waybill"},
        {R"({"events":[{"reference":"R1","status":"x","at":"2025-01-01T06:40:00Z"}]})", "events[0].id"},
        {R"({"events":[{"id":"e1","status":"x","at":"2025-01-01T06:40:00Z"}]})", "events[0].reference"},
        {R"({"events":[]})", "events"},
        {R"({"event":{}})", "events"}};
    for (const auto& [body, member] : rows) {
        const Push push = push_of(body, kSecret, kNow, kNow);
        const auto events = open_protocol().decode_push(account(), push);
        ASSERT_FALSE(events) << body;
        EXPECT_EQ(events.error().kind, ErrorKind::malformed) << body;
        const auto answer = json::parse(open_protocol().acknowledge(account(), push, AckOutcome::taken).body);
        EXPECT_NE(answer.value()["remark"].string().value_or("").find(member), std::string_view::npos)
            << body;
    }
}

TEST(OpenAcknowledgement, EchoesNoTextThatIsNoId) {
    const Push push = push_of(R"({"events":[{"id":"<script>"},{"id":5},{"id":"e2"}]})", kSecret, kNow, kNow);
    const auto answer = json::parse(open_protocol().acknowledge(account(), push, AckOutcome::taken).body);
    ASSERT_EQ(answer.value()["taken"].items().size(), 1U);
    EXPECT_EQ(answer.value()["taken"].items()[0].string(), "e2");
}

TEST(OpenWords, AreOursButForTheAssignedNumber) {
    std::size_t ours = 0;
    for (const StatusRow& row : open_tables::kStatuses) {
        if (row.code == "waybill_assigned") continue;
        EXPECT_EQ(parse_tracking_status(row.code), row.status) << row.code;
        ++ours;
    }
    EXPECT_EQ(ours, static_cast<std::size_t>(TrackingStatus::unknown));
}

TEST(OpenNumbers, AreAcceptedInTheFleetsOwnShapeOnly) {
    for (const char* number : {"OPHX20250193", "OPHX202501010001", "OPAB93847561029384756102"})
        EXPECT_EQ(waybill::check(number, "OPEN").verdict, waybill::Verdict::ok) << number;
    for (const char* number : {"OPHX2025019", "OP12202501010001", "HXOP202501010001", "JT5093847561029"})
        EXPECT_NE(waybill::check(number, "OPEN").verdict, waybill::Verdict::ok) << number;
}

}  // namespace
}  // namespace returngate::courier
