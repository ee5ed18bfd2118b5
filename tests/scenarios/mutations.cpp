// The table. A rule without a number is switched off by giving it nothing to object to.
#include "tests/scenarios/mutations.hpp"

#include <limits>

#include "tests/support/builders.hpp"

namespace returngate::test {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr auto kNever = std::numeric_limits<std::int32_t>::max();

Change moved(void (*change)(Policy&)) {
    return {change, {}};
}

// Before each command of that kind.
template <class Kind>
Change bent(void (*bend)(CaseFile&, Kind&)) {
    return {{}, [bend](CaseFile& file, Command& command) {
                if (auto* kind = std::get_if<Kind>(&command)) bend(file, *kind);
            }};
}
template <class Kind>
Change taken_for(Command (*other)(const Kind&)) {
    return {{}, [other](CaseFile&, Command& command) {
                if (const auto* kind = std::get_if<Kind>(&command)) command = Command(other(Kind(*kind)));
            }};
}

const Mutation kMutations[] = {
    {"A1-self-shipped", "self_shipped.min_stars", "five stars wanted",
     moved([](Policy& p) { p.self_shipped.min_stars = 5; })},
    {"A1-self-shipped-by-the-less-trusted", "self_shipped.min_stars", "open to three stars",
     moved([](Policy& p) { p.self_shipped.min_stars = 3; })},
    {"A1-self-shipped-known-by-the-courier", "self_shipped.poll_seconds", "a minute later",
     moved([](Policy& p) { p.self_shipped.poll += seconds(60); })},
    {"A1-self-shipped", "clocks.self_shipped_collected_hours", "an hour longer",
     moved([](Policy& p) { p.clocks.self_shipped_collected += hours(1); })},
    {"A1-seller-confirms-before-any-scan", "A1", "the watch outlives the receipt",
     taken_for<ConfirmReceipt>([](const ConfirmReceipt& receipt) {
         return Command(RegisterParcel{receipt.id, receipt.seller});
     })},
    {"A1-courier-that-cannot-be-asked", "A1", "it can",
     moved([](Policy& p) { p.couriers.push_back({.code = CourierCode{"STO"}}); })},
    {"B6-the-seller-had-it-all-the-time", "B6", "the seller's word clears nobody",
     taken_for<ConfirmReceipt>([](const ConfirmReceipt& receipt) {
         return Command(RegisterParcel{receipt.id, receipt.seller});
     })},
    {"A1-another-number", "clocks.self_shipped_collected_hours", "an hour longer",
     moved([](Policy& p) { p.clocks.self_shipped_collected += hours(1); })},
    {"C1-typed-number-without-a-parcel", "clocks.buyer_ships_days", "an hour longer",
     moved([](Policy& p) { p.clocks.buyer_ships += hours(1); })},
    {"A2-reservation-runs-out", "line.reservation_hours", "an hour more",
     moved([](Policy& p) { p.reservation += hours(1); })},
    {"A2-reservation-runs-out", "line.reservation_hours", "an hour less",
     moved([](Policy& p) { p.reservation -= hours(1); })},
    {"A2-credit-line", "line.stars_4", "a fen less", moved([](Policy& p) { p.line_by_stars[4] -= 1; })},
    {"A3-above-the-line", "line.stars_4", "a fen more", moved([](Policy& p) { p.line_by_stars[4] += 1; })},
    {"A2-line-of-one-star", "line.stars_1", "a fen", moved([](Policy& p) { p.line_by_stars[1] = 1; })},
    {"A2-line-of-two-stars", "line.stars_2", "a fen less", moved([](Policy& p) { p.line_by_stars[2] -= 1; })},
    {"A2-line-of-three-stars", "line.stars_3", "a fen less",
     moved([](Policy& p) { p.line_by_stars[3] -= 1; })},
    {"A2-line-of-five-stars", "line.stars_5", "a fen less",
     moved([](Policy& p) { p.line_by_stars[5] -= 1; })},
    {"A3-above-the-line", "within_credit_line", "off",
     bent<ApplyForReturn>([](CaseFile& file, ApplyForReturn&) { file.line.line_fen = kNever; })},
    {"A2-selected-members", "trust.selected_only", "off",
     moved([](Policy& p) { p.trust.selected_only = false; })},
    {"A2-selected-members", "member_selected", "off",
     bent<ApplyForReturn>([](CaseFile& file, ApplyForReturn&) { file.trust.is_selected = true; })},
    {"A4-clawback", "clocks.buyer_repays_days", "an hour longer",
     moved([](Policy& p) { p.clocks.buyer_repays += hours(1); })},
    {"A4-clawback", "clocks.self_shipped_collected_hours", "an hour longer",
     moved([](Policy& p) { p.clocks.self_shipped_collected += hours(1); })},
    {"A1-self-shipped", "A5", "the seller's answer pays",
     taken_for<ConfirmReceipt>([](const ConfirmReceipt&) {
         return Command(ReportRecovery{kReturn, 9900, "seller"});
     })},
    {"A7-banned-after-the-application", "A7", "a promise is a promise",
     bent<CourierReported>(
         [](CaseFile& file, CourierReported&) { file.line = with_line(file.line, 4, 80000); })},
    {"A7-refund-rate", "refund_rate", "off",
     bent<ApplyForReturn>([](CaseFile& file, ApplyForReturn&) { file.trust.refund_rate_bp = 0; })},
    {"A7-complaints", "complaints", "off",
     bent<ApplyForReturn>([](CaseFile& file, ApplyForReturn&) { file.trust.complaints = 0; })},
    {"A7-dispute-rate", "dispute_rate", "off",
     bent<ApplyForReturn>([](CaseFile& file, ApplyForReturn&) { file.trust.dispute_rate_bp = 0; })},
    {"A7-excluded-for-good", "buyer_not_excluded", "off",
     bent<ApplyForReturn>([](CaseFile& file, ApplyForReturn&) { file.trust.excluded.clear(); })},
    {"A7-refund-rate", "trust.refund_rate_bp", "no limit",
     moved([](Policy& p) { p.trust.refund_rate_bp = kNever; })},
    {"A7-complaints", "trust.complaints", "no limit", moved([](Policy& p) { p.trust.complaints = kNever; })},
    {"A7-dispute-rate", "trust.dispute_rate_bp", "no limit",
     moved([](Policy& p) { p.trust.dispute_rate_bp = kNever; })},
    {"A7-within-the-limits", "trust.refund_rate_bp", "one less",
     moved([](Policy& p) { p.trust.refund_rate_bp -= 1; })},
    {"A7-within-the-limits", "trust.complaints", "one less",
     moved([](Policy& p) { p.trust.complaints -= 1; })},
    {"A7-within-the-limits", "trust.dispute_rate_bp", "one less",
     moved([](Policy& p) { p.trust.dispute_rate_bp -= 1; })},
    {"A8-trade-kinds", "scope.excluded_trade_kinds", "none",
     moved([](Policy& p) { p.scope.excluded_trade_kinds.clear(); })},
    {"A8-trade-kinds", "trade_kind_in_scope", "off",
     bent<ApplyForReturn>([](CaseFile& file, ApplyForReturn&) { file.order->trade_kind = "normal"; })},
    {"A9-seller-agrees-and-advanced", "A9", "who asks the seller gets no advance",
     bent<AnswerApplication>(
         [](CaseFile& file, AnswerApplication&) { file.case_.refund = RefundPath::after_receipt; })},
    {"B1-stars", "approval.min_stars", "two are enough", moved([](Policy& p) { p.min_stars = 2; })},
    {"B3-door-pickup", "approval.min_stars", "four wanted", moved([](Policy& p) { p.min_stars = 4; })},
    {"B1-stars", "stars_at_least", "off",
     bent<ApplyForReturn>([](CaseFile& file, ApplyForReturn&) { file.line.stars = 5; })},
    {"B1-within-seven-days", "approval.within_days", "an hour longer",
     moved([](Policy& p) { p.within += hours(1); })},
    {"B1-seven-days-to-the-hour", "approval.within_days", "an hour shorter",
     moved([](Policy& p) { p.within -= hours(1); })},
    {"B1-within-seven-days", "within_days", "off",
     bent<ApplyForReturn>([](CaseFile& file, ApplyForReturn&) { file.order->received_at = at("09:00"); })},
    {"B1-reason", "scope.reasons", "one more",
     moved([](Policy& p) { p.scope.reasons.emplace_back("damaged"); })},
    {"B1-reason", "reason_in_scope", "off",
     bent<ApplyForReturn>([](CaseFile&, ApplyForReturn& apply) { apply.reason = "seven_day_no_reason"; })},
    {"B1-seller-silent", "clocks.seller_answers_application_hours", "an hour longer",
     moved([](Policy& p) { p.clocks.seller_answers_application += hours(1); })},
    {"B2-categories", "scope.categories", "toys too",
     moved([](Policy& p) { p.scope.categories.emplace_back("toys"); })},
    {"B2-categories", "category_in_scope", "off",
     bent<ApplyForReturn>([](CaseFile& file, ApplyForReturn&) { file.order->category = "womens_wear"; })},
    {"B2-pilot-sellers", "scope.pilot_sellers_only", "off",
     moved([](Policy& p) { p.scope.pilot_sellers_only = false; })},
    {"B2-pilot-sellers", "seller_in_pilot", "off",
     bent<ApplyForReturn>([](CaseFile& file, ApplyForReturn&) { file.seller->pilot = true; })},
    {"B3-from-nine-on", "pickup.open", "a minute earlier",
     moved([](Policy& p) { p.pickup.opens -= minutes(1); })},
    {"B3-from-nine-on", "pickup.open", "a minute later",
     moved([](Policy& p) { p.pickup.opens += minutes(1); })},
    {"B3-until-eight", "pickup.close", "a minute earlier",
     moved([](Policy& p) { p.pickup.closes -= minutes(1); })},
    {"B3-until-eight", "pickup.close", "a minute later",
     moved([](Policy& p) { p.pickup.closes += minutes(1); })},
    {"B3-windows-of-two-hours", "pickup.slot_hours", "an hour",
     moved([](Policy& p) { p.pickup.slot_length = hours(1); })},
    {"B3-two-days-ahead", "pickup.days_ahead", "three", moved([](Policy& p) { p.pickup.days_ahead = 3; })},
    {"B3-two-days-ahead", "pickup.days_ahead", "one", moved([](Policy& p) { p.pickup.days_ahead = 1; })},
    {"B3-window-as-it-was-shown", "pickup.shown_for_minutes", "six",
     moved([](Policy& p) { p.pickup.shown_for += minutes(1); })},
    {"B3-window-as-it-was-shown", "pickup.shown_for_minutes", "four",
     moved([](Policy& p) { p.pickup.shown_for -= minutes(1); })},
    {"B3-next-courier-after-five-minutes", "clocks.courier_accepts_seconds", "a minute longer",
     moved([](Policy& p) { p.clocks.courier_accepts += seconds(60); })},
    {"B3-next-courier-by-record", "broker.refusal_points", "half of them",
     moved([](Policy& p) { p.broker.weights.refusals /= 2; })},
    {"B3-next-courier-by-record", "broker.enough_bookings", "one more than there are",
     moved([](Policy& p) { p.broker.weights.enough = 41; })},
    {"B3-next-courier-by-lateness", "broker.lateness_points", "half of them",
     moved([](Policy& p) { p.broker.weights.lateness /= 2; })},
    {"B3-next-courier-by-fee", "broker.fee_points_per_yuan", "none",
     moved([](Policy& p) { p.broker.weights.fee_per_yuan = 0; })},
    {"B3-quoted-fee", "broker.fee_points_per_yuan", "none",
     moved([](Policy& p) { p.broker.weights.fee_per_yuan = 0; })},
    {"B3-nobody-free-there", "broker.full_points", "none",
     moved([](Policy& p) { p.broker.weights.full = 0; })},
    {"B3-nobody-free-there", "broker.stand_back_minutes", "a minute less",
     moved([](Policy& p) { p.broker.stand_back -= minutes(1); })},
    {"B3-nobody-free-long-ago", "broker.stand_back_minutes", "a minute longer",
     moved([](Policy& p) { p.broker.stand_back += minutes(1); })},
    {"B3-courier-does-not-come-there", "coverage", "everywhere",
     moved([](Policy& p) { p.couriers.front().coverage = {}; })},
    {"B3-account-of-the-place", "account", "the first one for all",
     moved([](Policy& p) { p.couriers.front().accounts.clear(); })},
    {"B3-moved-by-the-courier", "moved by the courier", "cancelled and booked anew",
     moved([](Policy& p) { p.couriers.front().moves_bookings = false; })},
    {"B3-no-capacity", "no_capacity", "another reason",
     bent<BookingAnswered>([](CaseFile&, BookingAnswered& answer) { answer.reason = "refused"; })},
    {"B3-not-moved-by-the-courier", "moved by the courier", "it moves after all",
     bent<BookingMoved>(
         [](CaseFile&, BookingMoved& answer) { answer.outcome = BookingMoved::Outcome::moved; })},
    {"B3-contradicted-courier-is-asked", "broker.distrust_hours", "an hour less",
     moved([](Policy& p) { p.broker.distrust -= hours(1); })},
    {"B3-silent-parcel", "silence.carriage_hours", "an hour longer",
     moved([](Policy& p) { p.silence.carriage += hours(1); })},
    {"B3-silent-parcel", "silence.poll_minutes", "a minute longer",
     moved([](Policy& p) { p.silence.poll += minutes(1); })},
    {"B3-silent-at-the-door", "silence.door_poll_minutes", "a minute longer",
     moved([](Policy& p) { p.silence.door_poll += minutes(1); })},
    {"B3-silent-for-fifteen-days", "silence.give_up_hours", "an hour less",
     moved([](Policy& p) { p.silence.give_up -= hours(1); })},
    {"B3-silent-for-fifteen-days", "silence.give_up_hours", "an hour more",
     moved([](Policy& p) { p.silence.give_up += hours(1); })},
    {"B3-promise-missed", "clocks.courier_at_door_seconds", "an hour longer",
     moved([](Policy& p) { p.clocks.courier_at_door += hours(1); })},
    {"B3-courier-an-hour-late", "clocks.door_grace_seconds", "a minute longer",
     moved([](Policy& p) { p.clocks.door_grace += seconds(60); })},
    {"B3-money-in-one-second", "clocks.advance_pays_ms", "a millisecond less",
     moved([](Policy& p) { p.clocks.advance_pays -= milliseconds(1); })},
    {"B3-unsigned-is-asked-about", "advance.confirm_after_ms", "the first one later",
     moved([](Policy& p) { p.confirm_after[0] += milliseconds(1); })},
    {"B3-unsigned-is-asked-about", "advance.confirm_after_ms", "the last one later",
     moved([](Policy& p) { p.confirm_after[3] += milliseconds(1); })},
    {"B3-unsigned-is-asked-about", "advance.confirm_poll_seconds", "a second later",
     moved([](Policy& p) { p.confirm_poll += seconds(1); })},
    {"B3-weakly-signed", "advance.confirm_by_query", "weak ones too",
     moved([](Policy& p) { p.confirm_by_query = ConfirmByQuery::weak; })},
    {"B3-door-pickup", "advance.confirm_by_query", "all of them",
     moved([](Policy& p) { p.confirm_by_query = ConfirmByQuery::always; })},
    {"B3-unsigned-is-asked-about", "B3", "an unsigned one counts",
     bent<CourierReported>([](CaseFile&, CourierReported& report) {
         if (report.proof == Proof::secret_url) report.proof = Proof::strong_signature;
     })},
    {"B3-weakly-signed", "advance.weak_limit_fen", "a fen less",
     moved([](Policy& p) { p.weak_limit_fen -= 1; })},
    {"B3-weakly-signed-above-the-limit", "advance.weak_limit_fen", "a fen more",
     moved([](Policy& p) { p.weak_limit_fen += 1; })},
    {"B3-older-than-the-booking", "advance.clock_skew_seconds", "a second more",
     moved([](Policy& p) { p.clock_skew += seconds(1); })},
    {"B3-clocks-differ-by-a-minute", "advance.clock_skew_seconds", "a second less",
     moved([](Policy& p) { p.clock_skew -= seconds(1); })},
    {"B5-pictures", "picture_present", "off",
     bent<ApplyForReturn>([](CaseFile&, ApplyForReturn& apply) { apply.pictures = {"picture-1"}; })},
    {"C1-buyer-does-not-ship", "clocks.buyer_ships_days", "an hour longer",
     moved([](Policy& p) { p.clocks.buyer_ships += hours(1); })},
    {"C1-seller-does-not-answer-for-the-parcel", "clocks.seller_confirms_receipt_days", "an hour longer",
     moved([](Policy& p) { p.clocks.seller_confirms_receipt += hours(1); })},
    {"C3-registration", "C3", "registered is confirmed",
     taken_for<RegisterParcel>([](const RegisterParcel& arrival) {
         return Command(ConfirmReceipt{arrival.id, arrival.seller, true, {}, {}});
     })},
    {"C4-refusal-needs-evidence", "C4", "evidence is not asked for",
     bent<AnswerApplication>([](CaseFile&, AnswerApplication& answer) { answer.evidence = {{"none"}}; })},
    {"C5-never-more-than-applied-for", "C5", "more is taken",
     bent<AnswerApplication>(
         [](CaseFile& file, AnswerApplication& answer) { answer.amount_fen = file.case_.amount_fen; })},
    {"C5-another-amount", "C5", "the buyer is not asked",
     bent<AnswerApplication>([](CaseFile& file, AnswerApplication& answer) {
         if (!answer.amount_fen) return;
         file.case_.amount_fen = *answer.amount_fen;
         file.case_.held_fen = 0;
     })},
    {"C5-another-amount", "clocks.buyer_answers_offer_hours", "an hour longer",
     moved([](Policy& p) { p.clocks.buyer_answers_offer += hours(1); })},
    {"C4-customer-service", "C6", "one person rules alone", bent<Adjudicate>([](CaseFile& file, Adjudicate&) {
         if (file.case_.intervention) file.case_.intervention->proposed_by = "somebody else";
     })},
    {"C4-customer-service", "clocks.customer_service_working_days", "a day longer",
     moved([](Policy& p) { p.clocks.customer_service_days += 1; })},
    {"C6-escalated-after-two-working-days", "calendar.holidays", "Monday",
     moved([](Policy& p) { p.calendar.holidays = {std::chrono::year{2026} / 1 / 12}; })},
    {"C6-a-worked-sunday", "calendar.worked_weekends", "none",
     moved([](Policy& p) { p.calendar.worked_weekends.clear(); })},
    {"D2-excluded-seller", "scope.excluded_sellers", "none",
     moved([](Policy& p) { p.scope.excluded_sellers.clear(); })},
    {"D2-excluded-seller", "seller_not_excluded", "off",
     moved([](Policy& p) { p.scope.excluded_sellers = {}; })},
    {"D2-excluded-item", "scope.excluded_items", "none",
     moved([](Policy& p) { p.scope.excluded_items.clear(); })},
    {"D2-excluded-item", "items_not_excluded", "off", moved([](Policy& p) { p.scope.excluded_items = {}; })},
    {"A3-classic-refund", "A3", "nothing is refunded after the receipt",
     bent<ConfirmReceipt>([](CaseFile& file, ConfirmReceipt&) { file.case_.frozen = "forgotten"; })},
    {"A3-received-before-the-couriers-word", "A3", "the courier's late word advances as well",
     bent<CourierReported>(
         [](CaseFile& file, CourierReported&) { file.case_.refund = RefundPath::advance; })},
    {"A6-line-comes-back-before-the-seller-answers", "A6", "once above the line, always",
     bent<AnswerApplication>([](CaseFile& file, AnswerApplication&) { file.case_.above_line = false; })},
    {"A6-line-comes-back-before-the-parcel-is-collected", "A6", "once above the line, always",
     bent<CourierReported>([](CaseFile& file, CourierReported&) { file.case_.above_line = false; })},
    {"A6-line-does-not-come-back", "A6", "whatever else stands against it",
     bent<AnswerApplication>([](CaseFile& file, AnswerApplication&) { file.case_.above_line = true; })},
    {"C5-goods-kept", "C5", "the parcel is awaited all the same",
     bent<AnswerApplication>([](CaseFile&, AnswerApplication& answer) { answer.keeps_goods = false; })},
    {"C5-superior", "negotiation.superior_above_fen", "a fen more",
     moved([](Policy& p) { p.negotiation.superior_above_fen += 1; })},
    {"C5-no-superior", "negotiation.superior_above_fen", "a fen less",
     moved([](Policy& p) { p.negotiation.superior_above_fen -= 1; })},
    {"C5-superior", "C5", "the same person consents",
     bent<AnswerApplication>(
         [](CaseFile& file, AnswerApplication&) { file.case_.offer_by = "somebody else"; })},
    {"C5-postage-after-the-refund", "clocks.appeal_within_days", "an hour shorter",
     moved([](Policy& p) { p.clocks.appeal_within -= hours(1); })},
    {"C5-postage-too-late", "clocks.appeal_within_days", "an hour longer",
     moved([](Policy& p) { p.clocks.appeal_within += hours(1); })},
    {"C5-postage", "negotiation.postage_at_most_fen", "a fen less",
     moved([](Policy& p) { p.negotiation.postage_at_most_fen -= 1; })},
    {"C5-postage", "negotiation.postage_at_most_fen", "a fen more",
     moved([](Policy& p) { p.negotiation.postage_at_most_fen += 1; })},
    {"C7-not-refusable", "C7", "refused as a return is",
     bent<AnswerApplication>([](CaseFile& file, AnswerApplication& answer) {
         if (!answer.agreed) file.case_.kind = CaseKind::goods_return;
     })},
    {"C7-closes-when-shipped", "C7", "it stays open",
     bent<LookAtOrder>([](CaseFile& file, LookAtOrder&) { file.order->state = "paid"; })},
    {"D1-unshipped", "unshipped.min_stars", "four wanted",
     moved([](Policy& p) { p.unshipped.min_stars = 4; })},
    {"D1-quality-user", "unshipped.min_stars", "two are enough",
     moved([](Policy& p) { p.unshipped.min_stars = 2; })},
    {"D1-quality-user", "quality_user", "off",
     bent<ApplyForReturn>([](CaseFile& file, ApplyForReturn&) { file.line.stars = 5; })},
    {"D1-unshipped", "unshipped.below_fen", "a fen less",
     moved([](Policy& p) { p.unshipped.below_fen -= 1; })},
    {"D1-paid-too-much", "unshipped.below_fen", "a fen more",
     moved([](Policy& p) { p.unshipped.below_fen += 1; })},
    {"D1-paid-too-much", "paid_below", "off",
     bent<ApplyForReturn>([](CaseFile& file, ApplyForReturn&) { file.order->paid_fen = 1; })},
    {"D1-category", "unshipped.excluded_categories", "none",
     moved([](Policy& p) { p.unshipped.excluded_categories.clear(); })},
    {"D1-category", "category_not_excluded", "off",
     bent<ApplyForReturn>([](CaseFile& file, ApplyForReturn&) { file.order->category = "toys"; })},
    {"D1-shipped", "D1", "shipped or not",
     bent<ApplyForReturn>([](CaseFile& file, ApplyForReturn&) { file.order->state = "paid"; })},
    {"D2-excluded-seller-unshipped", "D2", "none",
     moved([](Policy& p) { p.scope.excluded_sellers.clear(); })},
    {"D2-abusive-buyer", "D2", "off",
     bent<ApplyForReturn>([](CaseFile& file, ApplyForReturn&) { file.trust.excluded.clear(); })},
    {"D3-shipped-anyway", "unshipped.trace_every_hours", "an hour longer",
     moved([](Policy& p) { p.unshipped.trace_every += hours(1); })},
    {"D3-never-shipped", "unshipped.traces", "one more", moved([](Policy& p) { p.unshipped.traces += 1; })},
    {"D3-never-shipped", "unshipped.traces", "one less", moved([](Policy& p) { p.unshipped.traces -= 1; })},
    {"D3-marked-late", "D3", "nobody looks",
     bent<LookAtOrder>([](CaseFile& file, LookAtOrder&) { file.order->state = "paid"; })},
    {"W-number-three-on", "typed_numbers.neighbour_distance", "two",
     moved([](Policy& p) { p.typed_numbers.neighbour_distance = 2; })},
    {"W-number-four-on", "typed_numbers.neighbour_distance", "four",
     moved([](Policy& p) { p.typed_numbers.neighbour_distance = 4; })},
    {"W-number-beside-the-buyers-own", "typed_numbers.buyer_memory_hours", "an hour less",
     moved([](Policy& p) { p.typed_numbers.buyer_memory -= hours(1); })},
    {"W-number-beside-the-buyers-own-of-long-ago", "typed_numbers.buyer_memory_hours", "an hour more",
     moved([](Policy& p) { p.typed_numbers.buyer_memory += hours(1); })},
    {"W-number-beside-the-sellers-other", "typed_numbers.seller_memory_hours", "an hour less",
     moved([](Policy& p) { p.typed_numbers.seller_memory -= hours(1); })},
    {"W-number-beside-the-sellers-other-of-yesterday", "typed_numbers.seller_memory_hours", "an hour more",
     moved([](Policy& p) { p.typed_numbers.seller_memory += hours(1); })},
    {"W-number-claimed-otherwise", "not_claimed_otherwise", "off",
     bent<ShipYourself>([](CaseFile&, ShipYourself& typed) { typed.waybill = "SF3182649705359"; })},
    {"E1-discounts-and-freight", "E1", "the discount is left on",
     bent<ApplyForReturn>([](CaseFile& file, ApplyForReturn&) { file.order->discounts.clear(); })},
    {"E2-appeal-in-time", "clocks.appeal_within_days", "an hour shorter",
     moved([](Policy& p) { p.clocks.appeal_within -= hours(1); })},
    {"E2-appeal-too-late", "clocks.appeal_within_days", "an hour longer",
     moved([](Policy& p) { p.clocks.appeal_within += hours(1); })},
    {"E2-appeal-escalated", "clocks.appeal_working_days", "a day longer",
     moved([](Policy& p) { p.clocks.appeal_days += 1; })},
    {"E2-ruling-appealed", "E2", "what was given back counts as repaid",
     bent<ReportRecovery>([](CaseFile& file, ReportRecovery&) { file.advance->repaid_fen = 4000; })},
    {"B6-repaid-for-a-true-waybill", "B6", "it stays with the platform",
     bent<CourierReported>([](CaseFile& file, CourierReported&) { file.advance->repaid_fen = 0; })},
    {"E2-ruling-appealed", "E2", "one person decides alone",
     bent<DecideAppeal>([](CaseFile& file, DecideAppeal&) {
         for (auto& ruling : file.rulings) {
             if (!ruling.proposed_by.empty()) ruling.proposed_by = "somebody else";
         }
     })},
    {"E2-ruling-appealed", "E2", "evidence without a digest is taken",
     bent<Appeal>([](CaseFile&, Appeal& appeal) {
         for (auto& each : appeal.evidence) {
             each.sha256 = std::string(64, 'b');
             each.taken_at = at("09:00");
         }
     })},
    {"E2-ruling-appealed", "E2", "customer service is called in again",
     bent<Intervene>([](CaseFile& file, Intervene&) { file.rulings.clear(); })},
    {"E2-appeal-by-the-seller", "E2", "the seller cannot appeal",
     bent<Appeal>([](CaseFile&, Appeal& appeal) { appeal.seller = {}; })},
    {"E2-appeal-dismissed", "E2", "dismissed is upheld",
     bent<DecideAppeal>([](CaseFile&, DecideAppeal& decision) { decision.upheld = true; })},
    {"C5-fewer-units", "C5", "fewer units are worth as much",
     bent<ConfirmReceipt>([](CaseFile&, ConfirmReceipt& receipt) { receipt.received.clear(); })},
    {"C5-fewer-units", "C5", "all of the advance is asked back",
     bent<ReportRepayment>([](CaseFile& file, ReportRepayment&) { file.case_.short_fen = 10000; })},
    {"E3-false-waybill", "penalties.false_waybill_steps", "one",
     moved([](Policy& p) { p.penalties.false_waybill_steps = 1; })},
    {"E3-false-waybill", "penalties.false_waybill_steps", "three",
     moved([](Policy& p) { p.penalties.false_waybill_steps = 3; })},
    {"E3-false-waybill", "penalties.restricted_line_fen", "a fen more",
     moved([](Policy& p) { p.penalties.restricted_line_fen += 1; })},
    {"E3-false-waybill", "E3", "one person takes back what the rules imposed",
     bent<ReversePenalty>([](CaseFile& file, ReversePenalty&) {
         for (auto& penalty : file.standing.penalties) penalty.reversal_by = "somebody else";
     })},
    {"E3-one-word-is-not-enough", "E3", "one person's word is the rules'",
     bent<NoteConduct>([](CaseFile&, NoteConduct& word) { word.owner.clear(); })},
    {"E3-by-a-person", "E3", "who imposed it takes it back",
     bent<ReversePenalty>([](CaseFile& file, ReversePenalty&) {
         for (auto& penalty : file.standing.penalties) penalty.imposed_by = "somebody else";
     })},
    {"E3-unpaid-clawback", "penalties.unpaid_clawback_steps", "two",
     moved([](Policy& p) { p.penalties.unpaid_clawback_steps = 2; })},
    {"E3-unpaid-clawback", "penalties.rating_cut_stars", "two",
     moved([](Policy& p) { p.penalties.rating_cut_stars = 2; })},
    {"E3-dispute-lost", "penalties.dispute_lost_steps", "two",
     moved([](Policy& p) { p.penalties.dispute_lost_steps = 2; })},
    {"E4-changed-mind", "penalties.changed_mind_steps", "two",
     moved([](Policy& p) { p.penalties.changed_mind_steps = 2; })},
    {"E4-changed-mind", "E4", "a question is held against the buyer",
     bent<NoteConduct>([](CaseFile& file, NoteConduct&) {
         if (!file.advance) file.advance.emplace().state = AdvanceState::paid;
     })},
    {"B6-true-waybill-after-all", "B6", "what was held against the buyer stays",
     bent<NoteConduct>([](CaseFile& file, NoteConduct&) {
         for (auto& penalty : file.standing.penalties) penalty.cause = "something else";
     })},
    {"A7-own-records", "rating.most_stars", "five", moved([](Policy& p) { p.rating.most_stars = 5; })},
    {"A7-own-records", "rating.refund_rate_bp_per_star", "one more",
     moved([](Policy& p) { p.rating.refund_rate_bp_per_star += 1; })},
    {"A7-own-records", "rating.enough_orders", "four", moved([](Policy& p) { p.rating.enough_orders = 4; })},
    {"A7-own-records", "rating.enough_orders", "six", moved([](Policy& p) { p.rating.enough_orders = 6; })},
    {"A7-own-records-of-disputes", "rating.dispute_rate_bp_per_star", "one more",
     moved([](Policy& p) { p.rating.dispute_rate_bp_per_star += 1; })},
    {"A7-own-records-of-complaints", "rating.complaints_per_star", "one is enough",
     moved([](Policy& p) { p.rating.complaints_per_star = 1; })},
    {"A7-own-records-of-lost-disputes", "rating.days", "a day more",
     moved([](Policy& p) { p.rating.window += std::chrono::days(1); })},
    {"A7-own-records-of-lost-disputes", "rating.days", "a day less",
     moved([](Policy& p) { p.rating.window -= std::chrono::days(1); })},
    {"A7-own-records-of-lost-disputes", "rating.disputes_lost_per_star", "two",
     moved([](Policy& p) { p.rating.disputes_lost_per_star = 2; })},
    {"A7-snapshot-stands", "rating.snapshot_days", "a day more",
     moved([](Policy& p) { p.rating.snapshot += std::chrono::days(1); })},
    {"A7-snapshot-stands", "rating.snapshot_days", "a day less",
     moved([](Policy& p) { p.rating.snapshot -= std::chrono::days(1); })},
    {"E1-discounts-and-freight", "E1", "the freight is goods",
     bent<ApplyForReturn>([](CaseFile& file, ApplyForReturn&) {
         file.order->items.front().amount_fen += file.order->charges.front().amount_fen;
     })},
};

}  // namespace

std::span<const Mutation> mutations() {
    return kMutations;
}

}  // namespace returngate::test
