// A blocking HTTP client for tests: one request on a connection of its own, from any thread. Not the
// gateway's client, so that an error there cannot hide itself.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace returngate::testing {

struct PlainRequest {
    std::uint16_t port = 0;  // on 127.0.0.1
    std::string method = "GET";
    std::string target;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
};

struct PlainAnswer {
    int status = 0;         // 0: no complete answer came
    bool was_sent = false;  // at least a byte of the request left
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;

    [[nodiscard]] bool is_good() const { return status >= 200 && status < 300; }
    [[nodiscard]] std::string_view header(std::string_view name) const;  // "" when absent; ignores case
};

[[nodiscard]] PlainAnswer send_plain(const PlainRequest& request,
                                     std::chrono::milliseconds patience = std::chrono::seconds(20));

// A port below the range of outgoing connections that nobody listens on: a client that knocks while a
// server restarts can neither take it nor meet itself on it.
[[nodiscard]] std::uint16_t free_port();

}  // namespace returngate::testing
