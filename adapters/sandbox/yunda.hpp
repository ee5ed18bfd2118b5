// Yunda from its own side of the wire: loose orders, cancellation, steps of a number, prices. It calls nobody
// back: what its callbacks look like is not documented, and the number comes by them only.
#pragma once

#include <memory>
#include <string>

#include "adapters/sandbox/dialect.hpp"

namespace returngate::sandbox {

// What the sandbox's Yunda issued to us; named as in our account settings.
struct YundaAccount {
    std::string app_key = "999999";
    std::string app_secret = "sandbox-yunda-secret";
};

[[nodiscard]] std::unique_ptr<Dialect> make_yunda(YundaAccount account);

}  // namespace returngate::sandbox
