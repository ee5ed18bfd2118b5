// Every table that a batch writes, column by column, and the functions that put a row in.
#pragma once

#include "adapters/postgres/table.hpp"
#include "adapters/store/store.hpp"

namespace returngate::postgres {

extern const Table kOrderTable;
extern const Table kCreditLineTable;
extern const Table kTrustTable;
extern const Table kContactTable;
extern const Table kDoorContactTable;
extern const Table kCaseTable;
extern const Table kApplicationTable;
extern const Table kEvidenceTable;
extern const Table kReplacedPickupTable;
extern const Table kBookingTable;
extern const Table kMovedBookingTable;
extern const Table kAdvanceTable;
extern const Table kRefundTable;
extern const Table kRulingTable;
extern const Table kStandingTable;
extern const Table kTransferTable;
extern const Table kRecoveryTable;
extern const Table kRepaymentTable;
extern const Table kEntryTable;
extern const Table kInboxTable;
extern const Table kIdempotencyTable;
extern const Table kJobTable;
extern const Table kJobDoneTable;

// The key of a table whose rows have versions: a new row that breaks it has been made by somebody else.
// An advance's is not among them: a second one is never tried again as if nothing were the matter.
[[nodiscard]] bool is_versioned_key(std::string_view constraint);

// One row set per table that has rows, in the order in which they are to be written. Where all rows of a
// table have their address, they are updated there.
[[nodiscard]] std::vector<RowSet> rows_of(const store::Changes& changes, const RowAddresses& addresses = {});

}  // namespace returngate::postgres
