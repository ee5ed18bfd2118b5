// The chunk decoder, one character at a time outside of chunk content.
#include "adapters/http/chunked.hpp"

#include <algorithm>

#include "adapters/http/chars.hpp"

namespace returngate::http {
namespace {
constexpr int kMaxSizeDigits = 16;  // so that the size fits 64 bits
}

ChunkDecoder::State ChunkDecoder::feed(std::string_view& input, std::string& body) {
    while (!input.empty()) {
        if (expect_ == Expect::content) {
            const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(remaining_, input.size()));
            body.append(input.substr(0, size));
            input.remove_prefix(size);
            remaining_ -= size;
            if (remaining_ == 0) expect_ = Expect::content_cr;
            continue;
        }
        const char c = input.front();
        input.remove_prefix(1);
        const State state = expect_ == Expect::size ? take_size_char(c, body.size()) : take_line_end(c);
        if (state != State::more) return state;
    }
    return State::more;
}

ChunkDecoder::State ChunkDecoder::take_size_char(char c, std::size_t body_size) {
    if (const int digit = hex_value(c); digit >= 0) {
        if (++digits_ > kMaxSizeDigits) return State::malformed;
        remaining_ = remaining_ << 4 | static_cast<std::uint64_t>(digit);
        return State::more;
    }
    if (c != '\r' || digits_ == 0) return State::malformed;
    if (remaining_ > max_body_bytes_ - body_size) return State::too_large;
    expect_ = Expect::size_lf;
    return State::more;
}

ChunkDecoder::State ChunkDecoder::take_line_end(char c) {
    const bool wants_cr = expect_ == Expect::content_cr || expect_ == Expect::end_cr;
    if (c != (wants_cr ? '\r' : '\n')) return State::malformed;
    switch (expect_) {
        case Expect::size_lf: expect_ = remaining_ == 0 ? Expect::end_cr : Expect::content; break;
        case Expect::content_cr: expect_ = Expect::content_lf; break;
        case Expect::content_lf:
            expect_ = Expect::size;
            digits_ = 0;
            break;
        case Expect::end_cr: expect_ = Expect::end_lf; break;
        case Expect::end_lf: return State::done;
        case Expect::size:
        case Expect::content: return State::malformed;
    }
    return State::more;
}

}  // namespace returngate::http
