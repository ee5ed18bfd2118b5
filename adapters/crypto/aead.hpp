// Authenticated encryption for what is stored: AES-256-GCM (NIST SP 800-38D).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace returngate::crypto {

using AesKey = std::array<std::uint8_t, 32>;
using GcmNonce = std::array<std::uint8_t, 12>;
inline constexpr std::size_t kGcmTagBytes = 16;

// The ciphertext and then its tag. A nonce must never come twice with the same key. Throws
// std::runtime_error only where OpenSSL fails.
[[nodiscard]] std::string seal(const AesKey& key, const GcmNonce& nonce, std::string_view plain,
                               std::string_view associated);
// nullopt unless exactly this was sealed with this key, nonce and associated data.
[[nodiscard]] std::optional<std::string> open(const AesKey& key, const GcmNonce& nonce,
                                              std::string_view sealed, std::string_view associated);

}  // namespace returngate::crypto
