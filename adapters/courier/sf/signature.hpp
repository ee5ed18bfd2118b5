// How SF's platform proves us: three digests, selectable per account.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace returngate::courier {

enum class SfDigest { standard, simple, sm3 };
[[nodiscard]] std::optional<SfDigest> parse_sf_digest(std::string_view text);

// T = msgData + timestamp + checkword.
//   standard: Base64(MD5(JavaURLEncode(T)))   simple: Base64(MD5(T))   sm3: lower-case hex of SM3(T)
[[nodiscard]] std::string sf_digest(SfDigest mode, std::string_view msg_data, std::string_view timestamp,
                                    std::string_view checkword);

}  // namespace returngate::courier
