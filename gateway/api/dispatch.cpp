// The dispatcher knows no resource; what differs between routes stands in their table.
#include "gateway/api/dispatch.hpp"

#include <algorithm>

#include "adapters/crypto/digest.hpp"
#include "gateway/http/headers.hpp"
#include "gateway/http/stored_keys.hpp"
#include "gateway/log.hpp"

namespace asio = boost::asio;

namespace returngate::api {
namespace {

std::vector<RoutePattern> patterns() {
    std::vector<RoutePattern> all;
    for (const auto& route : routes()) all.push_back({route.method, route.path});
    return all;
}

std::string bytes_text(std::span<const std::uint8_t> bytes) {
    return {bytes.begin(), bytes.end()};
}

std::string fingerprint(const http::Request& request) {
    return bytes_text(crypto::sha256({request.method, "\n", request.target, "\n", request.body}));
}

Outcome<void> read_idempotency(Call& call, KeyUse use) {
    if (use == KeyUse::none) return {};
    auto key = idempotency_key(call.request.headers);
    if (!key) return refuse(key.error());
    if (!*key) {
        if (use == KeyUse::optional) return {};
        return refuse(
            ErrorKind::invalid, "idempotency_key_missing",
            "Send an Idempotency-Key: the same one again gives the same answer, without a second effect.");
    }
    call.idempotency = pipeline::Idempotency{call.identity.key_id, **key, fingerprint(call.request)};
    return {};
}

std::vector<postgres::KeyView> ask_for_keys(postgres::Desk& desk) {
    return desk.read().keys();
}

}  // namespace

asio::awaitable<bool> reload_keys(Services& services) {
    const auto views = co_await services.queries.run(ask_for_keys);
    if (!views) co_return false;
    services.keys.replace(stored_keys(*views));
    co_return true;
}

Dispatcher::Dispatcher(Services& services) : services_(services), router_(patterns()) {}

asio::awaitable<Outcome<void>> Dispatcher::admit(Call& call, const Route& route) {
    if (route.is_open()) co_return Outcome<void>();
    const std::string_view key = bearer_token(call.request.headers);
    const std::string& certificate = call.context.client_certificate;
    auto identity = services_.keys.find(key, call.received_at, certificate);
    // A key made a moment ago is not in memory yet.
    if (!identity && !key.empty() && services_.keys.may_reload(std::chrono::steady_clock::now())) {
        const bool is_loaded = co_await reload_keys(services_);
        if (is_loaded) identity = services_.keys.find(key, call.received_at, certificate);
    }
    if (!identity && !services_.keys.is_loaded()) {
        co_return refuse(ErrorKind::unavailable, "starting", "The keys are not loaded yet; try again.");
    }
    if (!identity) {
        co_return refuse(ErrorKind::unauthorized, "no_valid_key",
                         "Send a live key: Authorization: Bearer rgk_….");
    }
    if (!route.callers.has(identity->caller)) {
        co_return refuse(ErrorKind::unauthorized, "forbidden",
                         "This key's class of caller may not use this route.");
    }
    call.identity = *std::move(identity);
    co_return read_idempotency(call, route.idempotency);
}

asio::awaitable<Outcome<http::Response>> Dispatcher::answer(Call& call, std::size_t index) {
    const Route& route = routes()[index];
    const auto admitted = co_await admit(call, route);
    if (!admitted) co_return tl::unexpected<Refusal>(admitted.error());
    try {
        auto outcome = co_await route.handler(services_, call);
        co_return outcome;
    } catch (const std::exception& error) {
        // Its text may quote a request; its type and the request id are enough to find the place.
        log::write(
            log::Level::error, "handler_threw",
            {{"request_id", call.context.request_id}, {"route", route.path}, {"type", typeid(error).name()}});
    }
    co_return refuse(ErrorKind::in_doubt, "internal_error",
                     "The request failed in a way that we did not foresee.");
}

asio::awaitable<http::Response> Dispatcher::handle(http::Request request, http::Context context) {
    Call call;
    call.request = std::move(request);
    call.context = std::move(context);
    call.received_at = services_.clock.now();
    call.trace_id = trace_id(call.request.headers);
    auto match = router_.match(call.request.method, call.request.path());
    const std::size_t index = match.index.value_or(routes().size());
    call.parameters = std::move(match.parameters);
    http::Response response;
    if (match.index) {
        auto outcome = co_await answer(call, index);
        response = outcome ? *std::move(outcome) : problem(outcome.error(), call.context.request_id);
    } else if (!match.allow.empty()) {
        const Error error{ErrorKind::invalid, "method_not_allowed", "This path has: " + match.allow + "."};
        response = problem(error, call.context.request_id);
        response.headers.set("Allow", match.allow);
    } else {
        const Error error{ErrorKind::not_found, "no_such_route", "There is nothing at this path."};
        response = problem(error, call.context.request_id);
    }
    finish(call, index, response);
    co_return response;
}

void Dispatcher::finish(const Call& call, std::size_t index, const http::Response& response) {
    const auto took = std::chrono::steady_clock::now() - call.context.received_at;
    services_.metrics.request(index, response.status, took);
    const bool is_known = index < routes().size();
    const bool has_identity = is_known && !routes()[index].is_open() && !call.identity.owner.empty();
    log::write(response.status >= 500 ? log::Level::warning : log::Level::info, "request",
               {{"request_id", call.context.request_id},
                {"method", is_known ? routes()[index].method : std::string_view("other")},
                {"route", is_known ? routes()[index].path : std::string_view("none")},
                {"status", std::int64_t{response.status}},
                {"duration_us", std::chrono::duration_cast<std::chrono::microseconds>(took).count()},
                {"caller", has_identity ? to_string(call.identity.caller) : std::string_view("none")},
                {"trace_id", call.trace_id}});
}

}  // namespace returngate::api
