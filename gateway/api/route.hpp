// One row of the API: method and path, who may call, and the coroutine that answers.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/http/server.hpp"
#include "gateway/http/identity.hpp"
#include "gateway/http/problem.hpp"
#include "gateway/pipeline/submission.hpp"

namespace returngate::api {

struct Services;

// A request on its way through its route; lives until it is answered.
struct Call {
    http::Request request;
    http::Context context;
    std::vector<std::string> parameters;  // of the path, decoded
    Identity identity;                    // nobody's on open routes
    std::string trace_id;
    Instant received_at{};
    std::optional<pipeline::Idempotency> idempotency;
};

using RouteHandler = boost::asio::awaitable<Outcome<http::Response>> (*)(Services&, Call&);

// Of the header Idempotency-Key.
enum class KeyUse : std::uint8_t { none, optional, required };

struct Route {
    std::string_view method;
    std::string_view path;
    Callers callers;  // empty: open, the route proves its caller by itself or needs none
    KeyUse idempotency = KeyUse::none;
    RouteHandler handler = nullptr;

    [[nodiscard]] bool is_open() const { return callers.empty(); }
    [[nodiscard]] std::string label() const { return std::string(method) + " " + std::string(path); }
};

// The whole API: what is not here does not exist.
[[nodiscard]] std::span<const Route> routes();

}  // namespace returngate::api
