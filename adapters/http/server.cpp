// The server: acceptors, the sweep of deadlines, drain.
#include "adapters/http/server.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <random>
#include <sys/socket.h>

#include "adapters/http/server_state.hpp"
#include "adapters/http/wire.hpp"

namespace returngate::http {
namespace asio = boost::asio;
namespace {

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
constexpr int kBacklog = 4096;
constexpr std::chrono::milliseconds kAcceptPause{20};
constexpr std::chrono::milliseconds kDrainTick{20};
constexpr std::string_view kBusy =
    "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

GuardLimits guard_limits(const ServerLimits& limits) {
    GuardLimits guard;
    guard.head_bytes = limits.header_bytes;
    guard.fields = limits.header_fields;
    guard.field_bytes = std::min(guard.field_bytes, limits.header_bytes);
    guard.target_bytes = std::min(guard.target_bytes, limits.header_bytes);
    guard.body_bytes = limits.body_bytes;
    guard.hosts = limits.hosts;
    return guard;
}

std::uint64_t random_seed() {
    std::random_device device;
    return static_cast<std::uint64_t>(device()) << 32 | device();
}

// splitmix64: a bijection, so that different counts give different ids.
std::uint64_t mix(std::uint64_t value) {
    value += 0x9e3779b97f4a7c15U;
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9U;
    value = (value ^ (value >> 27)) * 0x94d049bb133111ebU;
    return value ^ (value >> 31);
}

void append_hex(std::string& out, std::uint64_t value) {
    constexpr std::string_view digits = "0123456789abcdef";
    for (int shift = 60; shift >= 0; shift -= 4) out.push_back(digits[value >> shift & 15]);
}

void set_flag(Acceptor& acceptor, int level, int option) {
    const int on = 1;
    if (::setsockopt(acceptor.native_handle(), level, option, &on, sizeof on) != 0) {
        throw boost::system::system_error(errno, boost::system::system_category(), "setsockopt");
    }
}

// With SO_REUSEPORT another gateway's sockets would take us in, and the kernel deal connections to both,
// whatever database each has. A bind without it is refused while anybody listens there.
void expect_nobody_at(asio::io_context& context, const Listen& where) {
    if (where.port == 0) return;
    const asio::ip::tcp::endpoint endpoint(asio::ip::make_address(where.address), where.port);
    Acceptor probe(context, endpoint.protocol());
    probe.set_option(Acceptor::reuse_address(true));  // what is left of connections of before is no obstacle
    boost::system::error_code taken;
    probe.bind(endpoint, taken);
    if (taken) {
        throw boost::system::system_error(
            taken, "cannot listen on " + where.address + ":" + std::to_string(where.port));
    }
}

}  // namespace

Shared::Shared(ServerLimits limits_in, Handler handler_in, ErrorBody error_body_in,
               std::shared_ptr<const ServerTls> tls_in)
    : limits(std::move(limits_in)),
      guard(guard_limits(limits)),
      handler(std::move(handler_in)),
      error_body(std::move(error_body_in)),
      tls(std::move(tls_in)) {}

OpenConnection::~OpenConnection() {
    if (!shared_ || --shared_->open > 0 || !shared_->is_draining) return;
    const std::lock_guard lock(shared_->mutex);
    shared_->all_closed.notify_all();
}

Worker::Worker(asio::io_context& context, std::shared_ptr<Shared> shared)
    : context_(context),
      shared_(std::move(shared)),
      acceptor_(context),
      sweep_timer_(context),
      pause_timer_(context),
      request_id_seed_(random_seed()) {}

std::uint16_t Worker::listen(const Listen& where, std::uint16_t port) {
    const asio::ip::tcp::endpoint endpoint(asio::ip::make_address(where.address), port);
    acceptor_.open(endpoint.protocol());
    acceptor_.set_option(Acceptor::reuse_address(true));
    set_flag(acceptor_, SOL_SOCKET, SO_REUSEPORT);
    acceptor_.set_option(asio::ip::tcp::no_delay(true));  // accepted sockets inherit it
    acceptor_.bind(endpoint);
    acceptor_.listen(kBacklog);
    return acceptor_.local_endpoint().port();
}

void Worker::start() {
    asio::co_spawn(context_, accept_loop(shared_from_this()), asio::detached);
    asio::co_spawn(context_, sweep_loop(shared_from_this()), asio::detached);
}

std::string Worker::next_request_id() {
    std::string id = "req_";
    id.reserve(36);
    append_hex(id, request_id_seed_);
    append_hex(id, mix(request_id_seed_ + ++request_count_));
    return id;
}

// Ends when the acceptor is closed. Every other failure passes (a peer that is gone already) or may
// pass (no descriptor or memory left): a short pause keeps the loop from spinning meanwhile.
asio::awaitable<void> Worker::accept_loop(std::shared_ptr<Worker> self) {
    bool pauses = false;
    while (self->acceptor_.is_open()) {
        try {
            if (pauses) {
                self->pause_timer_.expires_after(kAcceptPause);
                co_await self->pause_timer_.async_wait(kAwait);
            }
            auto [failure, socket] = co_await self->acceptor_.async_accept(kAwait);
            pauses = failure && failure != asio::error::operation_aborted;
            if (!failure) self->admit(std::move(socket));
        } catch (const std::bad_alloc&) {
            pauses = true;
        }
        if (pauses) ++self->shared_->accept_errors;
    }
}

void Worker::admit(Socket socket) {
    ++shared_->connections;
    OpenConnection open(shared_);
    if (shared_->open > shared_->limits.connections) {
        ++shared_->connections_refused;
        // One try without waiting: the send buffer of a new connection is empty, and a peer that is
        // gone needs no answer. One that expects TLS would not understand it.
        if (!shared_->tls)
            (void)::send(socket.native_handle(), kBusy.data(), kBusy.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
        return;
    }
    asio::co_spawn(context_, serve(shared_from_this(), std::move(socket), std::move(open)), asio::detached);
}

Clock::duration Worker::tick() const {
    const auto& limits = shared_->limits;
    const auto shortest = std::min({limits.handshake_deadline, limits.header_deadline, limits.body_deadline,
                                    limits.write_deadline, limits.idle_deadline});
    const auto tick = std::clamp(shortest / 8, std::chrono::milliseconds(5), std::chrono::milliseconds(250));
    return shared_->is_draining ? std::min(tick, kDrainTick) : tick;
}

asio::awaitable<void> Worker::sweep_loop(std::shared_ptr<Worker> self) {
    while (self->acceptor_.is_open() || !self->sessions_.empty()) {
        try {
            self->sweep_timer_.expires_after(self->tick());
            co_await self->sweep_timer_.async_wait(kAwait);
        } catch (const std::bad_alloc&) {
            ++self->shared_->accept_errors;  // deadlines must be kept when memory is short, too
        }
        self->sweep();
    }
}

void Worker::sweep() {
    const auto now = Clock::now();
    for (Watched* session : sessions_) {
        if (session->deadline > now) continue;
        session->deadline = Clock::time_point::max();
        session->has_expired = true;
        session->cancel();
    }
}

// Connections that wait in the backlog would be reset by the close: they get their one answer.
void Worker::accept_waiting() {
    boost::system::error_code failure;
    acceptor_.non_blocking(true, failure);
    while (!failure) {
        Socket socket(context_);
        acceptor_.accept(socket, failure);
        if (failure) break;
        try {
            admit(std::move(socket));
        } catch (const std::bad_alloc&) {
            ++shared_->accept_errors;  // this connection is dropped, the next one may fit
        }
    }
}

// Counts as an open connection until it has run: drain() must not end before the backlog is seen.
void Worker::begin_drain() {
    asio::post(context_, [self = shared_from_this(), hold = OpenConnection(shared_)] {
        if (!self->acceptor_.is_open()) return;
        self->accept_waiting();
        boost::system::error_code ignored;  // closed is all that is wanted
        self->acceptor_.close(ignored);
        self->pause_timer_.cancel();
        const auto latest = Clock::now() + kDrainGrace;
        for (Watched* session : self->sessions_) {
            if (session->is_between_requests) session->deadline = std::min(session->deadline, latest);
        }
        self->sweep_timer_.cancel();
    });
}

void Worker::cut_all() {
    asio::post(context_, [self = shared_from_this()] {
        boost::system::error_code ignored;  // closed is all that is wanted
        self->acceptor_.close(ignored);
        self->pause_timer_.cancel();
        for (Watched* session : self->sessions_) session->cut();
        self->sweep_timer_.cancel();
    });
}

struct Server::State {
    std::shared_ptr<Shared> shared;
    std::vector<std::shared_ptr<Worker>> workers;
    std::uint16_t port = 0;
};

Server::Server(std::vector<asio::io_context*> contexts, const Listen& listen, ServerLimits limits,
               Handler handler, ErrorBody error_body, std::shared_ptr<const ServerTls> tls)
    : state_(std::make_shared<State>()) {
    state_->shared = std::make_shared<Shared>(std::move(limits), std::move(handler), std::move(error_body),
                                              std::move(tls));
    state_->port = listen.port;
    expect_nobody_at(*contexts.front(), listen);
    for (asio::io_context* context : contexts) {
        auto worker = std::make_shared<Worker>(*context, state_->shared);
        state_->port = worker->listen(listen, state_->port);
        state_->workers.push_back(std::move(worker));
    }
    for (const auto& worker : state_->workers) worker->start();
}

// NOLINTNEXTLINE(bugprone-exception-escape): no memory left to say "stop" with is the end of the process
Server::~Server() {
    state_->shared->is_draining = true;
    for (const auto& worker : state_->workers) worker->cut_all();
}

std::uint16_t Server::port() const {
    return state_->port;
}

void Server::drain(std::chrono::milliseconds deadline) {
    Shared& shared = *state_->shared;
    shared.is_draining = true;
    for (const auto& worker : state_->workers) worker->begin_drain();
    {
        std::unique_lock lock(shared.mutex);
        shared.all_closed.wait_for(lock, deadline, [&] { return shared.open == 0; });
    }
    for (const auto& worker : state_->workers) worker->cut_all();
}

std::size_t Server::open_connections() const {
    return state_->shared->open;
}
std::size_t Server::in_flight() const {
    return state_->shared->in_flight;
}

ServerCounters Server::counters() const {
    const Shared& shared = *state_->shared;
    ServerCounters counters;
    counters.connections = shared.connections;
    counters.connections_refused = shared.connections_refused;
    counters.handshakes_failed = shared.handshakes_failed;
    counters.requests = shared.requests;
    counters.refused = shared.refused;
    counters.timed_out = shared.timed_out;
    counters.shed = shared.shed;
    counters.handler_bugs = shared.handler_bugs;
    counters.accept_errors = shared.accept_errors;
    return counters;
}

}  // namespace returngate::http
