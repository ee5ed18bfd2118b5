// Standard Webhooks 1.0.0, the receiver's side.
#pragma once

#include <span>
#include <string_view>

#include "adapters/webhook/signature.hpp"
#include "src/base/result.hpp"

namespace returngate::webhook {

// One v1 entry that fits one of the secrets, and a timestamp no more than five minutes from ours.
// `unauthorized`: unsigned, stale_timestamp or bad_signature.
[[nodiscard]] Result<void> verify(std::span<const Secret> secrets, const http::Headers& headers,
                                  std::string_view body, Instant now);

}  // namespace returngate::webhook
