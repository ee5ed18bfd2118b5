// The port through which we call out: one request, one deadline, and an error that says how far it got.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "adapters/http/message.hpp"
#include "adapters/http/reach.hpp"
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
// The value of Host: without the scheme's own port, an IPv6 address in brackets.
[[nodiscard]] std::string host_field(const Origin& origin);

struct ClientLimits {
    std::size_t response_body_bytes = 256 * 1024;
    std::size_t response_header_fields = 64;
    std::size_t response_header_bytes = 16 * 1024;
    std::size_t idle_connections_per_origin = 16;
    // An idle connection older than this is not used again: most servers keep theirs longer.
    std::chrono::milliseconds idle_lifetime{15'000};
};

// Whose certificates we believe: the system's authorities, and those of this PEM file when named.
struct Trust {
    std::string ca_file;
};

// Errors: unavailable (nothing was sent: resolve, connect or TLS failed, address_refused: out of reach, or
// CR/LF in what we were asked to send → invalid), in_doubt (bytes were sent, no complete answer), malformed
// (an answer that breaks HTTP or a cap). Any complete HTTP answer, whatever its status, is a value; redirects
// are values too and never followed. Nothing is ever sent twice once a byte of it has left. Bodies
// are not decompressed. Host, Content-Length and Connection are the client's, the caller's are left out.
class Client {
public:
    virtual ~Client() = default;
    // `deadline` covers everything, connecting included.
    virtual boost::asio::awaitable<Result<Response>> send(Origin origin, Request request,
                                                          std::chrono::steady_clock::time_point deadline) = 0;
};

// TCP and TLS 1.2+ with names verified; keeps idle connections per origin. Use it from coroutines
// that run on `context`, which one thread runs; destroy it before the context. Throws system_error
// when the authorities cannot be loaded.
[[nodiscard]] std::unique_ptr<Client> make_client(boost::asio::io_context& context, ClientLimits limits,
                                                  const Trust& trust = {}, Reach reach = {});

}  // namespace returngate::http
