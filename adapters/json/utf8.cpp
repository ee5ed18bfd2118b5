// UTF-8 validation by simdjson.
#include "adapters/json/utf8.hpp"

#include <simdjson.h>

namespace returngate::json {

bool is_utf8(std::string_view bytes) {
    return simdjson::validate_utf8(bytes.data(), bytes.size());
}

}  // namespace returngate::json
