// STO from its own side of the wire: dispatch orders, cancellation, dispatch and track queries, form pushes.
#pragma once

#include <memory>
#include <string>

#include "adapters/sandbox/dialect.hpp"

namespace returngate::sandbox {

// What the sandbox's STO issued to us; named as in our account settings.
struct StoAccount {
    std::string from_appkey = "CAKsandbox";
    std::string from_code = "CAKsandboxCode";
    std::string secret_key = "sandbox-sto-secret";
    std::string order_source = "SANDBOX";
    std::string site_code = "666666";
    std::string customer_name = "666666000001";
    std::string site_password = "sandbox-sto-password";
};

[[nodiscard]] std::unique_ptr<Dialect> make_sto(StoAccount account);

}  // namespace returngate::sandbox
