// What the fuzzer changes: a recorded answer or push as text, with form fields decoded, nested JSON unescaped
// and sealed texts open, so that one changed byte is one changed byte of what a decoder reads.
//   book 200                       cancel, find, track, price alike: the status, then the body
//   push form 2026-01-10T07:20:00Z received then; `json`: an object of texts; `raw`: the body as it is
//   POST /path?query
//   Name: value                    headers, then an empty line
//   name=value<RS>name=value       the fields; RS is the control character 0x1e
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "adapters/courier/courier.hpp"

namespace returngate::fuzz {

struct Answer {
    courier::Operation operation = courier::Operation::book;
    http::Response response;
};
using Input = std::variant<Answer, courier::Push>;

// nullopt: not of this form, so no decoder's business.
[[nodiscard]] std::optional<Input> read_input(std::string_view text, const courier::Account& account);

[[nodiscard]] std::string write_answer(courier::Operation operation, const http::Response& response);
[[nodiscard]] std::string write_push(const courier::Push& push, const courier::Account& account);

}  // namespace returngate::fuzz
