// One handshake by OpenSSL by hand.
#include "tests/adapters/http/tls_peer.hpp"

#include <array>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <netinet/in.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/adapters/http/certificates.hpp"
#include "tests/adapters/http/openssl.hpp"

namespace returngate::http::testing {

TlsPeer::TlsPeer(TlsPeerOptions options) {
    std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes without MSG_NOSIGNAL; a client that refuses us has gone
    std::string pattern = (std::filesystem::temp_directory_path() / "tls-peer-XXXXXX").string();
    if (!::mkdtemp(pattern.data())) throw std::runtime_error("mkdtemp");
    folder_ = pattern;
    ca_file_ = folder_ + "/ca.pem";
    const Authority authority("the peer's own");
    const Issued issued = authority.issue({.name = options.name,
                                           .is_named_in_subject_only = options.is_named_in_subject_only,
                                           .has_expired = options.has_expired});
    std::ofstream(ca_file_) << authority.certificate();
    const std::string identity_file = folder_ + "/identity.pem";
    std::ofstream(identity_file) << issued.certificate << issued.key;
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(listener_, reinterpret_cast<const sockaddr*>(&address), size) != 0)
        throw std::runtime_error("bind");
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    ::listen(listener_, 1);
    thread_ =
        std::thread([this, options = std::move(options), identity_file] { serve(options, identity_file); });
}

TlsPeer::~TlsPeer() {
    ::shutdown(listener_, SHUT_RDWR);  // ends an accept that still waits
    thread_.join();
    ::close(listener_);
    std::error_code ignored;  // a temporary folder left behind harms nobody
    std::filesystem::remove_all(folder_, ignored);
}

void TlsPeer::serve(const TlsPeerOptions& options, const std::string& identity_file) {
    const SslContext context(SSL_CTX_new(TLS_server_method()));
    if (options.speaks_tls_1_1_only) {
        SSL_CTX_set_security_level(context.get(), 0);
        SSL_CTX_set_min_proto_version(context.get(), TLS1_1_VERSION);
        SSL_CTX_set_max_proto_version(context.get(), TLS1_1_VERSION);
    }
    SSL_CTX_use_certificate_file(context.get(), identity_file.c_str(), SSL_FILETYPE_PEM);
    SSL_CTX_use_PrivateKey_file(context.get(), identity_file.c_str(), SSL_FILETYPE_PEM);
    const int connection = ::accept(listener_, nullptr, nullptr);
    if (connection < 0) return;
    const Ssl ssl(SSL_new(context.get()));
    SSL_set_fd(ssl.get(), connection);
    std::array<char, 4096> room{};
    if (SSL_accept(ssl.get()) == 1 && SSL_read(ssl.get(), room.data(), static_cast<int>(room.size())) > 0) {
        SSL_write(ssl.get(), options.answer.data(), static_cast<int>(options.answer.size()));
        if (options.says_goodbye) SSL_shutdown(ssl.get());
    }
    ::close(connection);
}

}  // namespace returngate::http::testing
