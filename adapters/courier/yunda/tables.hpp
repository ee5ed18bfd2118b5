// Yunda's words, and what they mean to us. Sources: README.md beside this file.
#pragma once

#include <array>

#include "adapters/courier/toolbox.hpp"

namespace returngate::courier::yunda_tables {

// `action` of track steps, queried and pushed. OVERSEA_… and CLEARANCE_… are not listed: we carry inside the
// country.
inline constexpr std::array kActions{
    StatusRow{"ACCEPT", TrackingStatus::accepted},  // 收件扫描
    StatusRow{"GOT", TrackingStatus::collected},
    StatusRow{"ARRIVAL", TrackingStatus::in_transit},
    StatusRow{"DEPARTURE", TrackingStatus::in_transit},
    StatusRow{"TRANSFER", TrackingStatus::in_transit},
    StatusRow{"OUTBOUND", TrackingStatus::in_transit},  // the courier took it out of a station
    StatusRow{"SENT", TrackingStatus::out_for_delivery},
    StatusRow{"INBOUND", TrackingStatus::at_station},
    StatusRow{"SIGNED", TrackingStatus::delivered},
    StatusRow{"SIGNFAIL", TrackingStatus::exception},  // not said to be refused
    StatusRow{"ISSUE", TrackingStatus::exception},
    StatusRow{"REJECTION", TrackingStatus::refused},
    StatusRow{"RETURN", TrackingStatus::returned},
    StatusRow{"OTHER", TrackingStatus::unknown},
};

// Members whose values may stand in a log.
inline constexpr std::string_view kLoggable =
    "appid orderid backparam sendstarttime sendendtime weight special number result code sub_code mailno "
    "time status action station_type next_type startCity endCity appKey";

}  // namespace returngate::courier::yunda_tables
