// The strict request guard: raw bytes of a request head in, a request or the status to refuse it with out.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "adapters/http/message.hpp"

namespace returngate::http {

struct GuardLimits {
    std::size_t head_bytes = 8 * 1024;
    std::size_t fields = 64;
    std::size_t field_bytes = 4 * 1024;
    std::size_t target_bytes = 2 * 1024;
    std::size_t body_bytes = 64 * 1024;
    std::span<const std::string> hosts{};  // lower case, without port; empty: any
};

// Texts are literals of ours, never a part of the request.
struct Refusal {
    int status = 400;
    std::string_view code;
    std::string_view detail;
};

enum class Framing { none, length, chunked };

struct ParsedHead {
    Request request;  // method, target, headers
    Framing framing = Framing::none;
    std::uint64_t content_length = 0;
    bool is_http_1_0 = false;
    bool wants_close = false;       // "Connection: close", or HTTP/1.0
    bool expects_continue = false;  // and has a body to hold back
};

// The methods that we serve, as the Allow field of a 405 says them.
inline constexpr std::string_view kAllow = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

// Finds the end of a head while it comes in. `seen` is how far the last call got: start with 0. The
// length up to and including the empty line, or 0 while that is missing. Bytes that no head may hold
// are refused at once, so that a sender of bare line feeds need not wait for the deadline.
[[nodiscard]] tl::expected<std::size_t, Refusal> find_head_end(std::string_view bytes, std::size_t& seen,
                                                               const GuardLimits& limits);

// `head` ends with the empty line. Pure and complete: does not rely on find_head_end.
[[nodiscard]] tl::expected<ParsedHead, Refusal> inspect(std::string_view head, const GuardLimits& limits);

namespace detail {
// The parts of `inspect` that are long enough for a file of their own.
[[nodiscard]] const Refusal* check_target(std::string_view target, const GuardLimits& limits);
}  // namespace detail

}  // namespace returngate::http
