// Before the collection the window's end is the limit; afterwards, the time since the last scan.
#include "src/returns/silence.hpp"

#include <algorithm>

#include "src/returns/handlers.hpp"

namespace returngate {
namespace {

Instant latest_news(const Booking& booking) {
    Instant latest = booking.placed_at;
    for (std::size_t i = 0; i < kMilestones; ++i) {
        latest = std::max(latest, booking.milestones.at(static_cast<Milestone>(i)).value_or(latest));
    }
    return latest;
}

// A typed number has a watch of its own; what arrived, or is over, tells nothing more.
bool is_awaited(const CaseFile& file, const Booking& booking) {
    const bool has_arrived = booking.milestones.is_delivered() || booking.milestones.is_returned();
    return is_live(booking.status) && !booking.waybill.empty() && !booking.is_self_shipped() &&
           !has_arrived && !is_over(file.case_.status);
}

bool is_under_way(const Booking& booking) {
    return booking.status == BookingStatus::collected;
}

// From when on nothing heard is silence; nullopt: nothing is expected, or not any more.
std::optional<Instant> silent_from(Draft& draft, const Booking& booking) {
    const CourierTerms* terms = draft.policy().terms(booking.courier);
    if (terms == nullptr || !is_awaited(draft.file(), booking)) return std::nullopt;
    if (!is_under_way(booking)) return booking.window.end;
    const Silence& silence = draft.policy().silence;
    const Instant heard_at = latest_news(booking);
    if (heard_at + silence.give_up <= draft.now()) return std::nullopt;
    // A push that failed is on its way until the sender's last try.
    return heard_at + std::max<Duration>(silence.carriage, terms->last_push);
}

}  // namespace

void ask_at_the_door(Draft& draft, const Booking& booking) {
    const auto from = silent_from(draft, booking);
    if (!from || is_under_way(booking)) return;
    draft.schedule(JobKind::ask_courier, booking.reference.value, std::max(*from, draft.now()));
}

void ask_on(Draft& draft, const Booking& booking, bool is_news) {
    const Silence& silence = draft.policy().silence;
    const Duration pause = is_under_way(booking) ? silence.poll : silence.door_poll;
    // What is fresh and did not come by this answer, the courier told by itself.
    const bool speaks = !is_news && is_under_way(booking) && latest_news(booking) > draft.now() - pause;
    if (speaks || !silent_from(draft, booking)) {
        return draft.done(JobKind::ask_courier, booking.reference.value);
    }
    draft.schedule(JobKind::ask_courier, booking.reference.value, draft.now() + pause);
}

Result<Decision> watch_parcel(Draft draft, const WatchParcel& command) {
    const Booking* booking = draft.file().booking(command.reference);
    if (booking == nullptr) return fail(ErrorKind::not_found, "booking_unknown", "No such booking.");
    const auto from = silent_from(draft, *booking);
    if (from && *from <= draft.now()) {
        draft.schedule(JobKind::ask_courier, command.reference.value, draft.now());
    }
    return std::move(draft).finish();
}

}  // namespace returngate
