// What several of the sandbox's couriers answer alike.
#pragma once

#include <string>
#include <string_view>

#include "adapters/http/message.hpp"

namespace returngate::sandbox {

[[nodiscard]] http::Response json_response(std::string body);
// Of an order's content, so that a repeated reference can be told from a changed one.
[[nodiscard]] std::string content_digest(std::string_view text);

}  // namespace returngate::sandbox
