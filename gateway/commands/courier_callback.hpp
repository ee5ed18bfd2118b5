// `courier decode`: what the gateway would make of one callback, and what it would answer.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "adapters/courier/courier.hpp"

namespace returngate::commands {

// The booking that a callback is about, in place of the gateway's own books.
struct KnownBooking {
    std::string reference;
    std::string waybill;  // "": not known
};
// {"reference": "…", "waybill": "…"}; `invalid` names every faulty member.
[[nodiscard]] Result<KnownBooking> read_known_booking(std::string_view json);

struct CallbackAnswer {
    std::string json;     // {"proof", "events", "acknowledgement"}
    std::string remarks;  // for people: why it was refused or set aside; "" otherwise
};
// With a booking: its reference is added to the query where it has none, as in the callback URL that we
// give with each booking to couriers that sign per booking; and an event that names no booking, and no
// other waybill, gets the reference.
[[nodiscard]] CallbackAnswer decode_callback(const courier::Courier& courier, const courier::Account& account,
                                             courier::Push push, const std::optional<KnownBooking>& booking);

}  // namespace returngate::commands
