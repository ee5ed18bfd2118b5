// Authorities and certificates that a test makes itself.
#pragma once

#include <memory>
#include <string>

namespace returngate::http::testing {

struct CertificateWish {
    std::string name = "127.0.0.1";         // in subjectAltName; an address or a DNS name
    bool is_named_in_subject_only = false;  // no subjectAltName: as RFC 6125 forbids
    bool has_expired = false;
    bool is_for_clients = false;  // extended key usage clientAuth instead of serverAuth
    long serial = 2;
};

struct Issued {
    std::string certificate;  // PEM
    std::string key;          // PEM
};

class Authority {
public:
    explicit Authority(const std::string& name);
    ~Authority();
    Authority(Authority&&) noexcept;
    // PEM
    [[nodiscard]] std::string certificate() const;
    [[nodiscard]] Issued issue(const CertificateWish& wish) const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace returngate::http::testing
