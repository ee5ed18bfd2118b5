// HTTP as values: what a handler sees and answers, and what the outbound client sends and gets.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace returngate::http {

// Names are kept as sent; look-up ignores case. The strict guard has refused repeated singletons.
struct Headers {
    std::vector<std::pair<std::string, std::string>> fields;

    [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const;
    void set(std::string name, std::string value);
};

struct Request {
    std::string method;  // upper case
    std::string target;  // origin form: path and query exactly as sent
    Headers headers;
    std::string body;

    [[nodiscard]] std::string_view path() const;   // before '?', not decoded
    [[nodiscard]] std::string_view query() const;  // after '?', not decoded
};

class BodySource;

struct Response {
    int status = 200;
    Headers headers;
    std::string body;
    // What we answer: comes after the head in place of `body`, as it is made (body_source.hpp).
    std::shared_ptr<BodySource> source{};
};

}  // namespace returngate::http
