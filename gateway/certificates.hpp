// The server's TLS files while it runs: loaded at the start, looked at every few seconds.
#pragma once

#include <memory>

#include "adapters/http/server_tls.hpp"
#include "gateway/configuration.hpp"

namespace returngate {

// A certificate that lives no longer than this is to be renewed: doctor says so, and an alert
// (monitoring/alerts.yml).
constexpr std::chrono::days kRenewCertificatesWithin{21};

// Null without [tls]. Throws std::runtime_error that names the file which cannot be used.
[[nodiscard]] std::shared_ptr<http::ServerTls> load_tls(const Configuration& configuration);

// Reads the files again, now; the log says what became of it. Any thread.
void reload_certificates(http::ServerTls& tls);

}  // namespace returngate
