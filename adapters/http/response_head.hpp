// The head of an answer that we get: strict about framing, lenient about what values hold.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "adapters/http/message.hpp"

namespace returngate::http {

struct ResponseLimits {
    std::size_t head_bytes = 16 * 1024;
    std::size_t fields = 64;
    std::size_t body_bytes = 256 * 1024;
};

enum class ResponseFraming { none, length, chunked, until_close };

struct ResponseHead {
    Response response;  // status and headers
    ResponseFraming framing = ResponseFraming::none;
    std::uint64_t content_length = 0;
    bool keeps_alive = false;
};

// `head` ends with the empty line. Nothing when it breaks HTTP/1.x or a cap: a wrong length would
// hand the rest of one answer to the next request.
[[nodiscard]] std::optional<ResponseHead> parse_response_head(std::string_view head, bool answers_head,
                                                              const ResponseLimits& limits);

}  // namespace returngate::http
