// JD Logistics from its own side of the wire: the LOP gateway's orders and traces, pushes without a
// signature.
#pragma once

#include <memory>
#include <string>

#include "adapters/sandbox/dialect.hpp"

namespace returngate::sandbox {

// What the sandbox's JD issued to us; named as in our account settings.
struct JdAccount {
    std::string app_key = "sandboxappkey";
    std::string app_secret = "sandbox-jd-secret";
    std::string access_token = "sandbox-jd-token";
    std::string customer_code = "010K000001";
};

[[nodiscard]] std::unique_ptr<Dialect> make_jd(JdAccount account);

}  // namespace returngate::sandbox
