// J&T's words and codes, and what they mean to us. Sources: README.md beside this file.
#pragma once

#include <array>

#include "adapters/courier/toolbox.hpp"

namespace returngate::courier::jt_tables {

// `scanType` of the order-state push. 已入仓 stands in an example only: unknown.
inline constexpr std::array kOrderStates{
    StatusRow{"已调派业务员", TrackingStatus::courier_assigned},
    StatusRow{"已揽收", TrackingStatus::collected},
    StatusRow{"已取件", TrackingStatus::collected},
    StatusRow{"已取消", TrackingStatus::cancelled},
};

// `scanType` of a scan (the Chinese text; 扫描 at its end is taken off), or `scanTypeCode`.
inline constexpr std::array kScans{
    StatusRow{"快件揽收", TrackingStatus::collected}, StatusRow{"1", TrackingStatus::collected},
    StatusRow{"发件", TrackingStatus::in_transit}, StatusRow{"3", TrackingStatus::in_transit},
    StatusRow{"到件", TrackingStatus::in_transit}, StatusRow{"4", TrackingStatus::in_transit},
    StatusRow{"出仓", TrackingStatus::out_for_delivery}, StatusRow{"5", TrackingStatus::out_for_delivery},
    StatusRow{"入库", TrackingStatus::at_station}, StatusRow{"6", TrackingStatus::at_station},
    StatusRow{"代理点收入", TrackingStatus::at_station}, StatusRow{"7", TrackingStatus::at_station},
    StatusRow{"快件签收", TrackingStatus::delivered}, StatusRow{"10", TrackingStatus::delivered},
    StatusRow{"问题件", TrackingStatus::exception},  // see kProblems
    StatusRow{"11", TrackingStatus::exception}, StatusRow{"退件", TrackingStatus::returned},
    StatusRow{"14", TrackingStatus::returned},
    // Said to exist, without a meaning for the parcel's fate.
    StatusRow{"入仓", TrackingStatus::unknown},      // 2: withdrawn by J&T
    StatusRow{"快件取出", TrackingStatus::unknown},  // 8
    StatusRow{"出库", TrackingStatus::unknown},      // 9
    StatusRow{"安检", TrackingStatus::unknown},      // 12
    StatusRow{"其他", TrackingStatus::unknown},      // 13
};

// `problemType` of 问题件; all others are `exception`.
inline constexpr std::array kProblems{
    StatusRow{"A2", TrackingStatus::refused},   StatusRow{"A14", TrackingStatus::refused},
    StatusRow{"A35", TrackingStatus::refused},  StatusRow{"A4", TrackingStatus::returned},
    StatusRow{"A25", TrackingStatus::returned},
};

// `orderStatus` of getOrders.
inline constexpr std::array kOrders{
    StatusRow{"100", TrackingStatus::accepted},          // not dispatched
    StatusRow{"101", TrackingStatus::accepted},          // a branch has it
    StatusRow{"102", TrackingStatus::courier_assigned},  // somebody is on the way
    StatusRow{"103", TrackingStatus::collected},        StatusRow{"104", TrackingStatus::cancelled},
};

// `code` whatever we asked: what is wrong is the account, or the platform.
inline constexpr std::array kAccountErrors{
    ErrorRow{"145003010", ErrorKind::unauthorized, "account_refused", "J&T does not know the API account"},
    ErrorRow{"145003012", ErrorKind::unauthorized, "service_not_enabled",
             "The API account may not use this interface"},
    ErrorRow{"145003030", ErrorKind::unauthorized, "signature_refused", "J&T refuses the header's digest"},
    ErrorRow{"145003031", ErrorKind::unauthorized, "signature_refused",
             "J&T refuses the digest of customer code and password"},
    ErrorRow{"145003051", ErrorKind::unauthorized, "signature_refused", "J&T misses the API account"},
    ErrorRow{"145003071", ErrorKind::unauthorized, "signature_refused", "J&T misses the API account"},
    ErrorRow{"145003052", ErrorKind::unauthorized, "signature_refused", "J&T misses the digest"},
    ErrorRow{"145003053", ErrorKind::unauthorized, "signature_refused", "J&T misses the timestamp"},
    ErrorRow{"0", ErrorKind::in_doubt, "courier_failed", "J&T reports a failure without a code"},
    ErrorRow{"145003040", ErrorKind::in_doubt, "courier_system_error", "J&T reports a system error"},
    ErrorRow{"145005000", ErrorKind::in_doubt, "courier_system_error", "J&T reports a system error"},
};

// `code` of bookings and cancellations. From 145003101 on printed for sister countries, same code space.
inline constexpr std::array kOrderErrors{
    ErrorRow{"145003050", ErrorKind::rejected, "bad_parameters", "J&T refuses the parameters"},
    ErrorRow{"145003101", ErrorKind::conflict, "duplicate_reference", "J&T has this reference already"},
    ErrorRow{"145002001", ErrorKind::conflict, "duplicate_reference", "J&T has this order already"},
    ErrorRow{"145003041", ErrorKind::rejected, "courier_refused", "J&T could not place the order"},
    ErrorRow{"145003042", ErrorKind::conflict, "duplicate_reference",
             "J&T has this reference and cannot change it"},
    ErrorRow{"145003060", ErrorKind::rejected, "out_of_coverage", "J&T does not know the district"},
    ErrorRow{"145003061", ErrorKind::rejected, "out_of_coverage", "J&T does not know the city"},
    ErrorRow{"145003062", ErrorKind::rejected, "out_of_coverage", "J&T does not know the province"},
    ErrorRow{"145003065", ErrorKind::rejected, "out_of_coverage", "J&T does not know the area"},
    ErrorRow{"145003088", ErrorKind::rejected, "time_not_supported", "J&T refuses the window"},
    ErrorRow{"145003092", ErrorKind::rejected, "bad_weight", "J&T refuses the weight"},
    ErrorRow{"145003113", ErrorKind::rejected, "pay_type_refused", "The pay type does not fit; see pay_type"},
    ErrorRow{"145003114", ErrorKind::rejected, "pay_type_refused", "The pay type does not fit; see pay_type"},
    ErrorRow{"145003080", ErrorKind::rejected, "account_refused", "J&T does not know the customer code"},
    ErrorRow{"145003201", ErrorKind::conflict, "already_collected", "J&T has collected the parcel"},
    ErrorRow{"145003202", ErrorKind::conflict, "already_cancelled", "The order is cancelled at J&T"},
    ErrorRow{"999001010", ErrorKind::rejected, "bad_parameters", "J&T misses a field"},
    ErrorRow{"999001030", ErrorKind::not_found, "order_not_found", "J&T does not know the reference"},
    ErrorRow{"999002000", ErrorKind::not_found, "order_not_found", "J&T does not know the reference"},
    ErrorRow{"999002010", ErrorKind::conflict, "too_late", "J&T cannot cancel any more"},
};

// `code` of questions: a question that failed says nothing about the order.
inline constexpr std::array kQueryErrors{
    ErrorRow{"145003064", ErrorKind::not_found, "order_not_found", "J&T does not know the reference"},
    ErrorRow{"999001030", ErrorKind::not_found, "order_not_found", "J&T does not know the reference"},
};

// Members whose values may stand in a log.
inline constexpr std::string_view kLoggable =
    "code requestId txlogisticId billCode billCodes waybillNo orderId jtOrderId expressType orderType "
    "serviceType deliveryType payType goodsType weight Weight totalQuantity sendStartTime sendEndTime "
    "command serialNumber orderStatus createOrderTime sortingCode sumFreight totalPrice totalFreight freight "
    "insuredFee packageChargeWeight scanType scanTypeCode scanTime time problemType carrierCode countryCode";

}  // namespace returngate::courier::jt_tables
