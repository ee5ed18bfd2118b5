// One function per command; decide() dispatches to them.
#pragma once

#include "src/returns/draft.hpp"

namespace returngate {

[[nodiscard]] Result<Decision> put_order(Draft draft, const PutOrder& command);
[[nodiscard]] Result<Decision> set_trust(Draft draft, const SetTrust& command);
[[nodiscard]] Result<Decision> apply_for_return(Draft draft, const ApplyForReturn& command);
[[nodiscard]] Result<Decision> answer_application(Draft draft, const AnswerApplication& command);
[[nodiscard]] Result<Decision> answer_offer(Draft draft, const AnswerOffer& command);
[[nodiscard]] Result<Decision> withdraw(Draft draft, const Withdraw& command);
[[nodiscard]] Result<Decision> intervene(Draft draft, const Intervene& command);
[[nodiscard]] Result<Decision> adjudicate(Draft draft, const Adjudicate& command);
[[nodiscard]] Result<Decision> ship_yourself(Draft draft, const ShipYourself& command);
[[nodiscard]] Result<Decision> book_pickup(Draft draft, const BookPickup& command);
[[nodiscard]] Result<Decision> cancel_pickup(Draft draft, const CancelPickup& command);
[[nodiscard]] Result<Decision> reschedule_pickup(Draft draft, const ReschedulePickup& command);
[[nodiscard]] Result<Decision> booking_answered(Draft draft, const BookingAnswered& answer);
[[nodiscard]] Result<Decision> booking_cancelled(Draft draft, const BookingCancelled& answer);
[[nodiscard]] Result<Decision> booking_moved(Draft draft, const BookingMoved& answer);
[[nodiscard]] Result<Decision> courier_reported(Draft draft, const CourierReported& report);
[[nodiscard]] Result<Decision> watch_parcel(Draft draft, const WatchParcel& command);
[[nodiscard]] Result<Decision> timer_fired(Draft draft, const TimerFired& timer);
[[nodiscard]] Result<Decision> payout_answered(Draft draft, const PayoutAnswered& answer);
[[nodiscard]] Result<Decision> register_parcel(Draft draft, const RegisterParcel& command);
[[nodiscard]] Result<Decision> confirm_receipt(Draft draft, const ConfirmReceipt& receipt);
[[nodiscard]] Result<Decision> report_recovery(Draft draft, const ReportRecovery& recovery);
[[nodiscard]] Result<Decision> refund_postage(Draft draft, const RefundPostage& command);
[[nodiscard]] Result<Decision> look_at_order(Draft draft, const LookAtOrder& command);
[[nodiscard]] Result<Decision> outbound_traced(Draft draft, const OutboundTraced& answer);
[[nodiscard]] Result<Decision> appeal(Draft draft, const Appeal& command);
[[nodiscard]] Result<Decision> decide_appeal(Draft draft, const DecideAppeal& command);
[[nodiscard]] Result<Decision> add_evidence(Draft draft, const AddEvidence& command);
[[nodiscard]] Result<Decision> note_conduct(Draft draft, const NoteConduct& command);
[[nodiscard]] Result<Decision> penalise(Draft draft, const Penalise& command);
[[nodiscard]] Result<Decision> reverse_penalty(Draft draft, const ReversePenalty& command);
[[nodiscard]] Result<Decision> report_repayment(Draft draft, const ReportRepayment& repayment);

}  // namespace returngate
