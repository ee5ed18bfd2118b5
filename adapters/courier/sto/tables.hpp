// STO's words and codes, and what they mean to us. Sources: README.md beside this file.
#pragma once

#include <array>

#include "adapters/courier/toolbox.hpp"

namespace returngate::courier::sto_tables {

// An interface of STO's gateway, and the constant that names its receiver (to_appkey and to_code).
struct Interface {
    std::string_view name;
    std::string_view to;
};
inline constexpr Interface kBook{"OMS_EXPRESS_ORDER_CREATE", "sto_oms"};
inline constexpr Interface kCancel{"EDI_MODIFY_ORDER_CANCEL", "edi_modify_order"};
inline constexpr Interface kFind{"GET_ORDERDISPATCH_INFO", "ORDERMS_API"};
inline constexpr Interface kTrack{"STO_TRACE_QUERY_COMMON", "sto_trace_query"};
inline constexpr Interface kPrice{"QUERY_SEND_SERVICE_DETAIL", "ORDERMS_API"};

// `event` of the dispatch push, and where it tells the rest. A change of state has the state's number.
struct EventRow {
    std::string_view event;
    std::string_view member;
    TrackingStatus status;
};
inline constexpr std::string_view kStateChange = "ORDER_STATUS_CHANGE_NOTIFY";
inline constexpr std::array kEvents{
    EventRow{kStateChange, "changeInfo", TrackingStatus::unknown},  // by `Status`
    EventRow{"ORDER_CANCEL_NOTIFY", "cancelInfo", TrackingStatus::cancelled},
    EventRow{"ORDER_UPDATE_FETCHTIME_NOTIFY", "modifyInfo", TrackingStatus::rebooked},
    EventRow{"ORDER_RETURN_NOTIFY", "returnInfo", TrackingStatus::collect_failed},  // 打回
};

// `Status` of a change.
inline constexpr std::array kStates{
    StatusRow{"1", TrackingStatus::accepted},          // a branch has it
    StatusRow{"2", TrackingStatus::courier_assigned},  // a courier is sent
    StatusRow{"4", TrackingStatus::cancelled},
    StatusRow{"5", TrackingStatus::collected},       // the dispatch is done
    StatusRow{"6", TrackingStatus::collect_failed},  // sent back
};

// `scanType` of pushed and queried tracks.
inline constexpr std::array kScans{
    StatusRow{"收件", TrackingStatus::collected},
    StatusRow{"发件", TrackingStatus::in_transit},
    StatusRow{"到件", TrackingStatus::in_transit},
    StatusRow{"转邮", TrackingStatus::in_transit},
    StatusRow{"转同行", TrackingStatus::in_transit},
    StatusRow{"派件", TrackingStatus::out_for_delivery},
    StatusRow{"第三方代派", TrackingStatus::out_for_delivery},
    StatusRow{"柜机代收", TrackingStatus::at_station},
    StatusRow{"驿站代收", TrackingStatus::at_station},
    StatusRow{"快件取出", TrackingStatus::unknown},  // out of a locker: by whom is not said
    StatusRow{"驿站出库", TrackingStatus::unknown},  // out of a station: by whom is not said
    StatusRow{"签收", TrackingStatus::delivered},
    StatusRow{"问题件", TrackingStatus::exception},
    StatusRow{"改地址件", TrackingStatus::exception},  // where it goes is a person's to see
    StatusRow{"退回件", TrackingStatus::returned},
};

// Members whose values may stand in a log.
inline constexpr std::string_view kLoggable =
    "orderNo billType orderType payModel battery goodsCount weight fetch_begin_time fetch_end_time waybillNo "
    "sourceOrderId SourceOrderId billCode waybillNoList order Weight success needRetry errorCode requestId "
    "OrderStatus totalPrice api_name to_appkey to_code event OrderId orderId BillCode Status status "
    "FetchStartTime FetchEndTime fetchStartTime fetchEndTime Code code linkCode outBizCode opTime scanType "
    "SettleWeight settleWeight SendProv SendCity RecProv RecCity";

}  // namespace returngate::courier::sto_tables
