// The port through which we call out: one request, one deadline, and an error that says how far it got.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <memory>
#include <string>

#include "adapters/http/message.hpp"
#include "src/base/result.hpp"

namespace returngate::http {

// scheme://host[:port] of a configured peer; never built from a request.
struct Origin {
    std::string scheme;  // http | https
    std::string host;
    std::string port;
    bool operator==(const Origin&) const = default;
};
// Accepts an absolute http(s) URL; the rest after the origin is the target ("/" when empty).
struct Url {
    Origin origin;
    std::string target;
};
[[nodiscard]] Result<Url> parse_url(std::string_view text);

struct ClientLimits {
    std::size_t response_body_bytes = 256 * 1024;
    std::size_t response_header_fields = 64;
    std::size_t idle_connections_per_origin = 16;
};

// Errors: unavailable (nothing was sent: resolve, connect or TLS failed, or CR/LF in what we were
// asked to send → invalid), in_doubt (bytes were sent, no complete answer), malformed (an answer
// that breaks HTTP or a cap). Any complete HTTP answer, whatever its status, is a value; redirects
// are values too and never followed.
class Client {
public:
    virtual ~Client() = default;
    // `deadline` covers everything, connecting included.
    virtual boost::asio::awaitable<Result<Response>> send(
        Origin origin, Request request, std::chrono::steady_clock::time_point deadline) = 0;
};

// Beast over TCP and TLS 1.2+ with names verified; keeps idle connections per origin. Use it from
// coroutines that run on `context`.
[[nodiscard]] std::unique_ptr<Client> make_client(boost::asio::io_context& context,
                                                  ClientLimits limits);

}  // namespace returngate::http
