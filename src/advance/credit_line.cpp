// The arithmetic of a credit line. Each function keeps 0 ≤ held, 0 ≤ open, held + open ≤ bound.
#include "src/advance/credit_line.hpp"

#include <algorithm>
#include <cassert>

namespace returngate {
namespace {

CreditLine drained(CreditLine line) {
    line.bound_fen = std::max(line.line_fen, line.held_fen + line.open_fen);
    return line;
}

}  // namespace

Fen CreditLine::left_fen() const {
    return std::max<Fen>(0, line_fen - held_fen - open_fen);
}

Result<CreditLine> reserve(CreditLine line, Fen amount_fen) {
    if (amount_fen <= 0)
        return fail(ErrorKind::invalid, "amount_not_positive", "The amount must be positive.");
    if (amount_fen > line.left_fen()) {
        return fail(ErrorKind::rejected, "credit_line_exceeded",
                    "The credit line does not cover the amount.");
    }
    line.held_fen += amount_fen;
    return line;
}

CreditLine release_reserved(CreditLine line, Fen amount_fen) {
    assert(amount_fen >= 0 && amount_fen <= line.held_fen);
    line.held_fen -= amount_fen;
    return drained(line);
}

CreditLine open_reserved(CreditLine line, Fen amount_fen) {
    assert(amount_fen > 0 && amount_fen <= line.held_fen);
    line.held_fen -= amount_fen;
    line.open_fen += amount_fen;
    return line;
}

CreditLine close_open(CreditLine line, Fen amount_fen) {
    assert(amount_fen >= 0 && amount_fen <= line.open_fen);
    line.open_fen -= amount_fen;
    return drained(line);
}

CreditLine with_line(CreditLine line, int stars, Fen line_fen) {
    line.stars = stars;
    line.line_fen = line_fen;
    return drained(line);
}

}  // namespace returngate
