// Signals on the calling thread, everything else on the gateway's own.
#include "gateway/serve.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>

#include "gateway/gateway.hpp"
#include "gateway/log.hpp"

namespace asio = boost::asio;

namespace returngate {
namespace {

using namespace asio::experimental::awaitable_operators;

// Ends with the signal that ends the process.
asio::awaitable<void> reload_until_told_to_end(asio::signal_set& signals, const Gateway& gateway) {
    constexpr auto token = asio::as_tuple(asio::use_awaitable);
    while (true) {
        const auto [error, signal] = co_await signals.async_wait(token);
        if (error || signal != SIGHUP) co_return;
        log::write(log::Level::info, "reloading", {});
        gateway.reload_certificates();
    }
}

// Balancers look, and send their requests elsewhere; a second signal cuts it short.
asio::awaitable<void> follow_signals(asio::signal_set& signals, const Gateway& gateway,
                                     std::chrono::milliseconds unready) {
    co_await reload_until_told_to_end(signals, gateway);
    gateway.turn_unready();
    if (unready.count() == 0) co_return;
    log::write(log::Level::info, "unready", {});
    asio::steady_timer enough(co_await asio::this_coro::executor, unready);
    co_await (reload_until_told_to_end(signals, gateway) || enough.async_wait(asio::use_awaitable));
}

}  // namespace

int serve(const Configuration& configuration) {
    log::start(configuration.log_level);
    {
        asio::io_context waiting(1);
        asio::signal_set signals(waiting, SIGTERM, SIGINT, SIGHUP);
        const Gateway gateway(configuration);
        log::write(log::Level::info, "serving",
                   {{"address", configuration.listen.address},
                    {"port", std::int64_t{gateway.port()}},
                    {"tls", configuration.tls.has_value()}});
        asio::co_spawn(waiting, follow_signals(signals, gateway, configuration.unready), asio::detached);
        waiting.run();
        log::write(log::Level::info, "draining", {});
    }
    log::write(log::Level::info, "stopped", {});
    log::stop();
    return 0;
}

}  // namespace returngate
