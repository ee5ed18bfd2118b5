// A blocking TCP client of raw bytes, and answers cut apart by an own little reader, so that the
// server's tests do not read with the code that they test.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace returngate::http::testing {

struct RawAnswer {
    int status = 0;
    std::string head;  // with the empty line
    std::string body;
};

class RawSocket {
public:
    explicit RawSocket(std::uint16_t port);
    ~RawSocket();
    RawSocket(const RawSocket&) = delete;
    RawSocket& operator=(const RawSocket&) = delete;

    // False when the peer has closed.
    bool send(std::string_view bytes);
    void finish_sending();
    void reset();  // closes with RST
    // Everything until the peer closes its side; nothing when it does not within the limit.
    std::optional<std::string> read_to_end(std::chrono::milliseconds limit = std::chrono::seconds(3));
    // One answer by its Content-Length; nothing when it does not come whole within the limit.
    std::optional<RawAnswer> read_answer(std::chrono::milliseconds limit = std::chrono::seconds(3));
    // What has come up to and with `end`; nothing when it does not come in time.
    std::optional<std::string> read_until(std::string_view end,
                                          std::chrono::milliseconds limit = std::chrono::seconds(3));

private:
    // 0: closed, -1: time is up.
    int fill(std::chrono::steady_clock::time_point until);

    int descriptor_ = -1;
    std::string pending_;
};

// Cuts `bytes` into whole answers; nothing when anything is left over. `to_head` answers have no body.
std::optional<std::vector<RawAnswer>> split_answers(std::string_view bytes, bool to_head = false);

}  // namespace returngate::http::testing
