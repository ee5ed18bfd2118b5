// Writing heads; every name and value is checked here, since a caller's text may be in any of them.
#include "adapters/http/wire.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "adapters/http/chars.hpp"

namespace returngate::http {
namespace {

// RFC 9110 section 15, RFC 6585; what we or our peers' sandboxes answer.
constexpr std::array<std::pair<int, std::string_view>, 39> kReasons{{
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {203, "Non-Authoritative Information"},
    {204, "No Content"},
    {205, "Reset Content"},
    {206, "Partial Content"},
    {300, "Multiple Choices"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {417, "Expectation Failed"},
    {421, "Misdirected Request"},
    {422, "Unprocessable Content"},
    {428, "Precondition Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {505, "HTTP Version Not Supported"},
}};

constexpr std::array<std::string_view, 4> kFramingFields{"content-length", "transfer-encoding", "connection",
                                                         "host"};

bool is_framing_field(std::string_view name) {
    return std::any_of(kFramingFields.begin(), kFramingFields.end(),
                       [&](std::string_view known) { return equals_ignoring_case(known, name); });
}

bool is_control(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
}

void append_number(std::string& out, std::size_t number, int base = 10) {
    std::array<char, 20> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, base).ptr;
    out.append(digits.data(), end);
}

bool append_fields(std::string& out, const Headers& headers) {
    for (const auto& [name, value] : headers.fields) {
        if (!is_sendable_field(name, value)) return false;
        if (is_framing_field(name)) continue;
        out.append(name).append(": ").append(value).append("\r\n");
    }
    return true;
}

void append_length(std::string& out, std::size_t length) {
    out.append("Content-Length: ");
    append_number(out, length);
    out.append("\r\n");
}

bool is_sendable_target(std::string_view target) {
    return target.starts_with('/') && std::all_of(target.begin(), target.end(), [](char c) {
               return is_in(c, kText) && c != ' ' && c != '#';
           });
}

bool takes_length(const Request& request) {
    return !request.body.empty() || request.method == "POST" || request.method == "PUT" ||
           request.method == "PATCH";
}

}  // namespace

std::string_view reason_phrase(int status) {
    const auto found =
        std::find_if(kReasons.begin(), kReasons.end(), [&](const auto& r) { return r.first == status; });
    return found == kReasons.end() ? std::string_view("Status") : found->second;
}

bool is_sendable_field(std::string_view name, std::string_view value) {
    return !name.empty() && all_in(name, kToken) && std::none_of(value.begin(), value.end(), is_control);
}

bool append_response_head(std::string& out, const Response& response, bool closes) {
    if (response.status < 200 || response.status > 599) return false;
    const std::size_t start = out.size();
    out.append("HTTP/1.1 ");
    append_number(out, static_cast<std::size_t>(response.status));
    out.append(" ").append(reason_phrase(response.status)).append("\r\n");
    if (!append_fields(out, response.headers)) {
        out.resize(start);
        return false;
    }
    if (status_has_body(response.status)) {
        if (response.source)
            out.append("Transfer-Encoding: chunked\r\n");
        else
            append_length(out, response.body.size());
    }
    out.append(closes ? "Connection: close\r\n\r\n" : "\r\n");
    return true;
}

void append_chunk(std::string& out, std::string_view piece) {
    append_number(out, piece.size(), 16);
    out.append("\r\n").append(piece).append("\r\n");
}

bool has_option(const Headers& headers, std::string_view name, std::string_view option) {
    for (const auto& [field_name, value] : headers.fields) {
        if (!equals_ignoring_case(field_name, name)) continue;
        std::string_view rest = value;
        while (!rest.empty()) {
            const auto comma = rest.find(',');
            if (equals_ignoring_case(trim_spaces(rest.substr(0, comma)), option)) return true;
            rest.remove_prefix(comma == rest.npos ? rest.size() : comma + 1);
        }
    }
    return false;
}

bool append_request_head(std::string& out, const Request& request, std::string_view host) {
    const bool line_is_fine = !request.method.empty() && all_in(request.method, kToken) &&
                              is_sendable_target(request.target) && is_sendable_field("Host", host);
    if (!line_is_fine) return false;
    out.append(request.method).append(" ").append(request.target).append(" HTTP/1.1\r\nHost: ").append(host);
    out.append("\r\n");
    if (!append_fields(out, request.headers)) return false;
    if (takes_length(request)) append_length(out, request.body.size());
    out.append("\r\n");
    return true;
}

}  // namespace returngate::http
