// Strict decoding of chunked bodies: no extensions, no trailers, every line ended by CRLF.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace returngate::http {

// Feed it bytes as they come; it never holds more than the decoded body. RFC 9112 section 7.1 allows
// extensions and trailers; nobody we talk to needs them, and both were ways to smuggle requests and
// to fill memory past Beast 1.81's limits.
class ChunkDecoder {
public:
    enum class State {
        more,       // needs further bytes
        done,       // the last chunk has been read; the rest belongs to the next message
        malformed,  // not chunked coding as we accept it
        too_large,  // the body would pass `max_body_bytes`
    };

    explicit ChunkDecoder(std::size_t max_body_bytes) : max_body_bytes_(max_body_bytes) {}

    // Appends to `body`, removes from `input` what it has used.
    [[nodiscard]] State feed(std::string_view& input, std::string& body);

private:
    enum class Expect { size, size_lf, content, content_cr, content_lf, end_cr, end_lf };

    [[nodiscard]] State take_size_char(char c, std::size_t body_size);
    [[nodiscard]] State take_line_end(char c);

    std::size_t max_body_bytes_;
    std::uint64_t remaining_ = 0;
    int digits_ = 0;
    Expect expect_ = Expect::size;
};

}  // namespace returngate::http
