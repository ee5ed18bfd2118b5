// SM4 (GB/T 32907) in ECB mode with PKCS#7 padding, as a courier prescribes it: no IV, no MAC. Who holds the
// key can have made a text; blocks can be left out or swapped by anybody.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace returngate::crypto {

using Sm4Key = std::array<std::uint8_t, 16>;
// Base64 of exactly 16 bytes.
[[nodiscard]] std::optional<Sm4Key> sm4_key_from_base64(std::string_view text);

[[nodiscard]] std::string sm4_ecb_encrypt(const Sm4Key& key, std::string_view plain);
// nullopt: no whole blocks, or the padding is wrong, so another key or no such text.
[[nodiscard]] std::optional<std::string> sm4_ecb_decrypt(const Sm4Key& key, std::string_view cipher);

}  // namespace returngate::crypto
