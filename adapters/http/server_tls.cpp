// From PEM files to a TLS context. The bytes that are compared are the bytes that are used: a file is read
// once per look.
#include "adapters/http/server_tls.hpp"

#include <algorithm>
#include <boost/system/system_error.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "adapters/crypto/certificate.hpp"
#include "adapters/http/tls_stream.hpp"
#include "adapters/http/wire.hpp"

namespace returngate::http {
namespace asio = boost::asio;
namespace {

constexpr std::uintmax_t kLargestFile = 1024 * 1024;
constexpr int kDeepestChain = 3;

tl::unexpected<Error> refuse(const std::string& file, const std::string& why) {
    return fail(ErrorKind::invalid, "tls_file", file + " " + why);
}

Result<std::string> read_file(const std::string& file) {
    std::error_code failure;
    const auto size = std::filesystem::file_size(file, failure);
    if (failure) return refuse(file, "cannot be read: " + failure.message());
    if (size > kLargestFile) return refuse(file, "is too large");
    std::ifstream stream(file, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(stream), {}};
    if (!stream) return refuse(file, "cannot be read by this user");
    return text;
}

Result<std::string> read_key(const std::string& file) {
    std::error_code failure;
    const auto status = std::filesystem::status(file, failure);
    const auto everybody = status.permissions() & std::filesystem::perms::others_all;
    if (!failure && everybody != std::filesystem::perms::none)
        return refuse(file, "can be used by everybody; chmod 0600 it");
    return read_file(file);
}

struct Bytes {
    std::string certificate;
    std::string key;
    std::string client_authorities;
};

Result<Bytes> read_all(const TlsFiles& files) {
    Bytes bytes;
    auto certificate = read_file(files.certificate);
    if (!certificate) return tl::unexpected(certificate.error());
    bytes.certificate = *std::move(certificate);
    auto key = read_key(files.key);
    if (!key) return tl::unexpected(key.error());
    bytes.key = *std::move(key);
    if (files.client_authorities.empty()) return bytes;
    auto authorities = read_file(files.client_authorities);
    if (!authorities) return tl::unexpected(authorities.error());
    bytes.client_authorities = *std::move(authorities);
    return bytes;
}

crypto::Sha256 digest_of(const Result<Bytes>& bytes) {
    if (!bytes) return crypto::sha256({"unreadable\n", bytes.error().message});
    return crypto::sha256({bytes->certificate, "\n", bytes->key, "\n", bytes->client_authorities});
}

// RFC 7301: whoever offers protocols without ours is told so; whoever offers none speaks HTTP/1.1.
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* size, const unsigned char* offered,
                    unsigned offered_size, void*) {
    unsigned char* found = nullptr;
    const int outcome =
        SSL_select_next_proto(&found, size, kProtocols.data(), kProtocols.size(), offered, offered_size);
    *chosen = found;
    return outcome == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

// Without tickets and cache each connection proves everything anew, also its client certificate.
void harden(SSL_CTX* context) {
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20");
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET |
                                     SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_num_tickets(context, 0);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
}

// A caller may come without a certificate; one that it shows has to be good.
void take_client_certificates(asio::ssl::context& context, const std::string& authorities) {
    const std::string_view end = "-----END CERTIFICATE-----";
    std::string_view left = authorities;
    for (auto at = left.find(end); at != left.npos; at = left.find(end)) {
        context.add_certificate_authority(asio::buffer(left.substr(0, at + end.size())));
        left.remove_prefix(at + end.size());
    }
    context.set_verify_mode(asio::ssl::verify_peer);
    context.set_verify_depth(kDeepestChain);
}

Result<std::shared_ptr<TlsContext>> make_context(const TlsFiles& files, const Bytes& bytes) {
    auto made = std::make_shared<TlsContext>();
    harden(made->context.native_handle());
    const std::string* file = &files.certificate;
    try {
        made->context.set_password_callback([](std::size_t, asio::ssl::context::password_purpose) {
            return std::string();  // otherwise OpenSSL asks on the terminal
        });
        made->context.use_certificate_chain(asio::buffer(bytes.certificate));
        file = &files.key;
        made->context.use_private_key(asio::buffer(bytes.key), asio::ssl::context::pem);
        file = &files.client_authorities;
        if (!file->empty()) take_client_certificates(made->context, bytes.client_authorities);
    } catch (const boost::system::system_error& failure) {
        return refuse(*file, "cannot be used: " + failure.code().message());
    }
    return made;
}

struct Loaded {
    std::shared_ptr<TlsContext> context;
    Instant expires_at{};
};

Result<Loaded> load_from(const TlsFiles& files, const Bytes& bytes) {
    const auto chain = crypto::read_certificates(bytes.certificate);
    if (!chain) return refuse(files.certificate, chain.error().message);
    if (!files.client_authorities.empty()) {
        const auto authorities = crypto::read_certificates(bytes.client_authorities);
        if (!authorities) return refuse(files.client_authorities, authorities.error().message);
    }
    auto context = make_context(files, bytes);
    if (!context) return tl::unexpected(context.error());
    Loaded loaded;
    loaded.context = *std::move(context);
    loaded.expires_at = std::ranges::min(*chain, {}, &crypto::Certificate::expires_at).expires_at;
    return loaded;
}

}  // namespace

Result<std::shared_ptr<ServerTls>> ServerTls::load(TlsFiles files) {
    std::shared_ptr<ServerTls> made(new ServerTls(std::move(files)));
    const auto bytes = read_all(made->files_);
    if (!bytes) return tl::unexpected(bytes.error());
    auto loaded = load_from(made->files_, *bytes);
    if (!loaded) return tl::unexpected(loaded.error());
    made->seen_ = digest_of(bytes);
    made->current_ = std::move(loaded->context);
    made->status_.expires_at = loaded->expires_at;
    return made;
}

ServerTls::Outcome ServerTls::reload(Instant now) {
    const auto bytes = read_all(files_);
    const crypto::Sha256 seen = digest_of(bytes);
    const std::lock_guard lock(mutex_);
    if (seen == seen_) return Outcome();
    seen_ = seen;
    status_.is_refused = true;
    if (!bytes) return Outcome{Reload::refused, bytes.error().message};
    auto loaded = load_from(files_, *bytes);
    if (!loaded) return Outcome{Reload::refused, loaded.error().message};
    if (loaded->expires_at <= now) {
        return Outcome{Reload::refused, files_.certificate + " holds a certificate that has expired"};
    }
    current_ = std::move(loaded->context);
    status_ = Status{loaded->expires_at, false};
    return Outcome{Reload::renewed};
}

ServerTls::Status ServerTls::status() const {
    const std::lock_guard lock(mutex_);
    return status_;
}

std::shared_ptr<TlsContext> ServerTls::current() const {
    const std::lock_guard lock(mutex_);
    return current_;
}

}  // namespace returngate::http
