// From presented to accepted: judged once per number, remembered with the reason when refused.
#include "src/returns/waybill_arrival.hpp"

#include "src/returns/freeze.hpp"
#include "src/returns/waybill_acceptance.hpp"

namespace returngate {
namespace {

std::string rule_names(const std::vector<RuleResult>& rules) {
    std::string names;
    for (const auto& rule : rules) {
        if (!names.empty()) names += ", ";
        names += rule.name;
    }
    return names;
}

void refuse_waybill(Draft& draft, Booking& booking, const WaybillAcceptance& judged) {
    if (booking.waybill_held == judged.canonical && !booking.waybill_verdict.empty()) return;
    booking.waybill_held = judged.canonical;
    booking.waybill_verdict = failed_rules(judged.rules);
    draft.note("waybill.refused", {{"courier", std::string(booking.number_courier())},
                                   {"waybill", judged.canonical},
                                   {"failed", booking.waybill_verdict}});
    if (!booking.waybill.empty()) freeze(draft, "waybill_changed");
}

void accept_waybill(Draft& draft, Booking& booking, const WaybillAcceptance& judged) {
    booking.waybill = judged.canonical;
    booking.waybill_held.clear();
    booking.waybill_verdict.clear();
    if (booking.collected_known_at) booking.collected_known_at = draft.situation().received_at;
    draft.note("waybill.accepted", {{"courier", std::string(booking.number_courier())},
                                    {"waybill", booking.waybill},
                                    {"rules", rule_names(judged.rules)}});
}

// Anybody who knows the URL can claim a number for a booking, so the courier is asked for it by our
// reference. One that cannot be asked leaves the number to operations.
void ask_for_waybill(Draft& draft, Booking& booking, WaybillAcceptance judged) {
    const CourierTerms* terms = draft.policy().terms(booking.courier);
    if (terms != nullptr && terms->finds_by_reference) {
        return draft.schedule(JobKind::resolve_booking, booking.reference.value, draft.now());
    }
    judged.rules.push_back({"W", "proved", false, "secret_url"});
    refuse_waybill(draft, booking, judged);
}

}  // namespace

void waybill_arrived(Draft& draft, Booking& booking, std::string_view raw, Proof proof) {
    auto judged = judge_waybill(draft.file(), booking, raw, draft.situation().claim_owner);
    if (!booking.waybill.empty() && booking.waybill == judged.canonical) return;
    if (proof == Proof::secret_url) return ask_for_waybill(draft, booking, std::move(judged));
    if (!all_passed(judged.rules)) return refuse_waybill(draft, booking, judged);
    accept_waybill(draft, booking, judged);
}

}  // namespace returngate
