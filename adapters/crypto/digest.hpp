// Digests and the texts they travel in: MD5, SHA-256, SM3, HMACs; hex and Base64; safe comparison.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace returngate::crypto {

using Md5 = std::array<std::uint8_t, 16>;
using Sha256 = std::array<std::uint8_t, 32>;
using Sm3 = std::array<std::uint8_t, 32>;

// The parts are hashed as if they were one text, so that nobody copies a payload to add a secret:
// md5({payload, secret}). Throws std::runtime_error only where OpenSSL lacks the algorithm.
[[nodiscard]] Md5 md5(std::initializer_list<std::string_view> parts);
[[nodiscard]] Sha256 sha256(std::initializer_list<std::string_view> parts);
[[nodiscard]] Sm3 sm3(std::initializer_list<std::string_view> parts);
[[nodiscard]] inline Md5 md5(std::string_view text) {
    return md5({text});
}
[[nodiscard]] inline Sha256 sha256(std::string_view text) {
    return sha256({text});
}
[[nodiscard]] inline Sm3 sm3(std::string_view text) {
    return sm3({text});
}
[[nodiscard]] Sha256 hmac_sha256(std::string_view key, std::string_view message);
// For couriers that let an account choose.
enum class HmacHash { md5, sha1, sha256, sha512 };
[[nodiscard]] std::vector<std::uint8_t> hmac(HmacHash hash, std::string_view key, std::string_view message);

[[nodiscard]] std::string to_hex(std::span<const std::uint8_t> bytes);  // lower case
// Even number of hex digits of either case, nothing else.
[[nodiscard]] std::optional<std::string> from_hex(std::string_view text);

[[nodiscard]] std::string to_base64(std::span<const std::uint8_t> bytes);
// Strict: standard alphabet, padding required, unused bits zero; so one value has one text.
[[nodiscard]] std::optional<std::string> from_base64(std::string_view text);

// Time depends on the lengths only.
[[nodiscard]] bool equal_in_constant_time(std::string_view a, std::string_view b);
[[nodiscard]] bool equal_in_constant_time(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b);

// Whether `presented` is the Base64 text of `digest`. A careless sender's form encoding turns `+`
// into a space; that is forgiven here, in the digest, and nowhere else (decision 45).
[[nodiscard]] bool base64_digest_matches(std::span<const std::uint8_t> digest, std::string_view presented);
// … or its hex text, in letters of either case: few couriers say which they send.
[[nodiscard]] bool hex_digest_matches(std::span<const std::uint8_t> digest, std::string_view presented);

}  // namespace returngate::crypto
