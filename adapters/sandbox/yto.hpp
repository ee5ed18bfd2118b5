// YTO from its own side of the wire: contract orders, cancellation, track query, XML pushes.
#pragma once

#include <memory>
#include <string>

#include "adapters/sandbox/clock.hpp"
#include "adapters/sandbox/dialect.hpp"

namespace returngate::sandbox {

// What the sandbox's YTO issued to us; named as in our account settings.
struct YtoAccount {
    std::string customer_code = "K21000000";
    std::string token = "AbCdEf";
    std::string secret = "sandbox-yto-secret";
    std::string push_secret = "sandbox-yto-push-secret";
};

[[nodiscard]] std::unique_ptr<Dialect> make_yto(YtoAccount account, const WorldClock& clock);

}  // namespace returngate::sandbox
