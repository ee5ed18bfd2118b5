// Nothing is scheduled, nor taken away, where reservations do not run out: every return passes here.
#include "src/advance/reservation.hpp"

namespace returngate {

void hold(Draft& draft, const CreditLine& line) {
    draft.file().line = line;
    draft.case_().held_fen = draft.case_().amount_fen;
    const auto keeps = draft.policy().reservation;
    if (keeps.count() > 0) draft.schedule(JobKind::reservation_deadline, "", draft.now() + keeps);
}

void reservation_ran_out(Draft& draft) {
    ReturnCase& return_case = draft.case_();
    if (return_case.held_fen == 0) return;
    draft.note("reservation.expired", {{"amount_fen", return_case.held_fen}});
    draft.file().line = release_reserved(draft.file().line, return_case.held_fen);
    return_case.held_fen = 0;
}

void end_reservation(Draft& draft) {
    draft.case_().held_fen = 0;
    if (draft.policy().reservation.count() > 0) draft.done(JobKind::reservation_deadline, "");
}

}  // namespace returngate
