// The one table from error to status.
#include "gateway/http/problem.hpp"

#include <array>

#include "adapters/json/writer.hpp"

namespace returngate::api {
namespace {

struct Row {
    ErrorKind kind;
    std::string_view code;  // "": every other code of the kind
    int status;
    std::string_view title;
    bool retryable;  // the same request, unchanged, may succeed later
};

// The first row that fits; a kind's rows end with the one for every code.
constexpr std::array kRows{
    Row{ErrorKind::invalid, "json_syntax", 400, "The body is not JSON", false},
    Row{ErrorKind::invalid, "json_duplicate_key", 400, "The body is not JSON", false},
    Row{ErrorKind::invalid, "json_depth", 400, "The body is not JSON", false},
    Row{ErrorKind::invalid, "json_number", 400, "The body is not JSON", false},
    Row{ErrorKind::invalid, "json_size", 413, "The body is too large", false},
    Row{ErrorKind::invalid, "idempotency_key_missing", 400, "Idempotency-Key is missing", false},
    Row{ErrorKind::invalid, "idempotency_key_malformed", 400, "Idempotency-Key is malformed", false},
    Row{ErrorKind::invalid, "query_malformed", 400, "The query is malformed", false},
    Row{ErrorKind::invalid, "unsupported_media_type", 415, "Unsupported media type", false},
    Row{ErrorKind::invalid, "method_not_allowed", 405, "Method not allowed", false},
    Row{ErrorKind::invalid, "", 422, "The request cannot be processed", false},
    Row{ErrorKind::rejected, "", 422, "Rejected", false},
    Row{ErrorKind::unauthorized, "forbidden", 403, "Forbidden", false},
    Row{ErrorKind::unauthorized, "second_person_required", 403, "Another person is needed", false},
    Row{ErrorKind::unauthorized, "", 401, "Unauthorized", false},
    Row{ErrorKind::not_found, "", 404, "Not found", false},
    Row{ErrorKind::conflict, "idempotency_key_reused", 422, "Idempotency-Key was used for another request",
        false},
    Row{ErrorKind::conflict, "", 409, "Conflict", false},
    Row{ErrorKind::unsupported, "", 501, "Not offered", false},
    Row{ErrorKind::throttled, "", 429, "Too many requests", true},
    Row{ErrorKind::unavailable, "", 503, "Temporarily unavailable", true},
    Row{ErrorKind::in_doubt, "internal_error", 500, "Internal error", true},
    Row{ErrorKind::in_doubt, "", 503, "The outcome is not known yet", true},
    Row{ErrorKind::malformed, "", 502, "Unreadable answer from another system", true},
};

const Row& row_of(const Error& error) {
    for (const auto& row : kRows) {
        if (row.kind == error.kind && (row.code.empty() || row.code == error.code)) return row;
    }
    return kRows.back();
}

struct Problem {
    int status = 500;
    std::string_view title;
    std::string_view code;
    std::string_view detail;
    bool retryable = false;
    const std::vector<FieldError>* fields = nullptr;
    std::string_view request_id;
};

std::string body_of(const Problem& problem) {
    json::Writer w;
    w.begin_object()
        .member("type", "urn:returngate:problem:" + std::string(problem.code))
        .member("title", problem.title)
        .member("status", problem.status)
        .member("detail", problem.detail)
        .member("code", problem.code);
    if (problem.fields != nullptr && !problem.fields->empty()) {
        w.key("errors").begin_array();
        for (const auto& field : *problem.fields) {
            w.begin_object()
                .member("pointer", field.pointer)
                .member("code", field.code)
                .member("detail", field.message)
                .end_object();
        }
        w.end_array();
    }
    w.member("retryable", problem.retryable).member("request_id", problem.request_id).end_object();
    return w.take();
}

http::Response response_of(const Problem& problem) {
    http::Response response;
    response.status = problem.status;
    response.headers.set("Content-Type", "application/problem+json");
    response.headers.set("Cache-Control", "no-store");
    if (problem.status == 401) response.headers.set("WWW-Authenticate", "Bearer");
    if (problem.retryable) response.headers.set("Retry-After", "1");
    response.body = body_of(problem);
    return response;
}

// Titles of what the server refuses by itself, before a route is known.
std::string_view server_title(int status) {
    switch (status) {
        case 400: return "Bad request";
        case 408: return "The request came too slowly";
        case 413: return "The body is too large";
        case 414: return "The target is too long";
        case 421: return "Misdirected request";
        case 431: return "The header is too large";
        case 501: return "Not offered";
        case 503: return "Temporarily unavailable";
        case 505: return "HTTP version not supported";
        default: return status < 500 ? "Refused" : "Internal error";
    }
}

}  // namespace

tl::unexpected<Refusal> refuse_fields(std::vector<FieldError> fields) {
    Error error{ErrorKind::invalid, "invalid_fields", "The members named in `errors` are at fault."};
    return tl::unexpected<Refusal>(Refusal(std::move(error), std::move(fields)));
}

int status_of(const Error& error) {
    return row_of(error).status;
}

http::Response problem(const Refusal& refusal, std::string_view request_id) {
    const Row& row = row_of(refusal.error);
    return response_of({.status = row.status,
                        .title = row.title,
                        .code = refusal.error.code,
                        .detail = refusal.error.message,
                        .retryable = row.retryable,
                        .fields = &refusal.fields,
                        .request_id = request_id});
}

http::Response server_problem(int status, std::string_view code, std::string_view detail,
                              const std::string& request_id) {
    return response_of({.status = status,
                        .title = server_title(status),
                        .code = code,
                        .detail = detail,
                        .retryable = status == 503 || status == 408,
                        .request_id = request_id});
}

http::Response json_answer(int status, std::string body) {
    http::Response response;
    response.status = status;
    response.headers.set("Content-Type", "application/json");
    response.headers.set("Cache-Control", "no-store");
    response.body = std::move(body);
    return response;
}

}  // namespace returngate::api
