// From the rows of api_key to what a KeyRing holds.
#pragma once

#include <vector>

#include "adapters/postgres/read/views.hpp"
#include "gateway/http/key_ring.hpp"

namespace returngate::api {

// Keys of a caller that this program does not know are left out.
[[nodiscard]] std::vector<StoredKey> stored_keys(const std::vector<postgres::KeyView>& views);

}  // namespace returngate::api
