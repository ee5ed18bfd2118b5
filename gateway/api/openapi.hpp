// The API's own description, embedded at build time from gateway/openapi.yaml.
#pragma once

#include <string_view>

namespace returngate::api {

// OpenAPI 3.1 as JSON.
[[nodiscard]] std::string_view openapi_json();

}  // namespace returngate::api
