// Absolute URLs of configured peers. No user info, no fragment.
#include <algorithm>

#include "adapters/http/chars.hpp"
#include "adapters/http/client.hpp"

namespace returngate::http {
namespace {

tl::unexpected<Error> bad_url(const char* why) {
    return fail(ErrorKind::invalid, "bad_url", why);
}

bool is_port(std::string_view text) {
    return !text.empty() && text.size() <= 5 && all_in(text, kDigit) &&
           std::stoi(std::string(text)) <= 65535 && text.front() != '0';
}

// "[::1]" loses its brackets: they belong to the URL, not to the address.
bool split_authority(std::string_view text, Origin& origin) {
    const auto close = text.starts_with('[') ? text.find(']') : 0;
    if (close == text.npos) return false;
    const auto colon = text.find(':', close);
    if (colon != text.npos) {
        if (!is_port(text.substr(colon + 1))) return false;
        origin.port = text.substr(colon + 1);
    }
    const std::string_view host = text.substr(0, colon);
    if (!host.starts_with('[')) {
        origin.host = host;
        return !host.empty() && all_in(host, kRegName);
    }
    if (host.size() != close + 1 || close < 3) return false;
    origin.host = host.substr(1, close - 1);
    return std::all_of(origin.host.begin(), origin.host.end(),
                       [](char c) { return is_in(c, kHexDigit) || c == ':' || c == '.'; });
}

}  // namespace

Result<Url> parse_url(std::string_view text) {
    const auto mark = text.find("://");
    if (mark == text.npos) return bad_url("The URL does not start with http:// or https://.");
    Url url;
    for (const char c : text.substr(0, mark)) url.origin.scheme.push_back(lower(c));
    const bool is_secure = url.origin.scheme == "https";
    if (!is_secure && url.origin.scheme != "http")
        return bad_url("The URL does not start with http:// or https://.");
    text.remove_prefix(mark + 3);
    const auto end = std::min(text.find_first_of("/?#"), text.size());
    url.origin.port = is_secure ? "443" : "80";
    if (!split_authority(text.substr(0, end), url.origin))
        return bad_url("The URL's host or port is malformed.");
    std::transform(url.origin.host.begin(), url.origin.host.end(), url.origin.host.begin(), lower);
    const std::string_view rest = text.substr(end);
    if (rest.find('#') != rest.npos) return bad_url("The URL holds a fragment.");
    const bool is_clean =
        std::all_of(rest.begin(), rest.end(), [](char c) { return is_in(c, kText) && c != ' '; });
    if (!is_clean) return bad_url("The URL holds a character that must be encoded.");
    url.target = rest.starts_with('/') ? std::string(rest) : "/" + std::string(rest);
    return url;
}

std::string host_field(const Origin& origin) {
    std::string host = origin.host.find(':') == std::string::npos ? origin.host : "[" + origin.host + "]";
    const bool is_default = origin.port == (origin.scheme == "https" ? "443" : "80");
    return is_default ? host : host + ":" + origin.port;
}

}  // namespace returngate::http
