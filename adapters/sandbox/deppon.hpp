// Deppon from its own side of the wire: loose orders, look-up, traces, two kinds of push.
#pragma once

#include <memory>
#include <string>

#include "adapters/sandbox/clock.hpp"
#include "adapters/sandbox/dialect.hpp"

namespace returngate::sandbox {

// What the sandbox's Deppon issued to us; named as in our account settings.
struct DepponAccount {
    std::string company_code = "EWBDEMO";
    std::string app_key = "sandbox-deppon-appkey";
    std::string customer_code = "219401";
    std::string sign_prefix = "DEMO";
};

[[nodiscard]] std::unique_ptr<Dialect> make_deppon(DepponAccount account, const WorldClock& clock);

}  // namespace returngate::sandbox
