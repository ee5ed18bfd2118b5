// Webhook secrets as they are stored: sealed, each for its endpoint, under a key that the database never
// sees.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/crypto/aead.hpp"
#include "adapters/webhook/signature.hpp"
#include "src/webhook/endpoint_id.hpp"

namespace returngate::webhook {

// 32 bytes as 64 hex digits; nullopt for anything else.
[[nodiscard]] std::optional<crypto::AesKey> parse_vault_key(std::string_view hex);

// nonce (12 bytes), ciphertext, tag (16 bytes); associated data is the endpoint's id in bytes, so that a row
// which is moved to another endpoint does not open. Any thread.
class Vault {
public:
    explicit Vault(const crypto::AesKey& key) : key_(key) {}

    // The nonce is the first 12 of these random bytes.
    [[nodiscard]] std::string seal(EndpointId endpoint, const Secret& secret,
                                   const std::array<std::uint8_t, 16>& random) const;
    // nullopt: sealed under another key or for another endpoint, or changed since.
    [[nodiscard]] std::optional<Secret> open(EndpointId endpoint, std::string_view sealed) const;

private:
    crypto::AesKey key_;
};

}  // namespace returngate::webhook
