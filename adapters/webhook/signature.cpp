// Signed content: webhook-id "." webhook-timestamp "." body, HMAC-SHA256, Base64
// (github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md, 1.0.0).
#include "adapters/webhook/signature.hpp"

#include "adapters/crypto/digest.hpp"

namespace returngate::webhook {
namespace {

constexpr std::string_view kPrefix = "whsec_";
constexpr std::size_t kLeastBytes = 24;
constexpr std::size_t kMostBytes = 64;

}  // namespace

Secret make_secret(const std::array<std::uint8_t, 16>& first, const std::array<std::uint8_t, 16>& second) {
    Secret secret(first.begin(), first.end());
    secret.append(second.begin(), second.end());
    return secret;
}

std::string text_of(const Secret& secret) {
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(secret.data());
    return std::string(kPrefix) + crypto::to_base64({bytes, secret.size()});
}

std::optional<Secret> parse_secret(std::string_view text) {
    if (!text.starts_with(kPrefix)) return std::nullopt;
    auto bytes = crypto::from_base64(text.substr(kPrefix.size()));
    if (!bytes || bytes->size() < kLeastBytes || bytes->size() > kMostBytes) return std::nullopt;
    return bytes;
}

std::string signature_of(const std::vector<Secret>& secrets, const Message& message,
                         std::int64_t timestamp_s) {
    const std::string content = message.id + "." + std::to_string(timestamp_s) + "." + message.body;
    std::string signature;
    for (const Secret& secret : secrets) {
        if (!signature.empty()) signature += ' ';
        signature += "v1," + crypto::to_base64(crypto::hmac_sha256(secret, content));
    }
    return signature;
}

void add_headers(http::Headers& headers, const std::vector<Secret>& secrets, const Message& message,
                 Instant at) {
    const std::int64_t timestamp_s = std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
    headers.set("webhook-id", message.id);
    headers.set("webhook-timestamp", std::to_string(timestamp_s));
    headers.set("webhook-signature", signature_of(secrets, message, timestamp_s));
}

}  // namespace returngate::webhook
