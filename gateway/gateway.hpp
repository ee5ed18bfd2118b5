// The running gateway: everything wired, serving from its construction until it is drained.
#pragma once

#include <cstdint>
#include <memory>

#include "gateway/configuration.hpp"

namespace returngate {

// Without signals: tests start it in their own process. Stopped and drained by destruction. Throws what
// cannot be mended while running (the address is taken, the database has another schema).
class Gateway {
public:
    explicit Gateway(const Configuration& configuration);
    ~Gateway();
    Gateway(const Gateway&) = delete;
    Gateway& operator=(const Gateway&) = delete;

    [[nodiscard]] std::uint16_t port() const;
    // /readyz says 503 from now on; everything else goes on. Any thread.
    void turn_unready() const;
    // Looks at the TLS files now instead of within seconds. Any thread.
    void reload_certificates() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace returngate
