// A blocking TLS client for the server's tests: OpenSSL by hand, every wait limited, nothing of ours.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "tests/adapters/http/certificates.hpp"
#include "tests/adapters/http/raw_socket.hpp"

namespace returngate::http::testing {

struct TlsCallerOptions {
    std::string trusted;               // PEM of the authority that the server's certificate must come from
    std::optional<Issued> identity{};  // shown when the server asks
    int newest_version = 0;            // TLS1_2_VERSION …; 0: any
    std::string protocols{};           // ALPN in its own form: "\x08http/1.1"
};

class TlsCaller {
public:
    // Connects and shakes hands; is_open() tells the outcome.
    TlsCaller(std::uint16_t port, const TlsCallerOptions& options);
    ~TlsCaller();
    TlsCaller(const TlsCaller&) = delete;
    TlsCaller& operator=(const TlsCaller&) = delete;

    [[nodiscard]] bool is_open() const { return is_open_; }
    [[nodiscard]] std::string version() const;      // "TLSv1.3"
    [[nodiscard]] std::string protocol() const;     // by ALPN; "": none
    [[nodiscard]] long server_serial() const;       // of the certificate that the server showed
    [[nodiscard]] bool is_renegotiation_refused();  // TLS 1.2
    // One answer to one request; nothing when the connection ends or 3 s pass before it is whole.
    std::optional<RawAnswer> ask(std::string_view request);
    // Whether the server said goodbye (close_notify) before it hung up.
    bool ends_properly();

private:
    struct State;
    std::unique_ptr<State> state_;
    bool is_open_ = false;
};

}  // namespace returngate::http::testing
