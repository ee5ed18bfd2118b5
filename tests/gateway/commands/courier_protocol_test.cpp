// The open courier protocol: its page and its OpenAPI document against our dialect and its recordings, and
// `courier conform` against fleets that keep it badly.
#include <gmock/gmock.h>
#include <sstream>

#include "adapters/courier/open/open.hpp"
#include "adapters/courier/open/tables.hpp"
#include "gateway/commands/courier_conform.hpp"
#include "gateway/commands/courier_order.hpp"
#include "gateway/commands/raw_request.hpp"
#include "tests/gateway/commands/recorded.hpp"
#include "tests/support/openapi_check.hpp"

namespace returngate::commands {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr const char* kReference = "RG7F01HZX3K8Q2M5N9P4R6S1T0";
constexpr const char* kWaybill = "OPHX202601100001";

const std::string& page() {
    static const std::string text = content_of(RETURNGATE_SOURCE_DIR "/docs/courier-protocol.md");
    return text;
}

std::string example(const std::string& label) {
    const std::string fence = "\n```" + label + "\n";
    const auto at = page().find(fence);
    EXPECT_NE(at, std::string::npos) << label;
    if (at == std::string::npos) return "";
    const auto begin = at + fence.size();
    return page().substr(begin, page().find("\n```", begin) - begin);
}
json::Value json_example(const std::string& name) {
    const auto value = json::parse(example("json " + name));
    EXPECT_TRUE(value) << name;
    return value.value_or(json::Value());
}

courier::Account documented_account() {
    courier::Account account;
    account.base_url = "https://fleet.example/returns";
    const auto at = page().find("whsec_AAEC");
    account.settings["secret"] = page().substr(at, page().find('`', at) - at);
    return account;
}
const courier::Moment kMoment{parse_rfc3339("2026-01-10T06:00:00Z").value(), "7d1c3e0a"};

http::Request raw_example(const std::string& name) {
    const auto request = parse_raw_request(example("http " + name));
    EXPECT_TRUE(request) << name;
    return request.value_or(http::Request{});
}

http::Response answer_of(const std::string& name) {
    http::Response response;
    response.body = example("json " + name);
    return response;
}

TEST(CourierProtocolPage, ShowsTheRequestsThatWeSend) {
    const auto& open = courier::open_protocol();
    const auto found =
        open.encode_find(documented_account(), kMoment, courier::BookedOrder(BookingReference{kReference}));
    const http::Request shown = raw_example("find");
    EXPECT_EQ(shown.target, found.value().target);
    EXPECT_EQ(shown.body, found.value().body);
    for (const auto& [name, value] : found.value().headers.fields)
        EXPECT_EQ(shown.headers.find(name), value) << name;
    // The orders are those of docs/couriers.md, without what is not sent.
    for (const char* name : {"book", "cancel", "track", "price"}) {
        const json::Value body = json_example(name);
        const auto operation = parse_operation(body["operation"].string().value_or("")).value();
        std::vector<json::Member> order;
        for (const json::Member& member : body.members())
            if (member.name != "operation") order.push_back(member);
        const auto request = encode_order(open, documented_account(), kMoment, operation,
                                          conformance::render(json::Value(std::move(order))));
        ASSERT_TRUE(request) << name << request.error().message;
        EXPECT_EQ(conformance::render(json::parse(request->body).value()), conformance::render(body));
    }
}

TEST(CourierProtocolPage, ShowsAnswersThatWeUnderstand) {
    const auto& open = courier::open_protocol();
    const BookingReference reference{kReference};
    EXPECT_EQ(open.decode_find({}, reference, answer_of("booked")).value().waybill, kWaybill);
    EXPECT_TRUE(open.decode_cancel({}, reference, answer_of("cancelled")));
    const auto events = open.decode_track({}, kWaybill, answer_of("tracked"));
    ASSERT_TRUE(events) << events.error().message;
    EXPECT_EQ(events->at(0).status, TrackingStatus::collected);
    EXPECT_EQ(open.decode_price({}, answer_of("priced")).value().fee_fen, 1200);
}

TEST(CourierProtocolPage, ShowsAPushThatIsBelievedAndItsAnswer) {
    const auto& open = courier::open_protocol();
    const courier::Push push{raw_example("push"), parse_rfc3339("2026-01-10T08:05:02Z").value()};
    EXPECT_EQ(open.authenticate(documented_account(), push), Proof::strong_signature);
    EXPECT_EQ(open.decode_push({}, push).value().at(0).weight_grams, 1250);
    const auto answer = json::parse(open.acknowledge({}, push, courier::AckOutcome::taken).body);
    EXPECT_EQ(conformance::render(answer.value()), conformance::render(json_example("taken")));
}

TEST(CourierProtocolPage, ListsEveryWord) {
    for (const auto& row : courier::open_tables::kStatuses)
        EXPECT_THAT(page(), HasSubstr("`" + std::string(row.code) + "`"));
    for (const auto& row : courier::open_tables::kRefusals)
        EXPECT_THAT(page(), HasSubstr("`" + std::string(row.error.code) + "`"));
}

// Made of docs/courier-protocol.openapi.yaml by the build.
const std::string& document_text() {
    static const std::string text = content_of(RETURNGATE_BINARY_DIR "/courier-protocol.json");
    return text;
}
const json::Value& document() {
    static const json::Value value = json::parse(document_text()).value();
    return value;
}

// The constructor refuses keywords that nobody checks, and dangling references are found in use.
TEST(CourierProtocolDocument, FitsEveryRequestAndAnswerThatIsRecorded) {
    const testing::OpenApiCheck check(document_text());
    const auto recording = conformance::load_recording("OPEN");
    for (const auto& operation : recording.operations) {
        const std::string body = operation.request.substr(operation.request.find("\n\n") + 2);
        for (const auto& answer : operation.answers) {
            const bool is_readable = answer.expected["error"]["kind"].string() != "malformed";
            const bool is_documented = answer.response.status < 500;
            const testing::Exchange exchange{"POST",
                                             "/",
                                             "application/json",
                                             body,
                                             answer.response.status,
                                             "application/json",
                                             answer.response.body};
            if (is_readable && is_documented) {
                EXPECT_THAT(check.faults(exchange), IsEmpty()) << answer.name;
            }
        }
    }
}

TEST(CourierProtocolDocument, FitsEveryPushAndAcknowledgementThatIsRecorded) {
    const testing::OpenApiCheck check(document_text());
    const json::Value& tell = document()["webhooks"]["events"]["post"];
    const auto schema_of = [](const json::Value& holder) -> const json::Value& {
        return holder["content"]["application/json"]["schema"];
    };
    for (const auto& recorded : conformance::load_recording("OPEN").pushes) {
        if (recorded.name == "word_not_in_the_list") continue;
        const auto body = json::parse(recorded.push.request.body);
        EXPECT_THAT(check.faults(body.value(), schema_of(tell["requestBody"]), recorded.name), IsEmpty());
        const auto taken = json::parse(recorded.taken.substr(recorded.taken.find("\n\n") + 2));
        EXPECT_THAT(check.faults(taken.value(), schema_of(tell["responses"]["200"]), recorded.name),
                    IsEmpty());
    }
}

void expect_examples_fit(const testing::OpenApiCheck& check, const json::Value& part, int& count) {
    if (part.find("example") != nullptr && part.find("schema") != nullptr) {
        ++count;
        EXPECT_THAT(check.faults(part["example"], part["schema"], "example"), IsEmpty());
    }
    for (const auto& member : part.members()) expect_examples_fit(check, member.value, count);
}

TEST(CourierProtocolDocument, HasExamplesThatFitAndTheWordsOfTheDialect) {
    int count = 0;
    expect_examples_fit(testing::OpenApiCheck(document_text()), document(), count);
    EXPECT_EQ(count, 5);
    std::vector<std::string_view> words;
    const json::Value& schemas = document()["components"]["schemas"];
    for (const auto& word : schemas["Event"]["properties"]["status"]["enum"].items())
        words.push_back(word.string().value());
    std::vector<std::string_view> ours;
    for (const auto& row : courier::open_tables::kStatuses) ours.push_back(row.code);
    EXPECT_EQ(words, ours);
}

// A fleet that answers all questions alike.
struct Verdict {
    int code;
    std::string text;
};
Verdict conform_with(int status, const std::string& body) {
    const courier::Account account = documented_account();
    courier::BookingOrder order = made_up_order(Window{kMoment.now, kMoment.now + std::chrono::hours(2)});
    order.reference.value = kReference;
    const auto send = [&](const http::Request&) {
        http::Response response;
        response.status = status;
        response.body = body;
        return Result<http::Response>(response);
    };
    const Trial trial{courier::open_protocol(), account, order, [] { return kMoment; }, send};
    std::ostringstream out;
    const int code = conform(trial, BookingReference{"STRANGER"}, out);
    return {code, out.str()};
}

TEST(CourierConform, FailsAFleetThatBelievesEverybody) {
    const auto [code, text] = conform_with(200, example("json booked"));
    EXPECT_EQ(code, 1);
    for (const char* line :
         {"FAIL  foreign signature", "FAIL  old timestamp", "FAIL  changed body", "FAIL  no signature",
          "FAIL  find unknown", "pass  book ", "pass  book again", "FAIL  book another", "FAIL  track",
          "FAIL  cancel ", "does not conform: ", "A booking may still stand"})
        EXPECT_THAT(text, HasSubstr(line));
    EXPECT_THAT(text, Not(HasSubstr(std::string(documented_account().get("secret")))));
}

TEST(CourierConform, FailsAFleetThatBelievesNobody) {
    const auto [code, text] = conform_with(401, R"({"error":"bad_signature"})");
    EXPECT_EQ(code, 1);
    EXPECT_THAT(text, HasSubstr("pass  foreign signature"));
    EXPECT_THAT(text, HasSubstr("FAIL  book "));
    EXPECT_THAT(text, Not(HasSubstr("may still stand")));
}

TEST(CourierConform, NamesABookingThatMayStandWhenTheAnswerCannotBeRead) {
    EXPECT_THAT(conform_with(200, "<html>").text, HasSubstr("A booking may still stand"));
    EXPECT_THAT(conform_with(500, "").text, HasSubstr("A booking may still stand"));
}

}  // namespace
}  // namespace returngate::commands
