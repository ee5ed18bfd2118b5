// `frozen` is a sorted list, so that it does not tell in which order the reports came.
#include "src/returns/freeze.hpp"

#include <set>

namespace returngate {
namespace {

constexpr std::string_view kBetween = ", ";

std::set<std::string> reasons_of(std::string_view frozen) {
    std::set<std::string> reasons;
    while (!frozen.empty()) {
        const auto end = std::min(frozen.find(kBetween), frozen.size());
        reasons.emplace(frozen.substr(0, end));
        frozen.remove_prefix(std::min(end + kBetween.size(), frozen.size()));
    }
    return reasons;
}

std::string joined(const std::set<std::string>& reasons) {
    std::string text;
    for (const auto& reason : reasons) {
        if (!text.empty()) text += kBetween;
        text += reason;
    }
    return text;
}

}  // namespace

void freeze(Draft& draft, std::string_view reason) {
    auto reasons = reasons_of(draft.case_().frozen);
    if (!reasons.emplace(reason).second) return;
    draft.case_().frozen = joined(reasons);
    draft.note("return.frozen", {{"reason", std::string(reason)}});
}

bool is_frozen_for(const ReturnCase& return_case, std::string_view reason) {
    return reasons_of(return_case.frozen).contains(std::string(reason));
}

void thaw(Draft& draft, std::string_view reason) {
    auto reasons = reasons_of(draft.case_().frozen);
    if (reasons.erase(std::string(reason)) == 0) return;
    draft.case_().frozen = joined(reasons);
    draft.note("return.thawed", {{"reason", std::string(reason)}});
}

}  // namespace returngate
