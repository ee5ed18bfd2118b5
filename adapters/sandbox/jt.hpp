// J&T from its own side of the wire: contract orders, look-up, traces, three kinds of push.
#pragma once

#include <memory>
#include <string>

#include "adapters/sandbox/dialect.hpp"

namespace returngate::sandbox {

// What the sandbox's J&T issued to us; named as in our account settings.
struct JtAccount {
    std::string api_account = "178337126125932605";
    std::string private_key = "sandbox-jt-private-key";
    std::string customer_code = "J0000000001";
    std::string password = "Sandbox1234";
};

[[nodiscard]] std::unique_ptr<Dialect> make_jt(JtAccount account);

}  // namespace returngate::sandbox
