// IANA's IPv4 and IPv6 special-purpose address registries as two lists.
#include "adapters/http/reach.hpp"

#include <algorithm>
#include <charconv>

namespace returngate::http {
namespace {

namespace ip = boost::asio::ip;

constexpr int kIpv4Bits = 96;  // of the prefix ::ffff:0:0/96

constexpr std::array<std::string_view, 15> kSpecialIpv4{
    "0.0.0.0/8",     "10.0.0.0/8",      "100.64.0.0/10",  "127.0.0.0/8",    "169.254.0.0/16",
    "172.16.0.0/12", "192.0.0.0/24",    "192.0.2.0/24",   "192.88.99.0/24", "192.168.0.0/16",
    "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4",    "240.0.0.0/4"};
// Of IPv6 only 2000::/3 is given out, and in it these wrap IPv4 addresses or are special.
constexpr std::array<std::string_view, 4> kSpecialIpv6{"2001::/23", "2001:db8::/32", "2002::/16",
                                                       "3fff::/20"};

std::array<std::uint8_t, 16> bytes_of(const ip::address& address) {
    const ip::address_v6 wide =
        address.is_v6() ? address.to_v6() : ip::make_address_v6(ip::v4_mapped, address.to_v4());
    return wide.to_bytes();
}

template <std::size_t Size>
std::vector<Network> networks(const std::array<std::string_view, Size>& texts) {
    std::vector<Network> all;
    for (const auto text : texts) all.push_back(parse_network(text).value());
    return all;
}

bool is_in(const std::vector<Network>& networks, const ip::address& address) {
    return std::ranges::any_of(networks, [&](const Network& network) { return network.has(address); });
}

}  // namespace

bool Network::has(const ip::address& address) const {
    const auto other = bytes_of(address);
    for (int bit = 0; bit < bits; bit += 8) {
        const auto index = static_cast<std::size_t>(bit / 8);
        const int kept = std::min(8, bits - bit);
        const int mask = 0xff << (8 - kept) & 0xff;
        if (((bytes.at(index) ^ other.at(index)) & mask) != 0) return false;
    }
    return true;
}

std::optional<Network> parse_network(std::string_view text) {
    const auto slash = text.find('/');
    boost::system::error_code failure;
    const auto address = ip::make_address(std::string(text.substr(0, slash)), failure);
    if (failure) return std::nullopt;
    const int least = address.is_v4() ? kIpv4Bits : 0;
    Network network{bytes_of(address), 128};
    if (slash == text.npos) return network;
    const std::string_view length = text.substr(slash + 1);
    const auto [end, error] = std::from_chars(length.data(), length.data() + length.size(), network.bits);
    network.bits += least;
    if (error != std::errc{} || end != length.data() + length.size() || network.bits < least ||
        network.bits > 128) {
        return std::nullopt;
    }
    return network;
}

bool is_public(const ip::address& address) {
    static const std::vector<Network> special_ipv4 = networks(kSpecialIpv4);
    static const std::vector<Network> special_ipv6 = networks(kSpecialIpv6);
    static const Network given_out = parse_network("2000::/3").value();
    if (address.is_v4()) return !is_in(special_ipv4, address);
    const auto wide = address.to_v6();
    if (wide.is_v4_mapped()) return is_public(ip::make_address_v4(ip::v4_mapped, wide));
    return given_out.has(address) && !is_in(special_ipv6, address);
}

bool Reach::has(const ip::address& address) const {
    return !is_public_only || is_public(address) || is_in(exceptions, address);
}

}  // namespace returngate::http
