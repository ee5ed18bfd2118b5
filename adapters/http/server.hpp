// A bounded, strict HTTP/1.1 server: one guard over the raw bytes, deadlines, caps, drain.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/http/message.hpp"
#include "adapters/http/server_tls.hpp"

namespace returngate::http {

struct ServerLimits {
    std::size_t body_bytes = 64 * 1024;
    std::size_t header_bytes = 8 * 1024;
    std::size_t header_fields = 64;
    std::size_t connections = 2048;  // of this server, over all its io_contexts; from the accept on
    std::size_t in_flight = 1024;    // requests being handled; past it 503 with Retry-After
    // Absolute, from the first byte of the part; checked on a tick of an eighth of the shortest one.
    std::chrono::milliseconds handshake_deadline{5'000};  // TLS
    std::chrono::milliseconds header_deadline{10'000};
    std::chrono::milliseconds body_deadline{20'000};
    std::chrono::milliseconds write_deadline{10'000};
    std::chrono::milliseconds idle_deadline{30'000};
    // Host names (without port) that we answer for, others get 421. Empty: any.
    std::vector<std::string> hosts{};
};

// Since the start, over all io_contexts.
struct ServerCounters {
    std::uint64_t connections = 0;          // accepted
    std::uint64_t connections_refused = 0;  // over the cap: 503 and closed, with TLS just closed
    std::uint64_t handshakes_failed = 0;    // no common version, a bad certificate, no TLS at all
    std::uint64_t requests = 0;             // handed to the handler
    std::uint64_t refused = 0;              // by the guard, or a body that breaks the rules
    std::uint64_t timed_out = 0;            // all deadlines but the idle one, which is no fault
    std::uint64_t shed = 0;                 // over the in-flight cap, answered 503
    std::uint64_t handler_bugs = 0;         // threw, or answered what cannot be sent: became a 500
    std::uint64_t accept_errors = 0;        // for example no file descriptor left
};

struct Listen {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;  // 0: any free one, see Server::port()
};

// The peer's address and our request id go beside the request: a handler logs them, never trusts them.
struct Context {
    std::string request_id;  // ours, never an echo
    std::string peer;
    std::string client_certificate{};  // SHA-256 in hex of the one that the peer proved; "": none
    std::chrono::steady_clock::time_point received_at;
};

// Runs on the connection's io_context and keeps its own deadlines: while it works, the server waits. An
// answer with a source (body_source.hpp) has left `in_flight` when its head goes out; how many there are is
// for the handler to limit. Each piece has `write_deadline`; a drain ends it after the piece at hand.
using Handler = std::function<boost::asio::awaitable<Response>(Request, Context)>;
// Body of an error that the server itself answers (guard, limits, deadlines): status → body and type.
using ErrorBody = std::function<Response(int status, std::string_view code, std::string_view detail,
                                         const std::string& request_id)>;

// One acceptor per io_context on the same port (SO_REUSEPORT); a connection stays on its context.
class Server {
public:
    // `contexts` are owned by the caller, outlive the server, and are each run by one thread. Without
    // `tls` it speaks plain HTTP. Throws system_error when the address cannot be bound, or when another
    // process listens there.
    Server(std::vector<boost::asio::io_context*> contexts, const Listen& listen, ServerLimits limits,
           Handler handler, ErrorBody error_body, std::shared_ptr<const ServerTls> tls = nullptr);
    // Stops accepting and cuts what is open; drain() first to be polite.
    ~Server();  // NOLINT(bugprone-exception-escape): see server.cpp
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    [[nodiscard]] std::uint16_t port() const;
    // Stops accepting, answers what is in flight with `Connection: close`, closes idle connections.
    // Returns when all are closed or the deadline has passed (then the rest is cut). Blocks: never
    // call it on a thread that runs one of the contexts.
    void drain(std::chrono::milliseconds deadline);
    [[nodiscard]] std::size_t open_connections() const;
    [[nodiscard]] std::size_t in_flight() const;
    [[nodiscard]] ServerCounters counters() const;

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace returngate::http
