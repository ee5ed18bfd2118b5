// Random nonces: with a few secrets per endpoint, two of them are never the same (NIST SP 800-38D 8.3 allows
// 2^32 messages under one key).
#include "adapters/webhook/vault.hpp"

#include <algorithm>

#include "adapters/crypto/digest.hpp"

namespace returngate::webhook {
namespace {

std::string_view associated(const EndpointId& endpoint) {
    return {reinterpret_cast<const char*>(endpoint.bytes.data()), endpoint.bytes.size()};
}

}  // namespace

std::optional<crypto::AesKey> parse_vault_key(std::string_view hex) {
    const auto bytes = crypto::from_hex(hex);
    crypto::AesKey key{};
    if (!bytes || bytes->size() != key.size()) return std::nullopt;
    std::ranges::copy(*bytes, key.begin());
    return key;
}

std::string Vault::seal(EndpointId endpoint, const Secret& secret,
                        const std::array<std::uint8_t, 16>& random) const {
    crypto::GcmNonce nonce{};
    std::copy_n(random.begin(), nonce.size(), nonce.begin());
    return std::string(nonce.begin(), nonce.end()) + crypto::seal(key_, nonce, secret, associated(endpoint));
}

std::optional<Secret> Vault::open(EndpointId endpoint, std::string_view sealed) const {
    crypto::GcmNonce nonce{};
    if (sealed.size() < nonce.size()) return std::nullopt;
    std::copy_n(sealed.begin(), nonce.size(), nonce.begin());
    return crypto::open(key_, nonce, sealed.substr(nonce.size()), associated(endpoint));
}

}  // namespace returngate::webhook
