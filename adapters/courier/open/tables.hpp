// The words of our own courier protocol, and what they mean to us. The protocol: docs/courier-protocol.md.
#pragma once

#include <array>

#include "adapters/courier/toolbox.hpp"

namespace returngate::courier::open_tables {

// `status` of an event.
inline constexpr std::array kStatuses{
    StatusRow{"accepted", TrackingStatus::accepted},
    StatusRow{"courier_assigned", TrackingStatus::courier_assigned},
    StatusRow{"rebooked", TrackingStatus::rebooked},
    StatusRow{"waybill_assigned", TrackingStatus::unknown},  // the number alone; it counts with every event
    StatusRow{"collected", TrackingStatus::collected},
    StatusRow{"collect_failed", TrackingStatus::collect_failed},
    StatusRow{"cancelled", TrackingStatus::cancelled},
    StatusRow{"in_transit", TrackingStatus::in_transit},
    StatusRow{"out_for_delivery", TrackingStatus::out_for_delivery},
    StatusRow{"at_station", TrackingStatus::at_station},
    StatusRow{"delivered", TrackingStatus::delivered},
    StatusRow{"refused", TrackingStatus::refused},
    StatusRow{"returned", TrackingStatus::returned},
    StatusRow{"replaced", TrackingStatus::replaced},
    StatusRow{"undone", TrackingStatus::undone},
    StatusRow{"exception", TrackingStatus::exception},
    StatusRow{"fee", TrackingStatus::fee},
};

// `state` of a booking.
struct StateRow {
    std::string_view word;
    BookingState state;
};
inline constexpr std::array kStates{
    StateRow{"accepted", BookingState::accepted},
    StateRow{"pending", BookingState::pending},
    StateRow{"cancelled", BookingState::dead},
};

// `error` of an answer, under its status; either without the other is no answer.
struct RefusalRow {
    int status;
    ErrorRow error;
};
inline constexpr std::array kRefusals{
    RefusalRow{400,
               {"bad_request", ErrorKind::rejected, "bad_parameters", "The fleet cannot read the request"}},
    RefusalRow{404, {"unknown_reference", ErrorKind::not_found, "unknown_reference", "No such booking"}},
    RefusalRow{409,
               {"reference_reused", ErrorKind::conflict, "duplicate_reference",
                "The reference stands for a booking with another content"}},
    RefusalRow{409,
               {"already_collected", ErrorKind::conflict, "already_collected", "The parcel is collected"}},
    RefusalRow{422,
               {"out_of_coverage", ErrorKind::rejected, "out_of_coverage", "The fleet does not go there"}},
    RefusalRow{422, {"time_not_served", ErrorKind::rejected, "time_not_served", "Not in this window"}},
    RefusalRow{422, {"no_capacity", ErrorKind::rejected, "no_capacity", "Nobody is free in this window"}},
    RefusalRow{422,
               {"parcel_refused", ErrorKind::rejected, "parcel_refused", "The fleet does not carry this"}},
    RefusalRow{422, {"not_offered", ErrorKind::unsupported, "not_offered", "The fleet does not offer this"}},
};
// A 422 with another word is a no all the same.
inline constexpr int kPlainNo = 422;

// Members whose values may stand in a log.
inline constexpr std::string_view kLoggable =
    "operation reference state waybill carrier id status at start end quantity weight_grams fee_fen error "
    "taken";

}  // namespace returngate::courier::open_tables
