// A server's TLS connection as the session sees a transport. Internal to adapters/http.
#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>
#include <string>

#include "adapters/crypto/digest.hpp"
#include "adapters/http/server_state.hpp"

namespace returngate::http {

struct TlsContext {
    boost::asio::ssl::context context{boost::asio::ssl::context::tls_server};
};

class TlsStream {
public:
    TlsStream(Socket socket, std::shared_ptr<TlsContext> context)
        : context_(std::move(context)), stream_(std::move(socket), context_->context) {}

    [[nodiscard]] boost::asio::ssl::stream<Socket>& next() { return stream_; }
    [[nodiscard]] Socket& socket() { return stream_.next_layer(); }

    // False when the peer and we found no common ground, or it is gone.
    [[nodiscard]] boost::asio::awaitable<bool> open() {
        constexpr auto token = boost::asio::as_tuple(boost::asio::use_awaitable);
        const auto [failure] = co_await stream_.async_handshake(boost::asio::ssl::stream_base::server, token);
        co_return !failure;
    }
    // Says that nothing more comes, so that the peer can tell the end from a cut; waits for its own word.
    [[nodiscard]] boost::asio::awaitable<void> finish() {
        constexpr auto token = boost::asio::as_tuple(boost::asio::use_awaitable);
        co_await stream_.async_shutdown(token);  // a peer that just hangs up instead has our answer, too
        boost::system::error_code ignored;       // the peer was faster
        socket().shutdown(Socket::shutdown_send, ignored);
    }
    // SHA-256 of the certificate that the peer proved to be its own, in hex; "" when it showed none.
    [[nodiscard]] std::string peer_certificate() {
        const X509* certificate = SSL_get0_peer_certificate(stream_.native_handle());
        crypto::Sha256 digest{};
        if (certificate == nullptr || X509_digest(certificate, EVP_sha256(), digest.data(), nullptr) != 1)
            return {};
        return crypto::to_hex(digest);
    }

private:
    std::shared_ptr<TlsContext> context_;
    boost::asio::ssl::stream<Socket> stream_;
};

}  // namespace returngate::http
