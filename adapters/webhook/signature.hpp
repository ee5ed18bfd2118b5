// Standard Webhooks 1.0.0, the sender's side: secrets as text, and the three headers of a message.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/http/message.hpp"
#include "src/base/time.hpp"

namespace returngate::webhook {

// The bytes that sign; what a consumer is given is "whsec_" + Base64 of them.
using Secret = std::string;
[[nodiscard]] Secret make_secret(const std::array<std::uint8_t, 16>& first,
                                 const std::array<std::uint8_t, 16>& second);
[[nodiscard]] std::string text_of(const Secret& secret);
// nullopt unless it is "whsec_" and Base64 of 24 to 64 bytes.
[[nodiscard]] std::optional<Secret> parse_secret(std::string_view text);

struct Message {
    std::string id;  // without a full stop; the same on every attempt
    std::string body;
};

// "v1,BASE64", one per secret: while two overlap, a consumer verifies with either.
[[nodiscard]] std::string signature_of(const std::vector<Secret>& secrets, const Message& message,
                                       std::int64_t timestamp_s);
// webhook-id, webhook-timestamp (of this attempt) and webhook-signature.
void add_headers(http::Headers& headers, const std::vector<Secret>& secrets, const Message& message,
                 Instant at);

}  // namespace returngate::webhook
