// The dialect of the sandbox payment provider: what a development gateway speaks instead of a bank's.
#pragma once

#include <memory>
#include <string>

#include "adapters/payout/payout.hpp"

namespace returngate::payout {

// Where our sandbox provider listens below its origin ("" or "/provider"), and the key that it knows
// us by (empty: it asks for none).
struct SandboxAccount {
    std::string path_prefix;
    std::string api_key;
};

[[nodiscard]] std::unique_ptr<Provider> make_sandbox_provider(SandboxAccount account);

}  // namespace returngate::payout
