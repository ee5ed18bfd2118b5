// ZTO from its own side of the wire: bookings, cancellation, look-up, track query, form pushes.
#pragma once

#include <memory>
#include <string>

#include "adapters/sandbox/dialect.hpp"

namespace returngate::sandbox {

// What the sandbox's ZTO issued to us; named as in our account settings.
struct ZtoAccount {
    std::string app_key = "sandbox-zto-appkey";
    std::string app_secret = "sandbox-zto-appsecret";
};

[[nodiscard]] std::unique_ptr<Dialect> make_zto(ZtoAccount account);

}  // namespace returngate::sandbox
