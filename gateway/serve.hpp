// The gateway's life: wire everything, serve until SIGTERM, drain.
#pragma once

#include <functional>
#include <memory>

#include "gateway/configuration.hpp"

namespace returngate {

// Blocks until SIGTERM or SIGINT, reloads certificates on SIGHUP; the exit code. Throws what cannot be mended
// while running (the address is taken, the database has another schema).
int serve(const Configuration& configuration);

// The same, wired but without signals: for tests, which start it in their own process. Stopped and
// drained by destruction.
class Gateway {
public:
    explicit Gateway(const Configuration& configuration);
    ~Gateway();
    Gateway(const Gateway&) = delete;
    Gateway& operator=(const Gateway&) = delete;

    [[nodiscard]] std::uint16_t port() const;
    // Looks at the TLS files now instead of within seconds. Any thread.
    void reload_certificates() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace returngate
