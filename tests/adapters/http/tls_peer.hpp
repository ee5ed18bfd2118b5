// A TLS peer with a certificate of its own making, for the client's tests.
#pragma once

#include <cstdint>
#include <string>
#include <thread>

namespace returngate::http::testing {

struct TlsPeerOptions {
    std::string name = "127.0.0.1";         // what the certificate is for; an address or a DNS name
    bool is_named_in_subject_only = false;  // as in CertificateWish
    bool has_expired = false;
    bool speaks_tls_1_1_only = false;
    bool says_goodbye = true;  // close_notify before closing
    std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";
};

// Serves one connection: handshake, one read, the answer, close.
class TlsPeer {
public:
    explicit TlsPeer(TlsPeerOptions options);
    ~TlsPeer();
    TlsPeer(const TlsPeer&) = delete;
    TlsPeer& operator=(const TlsPeer&) = delete;

    [[nodiscard]] std::uint16_t port() const { return port_; }
    // A PEM file with the authority that the peer's certificate comes from.
    [[nodiscard]] const std::string& ca_file() const { return ca_file_; }

private:
    void serve(const TlsPeerOptions& options, const std::string& identity_file);

    std::uint16_t port_ = 0;
    int listener_ = -1;
    std::string folder_;
    std::string ca_file_;
    std::thread thread_;
};

}  // namespace returngate::http::testing
