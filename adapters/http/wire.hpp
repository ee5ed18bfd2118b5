// Heads as we send them. Nothing with a line break in it gets out.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "adapters/http/message.hpp"

namespace returngate::http {

// What we speak, for TLS to agree on (ALPN: each name after its length).
inline constexpr std::array<unsigned char, 9> kProtocols{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

[[nodiscard]] std::string_view reason_phrase(int status);

// A token as name and no control characters in the value; bytes >= 0x80 may pass.
[[nodiscard]] bool is_sendable_field(std::string_view name, std::string_view value);

// Appends the status line, the fields, Content-Length (of a source: "Transfer-Encoding: chunked"),
// "Connection: close" when `closes`, and the empty line. Framing fields of the handler's are left out: ours
// are the true ones. False, with `out` as it was, when the status is no final one or a field cannot be sent.
[[nodiscard]] bool append_response_head(std::string& out, const Response& response, bool closes);

// Appends one chunk of RFC 9112 7.1; the empty piece is the last one, and the end of the body.
void append_chunk(std::string& out, std::string_view piece);

// RFC 9110: 204 and 304 have no body and no length.
[[nodiscard]] constexpr bool status_has_body(int status) {
    return status != 204 && status != 304;
}

// True when the list field `name` holds the option, for example Connection: close.
[[nodiscard]] bool has_option(const Headers& headers, std::string_view name, std::string_view option);

// The request line and fields of an outgoing request with Host and, for a body, Content-Length. The
// caller's own Host, Content-Length, Transfer-Encoding and Connection are left out. False when the
// method, the target or a field cannot be sent.
[[nodiscard]] bool append_request_head(std::string& out, const Request& request, std::string_view host);

}  // namespace returngate::http
