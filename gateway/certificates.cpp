// A file that is replaced is noticed by its bytes, so that no kind of replacing it (rename, link, copy) is
// missed.
#include "gateway/certificates.hpp"

#include <stdexcept>

#include "gateway/log.hpp"
#include "gateway/pipeline/ports.hpp"

namespace returngate {

std::shared_ptr<http::ServerTls> load_tls(const Configuration& configuration) {
    if (!configuration.tls) return nullptr;
    auto loaded = http::ServerTls::load(*configuration.tls);
    if (!loaded) throw std::runtime_error("[tls]: " + loaded.error().message);
    return *std::move(loaded);
}

void reload_certificates(http::ServerTls& tls) {
    using Reload = http::ServerTls::Reload;
    const auto outcome = tls.reload(SystemClock().now());
    if (outcome.what == Reload::refused)
        log::write(log::Level::error, "certificates_refused", {{"reason", outcome.reason}});
    if (outcome.what != Reload::renewed) return;
    const std::string expires_at = format_rfc3339(tls.status().expires_at);
    log::write(log::Level::info, "certificates_renewed", {{"expires_at", expires_at}});
}

}  // namespace returngate
