// China Post EMS from its own side of the wire: orders with pickup, events of a number, one push per event.
#pragma once

#include <memory>
#include <string>

#include "adapters/sandbox/clock.hpp"
#include "adapters/sandbox/dialect.hpp"

namespace returngate::sandbox {

// What the sandbox's EMS issued to us; named as in our account settings.
struct EmsAccount {
    std::string sender_no = "1100000000000";
    std::string authorization = "sandbox-ems-authorization";
    std::string sign_key = "c2FuZGJveC1lbXMta2V5MA==";  // 16 bytes in Base64
};

[[nodiscard]] std::unique_ptr<Dialect> make_ems(EmsAccount account, const WorldClock& clock);

}  // namespace returngate::sandbox
