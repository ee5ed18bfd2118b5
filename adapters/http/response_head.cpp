// Parsing of status line and fields (RFC 9112 sections 4 to 6).
#include "adapters/http/response_head.hpp"

#include <algorithm>
#include <charconv>

#include "adapters/http/chars.hpp"
#include "adapters/http/wire.hpp"

namespace returngate::http {
namespace {

// "HTTP/1.1 200 OK"; the reason, with its space, may be missing.
bool parse_status_line(std::string_view line, int& status, bool& is_http_1_0) {
    is_http_1_0 = line.starts_with("HTTP/1.0 ");
    if (!is_http_1_0 && !line.starts_with("HTTP/1.1 ")) return false;
    line.remove_prefix(9);
    if (line.size() < 3 || !all_in(line.substr(0, 3), kDigit)) return false;
    if (line.size() > 3 && line[3] != ' ') return false;
    std::from_chars(line.data(), line.data() + 3, status);
    return status >= 100 && status <= 599;
}

std::string_view trim_blanks(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == text.npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool parse_field(std::string_view line, Headers& headers) {
    const auto colon = line.find(':');
    if (colon == line.npos || colon == 0) return false;
    const std::string_view name = line.substr(0, colon);
    const std::string_view value = trim_blanks(line.substr(colon + 1));
    if (!all_in(name, kToken)) return false;
    const bool has_control = std::any_of(value.begin(), value.end(), [](char c) {
        return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
    });
    if (has_control) return false;
    headers.fields.emplace_back(name, value);
    return true;
}

bool parse_lines(std::string_view head, const ResponseLimits& limits, Response& response, bool& is_http_1_0) {
    const auto first_end = head.find("\r\n");
    if (first_end == head.npos) return false;
    if (!parse_status_line(head.substr(0, first_end), response.status, is_http_1_0)) return false;
    head.remove_prefix(first_end + 2);
    while (true) {
        const auto end = head.find("\r\n");
        if (end == head.npos) return false;
        if (end == 0) return head.size() == 2;
        if (response.headers.fields.size() == limits.fields) return false;
        if (!parse_field(head.substr(0, end), response.headers)) return false;
        head.remove_prefix(end + 2);
    }
}

std::size_t count(const Headers& headers, std::string_view name) {
    return static_cast<std::size_t>(
        std::count_if(headers.fields.begin(), headers.fields.end(),
                      [&](const auto& f) { return equals_ignoring_case(f.first, name); }));
}

bool parse_length(std::string_view value, std::uint64_t& length) {
    if (value.empty() || !all_in(value, kDigit)) return false;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), length);
    return error == std::errc() && end == value.data() + value.size();
}

// RFC 9112 section 6.3, without its ways to repair.
bool decide_framing(bool answers_head, bool is_http_1_0, const ResponseLimits& limits, ResponseHead& head) {
    const Headers& headers = head.response.headers;
    const auto transfer = headers.find("transfer-encoding");
    const auto length = headers.find("content-length");
    if (count(headers, "transfer-encoding") + count(headers, "content-length") > 1) return false;
    if (transfer && (is_http_1_0 || !equals_ignoring_case(*transfer, "chunked"))) return false;
    if (length && !parse_length(*length, head.content_length)) return false;
    const int status = head.response.status;
    if (answers_head || status < 200 || !status_has_body(status)) return true;
    if (transfer) {
        head.framing = ResponseFraming::chunked;
    } else if (!length) {
        head.framing = ResponseFraming::until_close;
    } else if (head.content_length > 0) {
        head.framing = ResponseFraming::length;
    }
    return head.content_length <= limits.body_bytes;
}

}  // namespace

std::optional<ResponseHead> parse_response_head(std::string_view text, bool answers_head,
                                                const ResponseLimits& limits) {
    ResponseHead head;
    bool is_http_1_0 = false;
    if (text.size() > limits.head_bytes) return std::nullopt;
    if (!parse_lines(text, limits, head.response, is_http_1_0)) return std::nullopt;
    if (!decide_framing(answers_head, is_http_1_0, limits, head)) return std::nullopt;
    head.keeps_alive = !is_http_1_0 && head.framing != ResponseFraming::until_close &&
                       !has_option(head.response.headers, "connection", "close");
    return head;
}

}  // namespace returngate::http
