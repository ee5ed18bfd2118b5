// YTO's words and codes, and what they mean to us. Sources: README.md beside this file.
#pragma once

#include <array>

#include "adapters/courier/toolbox.hpp"

namespace returngate::courier::yto_tables {

// `infoContent` of pushes and track answers.
inline constexpr std::array kStatuses{
    StatusRow{"ACCEPT", TrackingStatus::accepted},  // 接单; with the courier's person: courier_assigned
    StatusRow{"ORDER_BOOKING", TrackingStatus::rebooked},   // 改约
    StatusRow{"GOT", TrackingStatus::collected},            // 揽收
    StatusRow{"NOT_SEND", TrackingStatus::collect_failed},  // 揽收失败
    StatusRow{"ARRIVAL", TrackingStatus::in_transit},
    StatusRow{"DEPARTURE", TrackingStatus::in_transit},
    StatusRow{"AIRSEND", TrackingStatus::in_transit},
    StatusRow{"AIRPICK", TrackingStatus::in_transit},
    StatusRow{"FORWARDING", TrackingStatus::in_transit},       // 转寄
    StatusRow{"SENT_SCAN", TrackingStatus::out_for_delivery},  // 派件
    StatusRow{"INBOUND", TrackingStatus::at_station},          // 入柜
    StatusRow{"SIGNED", TrackingStatus::delivered},
    StatusRow{"FAILED", TrackingStatus::exception},     // 签收失败: failed, not said to be refused
    StatusRow{"TMS_RETURN", TrackingStatus::returned},  // 退回
};

// `code` of a refusal. The two codes whose outcome is open are `in_doubt`: the same reference is
// sent again, which the courier allows for them.
inline constexpr std::array kErrors{
    ErrorRow{"200010002", ErrorKind::in_doubt, "courier_downstream", "A system behind YTO failed"},
    ErrorRow{"200010003", ErrorKind::rejected, "bad_parameters", "YTO refuses the parameters"},
    ErrorRow{"200010005", ErrorKind::in_doubt, "still_processing",
             "YTO has the order already or is still at it"},
    ErrorRow{"200010013", ErrorKind::rejected, "no_waybill_number", "YTO could not draw a waybill number"},
    ErrorRow{"200017004", ErrorKind::rejected, "message_invalid", "YTO finds the message invalid"},
    ErrorRow{"200017005", ErrorKind::rejected, "courier_system_error", "YTO reports a system error"},
};

// Members whose values may stand in a log. apiErrorMsg is the word of YTO's gateway, which has not read the
// order.
inline constexpr std::string_view kLoggable =
    "apiErrorMsg timestamp format logisticsNo startTime endTime weight quantity customerCode mailNo success "
    "code txLogisticID infoType infoContent acceptTime waybill_No upload_Time NUMBER clientId "
    "clientID type logisticProviderID bookingStartTime bookingEndTime";

}  // namespace returngate::courier::yto_tables
