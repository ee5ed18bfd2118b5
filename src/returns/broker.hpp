// Brokering: placing a pickup's booking with the best courier left, and giving one up for the next.
#pragma once

#include <string>
#include <string_view>

#include "src/returns/draft.hpp"

namespace returngate {

// The first attempt of a pickup from that region; a new one with the best courier not tried yet. None left →
// the pickup is `unserved`.
void place_first_booking(Draft& draft, std::string region);
void place_next_booking(Draft& draft);

// Ends a live booking as `status` and places the next one, unless the pickup is over. `reason` is
// for the timeline. A booking that the courier may still hold is cancelled there.
void rebroker(Draft& draft, Booking& booking, BookingStatus status, std::string_view reason);

// The courier knows the booking's reference as cancelled and books nothing under it: a new one, once with the
// same courier.
void rebook_dead(Draft& draft, Booking& booking);

// From the end of the booking's window on, the courier has its grace; then the next one.
void watch_door(Draft& draft, const Booking& booking);

// The pickup is over, and its promise with it. Nobody fetches the parcel now: the buyer's time to ship
// runs again, of which a day is left at least.
void end_pickup(Draft& draft, PickupStatus status);

// We no longer want it: asks the courier to cancel.
void cancel_at_courier(Draft& draft, Booking& booking);

// The courier says yes. A late yes, when we have moved on, is cancelled, even when an earlier
// cancellation found nothing there.
void accept_booking(Draft& draft, Booking& booking);

}  // namespace returngate
