// Kuaidi100's words and codes, and what they mean to us. Sources: README.md beside this file.
#pragma once

#include <array>

#include "adapters/courier/toolbox.hpp"

namespace returngate::courier::kuaidi100_tables {

// `data.status` of the order callback, and of `detail`. What is not listed, or listed as unknown,
// implies nothing; its waybill number counts all the same.
inline constexpr std::array kOrderStatuses{
    StatusRow{"0", TrackingStatus::unknown},           // ordered: taken down, nobody has accepted yet
    StatusRow{"1", TrackingStatus::accepted},          // with the person's name and phone
    StatusRow{"2", TrackingStatus::courier_assigned},  // 揽收中: on the way
    StatusRow{"9", TrackingStatus::cancelled},         // by us
    StatusRow{"10", TrackingStatus::collected},
    StatusRow{"11", TrackingStatus::collect_failed},
    StatusRow{"12", TrackingStatus::returned},  // documented for the consumer product only
    StatusRow{"13", TrackingStatus::delivered},
    StatusRow{"14", TrackingStatus::exception},  // 异常签收: abnormally signed, not said by whom
    StatusRow{"15", TrackingStatus::fee},        // settled
    StatusRow{"99", TrackingStatus::cancelled},  // by the courier or the platform
    StatusRow{"101", TrackingStatus::in_transit},
    StatusRow{"110", TrackingStatus::unknown},   // payment: nothing about the parcel
    StatusRow{"155", TrackingStatus::fee},       // weight modified
    StatusRow{"166", TrackingStatus::rebooked},  // revived after a cancellation
    StatusRow{"200", TrackingStatus::unknown},   // label printed
    StatusRow{"201", TrackingStatus::unknown},   // label not printed
    StatusRow{"302", TrackingStatus::replaced},  // number changed (one source)
    StatusRow{"400", TrackingStatus::out_for_delivery},
    StatusRow{"610", TrackingStatus::cancelled},  // 下单失败: the carrier refused afterwards
};

// Documented to come again with new amounts.
inline constexpr std::array<std::string_view, 2> kRepeating{"15", "155"};

// `statusCode` of a trace row, `state` of the parcel. The codes of three and four digits come with
// resultv2 4 and are an integration's list; they do not follow from their first digit.
inline constexpr std::array kTraceStatuses{
    StatusRow{"0", TrackingStatus::in_transit},
    StatusRow{"1", TrackingStatus::collected},
    StatusRow{"2", TrackingStatus::exception},
    StatusRow{"3", TrackingStatus::delivered},
    StatusRow{"4", TrackingStatus::returned},  // back with the sender
    StatusRow{"5", TrackingStatus::out_for_delivery},
    StatusRow{"6", TrackingStatus::returned},    // on the way back
    StatusRow{"7", TrackingStatus::in_transit},  // forwarded to another carrier
    StatusRow{"8", TrackingStatus::unknown},     // customs: we carry inside the country only
    StatusRow{"14", TrackingStatus::refused},
    StatusRow{"101", TrackingStatus::unknown},  // ordered
    StatusRow{"102", TrackingStatus::unknown},  // waiting for the collection
    StatusRow{"103", TrackingStatus::collected},
    StatusRow{"1001", TrackingStatus::in_transit},
    StatusRow{"1002", TrackingStatus::in_transit},
    StatusRow{"1003", TrackingStatus::in_transit},
    StatusRow{"201", TrackingStatus::exception},  // not signed in time
    StatusRow{"202", TrackingStatus::exception},  // no news
    StatusRow{"203", TrackingStatus::refused},
    StatusRow{"204", TrackingStatus::exception},  // trouble in delivery
    StatusRow{"205", TrackingStatus::exception},  // too long in the locker
    StatusRow{"206", TrackingStatus::exception},  // receiver not reached
    StatusRow{"207", TrackingStatus::exception},  // out of area
    StatusRow{"208", TrackingStatus::exception},  // held
    StatusRow{"209", TrackingStatus::exception},  // damaged
    StatusRow{"210", TrackingStatus::exception},  // cancelled by the user: the order callback decides
    StatusRow{"301", TrackingStatus::delivered},
    StatusRow{"302", TrackingStatus::delivered},  // signed after trouble
    StatusRow{"303", TrackingStatus::delivered},  // by proxy
    StatusRow{"304", TrackingStatus::delivered},  // out of a locker or station
    StatusRow{"401", TrackingStatus::exception},  // shipment voided
    StatusRow{"501", TrackingStatus::at_station},
    // `status` in words, where a row has no code.
    StatusRow{"揽收", TrackingStatus::collected},
};

// `returnCode` of the order API.
inline constexpr std::array kOrderErrors{
    ErrorRow{"400", ErrorKind::rejected, "bad_parameters", "Kuaidi100 refuses the parameters"},
    // A server error or the carrier's refusal: the same thirdOrderId is sent again.
    ErrorRow{"500", ErrorKind::in_doubt, "open_outcome", "Kuaidi100 failed or its carrier refused"},
    ErrorRow{"501", ErrorKind::conflict, "duplicate_reference", "Kuaidi100 has this order already"},
    ErrorRow{"503", ErrorKind::unauthorized, "signature_refused", "Kuaidi100 refuses our signature"},
    ErrorRow{"600", ErrorKind::unauthorized, "account_refused",
             "Kuaidi100 refuses the key or has no balance"},
    ErrorRow{"601", ErrorKind::unauthorized, "account_refused", "The key has expired or has no balance"},
    ErrorRow{"700", ErrorKind::rejected, "callback_url_refused", "Kuaidi100 refuses the callback URL"},
};

// Words in the `message` of a 500 that make it the carrier's plain no.
inline constexpr std::array<std::string_view, 2> kCarrierSaysNo{"风控", "停派"};

// What is wrong with our account whatever we asked. (A cancellation is answered 500 when there is nothing
// left to cancel as well as when it failed.)
inline constexpr std::array kAccountErrors{
    ErrorRow{"503", ErrorKind::unauthorized, "signature_refused", "Kuaidi100 refuses our signature"},
    ErrorRow{"600", ErrorKind::unauthorized, "account_refused",
             "Kuaidi100 refuses the key or has no balance"},
    ErrorRow{"601", ErrorKind::unauthorized, "account_refused", "The key has expired or has no balance"},
};

// `returnCode` of the tracking query; 500 is "nothing yet".
inline constexpr std::array kQueryErrors{
    ErrorRow{"400", ErrorKind::rejected, "bad_parameters", "Kuaidi100 refuses the parameters"},
    ErrorRow{"408", ErrorKind::rejected, "phone_refused", "The phone is not the parcel's; see track_phone"},
    ErrorRow{"501", ErrorKind::unavailable, "courier_system_error", "Kuaidi100 reports a server error"},
    ErrorRow{"502", ErrorKind::throttled, "busy", "Kuaidi100 is busy"},
    ErrorRow{"503", ErrorKind::unauthorized, "signature_refused", "Kuaidi100 refuses our signature"},
    ErrorRow{"601", ErrorKind::unauthorized, "account_refused", "No queries are left on the account"},
};

// Who carries: Kuaidi100's code, ours, and whether its parcels are tracked with a phone only.
struct Carrier {
    std::string_view code;
    std::string_view ours;
    bool wants_phone;
};
inline constexpr std::array kCarriers{
    Carrier{"zhongtong", "ZTO", true},        Carrier{"yuantong", "YTO", false},
    Carrier{"yunda", "YUNDA", false},         Carrier{"shentong", "STO", false},
    Carrier{"jtexpress", "JT", false},        Carrier{"jd", "JD", false},
    Carrier{"debangkuaidi", "DEPPON", false}, Carrier{"ems", "EMS", false},
    Carrier{"shunfeng", "SF", true},
};

// Members whose values may stand in a log.
inline constexpr std::string_view kLoggable =
    "method t kuaidicom kuaidiCom weight serviceType dayType pickupStartTime pickupEndTime "
    "thirdOrderId op resultv2 taskId orderId kuaidinum kuaidiNum result returnCode status price defPrice "
    "freight volume actualWeight payStatus com num nu order state condition ischeck billstatus autoCheck "
    "comOld comNew time ftime statusCode";

}  // namespace returngate::courier::kuaidi100_tables
