// Calls of the gateway's API, and its timeline as values.
#include "adapters/sandbox/gateway_calls.hpp"

#include <algorithm>
#include <stdexcept>

#include "adapters/sandbox/pause.hpp"

namespace returngate::sandbox {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::seconds kAnswerWithin{10};
constexpr std::chrono::milliseconds kPoll{20};

http::Request request_of(const GatewayCall& call) {
    http::Request request;
    request.method = call.method;
    request.target = call.target;
    request.headers.set("Authorization", "Bearer " + call.key);
    request.headers.set("Accept", "application/json");
    if (!call.body.empty()) request.headers.set("Content-Type", "application/json");
    if (!call.idempotency_key.empty()) request.headers.set("Idempotency-Key", call.idempotency_key);
    request.body = call.body;
    return request;
}

Result<json::Value> read_answer(const GatewayCall& call, const http::Response& response) {
    const auto body = json::parse(response.body.empty() ? std::string_view("null") : response.body);
    if (response.status >= 200 && response.status < 300) {
        if (!body)
            return fail(ErrorKind::malformed, body.error().code, call.target + ": " + body.error().message);
        return *body;
    }
    std::string message = call.method + " " + call.target + " → " + std::to_string(response.status);
    if (body)
        for (const char* name : {"title", "detail"})
            if (const auto text = (*body)[name].string()) message.append(": ").append(*text);
    return fail(ErrorKind::rejected, "gateway_says_no", message);
}

std::vector<TimelineEvent> read_events(const json::Value& body) {
    std::vector<TimelineEvent> events;
    for (const json::Value& item : body["events"].items())
        events.push_back(TimelineEvent{item["seq"].integer().value_or(0),
                                       parse_rfc3339(item["at"].string().value_or("")).value_or(Instant{}),
                                       std::string(item["type"].string().value_or("")),
                                       item["data"]["amount_fen"].integer().value_or(0)});
    return events;
}

http::Origin origin_of(const std::string& url) {
    auto parsed = http::parse_url(url);
    if (!parsed) throw std::invalid_argument("the gateway's URL is no http URL: " + url);
    return parsed->origin;
}

}  // namespace

Gateway::Gateway(http::Client& client, const std::string& url) : client_(client), origin_(origin_of(url)) {}

asio::awaitable<Result<json::Value>> Gateway::send(GatewayCall call) const {
    http::Request request = request_of(call);
    const auto deadline = std::chrono::steady_clock::now() + kAnswerWithin;
    const auto response = co_await client_.send(origin_, std::move(request), deadline);
    if (!response) co_return tl::unexpected<Error>(response.error());
    co_return read_answer(call, *response);
}

asio::awaitable<Result<std::vector<TimelineEvent>>> Gateway::timeline(std::string return_id,
                                                                      std::string key) const {
    GatewayCall call;
    call.target = "/v1/returns/" + return_id + "/timeline";
    call.key = std::move(key);
    const auto body = co_await send(std::move(call));
    if (!body) co_return tl::unexpected<Error>(body.error());
    co_return read_events(*body);
}

asio::awaitable<Result<TimelineEvent>> Gateway::wait_for(std::string return_id, std::string key,
                                                         std::string type,
                                                         std::chrono::seconds patience) const {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    const auto is_it = [&type](const TimelineEvent& event) { return event.type == type; };
    while (std::chrono::steady_clock::now() < deadline) {
        const auto events = co_await timeline(return_id, key);
        // A gateway that restarts meanwhile is asked again.
        if (events) {
            const auto found = std::ranges::find_if(*events, is_it);
            if (found != events->end()) co_return *found;
        } else if (events.error().kind == ErrorKind::rejected) {
            co_return tl::unexpected<Error>(events.error());
        }
        co_await pause_for(kPoll);
    }
    co_return fail(ErrorKind::in_doubt, "not_seen", "the timeline showed no " + type);
}

}  // namespace returngate::sandbox
