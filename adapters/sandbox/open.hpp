// A fleet that speaks the open courier protocol, from its own side of the wire.
#pragma once

#include <memory>
#include <string>

#include "adapters/sandbox/clock.hpp"
#include "adapters/sandbox/dialect.hpp"

namespace returngate::sandbox {

// What the sandbox's fleet agreed with us; named as in our account settings.
struct OpenAccount {
    std::string secret = "whsec_c2FuZGJveC1mbGVldC1zZWNyZXQtb2YtcmVxdWVzdHM=";
    std::string push_secret = "whsec_c2FuZGJveC1mbGVldC1zZWNyZXQtb2YtcHVzaGVz";
};

[[nodiscard]] std::unique_ptr<Dialect> make_open(OpenAccount account, const WorldClock& clock);

}  // namespace returngate::sandbox
