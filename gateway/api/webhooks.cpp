// /v1/webhook-endpoints: where events go. A secret is shown once, when it is made.
#include <algorithm>

#include "adapters/http/client.hpp"
#include "adapters/webhook/signature.hpp"
#include "gateway/api/fields.hpp"
#include "gateway/api/handlers.hpp"
#include "gateway/api/render.hpp"
#include "gateway/api/services.hpp"
#include "gateway/api/submit.hpp"
#include "gateway/log.hpp"
#include "src/webhook/event_types.hpp"

namespace returngate::api {
namespace {

using postgres::EndpointView;
using webhook::EndpointId;

constexpr std::size_t kUrlBytes = 1000;
constexpr std::size_t kDescriptionBytes = 200;

Outcome<EndpointId> endpoint_of(const Call& call) {
    if (const auto id = parse_id<webhook::EndpointTag>(call.parameters.at(0))) return *id;
    return refuse(ErrorKind::not_found, "endpoint_not_found", "No such webhook endpoint.");
}

tl::unexpected<Refusal> no_endpoint() {
    return refuse(ErrorKind::not_found, "endpoint_not_found", "No such webhook endpoint.");
}

std::string read_types(Fields& fields) {
    std::string joined;
    for (const auto& type : fields.identifiers("types", webhook::kEventTypes.size(), kIdentifierBytes)) {
        if (!webhook::is_event_type(type))
            fields.fault("types", "unknown_word", "Holds a type of which we send no events.");
        joined += (joined.empty() ? "" : ",") + type;
    }
    return joined;
}

// Where it leads is looked at when connecting: only then it is known.
void check_url(Fields& fields, const std::string& url, bool allows_http) {
    const auto parsed = http::parse_url(url);
    if (!parsed) {
        fields.fault("url", "not_a_url",
                     "Is to be an absolute https URL without user, password or fragment.");
    } else if (parsed->origin.scheme != "https" && !allows_http) {
        fields.fault("url", "not_https", "Is to start with https://.");
    }
}

Outcome<EndpointView> decode_endpoint(const json::Value& body, bool allows_http) {
    std::vector<FieldError> faults;
    Fields fields(body, faults);
    EndpointView endpoint;
    endpoint.url = fields.text("url", kUrlBytes);
    if (!endpoint.url.empty()) check_url(fields, endpoint.url, allows_http);
    endpoint.description = fields.optional_text("description", kDescriptionBytes);
    endpoint.types = read_types(fields);
    fields.refuse_the_rest();
    if (!faults.empty()) return refuse_fields(std::move(faults));
    return endpoint;
}

Outcome<postgres::EndpointChange> decode_change(const json::Value& body) {
    std::vector<FieldError> faults;
    Fields fields(body, faults);
    postgres::EndpointChange change;
    const auto description = fields.optional_text("description", kDescriptionBytes);
    if (!body["description"].is_null()) change.description = description;
    const auto types = read_types(fields);
    if (!body["types"].is_null()) change.types = types;
    if (body.find("state") != nullptr)
        change.is_active = fields.word("state", {"active", "paused"}) == "active";
    fields.refuse_the_rest();
    if (!faults.empty()) return refuse_fields(std::move(faults));
    return change;
}

void write_types(json::Writer& w, std::string_view types) {
    w.key("types").begin_array();
    while (!types.empty()) {
        const auto comma = std::min(types.find(','), types.size());
        w.value(types.substr(0, comma));
        types.remove_prefix(std::min(comma + 1, types.size()));
    }
    w.end_array();
}

void write_last_attempt(json::Writer& w, const EndpointView& view) {
    w.key("last_attempt");
    if (!view.last_attempt_at) {
        w.null();
        return;
    }
    w.begin_object();
    write_instant(w, "at", *view.last_attempt_at);
    w.member("status", view.last_status).member_if_set("error", view.last_error).end_object();
}

void write_endpoint(json::Writer& w, const EndpointView& view, const std::string& secret = {}) {
    w.begin_object()
        .member("endpoint_id", to_string(view.id))
        .member("url", view.url)
        .member("description", view.description);
    write_types(w, view.types);
    w.member("state", view.is_active ? "active" : "paused").member_if_set("pause_reason", view.pause_reason);
    write_instant(w, "paused_at", view.paused_at);
    write_instant(w, "created_at", view.created_at);
    w.member("pending", view.pending).member("failures", view.health.failures);
    write_instant(w, "failing_since", view.health.failing_since);
    write_last_attempt(w, view);
    write_instant(w, "last_success_at", view.last_success_at);
    w.member("secrets", view.secrets).member_if_set("secret", secret).end_object();
}

boost::asio::awaitable<Outcome<http::Response>> show(Services& services, EndpointId id, int status,
                                                     std::string secret) {
    auto find = [id, now = services.clock.now()](postgres::Desk& desk) {
        return desk.endpoints().find(id, now);
    };
    const auto view = co_await services.queries.run(std::move(find));
    if (!view) co_return refuse(view.error());
    if (!*view) co_return no_endpoint();
    json::Writer w;
    write_endpoint(w, **view, secret);
    co_return json_answer(status, w.take());
}

webhook::Secret fresh_secret(Services& services) {
    const auto first = services.random.bytes();
    return webhook::make_secret(first, services.random.bytes());
}

void note(const Call& call, std::string_view what, EndpointId id) {
    const std::string text = to_string(id);
    log::write(log::Level::warning, what, {{"endpoint_id", text}, {"request_id", call.context.request_id}});
}

}  // namespace

Answering get_webhook_endpoints(Services& services, Call&) {
    auto find = [now = services.clock.now()](postgres::Desk& desk) { return desk.endpoints().all(now); };
    const auto views = co_await services.queries.run(std::move(find));
    if (!views) co_return refuse(views.error());
    json::Writer w;
    w.begin_object().key("endpoints").begin_array();
    for (const auto& view : *views) write_endpoint(w, view);
    w.end_array().end_object();
    co_return json_answer(200, w.take());
}

Answering get_webhook_endpoint(Services& services, Call& call) {
    const auto id = endpoint_of(call);
    if (!id) co_return tl::unexpected<Refusal>(id.error());
    co_return co_await show(services, *id, 200, std::string());
}

// The URL is the natural key: one endpoint each.
Answering post_webhook_endpoint(Services& services, Call& call) {
    const auto body = read_object(call.request);
    if (!body) co_return tl::unexpected<Refusal>(body.error());
    auto endpoint = decode_endpoint(*body, services.configuration.webhooks.allows_http);
    if (!endpoint) co_return tl::unexpected<Refusal>(endpoint.error());
    endpoint->id = EndpointId{services.random.bytes()};
    endpoint->created_at = call.received_at;
    const webhook::Secret secret = fresh_secret(services);
    const std::string sealed = services.vault.seal(endpoint->id, secret, services.random.bytes());
    auto put = [row = *endpoint, sealed](postgres::Desk& desk) {
        desk.endpoints().add(row, sealed);
        return true;
    };
    const auto done = co_await services.queries.run(std::move(put));
    if (!done && done.error().code == "constraint_webhook_endpoint_url") {
        co_return refuse(ErrorKind::conflict, "endpoint_exists", "There is an endpoint with this URL.");
    }
    if (!done) co_return refuse(done.error());
    note(call, "webhook_endpoint_created", endpoint->id);
    auto shown = co_await show(services, endpoint->id, 201, webhook::text_of(secret));
    if (shown) shown->headers.set("Location", "/v1/webhook-endpoints/" + to_string(endpoint->id));
    co_return shown;
}

Answering patch_webhook_endpoint(Services& services, Call& call) {
    const auto id = endpoint_of(call);
    if (!id) co_return tl::unexpected<Refusal>(id.error());
    const auto body = read_object(call.request);
    if (!body) co_return tl::unexpected<Refusal>(body.error());
    const auto change = decode_change(*body);
    if (!change) co_return tl::unexpected<Refusal>(change.error());
    auto put = [row = *id, wanted = *change, now = call.received_at](postgres::Desk& desk) {
        return desk.endpoints().change(row, wanted, now);
    };
    const auto done = co_await services.queries.run(std::move(put));
    if (!done) co_return refuse(done.error());
    if (*done) note(call, "webhook_endpoint_changed", *id);
    co_return co_await show(services, *id, 200, std::string());
}

Answering delete_webhook_endpoint(Services& services, Call& call) {
    const auto id = endpoint_of(call);
    if (!id) co_return tl::unexpected<Refusal>(id.error());
    auto remove = [row = *id](postgres::Desk& desk) { return desk.endpoints().remove(row); };
    const auto done = co_await services.queries.run(std::move(remove));
    if (!done) co_return refuse(done.error());
    if (!*done) co_return no_endpoint();
    note(call, "webhook_endpoint_removed", *id);
    json::Writer w;
    w.begin_object().member("endpoint_id", to_string(*id)).end_object();
    co_return json_answer(200, w.take());
}

Answering post_webhook_secret(Services& services, Call& call) {
    const auto id = endpoint_of(call);
    if (!id) co_return tl::unexpected<Refusal>(id.error());
    const webhook::Secret secret = fresh_secret(services);
    const Instant old_until = call.received_at + services.configuration.webhooks.secret_overlap;
    const std::string sealed = services.vault.seal(*id, secret, services.random.bytes());
    auto put = [row = *id, sealed, now = call.received_at, old_until](postgres::Desk& desk) {
        return desk.endpoints().add_secret(row, sealed, now, old_until);
    };
    const auto done = co_await services.queries.run(std::move(put));
    if (!done) co_return refuse(done.error());
    if (!*done) co_return no_endpoint();
    note(call, "webhook_secret_made", *id);
    json::Writer w;
    w.begin_object().member("endpoint_id", to_string(*id)).member("secret", webhook::text_of(secret));
    write_instant(w, "old_until", old_until);
    w.end_object();
    co_return json_answer(201, w.take());
}

Answering post_webhook_test(Services& services, Call& call) {
    const auto id = endpoint_of(call);
    if (!id) co_return tl::unexpected<Refusal>(id.error());
    const auto attempt = co_await services.webhooks.test(*id);
    if (!attempt) co_return refuse(attempt.error());
    json::Writer w;
    w.begin_object()
        .member("delivered", attempt->verdict == webhook::Verdict::delivered)
        .member("status", attempt->status)
        .member_if_set("error", attempt->error)
        .end_object();
    co_return json_answer(200, w.take());
}

Answering post_webhook_replay(Services& services, Call& call) {
    const auto id = endpoint_of(call);
    if (!id) co_return tl::unexpected<Refusal>(id.error());
    const auto body = read_object(call.request);
    if (!body) co_return tl::unexpected<Refusal>(body.error());
    std::vector<FieldError> faults;
    Fields fields(*body, faults);
    const Instant since = fields.instant("since");
    if (since > call.received_at) fields.fault("since", "in_the_future", "Is to be past.");
    fields.refuse_the_rest();
    if (!faults.empty()) co_return refuse_fields(std::move(faults));
    auto put = [row = *id, since, now = call.received_at](postgres::Desk& desk) {
        const auto from = desk.events().before(since);
        return desk.endpoints().replay(row, from, since, now);
    };
    const auto done = co_await services.queries.run(std::move(put));
    if (!done) co_return refuse(done.error());
    if (!*done) co_return no_endpoint();
    note(call, "webhook_replay", *id);
    co_return co_await show(services, *id, 202, std::string());
}

}  // namespace returngate::api
