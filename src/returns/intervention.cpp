// Called in by either side over a refusal or a dispute; decided by two people, never by a clock.
#include "src/returns/intervention.hpp"

#include "src/base/working_days.hpp"
#include "src/returns/agreement.hpp"
#include "src/returns/clawback.hpp"
#include "src/returns/conduct.hpp"
#include "src/returns/handlers.hpp"
#include "src/returns/receipt.hpp"

namespace returngate {
namespace {

bool is_contested(const ReturnCase& return_case) {
    return return_case.status == CaseStatus::refused || return_case.status == CaseStatus::disputed;
}

// An appeal asks when it was, and that it was.
void keep_ruling(Draft& draft, const std::string& outcome) {
    const Intervention& open = *draft.case_().intervention;
    auto& rulings = draft.file().rulings;
    Ruling ruling;
    ruling.number = static_cast<std::int32_t>(rulings.size()) + 1;
    ruling.by = open.by;
    ruling.opened_at = open.opened_at;
    ruling.proposed = open.proposed;
    ruling.proposed_by = open.proposed_by;
    ruling.outcome = outcome;
    ruling.decided_at = draft.now();
    rulings.push_back(std::move(ruling));
}

// What the ruling says about a refused application, or about a disputed parcel.
void carry_out(Draft& draft, bool for_buyer) {
    const bool was_refused = draft.case_().status == CaseStatus::refused;
    if (was_refused && for_buyer) return agree(draft, "customer_service");
    if (was_refused) return;  // it stays refused
    if (for_buyer) return confirm_received(draft, "customer_service");
    remember_conduct(draft, kDisputeLost);
    if (draft.file().advance && is_open(draft.file().advance->state))
        return notify_clawback(draft, "dispute_upheld");
    close_case(draft, "dispute_upheld");
}

}  // namespace

void intervention_overdue(Draft& draft) {
    if (!draft.case_().intervention) return;
    draft.note("intervention.escalated",
               {{"opened_at", format_rfc3339(draft.case_().intervention->opened_at)}});
}

Result<Decision> intervene(Draft draft, const Intervene& command) {
    ReturnCase& return_case = draft.case_();
    const bool is_sellers_call = !command.seller.value.empty();
    if (return_case.version == 0 || (is_sellers_call && return_case.seller != command.seller)) {
        return fail(ErrorKind::not_found, "return_not_found", "No such return.");
    }
    if (!is_contested(return_case)) {
        return fail(ErrorKind::conflict, "nothing_contested",
                    "Customer service is called in over a refusal or a dispute.");
    }
    if (return_case.intervention) {
        return fail(ErrorKind::conflict, "already_called_in", "Customer service has been called in already.");
    }
    if (!draft.file().rulings.empty()) {
        return fail(ErrorKind::conflict, "already_ruled",
                    "Customer service has ruled on this return; whoever is not content appeals.");
    }
    const Calendar& calendar = draft.policy().calendar;
    const Instant due = end_of_working_day(draft.now(), draft.policy().clocks.customer_service_days,
                                           {calendar.holidays, calendar.worked_weekends});
    const std::string by = is_sellers_call ? "seller" : "buyer";
    return_case.intervention =
        Intervention{.by = by, .opened_at = draft.now(), .proposed = {}, .proposed_by = {}};
    draft.schedule(JobKind::intervention_deadline, "", due);
    draft.decision().evidence = EvidenceRecord{"intervention", by, command.reason, command.evidence};
    draft.note("intervention.opened", {{"by", by}, {"due_at", format_rfc3339(due)}});
    return std::move(draft).finish();
}

Result<Decision> adjudicate(Draft draft, const Adjudicate& command) {
    ReturnCase& return_case = draft.case_();
    if (return_case.version == 0) return fail(ErrorKind::not_found, "return_not_found", "No such return.");
    if (!return_case.intervention || !is_contested(return_case)) {
        return fail(ErrorKind::conflict, "no_intervention", "Nobody has called in customer service.");
    }
    Intervention& open = *return_case.intervention;
    const std::string outcome = command.for_buyer ? "for_buyer" : "for_seller";
    if (open.proposed == outcome && open.proposed_by == command.owner) {
        return fail(ErrorKind::conflict, "second_person_required",
                    "A ruling takes effect when another person agrees.");
    }
    if (open.proposed != outcome) {  // the first word, or another one than the colleague's
        open.proposed = outcome;
        open.proposed_by = command.owner;
        draft.note("intervention.ruling_proposed", {{"outcome", outcome}, {"reason", command.reason}});
        return std::move(draft).finish();
    }
    draft.note("intervention.decided", {{"outcome", outcome}, {"reason", command.reason}});
    draft.done(JobKind::intervention_deadline, "");
    keep_ruling(draft, outcome);
    return_case.intervention.reset();
    carry_out(draft, command.for_buyer);
    return std::move(draft).finish();
}

}  // namespace returngate
