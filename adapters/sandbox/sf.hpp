// SF Express from its own side of the wire: /std/service, order-state and route pushes, unsigned.
#pragma once

#include <memory>
#include <string>

#include "adapters/sandbox/clock.hpp"
#include "adapters/sandbox/dialect.hpp"

namespace returngate::sandbox {

// What the sandbox's SF issued to us; named as in our account settings.
struct SfAccount {
    std::string partner_id = "SANDBOX";
    std::string checkword = "sandbox-sf-checkword";
    std::string digest_mode = "standard";  // standard | simple | sm3
};

// Throws std::invalid_argument for a digest mode that SF does not have.
[[nodiscard]] std::unique_ptr<Dialect> make_sf(SfAccount account, const WorldClock& clock);

}  // namespace returngate::sandbox
