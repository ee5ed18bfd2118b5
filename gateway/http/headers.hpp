// The request headers that we read: Authorization, Idempotency-Key, traceparent.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "adapters/http/message.hpp"
#include "src/base/result.hpp"

namespace returngate::api {

// The token of "Authorization: Bearer TOKEN"; "" when there is none.
[[nodiscard]] std::string_view bearer_token(const http::Headers& headers);

// Quoted (a structured-field string, as the IETF draft has it) or bare, 1 to 255 printable ASCII
// characters; absent: nullopt. `invalid` idempotency_key_malformed.
[[nodiscard]] Result<std::optional<std::string>> idempotency_key(const http::Headers& headers);

// The trace id of a W3C traceparent; "" when there is none or it is malformed.
[[nodiscard]] std::string_view trace_id(const http::Headers& headers);

}  // namespace returngate::api
