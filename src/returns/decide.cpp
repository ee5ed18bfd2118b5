// Dispatch over the commands, and what holds for all of them.
#include "src/returns/decide.hpp"

#include <algorithm>

#include "src/pickup/region.hpp"
#include "src/returns/handlers.hpp"

namespace returngate {
namespace {

template <class... Visitors>
struct Overloaded : Visitors... {
    using Visitors::operator()...;
};
template <class... Visitors>
Overloaded(Visitors...) -> Overloaded<Visitors...>;

constexpr std::array<std::string_view, 32> kNames{
    "put_order",       "set_trust",         "apply_for_return", "answer_application", "answer_offer",
    "withdraw",        "intervene",         "adjudicate",       "ship_yourself",      "book_pickup",
    "cancel_pickup",   "reschedule_pickup", "booking_answered", "booking_cancelled",  "courier_reported",
    "watch_parcel",    "timer_fired",       "payout_answered",  "register_parcel",    "confirm_receipt",
    "report_recovery", "report_repayment",  "refund_postage",   "look_at_order",      "outbound_traced",
    "appeal",          "decide_appeal",     "add_evidence",     "note_conduct",       "penalise",
    "reverse_penalty", "booking_moved"};
static_assert(std::variant_size_v<Command> == kNames.size());

}  // namespace

const CourierTerms* Policy::terms(const CourierCode& code) const {
    const auto found = std::ranges::find(couriers, code, &CourierTerms::code);
    return found == couriers.end() ? nullptr : &*found;
}

CourierHours Policy::courier_hours() const {
    CourierHours all{kNoCutOff, std::chrono::minutes{0}};
    for (const auto& terms : couriers) {
        if (!terms.enabled) continue;
        all.opens = std::min(all.opens, terms.hours.opens);
        all.cut_off = std::max(all.cut_off, terms.hours.cut_off);
    }
    return all;
}

bool covers(const Coverage& coverage, std::string_view region) {
    if (region.empty()) return true;  // a booking from before regions were kept
    return (coverage.served.empty() || lies_in(region, coverage.served)) &&
           !lies_in(region, coverage.not_served);
}

std::string account_for(const CourierTerms& terms, std::string_view region, const SellerId& seller) {
    const auto fits = [&](const AccountTerms& account) {
        return (account.areas.empty() || lies_in(region, account.areas)) &&
               (account.sellers.empty() || std::ranges::count(account.sellers, seller) > 0);
    };
    const auto found = std::ranges::find_if(terms.accounts, fits);
    return found == terms.accounts.end() ? std::string() : found->name;
}

Cell cell_of(const Command& command) {
    return std::visit(Overloaded{
                          [](const PutOrder& put) { return cell_of(put.order.buyer.value); },
                          [](const SetTrust& set) { return cell_of(set.buyer.value); },
                          [](const ApplyForReturn& apply) { return cell_of(apply.buyer.value); },
                          [](const CourierReported& report) { return cell_of(report.reference).value_or(0); },
                          [](const auto& about_a_return) { return about_a_return.id.cell(); },
                      },
                      command);
}

std::string_view name_of(const Command& command) {
    return kNames.at(command.index());
}

Result<Decision> decide(const CaseFile& file, const Command& command, const Situation& situation) {
    Draft draft(file, situation);
    return std::visit(
        Overloaded{
            [&](const PutOrder& put) { return put_order(std::move(draft), put); },
            [&](const SetTrust& set) { return set_trust(std::move(draft), set); },
            [&](const ApplyForReturn& apply) { return apply_for_return(std::move(draft), apply); },
            [&](const AnswerApplication& answer) { return answer_application(std::move(draft), answer); },
            [&](const AnswerOffer& answer) { return answer_offer(std::move(draft), answer); },
            [&](const Withdraw& withdrawal) { return withdraw(std::move(draft), withdrawal); },
            [&](const Intervene& call) { return intervene(std::move(draft), call); },
            [&](const Adjudicate& ruling) { return adjudicate(std::move(draft), ruling); },
            [&](const ShipYourself& shipped) { return ship_yourself(std::move(draft), shipped); },
            [&](const BookPickup& book) { return book_pickup(std::move(draft), book); },
            [&](const CancelPickup& cancel) { return cancel_pickup(std::move(draft), cancel); },
            [&](const ReschedulePickup& move) { return reschedule_pickup(std::move(draft), move); },
            [&](const BookingAnswered& answer) { return booking_answered(std::move(draft), answer); },
            [&](const BookingCancelled& answer) { return booking_cancelled(std::move(draft), answer); },
            [&](const CourierReported& report) { return courier_reported(std::move(draft), report); },
            [&](const WatchParcel& watch) { return watch_parcel(std::move(draft), watch); },
            [&](const TimerFired& timer) { return timer_fired(std::move(draft), timer); },
            [&](const PayoutAnswered& answer) { return payout_answered(std::move(draft), answer); },
            [&](const RegisterParcel& arrival) { return register_parcel(std::move(draft), arrival); },
            [&](const ConfirmReceipt& receipt) { return confirm_receipt(std::move(draft), receipt); },
            [&](const ReportRecovery& recovery) { return report_recovery(std::move(draft), recovery); },
            [&](const ReportRepayment& repaid) { return report_repayment(std::move(draft), repaid); },
            [&](const RefundPostage& postage) { return refund_postage(std::move(draft), postage); },
            [&](const LookAtOrder& look) { return look_at_order(std::move(draft), look); },
            [&](const OutboundTraced& trace) { return outbound_traced(std::move(draft), trace); },
            [&](const Appeal& call) { return appeal(std::move(draft), call); },
            [&](const DecideAppeal& ruling) { return decide_appeal(std::move(draft), ruling); },
            [&](const AddEvidence& added) { return add_evidence(std::move(draft), added); },
            [&](const NoteConduct& fact) { return note_conduct(std::move(draft), fact); },
            [&](const Penalise& penalty) { return penalise(std::move(draft), penalty); },
            [&](const ReversePenalty& reversal) { return reverse_penalty(std::move(draft), reversal); },
            [&](const BookingMoved& answer) { return booking_moved(std::move(draft), answer); },
        },
        command);
}

}  // namespace returngate
