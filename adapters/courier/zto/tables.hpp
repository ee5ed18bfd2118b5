// ZTO's words and codes, and what they mean to us. Sources: README.md beside this file.
#pragma once

#include <array>

#include "adapters/courier/toolbox.hpp"

namespace returngate::courier::zto_tables {

// `pre_order_status` of the order push.
inline constexpr std::array kOrderStatuses{
    StatusRow{"1", TrackingStatus::accepted},  // placed
    StatusRow{"2", TrackingStatus::accepted},  // a branch has it
    StatusRow{"3", TrackingStatus::courier_assigned},
    StatusRow{"4", TrackingStatus::collected},
    StatusRow{"5", TrackingStatus::unknown},  // closed: no delivery
    StatusRow{"6", TrackingStatus::cancelled},
    StatusRow{"10", TrackingStatus::rebooked},   // the window changed
    StatusRow{"14", TrackingStatus::exception},  // the addresses changed: where it goes is a person's to see
    StatusRow{"15", TrackingStatus::replaced},   // the waybill was replaced
};

// `action` of the track push. The track query has other words, and DEPARTURE, ARRIVAL and SIGNED mean
// something else there.
inline constexpr std::array kPushedTraces{
    StatusRow{"GOT", TrackingStatus::collected},
    StatusRow{"DEPARTURE", TrackingStatus::in_transit},
    StatusRow{"ARRIVAL", TrackingStatus::in_transit},
    StatusRow{"DISPATCH", TrackingStatus::out_for_delivery},
    StatusRow{"INBOUND", TrackingStatus::at_station},
    StatusRow{"SIGNED", TrackingStatus::delivered},
    StatusRow{"DEPARTURE_SIGNED", TrackingStatus::delivered},     // out of a station
    StatusRow{"HANDOVERSCAN_SIGNED", TrackingStatus::delivered},  // by a third party
    StatusRow{"RETURN_SCAN", TrackingStatus::returned},           // or redirected: a person looks
    StatusRow{"RETURN_SIGNED", TrackingStatus::returned},
    StatusRow{"PROBLEM", TrackingStatus::exception},
};

// `scanType` of the track query.
inline constexpr std::array kQueriedTraces{
    StatusRow{"收件", TrackingStatus::collected},
    StatusRow{"发件", TrackingStatus::in_transit},
    StatusRow{"到件", TrackingStatus::in_transit},
    StatusRow{"转单", TrackingStatus::in_transit},
    StatusRow{"派件", TrackingStatus::out_for_delivery},
    StatusRow{"ARRIVAL", TrackingStatus::at_station},
    StatusRow{"签收", TrackingStatus::delivered},
    StatusRow{"第三方签收", TrackingStatus::delivered},
    StatusRow{"SIGNED", TrackingStatus::delivered},  // taken out of a station by the recipient
    StatusRow{"退件", TrackingStatus::returned},
    StatusRow{"退件签收", TrackingStatus::returned},
    StatusRow{"问题件", TrackingStatus::exception},
    StatusRow{"DEPARTURE", TrackingStatus::exception},  // left a station abnormally
};

// `orderStatus` of the order query.
struct OrderStateRow {
    std::string_view code;
    BookingState state;
};
inline constexpr std::array kOrderStates{
    OrderStateRow{"0", BookingState::accepted},   // placed
    OrderStateRow{"1", BookingState::accepted},   // a branch has it
    OrderStateRow{"2", BookingState::accepted},   // a courier has it
    OrderStateRow{"3", BookingState::accepted},   // collected at the door
    OrderStateRow{"99", BookingState::accepted},  // finished
    OrderStateRow{"-2", BookingState::dead},      // cancelled
};

// `statusCode` of a refusal. No table of the order interface is public; whatever is not listed is a plain no.
inline constexpr std::array kErrors{
    ErrorRow{"S208", ErrorKind::rejected, "bad_parameters", "ZTO refuses the parameters"},
    ErrorRow{"S210", ErrorKind::unauthorized, "service_not_enabled", "The interface is not enabled at ZTO"},
};
// In the message of a refusal: the order code is not known there.
inline constexpr std::string_view kUnknownOrder = "查询不到该订单";

// Members whose values may stand in a log.
inline constexpr std::string_view kLoggable =
    "partnerType orderType partnerOrderCode startTime endTime quantity weight vasType type cancelType status "
    "statusCode orderCode billCode siteCode orderStatus scanType scanDate msg_type order_code bill_code "
    "partner_order_code pre_order_status gmt_create action actionTime facilityCode problemCode "
    "returnUpdateType settlementWeight settlementAmount volume printType";

}  // namespace returngate::courier::zto_tables
