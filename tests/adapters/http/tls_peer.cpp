// OpenSSL by hand: a key, a self-signed certificate, one handshake.
#include "tests/adapters/http/tls_peer.hpp"

#include <array>
#include <csignal>
#include <filesystem>
#include <memory>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

namespace returngate::http::testing {
namespace {

template <auto release>
struct Release {
    template <class T>
    void operator()(T* object) const {
        release(object);
    }
};
using Key = std::unique_ptr<EVP_PKEY, Release<&EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Release<&X509_free>>;
using SslContext = std::unique_ptr<SSL_CTX, Release<&SSL_CTX_free>>;
using Ssl = std::unique_ptr<SSL, Release<&SSL_free>>;
using File = std::unique_ptr<FILE, Release<&fclose>>;

void add_extension(X509* certificate, int kind, const std::string& value) {
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str());
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

Certificate self_sign(EVP_PKEY* key, const TlsPeerOptions& options) {
    Certificate certificate(X509_new());
    X509_set_version(certificate.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -7200);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), options.has_expired ? -3600 : 3600);
    X509_set_pubkey(certificate.get(), key);
    X509_NAME* name = X509_get_subject_name(certificate.get());
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(options.name.c_str()), -1, -1, 0);
    X509_set_issuer_name(certificate.get(), name);
    const bool is_address = options.name.find_first_not_of("0123456789.") == std::string::npos;
    if (!options.is_named_in_subject_only)
        add_extension(certificate.get(), NID_subject_alt_name, (is_address ? "IP:" : "DNS:") + options.name);
    add_extension(certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
    X509_sign(certificate.get(), key, EVP_sha256());
    return certificate;
}

}  // namespace

TlsPeer::TlsPeer(TlsPeerOptions options) {
    std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes without MSG_NOSIGNAL; a client that refuses us has gone
    std::string pattern = (std::filesystem::temp_directory_path() / "tls-peer-XXXXXX").string();
    if (!::mkdtemp(pattern.data())) throw std::runtime_error("mkdtemp");
    folder_ = pattern;
    ca_file_ = folder_ + "/ca.pem";
    const std::string key_file = folder_ + "/key.pem";
    const Key key(EVP_EC_gen("P-256"));
    const Certificate certificate = self_sign(key.get(), options);
    {
        const File ca(std::fopen(ca_file_.c_str(), "w"));
        PEM_write_X509(ca.get(), certificate.get());
        const File secret(std::fopen(key_file.c_str(), "w"));
        PEM_write_PrivateKey(secret.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    }
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
    thread_ = std::thread([this, options = std::move(options), key_file] { serve(options, key_file); });
}

TlsPeer::~TlsPeer() {
    ::shutdown(listener_, SHUT_RDWR);  // ends an accept that still waits
    thread_.join();
    ::close(listener_);
    std::error_code ignored;  // a temporary folder left behind harms nobody
    std::filesystem::remove_all(folder_, ignored);
}

void TlsPeer::serve(const TlsPeerOptions& options, const std::string& key_file) {
    const SslContext context(SSL_CTX_new(TLS_server_method()));
    if (options.speaks_tls_1_1_only) {
        SSL_CTX_set_security_level(context.get(), 0);
        SSL_CTX_set_min_proto_version(context.get(), TLS1_1_VERSION);
        SSL_CTX_set_max_proto_version(context.get(), TLS1_1_VERSION);
    }
    SSL_CTX_use_certificate_file(context.get(), ca_file_.c_str(), SSL_FILETYPE_PEM);
    SSL_CTX_use_PrivateKey_file(context.get(), key_file.c_str(), SSL_FILETYPE_PEM);
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
