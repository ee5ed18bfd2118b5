// Cainiao's door pickup (Guoguo) from its own side of the wire: LINK orders and their full detail, carried by
// YTO. It calls nobody back: the words of its callbacks are not public.
#pragma once

#include <memory>
#include <string>

#include "adapters/sandbox/dialect.hpp"

namespace returngate::sandbox {

// What the sandbox's Cainiao issued to us; named as in our account settings.
struct CainiaoAccount {
    std::string logistic_provider_id = "SANDBOXPROVIDER";
    std::string secret = "sandbox-cainiao-secret";
    std::string access_code = "SANDBOXACCESS";
    std::string cn_account_id = "SANDBOXACCOUNT";
};

[[nodiscard]] std::unique_ptr<Dialect> make_cainiao(CainiaoAccount account);

}  // namespace returngate::sandbox
