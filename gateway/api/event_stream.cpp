// GET /v1/events and GET /v1/returns/{return_id}/events: server-sent events. An answer holds what there is,
// or waits for it, and ends; the client comes back with Last-Event-ID, as EventSource does by itself. So a
// stream holds no place in the server for ever, and a drain does not cut it.
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <charconv>

#include "gateway/api/handlers.hpp"
#include "gateway/api/query.hpp"
#include "gateway/api/services.hpp"
#include "gateway/api/submit.hpp"
#include "gateway/work/webhook_message.hpp"
#include "src/webhook/event_types.hpp"

namespace asio = boost::asio;

namespace returngate::api {
namespace {

using postgres::EventPosition;
using postgres::FeedEvent;
using Steady = std::chrono::steady_clock;

constexpr int kDecisions = 200;  // in one answer
constexpr int kMostSeconds = 25;
constexpr int kUsualSeconds = 20;
constexpr std::chrono::milliseconds kBetweenLooks{250};
// When a client is to come back: at once, or rarer when all places for waiting are taken.
constexpr int kRetryMs = 200;
constexpr int kBusyRetryMs = 2000;

class WaitingPlace {
public:
    WaitingPlace(std::atomic<int>& taken, int places) : taken_(taken), is_had_(++taken <= places) {}
    ~WaitingPlace() { --taken_; }
    WaitingPlace(const WaitingPlace&) = delete;
    WaitingPlace& operator=(const WaitingPlace&) = delete;
    [[nodiscard]] bool is_had() const { return is_had_; }

private:
    std::atomic<int>& taken_;
    bool is_had_;
};

// What differs between the two streams.
struct Reading {
    std::function<std::vector<FeedEvent>(postgres::Desk&)> read;
    std::function<std::string(const FeedEvent&)> id_of;
    std::string last_id;  // where the reader stands when nothing comes
    int wait_s = kUsualSeconds;
};

int read_wait(Query& query) {
    const auto text = query.value("wait_seconds");
    if (!text) return kUsualSeconds;
    int seconds = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), seconds);
    if (error != std::errc{} || end != text->data() + text->size() || seconds < 0 || seconds > kMostSeconds) {
        query.fault("wait_seconds", "out_of_range", "Is to be a whole number from 0 to 25.");
    }
    return seconds;
}

tl::unexpected<Refusal> bad_last_id() {
    return refuse(ErrorKind::invalid, "last_event_id_malformed",
                  "Last-Event-ID is to be the id of an event of this stream.");
}

std::string render(const Reading& reading, const std::vector<FeedEvent>& events, int retry_ms) {
    std::string out = "retry: " + std::to_string(retry_ms) + "\n\n";
    std::string last_id = reading.last_id;
    for (const auto& event : events) {
        last_id = reading.id_of(event);
        if (!webhook::is_event_type(event.type)) continue;
        out += "id: " + last_id + "\nevent: " + event.type + "\ndata: " + work::body_of(event) + "\n\n";
    }
    // Without data nothing is dispatched, but the position is remembered.
    out += "id: " + last_id + "\n\n";
    return out;
}

bool has_news(const std::vector<FeedEvent>& events) {
    return std::ranges::any_of(events, [](const auto& one) { return webhook::is_event_type(one.type); });
}

Answering stream(Services& services, Reading reading) {
    const WaitingPlace place(services.waiting_streams, services.configuration.webhooks.waiting_streams);
    const auto wait = std::chrono::seconds(place.is_had() ? reading.wait_s : 0);
    const auto until = Steady::now() + wait;
    asio::steady_timer timer(co_await asio::this_coro::executor);
    constexpr auto token = asio::as_tuple(asio::use_awaitable);
    http::Response response;
    while (true) {
        auto read = reading.read;
        const auto events = co_await services.queries.run(std::move(read));
        if (!events) co_return refuse(events.error());
        if (has_news(*events) || Steady::now() >= until || !services.is_ready()) {
            response.body = render(reading, *events, place.is_had() ? kRetryMs : kBusyRetryMs);
            break;
        }
        timer.expires_after(kBetweenLooks);
        co_await timer.async_wait(token);
    }
    response.headers.set("Content-Type", "text/event-stream");
    response.headers.set("Cache-Control", "no-store");
    co_return response;
}

struct Start {
    std::optional<EventPosition> position;
    std::optional<Instant> since;
};

Outcome<Start> read_start(const Call& call, Query& query) {
    Start start;
    const auto text = query.value("since");
    if (text) start.since = parse_rfc3339(*text);
    if (text && !start.since)
        query.fault("since", "not_an_instant", "Is to be an RFC 3339 time with an offset.");
    const auto last_id = call.request.headers.find("Last-Event-ID");
    if (!last_id) return start;
    start.position = postgres::parse_position(*last_id);
    if (!start.position) return bad_last_id();
    return start;
}

}  // namespace

Answering get_events(Services& services, Call& call) {
    auto query = Query::parse(call.request.query());
    if (!query) co_return tl::unexpected<Refusal>(query.error());
    auto start = read_start(call, *query);
    if (!start) co_return tl::unexpected<Refusal>(start.error());
    Reading reading;
    reading.wait_s = read_wait(*query);
    const auto read = query->finish();
    if (!read) co_return tl::unexpected<Refusal>(read.error());
    if (!start->position) {
        auto find = [since = start->since](postgres::Desk& desk) {
            return since ? desk.events().before(*since) : desk.events().end();
        };
        const auto position = co_await services.queries.run(std::move(find));
        if (!position) co_return refuse(position.error());
        start->position = *position;
    }
    reading.last_id = to_string(*start->position);
    reading.id_of = [](const FeedEvent& event) { return to_string(event.position); };
    reading.read = [from = *start->position, since = start->since](postgres::Desk& desk) {
        auto events = desk.events().after(from, kDecisions);
        if (since) std::erase_if(events, [&](const auto& one) { return one.at < *since; });
        return events;
    };
    auto streaming = stream(services, std::move(reading));
    co_return co_await std::move(streaming);
}

Answering get_return_events(Services& services, Call& call) {
    const auto id = return_id_of(call);
    if (!id) co_return tl::unexpected<Refusal>(id.error());
    auto query = Query::parse(call.request.query());
    if (!query) co_return tl::unexpected<Refusal>(query.error());
    Reading reading;
    reading.wait_s = read_wait(*query);
    const auto read = query->finish();
    if (!read) co_return tl::unexpected<Refusal>(read.error());
    int seq = 0;
    if (const auto last_id = call.request.headers.find("Last-Event-ID")) {
        const auto [end, error] = std::from_chars(last_id->data(), last_id->data() + last_id->size(), seq);
        if (error != std::errc{} || end != last_id->data() + last_id->size() || seq < 0)
            co_return bad_last_id();
    }
    auto find = [wanted = *id](postgres::Desk& desk) { return desk.read().seller_of(wanted); };
    const auto seller = co_await services.queries.run(std::move(find));
    if (!seller) co_return refuse(seller.error());
    const bool is_anothers =
        call.identity.caller == Caller::seller && *seller && (*seller)->value != call.identity.seller_id;
    if (!*seller || is_anothers)
        co_return refuse(ErrorKind::not_found, "return_not_found", "No such return.");
    reading.last_id = std::to_string(seq);
    reading.id_of = [](const FeedEvent& event) { return std::to_string(event.position.seq); };
    reading.read = [wanted = *id, seq](postgres::Desk& desk) { return desk.events().of_return(wanted, seq); };
    auto streaming = stream(services, std::move(reading));
    co_return co_await std::move(streaming);
}

}  // namespace returngate::api
