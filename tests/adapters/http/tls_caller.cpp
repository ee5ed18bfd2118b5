// One connection over a blocking socket with time-outs.
#include "tests/adapters/http/tls_caller.hpp"

#include <array>
#include <csignal>
#include <netinet/in.h>
#include <openssl/pem.h>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "tests/adapters/http/openssl.hpp"

namespace returngate::http::testing {
namespace {

Text text_of(const std::string& pem) {
    return Text(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
}

Certificate certificate_of(const std::string& pem) {
    return Certificate(PEM_read_bio_X509(text_of(pem).get(), nullptr, nullptr, nullptr));
}

void prepare(SSL_CTX* context, const TlsCallerOptions& options) {
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context), certificate_of(options.trusted).get());
    if (options.newest_version > 0) {
        SSL_CTX_set_security_level(context, 0);  // Debian's own level would refuse for us
        SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
        SSL_CTX_set_max_proto_version(context, options.newest_version);
    }
    if (options.identity) {
        SSL_CTX_use_certificate(context, certificate_of(options.identity->certificate).get());
        const Key key(
            PEM_read_bio_PrivateKey(text_of(options.identity->key).get(), nullptr, nullptr, nullptr));
        SSL_CTX_use_PrivateKey(context, key.get());
    }
}

}  // namespace

struct TlsCaller::State {
    SslContext context{SSL_CTX_new(TLS_client_method())};
    Ssl ssl;
    int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    std::string pending;
};

TlsCaller::TlsCaller(std::uint16_t port, const TlsCallerOptions& options)
    : state_(std::make_unique<State>()) {
    std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes without MSG_NOSIGNAL; a server that refuses us has gone
    prepare(state_->context.get(), options);
    const timeval patience{3, 0};
    ::setsockopt(state_->descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(state_->descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(state_->descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        throw std::runtime_error("connect failed");
    state_->ssl.reset(SSL_new(state_->context.get()));
    SSL_set_fd(state_->ssl.get(), state_->descriptor);
    if (!options.protocols.empty()) {
        SSL_set_alpn_protos(state_->ssl.get(),
                            reinterpret_cast<const unsigned char*>(options.protocols.data()),
                            static_cast<unsigned>(options.protocols.size()));
    }
    is_open_ = SSL_connect(state_->ssl.get()) == 1;
}

TlsCaller::~TlsCaller() {
    ::close(state_->descriptor);
}

std::string TlsCaller::version() const {
    return SSL_get_version(state_->ssl.get());
}

std::string TlsCaller::protocol() const {
    const unsigned char* name = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(state_->ssl.get(), &name, &size);
    return name == nullptr ? std::string() : std::string(reinterpret_cast<const char*>(name), size);
}

long TlsCaller::server_serial() const {
    return ASN1_INTEGER_get(X509_get0_serialNumber(SSL_get0_peer_certificate(state_->ssl.get())));
}

bool TlsCaller::is_renegotiation_refused() {
    return SSL_renegotiate(state_->ssl.get()) != 1 || SSL_do_handshake(state_->ssl.get()) != 1;
}

std::optional<RawAnswer> TlsCaller::ask(std::string_view request) {
    if (SSL_write(state_->ssl.get(), request.data(), static_cast<int>(request.size())) <= 0)
        return std::nullopt;
    while (true) {
        const auto answers = split_answers(state_->pending);
        if (answers && answers->size() == 1) {
            state_->pending.clear();
            return answers->front();
        }
        std::array<char, 4096> room{};
        const int got = SSL_read(state_->ssl.get(), room.data(), static_cast<int>(room.size()));
        if (got <= 0) return std::nullopt;
        state_->pending.append(room.data(), static_cast<std::size_t>(got));
    }
}

bool TlsCaller::ends_properly() {
    char byte = 0;
    const int got = SSL_read(state_->ssl.get(), &byte, 1);
    return SSL_get_error(state_->ssl.get(), got) == SSL_ERROR_ZERO_RETURN;
}

}  // namespace returngate::http::testing
