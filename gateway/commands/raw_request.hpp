// One HTTP request as bytes: read from a file that a person or a test made, written as the client sends it.
#pragma once

#include <string>
#include <string_view>

#include "adapters/http/message.hpp"
#include "src/base/result.hpp"

namespace returngate::commands {

// More forgiving than the server, since nobody can smuggle anything into a file of one's own: lines may
// end in a bare line feed, Host may be missing, the target may be absolute or lack its slash, and without
// Content-Length the body is everything to the end. A body shorter than its Content-Length, bytes other
// than line ends after it, and whatever is no HTTP/1 request are `invalid`.
[[nodiscard]] Result<http::Request> parse_raw_request(std::string_view bytes);

// The bytes that our client sends for this request, to `base_url`'s origin unless the target is a whole URL;
// `invalid` when it would refuse to.
[[nodiscard]] Result<std::string> render_raw_request(const http::Request& request, std::string_view base_url);

}  // namespace returngate::commands
