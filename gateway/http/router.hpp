// From method and path to a row of the route table.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace returngate::api {

struct RoutePattern {
    std::string_view method;
    std::string_view path;  // "/v1/returns/{id}/pickup": a segment in braces takes any one segment
};

struct RouteMatch {
    std::optional<std::size_t> index;     // of the pattern; absent: none fits
    std::vector<std::string> parameters;  // decoded, in the order of the path
    std::string allow;                    // methods that the path has, when only the method is wrong
};

class Router {
public:
    // The patterns are to outlive the router.
    explicit Router(const std::vector<RoutePattern>& patterns);
    [[nodiscard]] RouteMatch match(std::string_view method, std::string_view path) const;

private:
    struct Entry {
        RoutePattern pattern;
        std::vector<std::string_view> segments;
    };
    std::vector<Entry> entries_;
};

}  // namespace returngate::api
