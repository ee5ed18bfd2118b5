// A wait inside a coroutine of the sandbox.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>

namespace returngate::sandbox {

[[nodiscard]] boost::asio::awaitable<void> pause_for(std::chrono::steady_clock::duration time);

}  // namespace returngate::sandbox
