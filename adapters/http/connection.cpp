// Connecting outwards. Resolving runs on Asio's own thread and cannot be interrupted there, so we wait
// for it beside a timer and leave a late result to itself.
#include "adapters/http/connection.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <charconv>
#include <optional>
#include <sys/socket.h>
#include <vector>

#include "adapters/http/wire.hpp"

namespace returngate::http {
namespace asio = boost::asio;
namespace {

using asio::ip::tcp;
using Endpoints = std::vector<tcp::endpoint>;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);

struct Lookup {
    explicit Lookup(asio::io_context& context) : resolver(context), wake(context) {}
    tcp::resolver resolver;
    asio::steady_timer wake;
    std::optional<Endpoints> found;
};

tl::unexpected<Error> unavailable(const char* code, std::string message) {
    return fail(ErrorKind::unavailable, code, std::move(message));
}

std::optional<Endpoints> numeric(const Origin& origin) {
    boost::system::error_code failure;
    const auto address = asio::ip::make_address(origin.host, failure);
    std::uint16_t port = 0;
    const auto parsed = std::from_chars(origin.port.data(), origin.port.data() + origin.port.size(), port);
    if (failure || parsed.ec != std::errc()) return std::nullopt;
    return Endpoints{tcp::endpoint(address, port)};
}

asio::awaitable<Endpoints> resolve(asio::io_context& context, const Origin& origin,
                                   std::chrono::steady_clock::time_point deadline) {
    auto lookup = std::make_shared<Lookup>(context);
    lookup->wake.expires_at(deadline);
    lookup->resolver.async_resolve(
        origin.host, origin.port, tcp::resolver::numeric_service,
        [lookup](boost::system::error_code failure, tcp::resolver::results_type results) {
            lookup->found.emplace();
            for (const auto& entry : results) {
                if (!failure) lookup->found->push_back(entry.endpoint());
            }
            lookup->wake.cancel();
        });
    co_await lookup->wake.async_wait(kAwait);
    if (!lookup->found) lookup->resolver.cancel();
    Endpoints endpoints = lookup->found.value_or(Endpoints());
    co_return endpoints;
}

// RFC 6125: the name stands in subjectAltName, and a wildcard is a whole label. RFC 6066: addresses are
// not sent as server name.
bool expect_name(SSL* tls, const std::string& host, bool is_address) {
    SSL_set_hostflags(tls, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    if (is_address) return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(tls), host.c_str()) == 1;
    return SSL_set_tlsext_host_name(tls, host.c_str()) == 1 && SSL_set1_host(tls, host.c_str()) == 1;
}

}  // namespace

asio::ssl::context make_tls(const Trust& trust) {
    asio::ssl::context context(asio::ssl::context::tls_client);
    SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
    context.set_default_verify_paths();
    if (!trust.ca_file.empty()) context.load_verify_file(trust.ca_file);
    context.set_verify_mode(asio::ssl::verify_peer);
    SSL_CTX_set_options(context.native_handle(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_alpn_protos(context.native_handle(), kProtocols.data(), kProtocols.size());
    return context;
}

asio::awaitable<Result<void>> Connection::open(const Origin& origin, asio::ssl::context& tls,
                                               const Reach& reach,
                                               std::chrono::steady_clock::time_point deadline) {
    auto endpoints = numeric(origin);
    if (!endpoints) {
        auto& context = static_cast<asio::io_context&>(socket_.get_executor().context());
        endpoints = co_await resolve(context, origin, deadline);
    }
    if (endpoints->empty()) co_return unavailable("resolve_failed", "The peer's name could not be resolved.");
    std::erase_if(*endpoints, [&](const tcp::endpoint& one) { return !reach.has(one.address()); });
    if (endpoints->empty())
        co_return unavailable("address_refused", "The peer's addresses are none that may be connected to.");
    // The watchdog may have closed a socket that was not open yet.
    if (std::chrono::steady_clock::now() >= deadline)
        co_return unavailable("deadline", "The deadline has passed.");
    const auto [failure, endpoint] = co_await asio::async_connect(socket_, *endpoints, kAwait);
    if (failure)
        co_return unavailable("connect_failed", "The peer could not be reached: " + failure.message() + ".");
    boost::system::error_code ignored;  // slower without, not wrong
    socket_.set_option(tcp::no_delay(true), ignored);
    if (origin.scheme != "https") co_return Result<void>();
    Result<void> shaken = co_await shake_hands(origin, tls);
    co_return shaken;
}

asio::awaitable<Result<void>> Connection::shake_hands(const Origin& origin, asio::ssl::context& tls) {
    tls_ = std::make_unique<asio::ssl::stream<tcp::socket&>>(socket_, tls);
    if (!expect_name(tls_->native_handle(), origin.host, numeric(origin).has_value())) {
        co_return unavailable("tls_failed", "The TLS server name could not be set.");
    }
    const auto [failure] = co_await tls_->async_handshake(asio::ssl::stream_base::client, kAwait);
    if (failure) co_return unavailable("tls_failed", "The TLS handshake failed: " + failure.message() + ".");
    co_return Result<void>();
}

asio::awaitable<Transferred> Connection::write(std::string_view bytes) {
    const asio::const_buffer buffer = asio::buffer(bytes);
    Transferred done;
    if (tls_) {
        std::tie(done.failure, done.size) = co_await asio::async_write(*tls_, buffer, kAwait);
    } else {
        std::tie(done.failure, done.size) = co_await asio::async_write(socket_, buffer, kAwait);
    }
    co_return done;
}

asio::awaitable<Transferred> Connection::read_some(asio::mutable_buffer room) {
    Transferred done;
    if (tls_) {
        std::tie(done.failure, done.size) = co_await tls_->async_read_some(room, kAwait);
    } else {
        std::tie(done.failure, done.size) = co_await socket_.async_read_some(room, kAwait);
    }
    co_return done;
}

void Connection::close() {
    boost::system::error_code ignored;  // nothing is left to be done with it
    socket_.close(ignored);
}

bool Connection::is_quiet() {
    char byte = 0;
    const auto got = ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

Watchdog::Watchdog(asio::io_context& context, std::chrono::steady_clock::time_point deadline,
                   std::shared_ptr<Connection> connection)
    : is_over_(std::make_shared<bool>(false)), timer_(context, deadline) {
    timer_.async_wait(
        [is_over = is_over_, connection = std::move(connection)](boost::system::error_code failure) {
            if (!failure && !*is_over) connection->close();
        });
}

Watchdog::~Watchdog() {
    *is_over_ = true;
}  // the timer's own destructor cancels the wait

}  // namespace returngate::http
