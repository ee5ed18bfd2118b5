// Errors on their way out: RFC 9457 problems, and the one table from what went wrong to an HTTP status.
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

#include "adapters/http/message.hpp"
#include "src/base/result.hpp"

namespace returngate::api {

// One member of a request that is at fault. `pointer` is an RFC 6901 JSON pointer into the body, or
// "?name" for a query parameter.
struct FieldError {
    std::string pointer;
    std::string code;
    std::string message;
    bool operator==(const FieldError&) const = default;
};

struct Refusal {
    Error error;
    std::vector<FieldError> fields;

    // An Error is a refusal without fields.
    Refusal(Error given) : error(std::move(given)) {}  // NOLINT(google-explicit-constructor)
    Refusal(Error given, std::vector<FieldError> at_fault)
        : error(std::move(given)), fields(std::move(at_fault)) {}
};

template <class T>
using Outcome = tl::expected<T, Refusal>;

[[nodiscard]] inline tl::unexpected<Refusal> refuse(ErrorKind kind, std::string code, std::string message) {
    return tl::unexpected<Refusal>(Refusal(Error{kind, std::move(code), std::move(message)}));
}
[[nodiscard]] inline tl::unexpected<Refusal> refuse(Error error) {
    return tl::unexpected<Refusal>(Refusal(std::move(error)));
}
// 422 naming every field.
[[nodiscard]] tl::unexpected<Refusal> refuse_fields(std::vector<FieldError> fields);

[[nodiscard]] int status_of(const Error& error);

// {"type","title","status","detail","code","errors"?,"retryable","request_id"}
[[nodiscard]] http::Response problem(const Refusal& refusal, std::string_view request_id);
// For what the server itself refuses, where only a status is known (http::ErrorBody).
[[nodiscard]] http::Response server_problem(int status, std::string_view code, std::string_view detail,
                                            const std::string& request_id);

[[nodiscard]] http::Response json_answer(int status, std::string body);

}  // namespace returngate::api
