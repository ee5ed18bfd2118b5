// A wait inside a coroutine of the sandbox.
#include "adapters/sandbox/pause.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace returngate::sandbox {

boost::asio::awaitable<void> pause_for(std::chrono::steady_clock::duration time) {
    const auto executor = co_await boost::asio::this_coro::executor;
    boost::asio::steady_timer timer(executor, time);
    co_await timer.async_wait(boost::asio::use_awaitable);
}

}  // namespace returngate::sandbox
