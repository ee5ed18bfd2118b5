// Head by lines, body by its framing.
#include "gateway/commands/raw_request.hpp"

#include <charconv>
#include <optional>

#include "adapters/http/chars.hpp"
#include "adapters/http/chunked.hpp"
#include "adapters/http/destination.hpp"
#include "adapters/http/wire.hpp"

namespace returngate::commands {
namespace {

constexpr std::size_t kMostBytes = 4 * 1024 * 1024;

tl::unexpected<Error> bad_request(std::string why) {
    return fail(ErrorKind::invalid, "raw_request", "The request on standard input " + std::move(why));
}

// Without its line end; absent when there is no further one.
std::optional<std::string_view> take_line(std::string_view& rest) {
    const auto end = rest.find('\n');
    if (end == rest.npos) return std::nullopt;
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

// "/path?query", out of any form that a request line may have.
std::string origin_form(std::string_view target) {
    const auto url = http::parse_url(target);
    if (url) return url->target;
    return target.starts_with('/') ? std::string(target) : "/" + std::string(target);
}

Result<void> read_request_line(std::string_view line, http::Request& request) {
    const auto first = line.find(' ');
    const auto last = line.rfind(' ');
    const bool has_three_parts = first != line.npos && first > 0 && last > first + 1;
    if (!has_three_parts || !line.substr(last + 1).starts_with("HTTP/1."))
        return bad_request("does not begin with a line like: POST /path HTTP/1.1");
    const std::string_view target = line.substr(first + 1, last - first - 1);
    if (!http::all_in(line.substr(0, first), http::kToken) || target.find(' ') != target.npos)
        return bad_request("has a malformed request line.");
    request.method = line.substr(0, first);
    request.target = origin_form(target);
    return {};
}

Result<void> read_field(std::string_view line, http::Headers& headers) {
    const auto colon = line.find(':');
    if (colon == line.npos || colon == 0 || !http::all_in(line.substr(0, colon), http::kToken))
        return bad_request("has a malformed header field: line " + std::to_string(headers.fields.size() + 2) +
                           ".");
    std::string_view value = line.substr(colon + 1);
    while (value.starts_with(' ') || value.starts_with('\t')) value.remove_prefix(1);
    while (value.ends_with(' ') || value.ends_with('\t')) value.remove_suffix(1);
    headers.fields.emplace_back(line.substr(0, colon), value);
    return {};
}

// What follows a body that ends by its framing: an editor's line ends, or a mistake.
Result<std::string> with_nothing_after(std::string body, std::string_view rest) {
    if (rest.find_first_not_of("\r\n") == rest.npos) return body;
    return bad_request("goes on for " + std::to_string(rest.size()) +
                       " bytes after its body; is Content-Length right?");
}

Result<std::string> read_body(const http::Headers& headers, std::string_view rest) {
    if (http::has_option(headers, "Transfer-Encoding", "chunked")) {
        std::string body;
        http::ChunkDecoder decoder(kMostBytes);
        if (decoder.feed(rest, body) != http::ChunkDecoder::State::done)
            return bad_request("has a broken chunked body.");
        return with_nothing_after(std::move(body), rest);
    }
    const auto length = headers.find("Content-Length");
    if (!length) return std::string(rest);
    std::size_t bytes = 0;
    const auto [end, error] = std::from_chars(length->data(), length->data() + length->size(), bytes);
    if (error != std::errc{} || end != length->data() + length->size())
        return bad_request("has a malformed Content-Length.");
    if (rest.size() < bytes)
        return bad_request("has " + std::to_string(rest.size()) + " bytes of body, Content-Length says " +
                           std::to_string(bytes) + ".");
    return with_nothing_after(std::string(rest.substr(0, bytes)), rest.substr(bytes));
}

}  // namespace

Result<http::Request> parse_raw_request(std::string_view bytes) {
    if (bytes.empty()) return bad_request("is empty.");
    if (bytes.size() > kMostBytes) return bad_request("is larger than 4 MiB.");
    http::Request request;
    const auto first = take_line(bytes);
    const auto begun = read_request_line(first.value_or(""), request);
    if (!begun) return tl::unexpected(begun.error());
    for (auto line = take_line(bytes);; line = take_line(bytes)) {
        if (!line) return bad_request("has no empty line after its header fields.");
        if (line->empty()) break;
        if (const auto read = read_field(*line, request.headers); !read) return tl::unexpected(read.error());
    }
    auto body = read_body(request.headers, bytes);
    if (!body) return tl::unexpected(body.error());
    request.body = *std::move(body);
    return request;
}

Result<std::string> render_raw_request(const http::Request& request, std::string_view base_url) {
    http::Request sent = request;
    const auto origin = http::take_origin(sent, base_url);
    if (!origin) return fail(ErrorKind::invalid, "base_url", "base_url: " + origin.error().message);
    std::string bytes;
    if (!http::append_request_head(bytes, sent, http::host_field(*origin)))
        return fail(ErrorKind::invalid, "unsendable_request",
                    "The request cannot be sent: a path or a header field holds what HTTP does not allow.");
    return bytes + sent.body;
}

}  // namespace returngate::commands
