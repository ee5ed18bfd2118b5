// An outgoing connection, plain or TLS, and the deadline over everything that is done with it.
// Internal to adapters/http.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <memory>
#include <string>

#include "adapters/http/client.hpp"

namespace returngate::http {

struct Transferred {
    boost::system::error_code failure;
    std::size_t size = 0;
};

class Connection {
public:
    explicit Connection(boost::asio::io_context& context) : socket_(context) {}

    // Resolves (numeric hosts need no resolver), connects, and speaks TLS when the origin says so.
    // An error text for people; nothing has been asked of the peer yet.
    boost::asio::awaitable<Result<void>> open(const Origin& origin, boost::asio::ssl::context& tls,
                                              const Reach& reach,
                                              std::chrono::steady_clock::time_point deadline);
    boost::asio::awaitable<Transferred> write(std::string_view bytes);
    boost::asio::awaitable<Transferred> read_some(boost::asio::mutable_buffer room);
    void close();

    [[nodiscard]] bool is_tls() const { return tls_ != nullptr; }
    // Neither closed by the peer nor with bytes that nobody asked for.
    [[nodiscard]] bool is_quiet();

private:
    boost::asio::awaitable<Result<void>> shake_hands(const Origin& origin, boost::asio::ssl::context& tls);
    boost::asio::ip::tcp::socket socket_;
    // Refers to socket_.
    std::unique_ptr<boost::asio::ssl::stream<boost::asio::ip::tcp::socket&>> tls_;
};

// Closes the connection when the deadline passes, unless destroyed before.
class Watchdog {
public:
    Watchdog(boost::asio::io_context& context, std::chrono::steady_clock::time_point deadline,
             std::shared_ptr<Connection> connection);
    ~Watchdog();
    Watchdog(const Watchdog&) = delete;
    Watchdog& operator=(const Watchdog&) = delete;

private:
    std::shared_ptr<bool> is_over_;
    boost::asio::steady_timer timer_;
};

// TLS 1.2 and later, peer verified against the system's authorities and `trust`.
[[nodiscard]] boost::asio::ssl::context make_tls(const Trust& trust);

}  // namespace returngate::http
