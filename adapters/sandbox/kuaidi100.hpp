// Kuaidi100 from its own side of the wire: merchant pickup carried by JT, tracking query, salted callbacks.
#pragma once

#include <memory>
#include <string>

#include "adapters/sandbox/dialect.hpp"

namespace returngate::sandbox {

// What the sandbox's Kuaidi100 issued to us; named as in our account settings.
struct Kuaidi100Account {
    std::string key = "SANDBOXkey12";
    std::string secret = "sandbox-kuaidi100-secret";
    std::string customer = "SANDBOXCUSTOMER0123456789ABCDEF0";
};

[[nodiscard]] std::unique_ptr<Dialect> make_kuaidi100(Kuaidi100Account account);

}  // namespace returngate::sandbox
