// Cainiao's words and codes, and what they mean to us. Sources: README.md beside this file.
#pragma once

#include <array>

#include "adapters/courier/toolbox.hpp"

namespace returngate::courier::cainiao_tables {

// `orderStatusCode` of the full detail: one client's list, on Cainiao's general scale. A cancellation has no
// number there. (The two-digit list of another product is not mixed in.)
inline constexpr std::array kStatuses{
    StatusRow{"0", TrackingStatus::accepted},   // created
    StatusRow{"100", TrackingStatus::unknown},  // of a warehouse, as 150, 200 and 300
    StatusRow{"150", TrackingStatus::unknown},
    StatusRow{"200", TrackingStatus::unknown},
    StatusRow{"300", TrackingStatus::unknown},
    StatusRow{"400", TrackingStatus::collected},
    StatusRow{"430", TrackingStatus::in_transit},
    StatusRow{"500", TrackingStatus::in_transit},
    StatusRow{"600", TrackingStatus::out_for_delivery},
    StatusRow{"700", TrackingStatus::exception},
    StatusRow{"800", TrackingStatus::refused},
    StatusRow{"900", TrackingStatus::at_station},
    StatusRow{"950", TrackingStatus::delivered},  // signed by another
    StatusRow{"1000", TrackingStatus::delivered},
    StatusRow{"1100", TrackingStatus::exception},  // handed to another carrier, under a number not told
    StatusRow{"1200", TrackingStatus::returned},
};

// `cpCode`: who carries, in Taobao's codes, which are ours but for a few.
struct CarrierRow {
    std::string_view code;
    std::string_view ours;
};
inline constexpr std::array kCarriers{
    CarrierRow{"SF", "SF"},       CarrierRow{"YTO", "YTO"},     CarrierRow{"ZTO", "ZTO"},
    CarrierRow{"STO", "STO"},     CarrierRow{"YUNDA", "YUNDA"}, CarrierRow{"EMS", "EMS"},
    CarrierRow{"POSTB", "POSTB"}, CarrierRow{"HTKY", "HTKY"},   CarrierRow{"DBKD", "DEPPON"},
};

// Members whose values may stand in a log.
inline constexpr std::string_view kLoggable =
    "msg_type logistic_provider_id to_code partner_code from_code itemType weight itemId itemVersion "
    "timeType "
    "appointGotStartTime appointGotEndTime outOrderId orderId reasonCode operatorType needLogisticsDetail "
    "success "
    "errorCode orderStatusCode mailNo cpCode updateTime totalPrice actionCode time timeZone status";

}  // namespace returngate::courier::cainiao_tables
