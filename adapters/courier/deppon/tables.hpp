// Deppon's words and codes, and what they mean to us. Sources: README.md beside this file.
#pragma once

#include <array>

#include "adapters/courier/toolbox.hpp"

namespace returngate::courier::deppon_tables {

// `statusType` of the order-state push and of queryOrder.
inline constexpr std::array kOrderStates{
    StatusRow{"ACCEPT", TrackingStatus::accepted},
    StatusRow{"RECEIPTING", TrackingStatus::courier_assigned},  // on the way, `comments` says who
    StatusRow{"SHOUTCAR", TrackingStatus::courier_assigned},    // a vehicle is booked
    StatusRow{"GOT", TrackingStatus::collected},                // 开单: the waybill was opened
    StatusRow{"FAILGOT", TrackingStatus::collect_failed},
    StatusRow{"REJECT", TrackingStatus::collect_failed},
    StatusRow{"CANCEL", TrackingStatus::cancelled},
    StatusRow{"INVALID", TrackingStatus::cancelled},  // void
    StatusRow{"SIGNSUCCESS", TrackingStatus::delivered},
    StatusRow{"SIGNFAILED", TrackingStatus::exception},  // failed, not said to be refused
    StatusRow{"GOBACK", TrackingStatus::returned},
};

// `status` of traces, pushed and queried.
inline constexpr std::array kTraces{
    StatusRow{"GOT", TrackingStatus::collected},
    StatusRow{"DEPARTURE", TrackingStatus::in_transit},
    StatusRow{"ARRIVAL", TrackingStatus::in_transit},
    StatusRow{"SENT_SCAN", TrackingStatus::out_for_delivery},
    StatusRow{"INBOUND", TrackingStatus::at_station},
    StatusRow{"STA_INBOUND", TrackingStatus::at_station},
    StatusRow{"SIGNED", TrackingStatus::delivered},
    StatusRow{"STA_SIGN", TrackingStatus::delivered},
    StatusRow{"BACK_SIGNED", TrackingStatus::returned},
    StatusRow{"ERROR", TrackingStatus::exception},   // delayed
    StatusRow{"FAILED", TrackingStatus::exception},  // void or refused, not said which
    // Said to exist, without a meaning for the parcel's fate.
    StatusRow{"ADVANCE_NOTICE", TrackingStatus::unknown},
    StatusRow{"ADVANCE_DELIVERY", TrackingStatus::unknown},
    StatusRow{"OPERATETRACK", TrackingStatus::unknown},  // redirected
    StatusRow{"OTHER", TrackingStatus::unknown},
};

// `resultCode` of a refusal; 1000 is success.
inline constexpr std::array kErrors{
    ErrorRow{"2006", ErrorKind::conflict, "duplicate_reference", "Deppon has this reference already"},
    ErrorRow{"3002", ErrorKind::unauthorized, "service_not_enabled",
             "The company code may not use this interface"},
};

// In the `reason` of a refusal: the order does not exist, or not yet (orders are taken in asynchronously).
inline constexpr std::string_view kUnknownOrder = "不存在";

// Where each interface stands in the two environments.
struct Paths {
    std::string_view environment;
    std::string_view create;
    std::string_view cancel;
    std::string_view find;
    std::string_view track;
    std::string_view price;
};
inline constexpr std::array kPaths{
    Paths{"production", "/dop-interface-async/standard-order/createOrderNotify.action",
          "/dop-interface-async/standard-order/cancelOrder.action",
          "/dop-interface-sync/standard-query/queryOrder.action",
          "/dop-interface-sync/standard-query/newTraceQuery.action",
          "/dop-interface-sync/standard-query/queryPriceTime.action"},
    Paths{"sandbox", "/sandbox-web/dop-standard-ewborder/createOrderNotify.action",
          "/sandbox-web/standard-order/cancelOrder.action", "/sandbox-web/standard-order/queryOrder.action",
          "/sandbox-web/standard-order/newTraceQuery.action",
          "/sandbox-web/standard-order/queryPriceTime.action"},
};

// Members whose values may stand in a log.
inline constexpr std::string_view kLoggable =
    "timestamp logisticID logisticid logisticCompanyID companyCode customerCode orderType transportType "
    "needTraceInfo totalNumber totalWeight deliveryType gmtCommit payType sendStartTime sendEndTime "
    "cancelTime mailNo result resultCode success error_code uniquerRequestNumber statusType tracking_number "
    "time status sendDateTime totalVolume producteCode omsProductCode totalfee";

}  // namespace returngate::courier::deppon_tables
