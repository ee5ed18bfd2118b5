// The guard's rules for the request line, the fields and the framing. Where RFC 9112 lets a server
// choose between repairing and refusing, it refuses: two readers must never see two requests.
#include "adapters/http/guard.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "adapters/http/chars.hpp"

namespace returngate::http {
namespace {

using Check = const Refusal*;  // null: passed

constexpr Refusal kBadByte{400, "bad_byte", "The request head holds a byte that is not printable ASCII."};
constexpr Refusal kBadLineEnd{400, "bad_line_end", "Lines of the request head must end with CR LF."};
constexpr Refusal kHeadTooLarge{431, "head_too_large", "The request head is too large."};
constexpr Refusal kTargetTooLong{414, "target_too_long", "The request target is too long."};
constexpr Refusal kBadRequestLine{400, "bad_request_line", "The request line is malformed."};
constexpr Refusal kBadVersion{505, "version_not_supported", "Only HTTP/1.1 and HTTP/1.0 are served."};
constexpr Refusal kUnknownMethod{501, "method_not_implemented", "The method is not implemented."};
constexpr Refusal kMethodNotAllowed{405, "method_not_allowed", "The method is not allowed."};
constexpr Refusal kFolded{400, "folded_field", "Folded header fields are not accepted."};
constexpr Refusal kBadField{400, "bad_field", "A header field is malformed."};
constexpr Refusal kUnderscore{400, "underscore_in_field_name",
                              "Header field names may not hold an underscore."};
constexpr Refusal kTooManyFields{431, "too_many_fields", "The request has too many header fields."};
constexpr Refusal kFieldTooLarge{431, "field_too_large", "A header field is too large."};
constexpr Refusal kRepeatedField{400, "repeated_field", "A header field that may stand once is repeated."};
constexpr Refusal kNoHost{400, "host_missing", "The Host field is missing."};
constexpr Refusal kBadHost{400, "bad_host", "The Host field is malformed."};
constexpr Refusal kWrongHost{421, "misdirected_request", "This host is not served here."};
constexpr Refusal kTwoFramings{400, "two_framings",
                               "Content-Length and Transfer-Encoding exclude each other."};
constexpr Refusal kTransferIn10{400, "transfer_encoding_in_1_0", "HTTP/1.0 knows no Transfer-Encoding."};
constexpr Refusal kBadTransfer{400, "bad_transfer_encoding", "The Transfer-Encoding field is malformed."};
constexpr Refusal kUnknownTransfer{501, "transfer_encoding_not_implemented", "Only chunked is implemented."};
constexpr Refusal kBadLength{400, "bad_content_length", "The Content-Length field is malformed."};
constexpr Refusal kBodyTooLarge{413, "body_too_large", "The request body is too large."};
constexpr Refusal kUnexpectedBody{400, "unexpected_body", "This method takes no request body."};
constexpr Refusal kLengthRequired{411, "length_required", "The request needs a Content-Length."};
constexpr Refusal kBadConnection{400, "bad_connection", "The Connection field is malformed."};
constexpr Refusal kBadExpectation{417, "expectation_failed", "Only 100-continue can be expected."};

enum class Serves { yes, with_body, not_allowed };
struct Method {
    std::string_view name;
    Serves serves;
};
constexpr std::array<Method, 9> kMethods{{
    {"GET", Serves::yes},
    {"POST", Serves::with_body},
    {"PUT", Serves::with_body},
    {"PATCH", Serves::with_body},
    {"DELETE", Serves::yes},
    {"HEAD", Serves::yes},
    {"OPTIONS", Serves::yes},
    {"CONNECT", Serves::not_allowed},
    {"TRACE", Serves::not_allowed},
}};

// Fields that are lists by their definition and decide nothing here. Every other name may stand
// once: which ones carry signatures, timestamps and keys differs between couriers.
constexpr std::array<std::string_view, 14> kRepeatable{
    "accept",     "accept-charset", "accept-encoding", "accept-language", "baggage",    "cache-control",
    "connection", "cookie",         "forwarded",       "pragma",          "tracestate", "upgrade",
    "via",        "x-forwarded-for"};

struct RequestLine {
    std::string_view method;
    std::string_view target;
    std::string_view version;
};

// Exactly two single spaces; everything else about the three parts is judged later.
std::optional<RequestLine> split_request_line(std::string_view line) {
    const auto first = line.find(' ');
    const auto last = line.rfind(' ');
    if (first == line.npos || first == last || first == 0) return std::nullopt;
    const std::string_view target = line.substr(first + 1, last - first - 1);
    if (target.empty() || target.find(' ') != target.npos) return std::nullopt;
    return RequestLine{line.substr(0, first), target, line.substr(last + 1)};
}

Check check_version(std::string_view version, bool& is_http_1_0) {
    is_http_1_0 = version == "HTTP/1.0";
    if (version == "HTTP/1.1" || is_http_1_0) return nullptr;
    const bool is_well_formed = version.size() == 8 && version.starts_with("HTTP/") &&
                                is_in(version[5], kDigit) && version[6] == '.' && is_in(version[7], kDigit);
    return is_well_formed ? &kBadVersion : &kBadRequestLine;
}

const Method* find_method(std::string_view name) {
    const auto found =
        std::find_if(kMethods.begin(), kMethods.end(), [&](const Method& m) { return m.name == name; });
    return found == kMethods.end() ? nullptr : &*found;
}

Check check_method(std::string_view name, const Method*& method) {
    if (!all_in(name, kToken)) return &kBadRequestLine;
    method = find_method(name);
    if (!method) return &kUnknownMethod;
    return method->serves == Serves::not_allowed ? &kMethodNotAllowed : nullptr;
}

Check inspect_request_line(std::string_view text, const GuardLimits& limits, ParsedHead& head,
                           const Method*& method) {
    if (!all_in(text, kText)) return &kBadByte;
    const auto line = split_request_line(text);
    if (!line) return &kBadRequestLine;
    if (Check refusal = check_version(line->version, head.is_http_1_0)) return refusal;
    if (Check refusal = check_method(line->method, method)) return refusal;
    if (Check refusal = detail::check_target(line->target, limits)) return refusal;
    head.request.method = line->method;
    head.request.target = line->target;
    return nullptr;
}

Check inspect_field(std::string_view line, const GuardLimits& limits, Headers& headers) {
    if (headers.fields.size() == limits.fields) return &kTooManyFields;
    if (line.size() > limits.field_bytes) return &kFieldTooLarge;
    if (line.front() == ' ' || line.front() == '\t') return &kFolded;
    const auto colon = line.find(':');
    if (colon == line.npos || colon == 0) return &kBadField;
    const std::string_view name = line.substr(0, colon);
    if (!all_in(name, kToken)) return &kBadField;
    if (name.find('_') != name.npos) return &kUnderscore;
    const std::string_view value = trim_spaces(line.substr(colon + 1));
    if (!all_in(value, kText)) return &kBadByte;
    headers.fields.emplace_back(name, value);
    return nullptr;
}

// Splits at CR LF; a CR or LF left inside a line is caught as a byte that is not text.
Check inspect_lines(std::string_view head, const GuardLimits& limits, ParsedHead& parsed,
                    const Method*& method) {
    const auto first_end = head.find("\r\n");
    if (first_end == head.npos) return &kBadLineEnd;
    if (Check refusal = inspect_request_line(head.substr(0, first_end), limits, parsed, method))
        return refusal;
    head.remove_prefix(first_end + 2);
    parsed.request.headers.fields.reserve(12);
    while (true) {
        const auto end = head.find("\r\n");
        if (end == head.npos) return &kBadLineEnd;
        if (end == 0) return head.size() == 2 ? nullptr : &kBadLineEnd;
        if (Check refusal = inspect_field(head.substr(0, end), limits, parsed.request.headers))
            return refusal;
        head.remove_prefix(end + 2);
    }
}

bool is_repeatable(std::string_view name) {
    return std::any_of(kRepeatable.begin(), kRepeatable.end(),
                       [&](std::string_view known) { return equals_ignoring_case(known, name); });
}

Check check_repeats(const Headers& headers) {
    for (std::size_t i = 1; i < headers.fields.size(); ++i) {
        const std::string& name = headers.fields[i].first;
        for (std::size_t j = 0; j < i; ++j) {
            if (equals_ignoring_case(name, headers.fields[j].first) && !is_repeatable(name))
                return &kRepeatedField;
        }
    }
    return nullptr;
}

// "[::1]" or a name, each with an optional port.
bool split_host(std::string_view text, std::string_view& host, std::string_view& port) {
    if (text.starts_with('[')) {
        const auto close = text.find(']');
        if (close == text.npos || close < 3) return false;
        host = text.substr(0, close + 1);
        port = text.substr(close + 1);
        return std::all_of(host.begin() + 1, host.end() - 1,
                           [](char c) { return is_in(c, kHexDigit) || c == ':' || c == '.'; });
    }
    const auto colon = text.find(':');
    host = text.substr(0, colon);
    port = colon == text.npos ? std::string_view() : text.substr(colon);
    return !host.empty() && all_in(host, kRegName);
}

Check check_host(const Headers& headers, std::span<const std::string> served) {
    const auto value = headers.find("host");
    if (!value) return &kNoHost;
    std::string_view host;
    std::string_view port;
    if (!split_host(*value, host, port)) return &kBadHost;
    const bool port_is_fine = port.empty() || (port.front() == ':' && port.size() >= 2 && port.size() <= 6 &&
                                               all_in(port.substr(1), kDigit));
    if (!port_is_fine) return &kBadHost;
    if (served.empty()) return nullptr;
    const bool is_served = std::any_of(served.begin(), served.end(), [&](const std::string& name) {
        return equals_ignoring_case(name, host);
    });
    return is_served ? nullptr : &kWrongHost;
}

Check check_transfer_encoding(std::string_view value) {
    if (equals_ignoring_case(value, "chunked")) return nullptr;
    bool has_unknown = false;
    while (true) {
        const auto comma = value.find(',');
        const std::string_view coding = trim_spaces(value.substr(0, comma));
        if (coding.empty() || !all_in(coding, kToken)) return &kBadTransfer;
        has_unknown |= !equals_ignoring_case(coding, "chunked");
        if (comma == value.npos) break;
        value.remove_prefix(comma + 1);
    }
    return has_unknown ? &kUnknownTransfer : &kBadTransfer;
}

Check check_content_length(std::string_view value, std::size_t body_bytes, std::uint64_t& length) {
    if (value.empty() || !all_in(value, kDigit)) return &kBadLength;
    if (value.size() > 1 && value.front() == '0') return &kBadLength;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), length);
    if (error != std::errc() || end != value.data() + value.size()) return &kBadLength;
    return length > body_bytes ? &kBodyTooLarge : nullptr;
}

Check decide_framing(const Method& method, const GuardLimits& limits, ParsedHead& head) {
    const auto transfer = head.request.headers.find("transfer-encoding");
    const auto length = head.request.headers.find("content-length");
    if (transfer && length) return &kTwoFramings;
    if (transfer && head.is_http_1_0) return &kTransferIn10;
    if (transfer) {
        if (Check refusal = check_transfer_encoding(*transfer)) return refusal;
        head.framing = Framing::chunked;
    } else if (length) {
        if (Check refusal = check_content_length(*length, limits.body_bytes, head.content_length))
            return refusal;
        if (head.content_length > 0) head.framing = Framing::length;
    } else if (method.serves == Serves::with_body) {
        return &kLengthRequired;
    }
    // A body here is legal HTTP and ignored by many readers, which is how requests get out of step.
    const bool has_body = head.framing != Framing::none;
    return has_body && method.serves != Serves::with_body ? &kUnexpectedBody : nullptr;
}

Check check_connection(ParsedHead& head) {
    head.wants_close = head.is_http_1_0;
    for (const auto& [name, value] : head.request.headers.fields) {
        if (!equals_ignoring_case(name, "connection")) continue;
        std::string_view rest = value;
        while (!rest.empty()) {
            const auto comma = rest.find(',');
            const std::string_view option = trim_spaces(rest.substr(0, comma));
            if (!all_in(option, kToken)) return &kBadConnection;
            head.wants_close |= equals_ignoring_case(option, "close");
            rest.remove_prefix(comma == rest.npos ? rest.size() : comma + 1);
        }
    }
    return nullptr;
}

// RFC 9110 section 10.1.1: an expectation of an HTTP/1.0 sender is ignored.
Check check_expect(ParsedHead& head) {
    const auto expect = head.request.headers.find("expect");
    if (!expect || head.is_http_1_0) return nullptr;
    if (!equals_ignoring_case(*expect, "100-continue")) return &kBadExpectation;
    head.expects_continue = head.framing != Framing::none;
    return nullptr;
}

}  // namespace

tl::expected<std::size_t, Refusal> find_head_end(std::string_view bytes, std::size_t& seen,
                                                 const GuardLimits& limits) {
    for (std::size_t i = seen; i < bytes.size(); ++i) {
        const char c = bytes[i];
        const bool follows_cr = i > 0 && bytes[i - 1] == '\r';
        if (follows_cr != (c == '\n')) return tl::unexpected(kBadLineEnd);
        if (c == '\n') {
            if (i == 1) return tl::unexpected(kBadRequestLine);
            // Without a version in the first line no further line need come: HTTP/0.9.
            const bool ends_first_line = bytes.substr(0, i).find('\n') == bytes.npos;
            if (ends_first_line && !split_request_line(bytes.substr(0, i - 1))) {
                return tl::unexpected(kBadRequestLine);
            }
            if (i >= 3 && bytes[i - 2] == '\n') {
                if (i + 1 > limits.head_bytes) return tl::unexpected(kHeadTooLarge);
                return i + 1;
            }
        } else if (c != '\r' && !is_in(c, kText)) {
            return tl::unexpected(kBadByte);
        }
    }
    seen = bytes.size();
    if (bytes.size() < limits.head_bytes) return 0;
    return tl::unexpected(bytes.find('\n') == bytes.npos ? kTargetTooLong : kHeadTooLarge);
}

tl::expected<ParsedHead, Refusal> inspect(std::string_view head, const GuardLimits& limits) {
    ParsedHead parsed;
    const Method* method = nullptr;
    if (head.size() > limits.head_bytes) return tl::unexpected(kHeadTooLarge);
    if (Check refusal = inspect_lines(head, limits, parsed, method)) return tl::unexpected(*refusal);
    if (Check refusal = check_repeats(parsed.request.headers)) return tl::unexpected(*refusal);
    if (Check refusal = check_host(parsed.request.headers, limits.hosts)) return tl::unexpected(*refusal);
    if (Check refusal = decide_framing(*method, limits, parsed)) return tl::unexpected(*refusal);
    if (Check refusal = check_connection(parsed)) return tl::unexpected(*refusal);
    if (Check refusal = check_expect(parsed)) return tl::unexpected(*refusal);
    return parsed;
}

}  // namespace returngate::http
