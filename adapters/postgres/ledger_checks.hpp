// The invariants of money as SQL, over one snapshot: what ledger verify, the tests and the canary read.
#pragma once

#include <cstdint>
#include <pqxx/connection>
#include <string>
#include <string_view>
#include <vector>

namespace returngate::postgres {

struct CheckResult {
    std::string_view name;
    std::string_view promise;   // one sentence: what must hold
    std::int64_t examined = 0;  // rows looked at
    std::int64_t violations = 0;
    std::string first;  // the first offender's id, empty when none
};

// Read-only, REPEATABLE READ. Throws pqxx errors.
[[nodiscard]] std::vector<CheckResult> check_ledger(pqxx::connection& connection);

}  // namespace returngate::postgres
