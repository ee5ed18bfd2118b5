// Where a request goes that may name its host itself.
#pragma once

#include <string_view>

#include "adapters/http/client.hpp"

namespace returngate::http {

// The origin of the target where that is a whole URL, and then leaves the path in it; else of base_url.
[[nodiscard]] Result<Origin> take_origin(Request& request, std::string_view base_url);

}  // namespace returngate::http
