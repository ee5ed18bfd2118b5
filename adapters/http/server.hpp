// A bounded, strict HTTP/1.1 server: what Beast lets through and we do not, deadlines, caps, drain.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "adapters/http/message.hpp"

namespace returngate::http {

struct ServerLimits {
    std::size_t body_bytes = 64 * 1024;
    std::size_t header_bytes = 8 * 1024;
    std::size_t header_fields = 64;
    std::size_t connections = 2048;  // of this server, over all its io_contexts
    std::size_t in_flight = 1024;    // requests being handled; past it 503 with Retry-After
    std::chrono::seconds header_deadline{10};
    std::chrono::seconds body_deadline{20};
    std::chrono::seconds write_deadline{10};
    std::chrono::seconds idle_deadline{30};
};

struct Listen {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;  // 0: any free one, see Server::port()
};

// The peer's address and our request id go beside the request: a handler logs them, never trusts them.
struct Context {
    std::string request_id;  // ours, never an echo
    std::string peer;
    std::chrono::steady_clock::time_point received_at;
};

using Handler = std::function<boost::asio::awaitable<Response>(Request, Context)>;
// Body of an error that the server itself answers (guard, limits, deadlines): status → body and type.
using ErrorBody = std::function<Response(int status, std::string_view code, std::string_view detail,
                                         const std::string& request_id)>;

// One acceptor per io_context on the same port (SO_REUSEPORT); a connection stays on its context.
class Server {
public:
    // `contexts` are owned by the caller and outlive the server. Throws system_error when the
    // address cannot be bound.
    Server(std::vector<boost::asio::io_context*> contexts, Listen listen, ServerLimits limits,
           Handler handler, ErrorBody error_body);
    ~Server();

    [[nodiscard]] std::uint16_t port() const;
    // Stops accepting, answers what is in flight with `Connection: close`, closes idle connections.
    // Returns when all are closed or the deadline has passed (then the rest is cut).
    void drain(std::chrono::milliseconds deadline);
    [[nodiscard]] std::size_t open_connections() const;
    [[nodiscard]] std::size_t in_flight() const;

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace returngate::http
