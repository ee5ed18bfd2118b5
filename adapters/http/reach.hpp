// Which addresses a client may connect to: for URLs that others choose, not the machines next door.
#pragma once

#include <array>
#include <boost/asio/ip/address.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace returngate::http {

// "10.0.0.0/8", "::1", …
struct Network {
    std::array<std::uint8_t, 16> bytes{};  // IPv4 as ::ffff:a.b.c.d
    int bits = 128;
    [[nodiscard]] bool has(const boost::asio::ip::address& address) const;
};
[[nodiscard]] std::optional<Network> parse_network(std::string_view text);

// Asked for each address right before connecting to it, so a name that resolves differently a moment
// later (DNS rebinding) gains nothing.
struct Reach {
    bool is_public_only = false;
    std::vector<Network> exceptions{};  // may be connected to all the same
    [[nodiscard]] bool has(const boost::asio::ip::address& address) const;
};

// Globally reachable by IANA's special-purpose registries (RFC 6890): not loopback, private, link-local,
// shared, documentation, benchmarking, multicast or reserved, however IPv6 wraps them.
[[nodiscard]] bool is_public(const boost::asio::ip::address& address);

}  // namespace returngate::http
