// GET /v1/events and GET /v1/returns/{return_id}/events: where a reader stands, and what it may see.
#include <charconv>

#include "gateway/api/event_source.hpp"
#include "gateway/api/query.hpp"
#include "gateway/api/submit.hpp"
#include "gateway/http/headers.hpp"

namespace returngate::api {
namespace {

using postgres::EventPosition;

constexpr int kDecisions = 200;  // in one look
constexpr int kMostSeconds = 25;

std::optional<std::chrono::seconds> read_wait(Query& query) {
    const auto text = query.value("wait_seconds");
    if (!text) return std::nullopt;
    int seconds = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), seconds);
    if (error != std::errc{} || end != text->data() + text->size() || seconds < 0 || seconds > kMostSeconds) {
        query.fault("wait_seconds", "out_of_range", "Is to be a whole number from 0 to 25.");
    }
    return std::chrono::seconds(seconds);
}

tl::unexpected<Refusal> bad_last_id() {
    return refuse(ErrorKind::invalid, "last_event_id_malformed",
                  "Last-Event-ID is to be the id of an event of this stream.");
}

// The key that the call came with, asked for as long as the stream is open.
std::function<bool()> admission_of(Services& services, const Call& call) {
    return [&services, key = std::string(bearer_token(call.request.headers)),
            certificate = call.context.client_certificate] {
        return services.keys.find(key, services.clock.now(), certificate).has_value();
    };
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
    reading.wait = read_wait(*query);
    reading.is_admitted = admission_of(services, call);
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
    reading.from = *start->position;
    reading.since = start->since;
    reading.id_of = [](const EventPosition& position) { return to_string(position); };
    reading.read = [](postgres::Desk& desk, const EventPosition& from) {
        return desk.events().after(from, kDecisions);
    };
    auto streaming = answer_with_events(services, std::move(reading));
    co_return co_await std::move(streaming);
}

Answering get_return_events(Services& services, Call& call) {
    const auto id = return_id_of(call);
    if (!id) co_return tl::unexpected<Refusal>(id.error());
    auto query = Query::parse(call.request.query());
    if (!query) co_return tl::unexpected<Refusal>(query.error());
    Reading reading;
    reading.wait = read_wait(*query);
    reading.is_admitted = admission_of(services, call);
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
    reading.from.return_id = *id;
    reading.from.seq = seq;
    reading.id_of = [](const EventPosition& position) { return std::to_string(position.seq); };
    reading.read = [](postgres::Desk& desk, const EventPosition& from) {
        return desk.events().of_return(from.return_id, from.seq);
    };
    auto streaming = answer_with_events(services, std::move(reading));
    co_return co_await std::move(streaming);
}

}  // namespace returngate::api
