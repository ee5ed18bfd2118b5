// How much may be advanced to a buyer: reserved at application, opened by the advance, freed once.
#pragma once

#include "src/base/ids.hpp"
#include "src/base/money.hpp"
#include "src/base/result.hpp"

namespace returngate {

struct CreditLine {
    BuyerId buyer;
    int stars = 0;      // 1…5; 0: the platform has not told us (no advance, no automatic approval)
    Fen line_fen = 0;   // what the buyer is shown
    Fen bound_fen = 0;  // what the database enforces; above the line only while a lowered line drains
    Fen held_fen = 0;   // promised at application, not yet advanced
    Fen open_fen = 0;   // advanced and not recovered
    std::int64_t version = 0;

    [[nodiscard]] Fen left_fen() const;  // never negative
    bool operator==(const CreditLine&) const = default;
};

// Fails with `rejected` when less than the amount is left: two applications are never promised the
// same money (A2, A3, decision 6).
[[nodiscard]] Result<CreditLine> reserve(CreditLine line, Fen amount_fen);
[[nodiscard]] CreditLine release_reserved(CreditLine line, Fen amount_fen);
// Reserved → open, at the commit of the advance.
[[nodiscard]] CreditLine open_reserved(CreditLine line, Fen amount_fen);
// The advance was recovered, clawed back, written off or reversed.
[[nodiscard]] CreditLine close_open(CreditLine line, Fen amount_fen);
// A lowered line takes nothing back: the bound stays at what is in use until it drains.
[[nodiscard]] CreditLine with_line(CreditLine line, int stars, Fen line_fen);

}  // namespace returngate
