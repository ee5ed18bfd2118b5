// Every request's way: route, key, right, Idempotency-Key, handler; then log and metrics.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "gateway/api/route.hpp"
#include "gateway/api/services.hpp"
#include "gateway/http/router.hpp"

namespace returngate::api {

// Loads the key ring from the database; false when that could not be asked.
[[nodiscard]] boost::asio::awaitable<bool> reload_keys(Services& services);

class Dispatcher {
public:
    explicit Dispatcher(Services& services);
    // An http::Handler; the dispatcher outlives the server.
    [[nodiscard]] boost::asio::awaitable<http::Response> handle(http::Request request, http::Context context);

private:
    [[nodiscard]] boost::asio::awaitable<Outcome<http::Response>> answer(Call& call, std::size_t route);
    [[nodiscard]] boost::asio::awaitable<Outcome<void>> admit(Call& call, const Route& route);
    void finish(const Call& call, std::size_t route, const http::Response& response);

    Services& services_;
    Router router_;
};

}  // namespace returngate::api
