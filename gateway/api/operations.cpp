// /v1/operations: quarantined callbacks and their replay, money halts.
#include "gateway/api/fields.hpp"
#include "gateway/api/handlers.hpp"
#include "gateway/api/query.hpp"
#include "gateway/api/render.hpp"
#include "gateway/api/services.hpp"
#include "gateway/log.hpp"

namespace returngate::api {
namespace {

constexpr int kHaltsShown = 50;
constexpr std::int64_t kSoonSeconds = 3600;
constexpr std::int64_t kMostSeconds = 31 * 86400;

std::string read_state(Query& query) {
    const auto word = query.value("state");
    if (!word) return {};
    for (const std::string_view known : {"parked", "quarantined", "bound", "discarded"}) {
        if (*word == known) return *word;
    }
    query.fault("state", "unknown_word", "Is to be parked, quarantined, bound or discarded.");
    return {};
}

void write_quarantined(json::Writer& w, const postgres::QuarantineView& view) {
    w.begin_object()
        .member("quarantine_id", to_string(view.id))
        .member("courier", view.courier.value)
        .member("state", view.state)
        .member_if_set("match_key", view.match_key)
        .member("reason", view.reason);
    write_instant(w, "received_at", view.received_at);
    write_instant(w, "decided_at", view.decided_at);
    w.end_object();
}

std::string render_quarantine(const std::vector<postgres::QuarantineView>& rows, int limit) {
    json::Writer w;
    w.begin_object().key("callbacks").begin_array();
    for (const auto& row : rows) write_quarantined(w, row);
    w.end_array().key("next_cursor");
    if (static_cast<int>(rows.size()) < limit) {
        w.null();
    } else {
        w.value(make_cursor({rows.back().received_at, rows.back().id.bytes}));
    }
    w.end_object();
    return w.take();
}

std::string render_clocks(const std::vector<postgres::ClockView>& clocks) {
    json::Writer w;
    w.begin_object().key("clocks").begin_array();
    for (const auto& clock : clocks) {
        w.begin_object()
            .member("clock", to_string(clock.kind))
            .member("return_id", to_string(clock.return_id));
        w.member("subject", clock.subject);
        write_instant(w, "due_at", clock.due_at);
        w.end_object();
    }
    w.end_array().end_object();
    return w.take();
}

void write_halt(json::Writer& w, const postgres::HaltView& halt) {
    w.member("halted", halt.halted).member("reason", halt.reason).member("by", halt.by_whom);
    write_instant(w, "at", halt.at);
}

// The latest one says how it stands.
std::string render_halts(const std::vector<postgres::HaltView>& halts) {
    json::Writer w;
    w.begin_object().member("halted", !halts.empty() && halts.front().halted).key("history").begin_array();
    for (const auto& halt : halts) {
        w.begin_object();
        write_halt(w, halt);
        w.end_object();
    }
    w.end_array().end_object();
    return w.take();
}

Outcome<postgres::HaltView> decode_halt(const json::Value& body) {
    std::vector<FieldError> faults;
    Fields fields(body, faults);
    postgres::HaltView halt;
    halt.halted = fields.boolean("halted");
    halt.reason = fields.text("reason", 500);
    fields.refuse_the_rest();
    if (!faults.empty()) return refuse_fields(std::move(faults));
    return halt;
}

}  // namespace

Answering get_quarantine(Services& services, Call& call) {
    auto query = Query::parse(call.request.query());
    if (!query) co_return tl::unexpected<Refusal>(query.error());
    const std::string state = read_state(*query);
    const auto after = query->cursor();
    const int limit = query->limit();
    const auto read = query->finish();
    if (!read) co_return tl::unexpected<Refusal>(read.error());
    auto find = [state, after, limit](postgres::Desk& desk) {
        return desk.read().quarantine(state, after, limit);
    };
    const auto rows = co_await services.queries.run(std::move(find));
    if (!rows) co_return refuse(rows.error());
    co_return json_answer(200, render_quarantine(*rows, limit));
}

Answering post_replay(Services& services, Call& call) {
    const auto id = parse_id<QuarantineTag>(call.parameters.at(0));
    if (!id) co_return refuse(ErrorKind::not_found, "callback_not_found", "No such callback.");
    const auto replayed = co_await services.callbacks.replay(*id);
    if (!replayed) co_return refuse(replayed.error());
    json::Writer w;
    w.begin_object().member("quarantine_id", to_string(*id)).member("state", replayed->state);
    w.member_if_set("reason", replayed->reason).end_object();
    co_return json_answer(200, w.take());
}

Answering get_clocks(Services& services, Call& call) {
    auto query = Query::parse(call.request.query());
    if (!query) co_return tl::unexpected<Refusal>(query.error());
    const std::chrono::seconds within{query->integer("due_within", kSoonSeconds, {0, kMostSeconds})};
    const int limit = query->limit();
    const auto read = query->finish();
    if (!read) co_return tl::unexpected<Refusal>(read.error());
    auto find = [until = services.clock.now() + within, limit](postgres::Desk& desk) {
        return desk.read().clocks(until, limit);
    };
    const auto clocks = co_await services.queries.run(std::move(find));
    if (!clocks) co_return refuse(clocks.error());
    co_return json_answer(200, render_clocks(*clocks));
}

Answering get_halts(Services& services, Call& call) {
    auto query = Query::parse(call.request.query());
    if (!query) co_return tl::unexpected<Refusal>(query.error());
    const auto read = query->finish();
    if (!read) co_return tl::unexpected<Refusal>(read.error());
    auto find = [](postgres::Desk& desk) { return desk.read().halts(kHaltsShown); };
    const auto halts = co_await services.queries.run(std::move(find));
    if (!halts) co_return refuse(halts.error());
    co_return json_answer(200, render_halts(*halts));
}

Answering post_halt(Services& services, Call& call) {
    const auto body = read_object(call.request);
    if (!body) co_return tl::unexpected<Refusal>(body.error());
    auto halt = decode_halt(*body);
    if (!halt) co_return tl::unexpected<Refusal>(halt.error());
    halt->by_whom = call.identity.owner;
    halt->at = call.received_at;
    auto put = [row = *halt](postgres::Desk& desk) {
        desk.write().halt_money(row);
        return row.halted;
    };
    const auto done = co_await services.queries.run(std::move(put));
    if (!done) co_return refuse(done.error());
    log::write(log::Level::warning, halt->halted ? "money_halted" : "money_released",
               {{"request_id", call.context.request_id}});
    json::Writer w;
    w.begin_object();
    write_halt(w, *halt);
    w.end_object();
    co_return json_answer(201, w.take());
}

}  // namespace returngate::api
