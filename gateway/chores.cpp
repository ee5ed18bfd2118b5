// Each chore is one turn; a loop of its own repeats it, so that a slow one holds up no other.
#include "gateway/chores.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <functional>

#include "gateway/api/dispatch.hpp"
#include "gateway/certificates.hpp"
#include "gateway/log.hpp"

namespace asio = boost::asio;

namespace returngate {
namespace {

constexpr std::chrono::seconds kBetweenKeyReloads{2};
// A callback that waited for its number may be all that an advance is waiting for.
constexpr std::chrono::milliseconds kBetweenBindings{200};
constexpr std::chrono::seconds kBetweenLooksAtCertificates{3};

using Turn = std::function<asio::awaitable<void>()>;

asio::awaitable<void> keep_doing(std::chrono::milliseconds pause, Turn turn) {
    asio::steady_timer timer(co_await asio::this_coro::executor);
    constexpr auto token = asio::as_tuple(asio::use_awaitable);
    while (true) {
        timer.expires_after(pause);
        const auto [error] = co_await timer.async_wait(token);
        if (error) co_return;
        co_await turn();
    }
}

asio::awaitable<void> take_new_keys(api::Services& services) {
    const bool is_loaded = co_await api::reload_keys(services);
    if (!is_loaded) log::write(log::Level::warning, "keys_not_loaded", {});
}

asio::awaitable<void> bind_parked(api::CallbackIntake& callbacks, std::string& next) {
    next = co_await callbacks.bind_parked(std::move(next));
}

asio::awaitable<void> look_at_certificates(http::ServerTls& tls) {
    reload_certificates(tls);
    co_return;
}

}  // namespace

void start_chores(asio::io_context& context, api::Services& services,
                  const std::shared_ptr<http::ServerTls>& tls) {
    const auto start = [&context](std::chrono::milliseconds pause, Turn turn) {
        asio::co_spawn(context, keep_doing(pause, std::move(turn)), asio::detached);
    };
    start(kBetweenKeyReloads, [&services] { return take_new_keys(services); });
    start(kBetweenBindings, [&callbacks = services.callbacks, next = std::make_shared<std::string>()] {
        return bind_parked(callbacks, *next);
    });
    if (tls) start(kBetweenLooksAtCertificates, [tls] { return look_at_certificates(*tls); });
}

}  // namespace returngate
