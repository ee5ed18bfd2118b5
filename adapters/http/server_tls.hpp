// Who our server says it is over TLS, and whose certificates it takes from callers: three files, read
// again while the server runs (docs/decisions/0012).
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "adapters/crypto/digest.hpp"
#include "src/base/result.hpp"
#include "src/base/time.hpp"

namespace returngate::http {

struct TlsFiles {
    std::string certificate;           // PEM: ours first, then those that lead to its authority
    std::string key;                   // PEM, without password, not readable by everybody
    std::string client_authorities{};  // PEM; "": callers are asked for no certificate
};

struct TlsContext;  // tls_stream.hpp

// TLS 1.2 and 1.3, forward secrecy only, no renegotiation, no resumption, ALPN http/1.1. Any thread.
class ServerTls {
public:
    // `invalid` with the file and what is wrong with it.
    [[nodiscard]] static Result<std::shared_ptr<ServerTls>> load(TlsFiles files);

    enum class Reload { unchanged, renewed, refused };
    struct Outcome {
        Reload what = Reload::unchanged;
        std::string reason{};  // of a refusal
    };
    // Looks at the files. What is new in them is for connections from now on, running ones keep theirs.
    // Files that cannot be used, or whose certificate has expired, are refused once and what was there
    // stays.
    Outcome reload(Instant now);

    struct Status {
        Instant expires_at{};     // the first of the certificates in use
        bool is_refused = false;  // the files as they are now were refused
    };
    [[nodiscard]] Status status() const;
    // For connections that are being accepted.
    [[nodiscard]] std::shared_ptr<TlsContext> current() const;

private:
    explicit ServerTls(TlsFiles files) : files_(std::move(files)) {}

    const TlsFiles files_;
    mutable std::mutex mutex_;
    std::shared_ptr<TlsContext> current_;
    crypto::Sha256 seen_{};  // of the files' bytes at the last look
    Status status_;
};

}  // namespace returngate::http
