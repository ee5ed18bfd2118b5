// A reconciliation run: the books of one snapshot, the pure match, the stored outcome.
#pragma once

#include <pqxx/connection>
#include <string>
#include <vector>

#include "src/reconcile/reconcile.hpp"

namespace returngate::postgres {

struct ReconciliationRun {
    std::string run_id;  // "run_" + 32 hex digits
    Instant started_at{};
    reconcile::Outcome outcome;
};

// Reads one REPEATABLE READ snapshot, matches, and stores run and breaks in the same transaction.
// Throws pqxx errors; sums that leave 64 bits are an error value.
[[nodiscard]] Result<ReconciliationRun> run_reconciliation(pqxx::connection& connection, Instant now,
                                                           const reconcile::Ages& ages,
                                                           std::array<std::uint8_t, 16> run_id);

// {"advances":n,"deliveries":n,"receipts":n,"recoveries":n,"matched":n,"open":n,"settled_otherwise":n,"broken":n}
[[nodiscard]] std::string counts_json(const reconcile::Outcome& outcome);

}  // namespace returngate::postgres
