// What the parties answer about one return: the same reading, the same answer.
#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include "gateway/api/fields.hpp"
#include "gateway/api/handlers.hpp"
#include "gateway/api/submit.hpp"

namespace returngate::api {

// {"outcome", "reason", "evidence"}; `outcome` is one of the words, or left out where there are none.
struct CaseAnswer {
    std::string outcome;
    std::string reason;
    std::vector<Evidence> evidence;
};
// "evidence": references, or objects {"reference", "sha256", "taken_at"}.
[[nodiscard]] std::vector<Evidence> read_evidence(Fields& fields);
// Where there has to be some.
[[nodiscard]] std::vector<Evidence> read_required_evidence(Fields& fields, const json::Value& body);
inline constexpr std::size_t kReasonBytes = 1000;
[[nodiscard]] CaseAnswer read_case_answer(Fields& fields, std::initializer_list<std::string_view> outcomes);

// Carries the command out and shows how the return stands: id, status, receipt, and what waits.
[[nodiscard]] Answering answer_case(Services& services, Call& call, Command command);

}  // namespace returngate::api
