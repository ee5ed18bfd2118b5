// KDNiao's words and codes, and what they mean to us. Sources: README.md beside this file.
#pragma once

#include <array>

#include "adapters/courier/toolbox.hpp"

namespace returngate::courier::kdniao_tables {

// `State` of push 103, and of an order query. What is listed as unknown implies nothing; its waybill number
// counts all the same.
inline constexpr std::array kOrderStates{
    StatusRow{"2", TrackingStatus::in_transit},
    StatusRow{"3", TrackingStatus::delivered},
    StatusRow{"99", TrackingStatus::cancelled},  // 调派失败: nobody comes
    StatusRow{"102", TrackingStatus::accepted},  // a branch has it
    StatusRow{"103", TrackingStatus::courier_assigned},
    StatusRow{"104", TrackingStatus::collected},  // not by all carriers; its weight is not settled
    StatusRow{"109", TrackingStatus::rebooked},   // given to another carrier
    StatusRow{"120", TrackingStatus::unknown},    // the waybill number, no movement
    StatusRow{"203", TrackingStatus::cancelled},
    StatusRow{"206", TrackingStatus::undone},     // 虚假揽收: the collection was none
    StatusRow{"207", TrackingStatus::exception},  // the person took money at the door
    StatusRow{"208", TrackingStatus::fee},        // weight modified
    StatusRow{"301", TrackingStatus::collected},  // with the settlement
    StatusRow{"302", TrackingStatus::replaced},   // another number
    StatusRow{"402", TrackingStatus::unknown},    // answer to a modification, which we do not send
    StatusRow{"502", TrackingStatus::unknown},    // parent and child parcels
    StatusRow{"601", TrackingStatus::fee},
    StatusRow{"701", TrackingStatus::unknown},  // payment: nothing about the parcel
};

// Whose weight and TotalFee are the settled ones.
inline constexpr std::array<std::string_view, 3> kSettling{"301", "208", "601"};

// `Action` of a trace row, `StateEx` and `State` of the parcel.
inline constexpr std::array kTraceStates{
    StatusRow{"0", TrackingStatus::unknown},  // no trace yet
    StatusRow{"1", TrackingStatus::collected},
    StatusRow{"2", TrackingStatus::in_transit},
    StatusRow{"3", TrackingStatus::delivered},
    StatusRow{"4", TrackingStatus::exception},
    StatusRow{"201", TrackingStatus::in_transit},
    StatusRow{"202", TrackingStatus::out_for_delivery},
    StatusRow{"211", TrackingStatus::at_station},
    StatusRow{"301", TrackingStatus::delivered},
    StatusRow{"302", TrackingStatus::delivered},  // signed after trouble
    StatusRow{"304", TrackingStatus::delivered},  // by proxy
    StatusRow{"311", TrackingStatus::delivered},  // out of a locker
    StatusRow{"401", TrackingStatus::exception},  // no news
    StatusRow{"402", TrackingStatus::exception},  // not signed in time
    StatusRow{"403", TrackingStatus::exception},  // no change
    StatusRow{"404", TrackingStatus::refused},    // refused, or on the way back
    StatusRow{"405", TrackingStatus::exception},  // trouble in delivery
    StatusRow{"406", TrackingStatus::returned},
    StatusRow{"407", TrackingStatus::returned},   // on the way back
    StatusRow{"412", TrackingStatus::exception},  // too long in the locker
    StatusRow{"413", TrackingStatus::exception},  // intercepted
};

// `ResultCode`. 106 (and 105 with one of the words below) says that the order stands already.
inline constexpr std::string_view kOk = "100";
inline constexpr std::string_view kPlacedBefore = "106";
inline constexpr std::string_view kOtherRefusal = "105";
inline constexpr std::array<std::string_view, 2> kPlacedBeforeWords{"已存在", "重复"};
inline constexpr std::array kErrors{
    ErrorRow{"104", ErrorKind::unauthorized, "account_refused", "KDNiao refuses the account or the DataSign"},
    ErrorRow{"401", ErrorKind::throttled, "query_limit", "The limit of queries is reached"},
    ErrorRow{"402", ErrorKind::throttled, "query_limit", "The limit of queries is reached"},
    ErrorRow{"403", ErrorKind::throttled, "query_limit", "The limit of queries is reached"},
    ErrorRow{"404", ErrorKind::throttled, "query_limit", "The limit of queries is reached"},
    ErrorRow{"405", ErrorKind::throttled, "daily_limit", "The day's queries are used up"},
    ErrorRow{"101", ErrorKind::rejected, "bad_parameters", "KDNiao misses a parameter"},
    ErrorRow{"102", ErrorKind::rejected, "bad_parameters", "KDNiao refuses a parameter"},
    ErrorRow{"103", ErrorKind::rejected, "bad_parameters", "KDNiao cannot read the parameters"},
    ErrorRow{"105", ErrorKind::rejected, "carrier_refused", "KDNiao or its carrier refuses"},
    ErrorRow{"106", ErrorKind::conflict, "duplicate_reference", "KDNiao has this order already"},
};
// The first rows: of the account, whatever was asked.
inline constexpr std::size_t kAccountErrors = 6;

// Who carries: KDNiao's ShipperCode, ours, and whether its parcels are tracked with a CustomerName only.
struct Carrier {
    std::string_view code;
    std::string_view ours;
    bool wants_customer_name;
};
inline constexpr std::array kCarriers{
    Carrier{"DBL", "DEPPON", false}, Carrier{"EMS", "EMS", false}, Carrier{"JD", "JD", true},
    Carrier{"JTSD", "JT", false},    Carrier{"SF", "SF", true},    Carrier{"STO", "STO", false},
    Carrier{"YD", "YUNDA", false},   Carrier{"YTO", "YTO", false}, Carrier{"ZTO", "ZTO", false},
};

// KDNiao refuses values with these characters; their full-width forms read the same.
struct Swap {
    char refused;
    std::string_view instead;
};
inline constexpr std::array kSwaps{
    Swap{'\'', "＇"}, Swap{'"', "＂"}, Swap{'#', "＃"}, Swap{'&', "＆"}, Swap{'+', "＋"},
    Swap{'<', "＜"},  Swap{'>', "＞"}, Swap{'%', "％"}, Swap{'/', "／"}, Swap{'\\', "＼"},
};

// Members whose values may stand in a log.
inline constexpr std::string_view kLoggable =
    "RequestType DataType TransportType ShipperType ShipperCode OrderCode KDNOrderCode ExpType PayType "
    "Weight "
    "Quantity StartDate EndDate GoodsQuantity CancelType Success ResultCode LogisticCode OldShipperCode "
    "OldLogisticCode PushTime UpdateTime Count State StateEx Action CreateTime AcceptTime TotalFee Cost "
    "totalFee shipperCode weight cost";

}  // namespace returngate::courier::kdniao_tables
