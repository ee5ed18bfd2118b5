// The control API: one function per route.
#include "adapters/sandbox/control.hpp"

#include <array>
#include <stdexcept>

#include "adapters/json/reader.hpp"
#include "adapters/json/writer.hpp"
#include "adapters/sandbox/form.hpp"

namespace returngate::sandbox {
namespace {

http::Response json_response(int status, std::string body) {
    http::Response response;
    response.status = status;
    response.headers.set("Content-Type", "application/json");
    response.body = std::move(body);
    return response;
}

http::Response done() {
    return json_response(200, R"({"done":true})");
}

http::Response wrong(int status, std::string_view message) {
    json::Writer w;
    w.begin_object().member("error", message).end_object();
    return json_response(status, w.take());
}

std::optional<Call> parse_call(std::string_view text) {
    for (const Call call : {Call::book, Call::cancel, Call::find, Call::track})
        if (to_string(call) == text) return call;
    return std::nullopt;
}

std::optional<Match> parse_match(const json::Value& body) {
    const std::string_view kind = body["match"].string().value_or("next");
    const std::string reference(body["reference"].string().value_or(""));
    if (kind == "next") return Match{MatchKind::next, {}};
    if (kind == "always") return Match{MatchKind::always, {}};
    if (kind == "reference" && !reference.empty()) return Match{MatchKind::reference, reference};
    return std::nullopt;
}

http::Response script_provider(PaymentDesk& provider, const json::Value& body) {
    auto behaviour = parse_pay_behaviour(body["behaviour"]);
    if (!behaviour) return wrong(400, behaviour.error().message);
    const std::string_view match = body["match"].string().value_or("next");
    const std::string key(body["key"].string().value_or(""));
    if (match == "next") {
        provider.script_next(std::move(*behaviour));
    } else if (match == "always") {
        provider.script_always(std::move(*behaviour));
    } else if (match == "key" && !key.empty()) {
        provider.script_key(key, std::move(*behaviour));
    } else {
        return wrong(400, "match is next, always, or key with a key");
    }
    return done();
}

http::Response script_courier(CourierDesk& courier, const json::Value& body) {
    auto behaviour = parse_behaviour(body["behaviour"]);
    if (!behaviour) return wrong(400, behaviour.error().message);
    const auto match = parse_match(body);
    if (!match) return wrong(400, "match is next, always, or reference with a reference");
    const std::string_view word = body["call"].string().value_or("book");
    const auto call = parse_call(word);
    if (!call && word != "any") return wrong(400, "call is book, cancel, find, track or any");
    for (const Call each : {Call::book, Call::cancel, Call::find, Call::track})
        if (!call || each == *call) courier.scripts().add(each, *match, *behaviour);
    return done();
}

http::Response script(const Controlled& world, const json::Value& body) {
    const std::string_view code = body["courier"].string().value_or("");
    if (code == "provider") return script_provider(*world.provider, body);
    CourierDesk* courier = world.courier(code);
    return courier == nullptr ? wrong(404, "no such courier") : script_courier(*courier, body);
}

http::Response clear_script(const Controlled& world, const http::Request& request) {
    const FormFields query = parse_form(request.query()).value_or(FormFields{});
    const std::string_view code = field(query, "courier");
    if (code == "provider") {
        world.provider->clear_scripts();
        return done();
    }
    CourierDesk* courier = world.courier(code);
    if (courier == nullptr) return wrong(404, "no such courier");
    courier->scripts().clear();
    return done();
}

http::Response advance(const Controlled& world, const json::Value& body) {
    CourierDesk* courier = world.courier(body["courier"].string().value_or(""));
    if (courier == nullptr) return wrong(404, "no such courier");
    const std::string reference(body["reference"].string().value_or(""));
    const auto stage = parse_stage(body["stage"].string().value_or(""));
    const auto hold = parse_stage(body["hold_before"].string().value_or(""));
    if (!stage || *stage == Stage::booked || *stage == Stage::cancelled)
        return wrong(400, "no such stage to go to");
    if (!courier->book().find(reference)) return wrong(404, "no such booking");
    courier->advance(reference, *stage, hold);
    return done();
}

http::Response hand_in(const Controlled& world, const json::Value& body) {
    CourierDesk* courier = world.courier(body["courier"].string().value_or(""));
    if (courier == nullptr) return wrong(404, "no such courier");
    const Parcel parcel = courier->hand_in();
    json::Writer w;
    w.begin_object().member("reference", parcel.reference).member("waybill", parcel.waybill).end_object();
    return json_response(200, w.take());
}

http::Response watch(const Controlled& world, const json::Value& body) {
    const std::string return_id(body["return_id"].string().value_or(""));
    if (return_id.empty()) return wrong(400, "return_id is missing");
    return world.watch(return_id) ? done() : wrong(409, "this world was told no gateway and keys");
}

http::Response set_callback_url(const Controlled& world, const json::Value& body) {
    CourierDesk* courier = world.courier(body["courier"].string().value_or(""));
    if (courier == nullptr) return wrong(404, "no such courier");
    try {
        courier->callbacks().set_url(std::string(body["url"].string().value_or("")));
    } catch (const std::invalid_argument& error) {
        return wrong(400, error.what());
    }
    return done();
}

http::Response render_attempts(const PaymentDesk& provider) {
    json::Writer w;
    w.begin_object().key("attempts").begin_object();
    for (const auto& [key, count] : provider.attempts()) w.member(key, count);
    w.end_object().end_object();
    return json_response(200, w.take());
}

http::Response look(const Controlled& world, const http::Request& request) {
    constexpr std::string_view kCouriers = "/couriers/";
    std::string_view path = request.path();
    if (path == "/provider/book") {
        const FormFields query = parse_form(request.query()).value_or(FormFields{});
        return json_response(200, render_book(world.provider->book(), field(query, "payee_reference")));
    }
    if (path == "/provider/attempts") return render_attempts(*world.provider);
    if (!path.starts_with(kCouriers)) return wrong(404, "no such page");
    path.remove_prefix(kCouriers.size());
    const std::size_t slash = path.find('/');
    CourierDesk* courier = world.courier(path.substr(0, slash));
    if (courier == nullptr) return wrong(404, "no such courier");
    const std::string_view page = slash == std::string_view::npos ? std::string_view() : path.substr(slash);
    if (page == "/book") return json_response(200, render_book(courier->code(), courier->book()));
    if (page == "/callbacks") return json_response(200, render_deliveries(courier->callbacks().deliveries()));
    return wrong(404, "no such page");
}

using Action = http::Response (*)(const Controlled&, const json::Value&);
struct Route {
    std::string_view path;
    Action action;
};
constexpr std::array<Route, 5> kPosts{{
    {"/script", script},
    {"/advance", advance},
    {"/parcel", hand_in},
    {"/watch", watch},
    {"/callback-url", set_callback_url},
}};

}  // namespace

http::Response control(const Controlled& world, const http::Request& request) {
    if (request.method == "GET") return look(world, request);
    if (request.method == "DELETE" && request.path() == "/script") return clear_script(world, request);
    if (request.method != "POST") return wrong(405, "GET, POST or DELETE");
    const auto body = json::parse(request.body);
    if (!body) return wrong(400, body.error().message);
    for (const Route& route : kPosts)
        if (route.path == request.path()) return route.action(world, *body);
    return wrong(404, "no such page");
}

}  // namespace returngate::sandbox
