// A few dozen patterns: compared one by one, segment by segment.
#include "gateway/http/router.hpp"

#include "adapters/http/form.hpp"

namespace returngate::api {
namespace {

std::vector<std::string_view> split(std::string_view path) {
    std::vector<std::string_view> segments;
    if (path.starts_with('/')) path.remove_prefix(1);
    while (true) {
        const auto slash = path.find('/');
        segments.push_back(path.substr(0, slash));
        if (slash == path.npos) return segments;
        path.remove_prefix(slash + 1);
    }
}

bool is_parameter(std::string_view segment) {
    return segment.starts_with('{');
}

bool fits(const std::vector<std::string_view>& pattern, const std::vector<std::string_view>& path) {
    if (pattern.size() != path.size()) return false;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (is_parameter(pattern[i]) ? path[i].empty() : pattern[i] != path[i]) return false;
    }
    return true;
}

}  // namespace

Router::Router(const std::vector<RoutePattern>& patterns) {
    for (const auto& pattern : patterns) entries_.push_back({pattern, split(pattern.path)});
}

RouteMatch Router::match(std::string_view method, std::string_view path) const {
    const auto segments = split(path);
    RouteMatch match;
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        const Entry& entry = entries_[i];
        if (!fits(entry.segments, segments)) continue;
        if (entry.pattern.method != method) {
            match.allow.append(match.allow.empty() ? "" : ", ").append(entry.pattern.method);
            continue;
        }
        for (std::size_t part = 0; part < segments.size(); ++part) {
            if (!is_parameter(entry.segments[part])) continue;
            auto value = http::percent_decode(segments[part]);
            if (!value) return RouteMatch{};
            match.parameters.push_back(*std::move(value));
        }
        match.index = i;
        return match;
    }
    return match;
}

}  // namespace returngate::api
