// Requests as raw bytes with the status that each must get; for the guard alone and for a real port.
#pragma once

#include <string>
#include <vector>

namespace returngate::http::testing {

struct GuardCase {
    std::string name;
    std::string bytes;
    int status = 200;  // 200: reaches the handler. 408: incomplete, the deadline ends it.
};

// For limits of 8 KB head, 64 fields, 64 KB body.
const std::vector<GuardCase>& guard_cases();

}  // namespace returngate::http::testing
