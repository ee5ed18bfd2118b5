// KDNiao from its own side of the wire: door pickup carried by JT, its order query, tracks and pushes.
#pragma once

#include <memory>
#include <string>

#include "adapters/sandbox/clock.hpp"
#include "adapters/sandbox/dialect.hpp"

namespace returngate::sandbox {

// What the sandbox's KDNiao issued to us; named as in our account settings.
struct KdniaoAccount {
    std::string e_business_id = "1000001";
    std::string api_key = "5a9db0c1-0000-4000-8000-73616e64626f";
};

[[nodiscard]] std::unique_ptr<Dialect> make_kdniao(KdniaoAccount account, const WorldClock& clock);

}  // namespace returngate::sandbox
