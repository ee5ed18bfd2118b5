// Expected failures as values: what went wrong, and what the caller does next.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace returngate {

// The kind says what the caller does next; it never depends on who failed.
enum class ErrorKind {
    invalid,       // the input is wrong: tell the sender, do not retry
    rejected,      // the other side understood and said no
    unauthorized,  // not proven to be who they say
    not_found,     // unknown, or not the caller's
    conflict,      // true at another time: state or idempotency clash
    unsupported,   // this courier or provider does not offer it
    throttled,     // retry later, slower
    unavailable,   // never reached the other side: safe to retry
    in_doubt,      // sent, no answer: query before anything else
    malformed,     // answered, but unreadable: treat as in doubt
};

struct Error {
    ErrorKind kind = ErrorKind::invalid;
    std::string code;     // stable word for programs, snake_case
    std::string message;  // one sentence for people; never personal data, never a secret
    bool operator==(const Error&) const = default;
};

template <class T>
using Result = tl::expected<T, Error>;

[[nodiscard]] inline tl::unexpected<Error> fail(ErrorKind kind, std::string code, std::string message) {
    return tl::unexpected<Error>(Error{kind, std::move(code), std::move(message)});
}

}  // namespace returngate
