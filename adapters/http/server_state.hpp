// What the acceptor and the sessions of one server share. Internal to adapters/http.
#pragma once

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <condition_variable>
#include <list>
#include <memory>
#include <mutex>
#include <string>

#include "adapters/http/guard.hpp"
#include "adapters/http/server.hpp"

namespace returngate::http {

using Clock = std::chrono::steady_clock;
// The concrete executor saves a type-erased call per operation.
using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;
using Acceptor =
    boost::asio::basic_socket_acceptor<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;
using Timer = boost::asio::basic_waitable_timer<Clock, boost::asio::wait_traits<Clock>,
                                                boost::asio::io_context::executor_type>;

// Written by every io thread; no I/O object in it, so it may outlive the contexts.
struct Shared {
    Shared(ServerLimits limits_in, Handler handler_in, ErrorBody error_body_in,
           std::shared_ptr<const ServerTls> tls_in);

    const ServerLimits limits;
    const GuardLimits guard;  // its hosts point into `limits`
    const Handler handler;
    const ErrorBody error_body;
    const std::shared_ptr<const ServerTls> tls;  // null: plain HTTP

    std::atomic<std::size_t> open{0};
    std::atomic<std::size_t> in_flight{0};
    std::atomic<bool> is_draining{false};
    std::mutex mutex;  // for all_closed only
    std::condition_variable all_closed;

    std::atomic<std::uint64_t> connections{0};
    std::atomic<std::uint64_t> connections_refused{0};
    std::atomic<std::uint64_t> handshakes_failed{0};
    std::atomic<std::uint64_t> requests{0};
    std::atomic<std::uint64_t> refused{0};
    std::atomic<std::uint64_t> timed_out{0};
    std::atomic<std::uint64_t> shed{0};
    std::atomic<std::uint64_t> handler_bugs{0};
    std::atomic<std::uint64_t> accept_errors{0};
};

// What the sweep sees of a session. One deadline per session and one timer per io_context: arming
// a deadline is a store, not a timer operation.
class Watched {
public:
    virtual ~Watched() = default;
    // Ends the wait that is going on.
    virtual void cancel() = 0;
    // Closes the connection whatever it does.
    virtual void cut() = 0;

    Clock::time_point deadline = Clock::time_point::max();
    bool has_expired = false;
    bool is_between_requests = true;
};

// One io_context's part of the server: its acceptor, its sessions and their deadlines. Lives on that
// context's thread only; held alive by its accept loop, its sweep and its sessions.
class Worker : public std::enable_shared_from_this<Worker> {
public:
    Worker(boost::asio::io_context& context, std::shared_ptr<Shared> shared);

    // Returns the bound port.
    std::uint16_t listen(const Listen& where, std::uint16_t port);
    void start();
    // From any thread; they hop to the context.
    void begin_drain();
    void cut_all();

    [[nodiscard]] Shared& shared() { return *shared_; }
    [[nodiscard]] std::string next_request_id();

    using Watch = std::list<Watched*>::iterator;
    [[nodiscard]] Watch watch(Watched& session) { return sessions_.insert(sessions_.end(), &session); }
    void unwatch(Watch watch) { sessions_.erase(watch); }

private:
    static boost::asio::awaitable<void> accept_loop(std::shared_ptr<Worker> self);
    static boost::asio::awaitable<void> sweep_loop(std::shared_ptr<Worker> self);
    void admit(Socket socket);
    void accept_waiting();
    void sweep();
    [[nodiscard]] Clock::duration tick() const;

    boost::asio::io_context& context_;
    std::shared_ptr<Shared> shared_;
    Acceptor acceptor_;
    Timer sweep_timer_;
    Timer pause_timer_;
    std::list<Watched*> sessions_;
    std::uint64_t request_id_seed_;
    std::uint64_t request_count_ = 0;
};

// Counts a connection as open; the last one out wakes drain().
class OpenConnection {
public:
    explicit OpenConnection(std::shared_ptr<Shared> shared) : shared_(std::move(shared)) { ++shared_->open; }
    OpenConnection(OpenConnection&& other) noexcept = default;
    OpenConnection& operator=(OpenConnection&&) = delete;
    ~OpenConnection();

private:
    std::shared_ptr<Shared> shared_;
};

// Serves one connection until it ends. session.cpp.
boost::asio::awaitable<void> serve(std::shared_ptr<Worker> worker, Socket socket, OpenConnection open);

// How long a session without a request may stay once the server drains: long enough for a request
// that is on its way already.
inline constexpr std::chrono::milliseconds kDrainGrace{100};

}  // namespace returngate::http
