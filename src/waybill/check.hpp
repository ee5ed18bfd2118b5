// A waybill number in, a verdict with every reason out. Format only: it never proves a shipment.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace returngate::waybill {

enum class Verdict { ok, ambiguous, suspect, mismatch, malformed };
enum class CheckDigit { pass, fail, none };

struct Candidate {
    std::string_view courier;  // code of decision 31
    std::string_view format;   // name of the rule in the table, e.g. "sf15"
    int tier = 5;              // 1 strongest … 5 length only
    CheckDigit check = CheckDigit::none;
};

struct Report {
    std::string canonical;  // empty when refused by normalisation
    std::string suffix;     // parcel suffix split off (JD "-1-1-")
    Verdict verdict = Verdict::malformed;
    CheckDigit check = CheckDigit::none;  // of the best candidate (of the declared courier when given)
    std::vector<Candidate> candidates;    // best tier first
    std::vector<std::string_view> reasons;
};

// `declared` is the carrying courier's code when somebody named one.
[[nodiscard]] Report check(std::string_view raw, std::optional<std::string_view> declared);

[[nodiscard]] std::string_view to_string(Verdict verdict);
[[nodiscard]] std::string_view to_string(CheckDigit check);

}  // namespace returngate::waybill
