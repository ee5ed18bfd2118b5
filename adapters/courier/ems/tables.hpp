// EMS's codes, and what they mean to us. Sources: README.md beside this file.
#pragma once

#include <array>

#include "adapters/courier/toolbox.hpp"

namespace returngate::courier::ems_tables {

// `opCode` of an event, pushed and queried.
inline constexpr std::array kStatuses{
    StatusRow{"203", TrackingStatus::collected},
    StatusRow{"305", TrackingStatus::in_transit},
    StatusRow{"389", TrackingStatus::in_transit},
    StatusRow{"404", TrackingStatus::in_transit},
    StatusRow{"954", TrackingStatus::in_transit},
    StatusRow{"989", TrackingStatus::in_transit},
    StatusRow{"516", TrackingStatus::in_transit},  // arrived in the town of delivery
    StatusRow{"702", TrackingStatus::out_for_delivery},
    StatusRow{"704", TrackingStatus::delivered},
    StatusRow{"705", TrackingStatus::exception},   // not delivered; the reason stands in words only
    StatusRow{"747", TrackingStatus::at_station},  // into a locker
    StatusRow{"748", TrackingStatus::delivered},   // taken out of it: signed
    StatusRow{"708", TrackingStatus::returned},    // return registered
    StatusRow{"312", TrackingStatus::returned},    // return started
    StatusRow{"741", TrackingStatus::returned},
    StatusRow{"711", TrackingStatus::returned},   // back with the sender
    StatusRow{"013", TrackingStatus::exception},  // intercepted
    StatusRow{"801", TrackingStatus::cancelled},  // order withdrawn
    StatusRow{"987", TrackingStatus::exception},  // lost, paid for
    StatusRow{"988", TrackingStatus::exception},
    // "… deleted": each withdraws an earlier event, 207 the collection.
    StatusRow{"207", TrackingStatus::undone},
    StatusRow{"212", TrackingStatus::undone},
    StatusRow{"304", TrackingStatus::undone},
    StatusRow{"742", TrackingStatus::undone},
    StatusRow{"743", TrackingStatus::undone},
    StatusRow{"744", TrackingStatus::undone},
};

// `retCode`: 00000 is success, no other is published.
inline constexpr std::string_view kSuccess = "00000";

// Members whose values may stand in a log. What we ask goes out encrypted, in logitcsInterface (as EMS
// spells it), and is not shown at all.
inline constexpr std::string_view kLoggable =
    "apiCode senderNo timeStamp msgType version method serialNo retCode retDate success waybillNo opCode "
    "opTime "
    "totalFee code";

}  // namespace returngate::courier::ems_tables
