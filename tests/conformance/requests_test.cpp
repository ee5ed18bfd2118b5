// What every courier must do with our requests and its answers.
#include <algorithm>
#include <gtest/gtest.h>

#include "tests/conformance/kit.hpp"

namespace returngate::conformance {
namespace {

using courier::Account;
using courier::Courier;
using courier::Operation;

constexpr Operation kOperations[] = {Operation::book,  Operation::cancel, Operation::find,
                                     Operation::track, Operation::price,  Operation::move};

Result<http::Request> encode(const Courier& courier, const Account& account,
                             const RecordedOperation& recorded) {
    const BookingReference& reference = recorded.order.reference;
    const courier::BookedOrder booked(reference, recorded.courier_key);
    switch (recorded.operation) {
        case Operation::book: return courier.encode_book(account, recorded.moment, recorded.order);
        case Operation::cancel:
            return courier.encode_cancel(account, recorded.moment, booked, recorded.reason);
        case Operation::find: return courier.encode_find(account, recorded.moment, booked);
        case Operation::track:
            return courier.encode_track_booking(account, recorded.moment, booked, recorded.waybill);
        case Operation::price: return courier.encode_price(account, recorded.moment, recorded.order);
        case Operation::move:
            return courier.encode_move(account, recorded.moment, booked, recorded.order.window);
    }
    return fail(ErrorKind::unsupported, "not_offered", "The contract has no such request.");
}

std::string render_error(const Error& error) {
    constexpr std::string_view kKinds[] = {"invalid",  "rejected",    "unauthorized", "not_found",
                                           "conflict", "unsupported", "throttled",    "unavailable",
                                           "in_doubt", "malformed"};
    return R"({"error":{"kind":")" + std::string(kKinds[static_cast<std::size_t>(error.kind)]) +
           R"(","code":")" + error.code + "\"}}";
}

// The decoded answer in the form of the recordings' expectations, errors included.
Result<std::string> decode(const Courier& courier, const Account& account, const RecordedOperation& recorded,
                           const http::Response& response) {
    const auto booking_text = [](const courier::Booking& b) { return R"({"booking":)" + render(b) + "}"; };
    const BookingReference& reference = recorded.order.reference;
    switch (recorded.operation) {
        case Operation::book: return courier.decode_book(account, recorded.order, response).map(booking_text);
        case Operation::find: return courier.decode_find(account, reference, response).map(booking_text);
        case Operation::cancel:
            return courier.decode_cancel(account, reference, response).map([] {
                return R"({"cancelled":true})";
            });
        case Operation::track:
            return courier.decode_track(account, recorded.waybill, response).map([](const auto& events) {
                return R"({"events":)" + render_events(events) + "}";
            });
        case Operation::price:
            return courier.decode_price(account, response).map([](const courier::Price& price) {
                return R"({"fee_fen":)" + std::to_string(price.fee_fen) + "}";
            });
        case Operation::move:
            return courier.decode_move(account, reference, response).map([] { return R"({"moved":true})"; });
    }
    return fail(ErrorKind::unsupported, "not_offered", "The contract has no such answer.");
}

class CourierRequests : public CourierKit {};
INSTANTIATE_TEST_SUITE_P(Registry, CourierRequests, every_courier(), courier_name);

TEST_P(CourierRequests, ProfileIsTheRecordedOne) {
    const auto& profile = courier().profile();
    const json::Value& expected = recording_.profile;
    EXPECT_EQ(profile.code, expected["code"].string());
    std::string offers;
    for (const Operation operation : profile.offers)
        offers += (offers.empty() ? "\"" : ",\"") + std::string(to_string(operation)) + "\"";
    EXPECT_EQ("[" + offers + "]", render(expected["offers"]));
    constexpr std::string_view kLost[] = {"find_by_reference", "repeat_same_reference", "stay_in_doubt"};
    constexpr std::string_view kAcceptance[] = {"by_answer", "by_callback"};
    EXPECT_EQ(kLost[static_cast<int>(profile.lost_answer)], expected["lost_answer"].string());
    EXPECT_EQ(kAcceptance[static_cast<int>(profile.acceptance)], expected["acceptance"].string());
    EXPECT_EQ(to_string(profile.callback_proof), expected["callback_proof"].string());
    EXPECT_EQ(profile.waybill_at_booking, expected["waybill_at_booking"].boolean());
    EXPECT_TRUE(profile.lost_answer != courier::LostAnswer::find_by_reference ||
                profile.can(Operation::find));
}

TEST_P(CourierRequests, OffersExactlyWhatItsProfileSays) {
    for (const Operation operation : kOperations) {
        const auto recorded = std::find_if(recording_.operations.begin(), recording_.operations.end(),
                                           [=](const auto& r) { return r.operation == operation; });
        const bool is_recorded = recorded != recording_.operations.end();
        EXPECT_EQ(is_recorded, courier().profile().can(operation)) << to_string(operation);
        if (is_recorded) continue;
        RecordedOperation asked = recording_.operations.front();
        asked.operation = operation;
        const auto request = encode(courier(), account(), asked);
        ASSERT_FALSE(request) << to_string(operation);
        EXPECT_EQ(request.error().kind, ErrorKind::unsupported);
        const auto answer = decode(courier(), account(), asked, asked.answers.front().response);
        ASSERT_FALSE(answer) << to_string(operation);
        EXPECT_EQ(answer.error().kind, ErrorKind::unsupported);
    }
}

TEST_P(CourierRequests, AccountIsCheckedAndNoSecretStandsInAnError) {
    const auto checked = courier().check(account());
    EXPECT_TRUE(checked) << checked.error().message;
    for (const std::string& name : recording_.required_settings) {
        Account without = account();
        without.settings.erase(name);
        const auto refused = courier().check(without);
        ASSERT_FALSE(refused) << name;
        EXPECT_EQ(refused.error().kind, ErrorKind::invalid);
        EXPECT_NE(refused.error().message.find(name), std::string::npos) << refused.error().message;
        for (const std::string& key : recording_.secret_settings)
            EXPECT_EQ(refused.error().message.find(account().get(key)), std::string::npos) << key;
    }
    Account nowhere = account();
    nowhere.base_url = "ftp://courier.example";
    EXPECT_FALSE(courier().check(nowhere));
}

TEST_P(CourierRequests, RequestsAreTheRecordedBytes) {
    for (const RecordedOperation& recorded : recording_.operations) {
        SCOPED_TRACE(to_string(recorded.operation));
        const auto request = encode(courier(), account(), recorded);
        ASSERT_TRUE(request) << request.error().message;
        EXPECT_EQ(render(*request), recorded.request);
    }
}

TEST_P(CourierRequests, AnswersDecodeAsRecorded) {
    for (const RecordedOperation& recorded : recording_.operations)
        for (const RecordedAnswer& answer : recorded.answers) {
            const auto decoded = decode(courier(), account(), recorded, answer.response);
            EXPECT_EQ(decoded ? *decoded : render_error(decoded.error()), render(answer.expected))
                << to_string(recorded.operation) << "/" << answer.name;
        }
}

TEST_P(CourierRequests, EveryTruncatedAnswerIsMalformedAndNeverABooking) {
    for (const RecordedOperation& recorded : recording_.operations)
        for (const RecordedAnswer& answer : recorded.answers) {
            if (answer.response.status != 200) continue;
            SCOPED_TRACE(std::string(to_string(recorded.operation)) + "/" + answer.name);
            http::Response cut = answer.response;
            while (!cut.body.empty()) {
                cut.body.pop_back();
                const auto decoded = decode(courier(), account(), recorded, cut);
                ASSERT_FALSE(decoded) << cut.body;
                ASSERT_EQ(decoded.error().kind, ErrorKind::malformed) << cut.body;
            }
        }
}

// A page of a proxy, a maintenance notice, a document of another shape: with 200 they say nothing, and
// nothing is no. Only a list of events may be empty.
TEST_P(CourierRequests, ForeignAnswersAreNeverBelieved) {
    const std::string nul("{\"a\":\"\0\"}", 9);
    const std::string deep = std::string(5000, '[') + std::string(5000, ']');
    const std::string_view bodies[] = {"",
                                       " ",
                                       "null",
                                       "5",
                                       "\"ok\"",
                                       "{}",
                                       "[]",
                                       "[{}]",
                                       "<!DOCTYPE html><html><body>200 OK</body></html>",
                                       "<Response><success>true</success></Response>",
                                       "success=true",
                                       "{}{}",
                                       "{\"a\":1,\"a\":2}",
                                       "{\"a\":\"\xff\"}",
                                       "{\"a\":\"\\u0000\"}",
                                       nul,
                                       deep};
    for (const RecordedOperation& recorded : recording_.operations) {
        for (const std::string_view body : bodies) {
            http::Response answer = recorded.answers.front().response;
            answer.status = 200;
            answer.body = body;
            const auto decoded = decode(courier(), account(), recorded, answer);
            const bool is_empty_list = decoded && *decoded == R"({"events":[]})";
            EXPECT_TRUE(!decoded || is_empty_list)
                << to_string(recorded.operation) << ": " << body.substr(0, 60) << ": " << *decoded;
            EXPECT_TRUE(!is_empty_list || body == "[]") << body.substr(0, 60);
        }
    }
}

// Whatever the body says. A redirect is not followed; what a 5xx left behind is not known.
TEST_P(CourierRequests, AnAnswerUnderAnotherStatusIsNoAnswer) {
    const std::pair<int, ErrorKind> rows[] = {
        {201, ErrorKind::malformed},    {202, ErrorKind::malformed},    {204, ErrorKind::malformed},
        {301, ErrorKind::malformed},    {302, ErrorKind::malformed},    {400, ErrorKind::malformed},
        {401, ErrorKind::unauthorized}, {403, ErrorKind::unauthorized}, {404, ErrorKind::malformed},
        {429, ErrorKind::throttled},    {500, ErrorKind::in_doubt},     {502, ErrorKind::in_doubt},
        {503, ErrorKind::in_doubt},     {504, ErrorKind::in_doubt}};
    for (const RecordedOperation& recorded : recording_.operations)
        for (const RecordedAnswer& answer : recorded.answers)
            for (const auto& [status, kind] : rows) {
                if (status == answer.response.status) continue;
                http::Response changed = answer.response;
                changed.status = status;
                const auto decoded = decode(courier(), account(), recorded, changed);
                ASSERT_FALSE(decoded) << answer.name << " under " << status;
                EXPECT_EQ(decoded.error().kind, kind) << answer.name << " under " << status;
            }
}

}  // namespace
}  // namespace returngate::conformance
