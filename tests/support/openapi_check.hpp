// Holds requests and answers against the OpenAPI document: a subset of JSON Schema, strict about the rest.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "adapters/json/reader.hpp"

namespace returngate::testing {

// One exchange as it went over the wire.
struct Exchange {
    std::string method;
    std::string target;        // path and query
    std::string request_type;  // Content-Type; "" without a body
    std::string request_body;
    int status = 0;
    std::string response_type;
    std::string response_body;
};

class OpenApiCheck {
public:
    // Throws std::invalid_argument when the document is no JSON, or its schemas have a keyword that the
    // check does not know.
    explicit OpenApiCheck(std::string_view document);

    // "METHOD /path/{parameter}", in the document's order.
    [[nodiscard]] std::vector<std::string> operations() const;
    // One line per fault: what the document does not allow. Requests are checked when they were accepted
    // (2xx): a refused one may break the rules, that is what tests send it for.
    [[nodiscard]] std::vector<std::string> faults(const Exchange& exchange) const;
    // Of a value against a schema of the document; `where` begins the lines.
    [[nodiscard]] std::vector<std::string> faults(const json::Value& value, const json::Value& schema,
                                                  const std::string& where) const;

private:
    [[nodiscard]] const json::Value& resolved(const json::Value& schema) const;
    [[nodiscard]] const json::Value* operation(const Exchange& exchange) const;
    void check_query(const Exchange& exchange, const json::Value& operation,
                     std::vector<std::string>& into) const;
    void check_content(std::string_view type, const std::string& body, const json::Value& content,
                       const std::string& where, std::vector<std::string>& into) const;
    void check_value(const json::Value& value, const json::Value& schema, const std::string& where,
                     std::vector<std::string>& into) const;
    void check_object(const json::Value& value, const json::Value& schema, const std::string& where,
                      std::vector<std::string>& into) const;

    json::Value document_;
};

}  // namespace returngate::testing
