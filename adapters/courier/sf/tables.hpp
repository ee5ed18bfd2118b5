// SF's codes, and what they mean to us. Sources: README.md beside this file.
#pragma once

#include <array>

#include "adapters/courier/toolbox.hpp"

namespace returngate::courier::sf_tables {

// `orderStateCode` of the order-state push: the life before the pickup.
inline constexpr std::array kOrderStates{
    StatusRow{"04-40037", TrackingStatus::accepted},          // order received
    StatusRow{"04-40001", TrackingStatus::courier_assigned},  // dispatched, courier's details present
    StatusRow{"04", TrackingStatus::unknown},                 // dispatch failed or waiting: implies nothing
    StatusRow{"04-40002-40004", TrackingStatus::exception},   // cannot reach the sender
    StatusRow{"04-40002-40021", TrackingStatus::exception},   // bad phone number
    StatusRow{"04-40002-40022", TrackingStatus::exception},   // cannot enter
    StatusRow{"04-40002-40005", TrackingStatus::rebooked},    // another time agreed
    StatusRow{"04-40002-40027", TrackingStatus::exception},   // weather
    StatusRow{"04-40002-40028", TrackingStatus::exception},   // traffic
    StatusRow{"04-40002-40035", TrackingStatus::exception},   // overload
    StatusRow{"04-40002-40031", TrackingStatus::collect_failed},  // not acceptable for collection
    StatusRow{"04-40002-40015", TrackingStatus::exception},       // duplicate
    StatusRow{"04-40002-40016", TrackingStatus::exception},       // wrong order
    StatusRow{"04-40002-40036", TrackingStatus::exception},       // heavy goods, to be transferred
    StatusRow{"04-40002-40014", TrackingStatus::cancelled},       // by the customer
    StatusRow{"00", TrackingStatus::cancelled},
    StatusRow{"00-2000", TrackingStatus::cancelled},
    StatusRow{"00-40045-1000", TrackingStatus::cancelled},  // by SF's dispatch
    StatusRow{"05-40003", TrackingStatus::collected},
};

// `opCode` of routes, pushed and queried. (Another SF interface numbers its states otherwise: 30
// picked up, 160 signed. That table contradicts the official sample of this one.)
inline constexpr std::array kRoutes{
    StatusRow{"50", TrackingStatus::collected},
    StatusRow{"43", TrackingStatus::collected},
    StatusRow{"54", TrackingStatus::collected},
    StatusRow{"30", TrackingStatus::in_transit},
    StatusRow{"31", TrackingStatus::in_transit},
    StatusRow{"36", TrackingStatus::in_transit},
    StatusRow{"3036", TrackingStatus::in_transit},
    StatusRow{"44", TrackingStatus::out_for_delivery},
    StatusRow{"204", TrackingStatus::out_for_delivery},
    StatusRow{"33", TrackingStatus::exception},
    StatusRow{"70", TrackingStatus::exception},
    StatusRow{"123", TrackingStatus::at_station},
    StatusRow{"125", TrackingStatus::at_station},
    StatusRow{"126", TrackingStatus::at_station},
    StatusRow{"130", TrackingStatus::at_station},
    StatusRow{"607", TrackingStatus::at_station},  // agent
    StatusRow{"80", TrackingStatus::delivered},
    StatusRow{"8000", TrackingStatus::unknown},    // sign picture available, after 80: implies nothing new
    StatusRow{"99", TrackingStatus::in_transit},   // forwarding
    StatusRow{"626", TrackingStatus::in_transit},  // handed to a third party
    StatusRow{"627", TrackingStatus::in_transit},
    StatusRow{"648", TrackingStatus::returned},  // returned or re-labelled, the new number in `remark`
};

// `apiResultCode`; A1000 alone says "look inside".
inline constexpr std::array kPlatformErrors{
    ErrorRow{"A1001", ErrorKind::rejected, "missing_parameter", "SF's platform misses a parameter"},
    ErrorRow{"A1002", ErrorKind::unauthorized, "token_expired", "SF's platform refuses the token"},
    ErrorRow{"A1003", ErrorKind::unauthorized, "address_refused", "SF's platform refuses our address"},
    ErrorRow{"A1004", ErrorKind::unauthorized, "service_not_enabled", "The service is not enabled at SF"},
    ErrorRow{"A1005", ErrorKind::throttled, "throttled", "SF's platform asks us to slow down"},
    ErrorRow{"A1006", ErrorKind::unauthorized, "signature_refused", "SF's platform refuses our signature"},
    ErrorRow{"A1008", ErrorKind::unauthorized, "decryption_failed", "SF's platform cannot decrypt"},
    ErrorRow{"A1009", ErrorKind::unavailable, "backend_down", "SF's backend is down"},
    ErrorRow{"A1011", ErrorKind::unauthorized, "token_refused", "SF's platform refuses the authentication"},
    ErrorRow{"A1099", ErrorKind::in_doubt, "platform_error", "SF's platform reports a system error"},
};

// `errorCode` of the inner answer; S0000 is success. 8016 is `conflict`: the gateway finds the order
// by our reference and adopts its waybill.
inline constexpr std::array kErrors{
    ErrorRow{"8016", ErrorKind::conflict, "duplicate_reference", "SF has this reference already"},
    ErrorRow{"8096", ErrorKind::rejected, "time_not_supported", "The window is outside SF's business hours"},
    ErrorRow{"8051", ErrorKind::rejected, "time_not_supported", "SF does not serve the timed window"},
    ErrorRow{"8052", ErrorKind::rejected, "out_of_coverage", "SF does not serve the origin at that time"},
    ErrorRow{"8053", ErrorKind::rejected, "out_of_coverage",
             "SF does not serve the destination at that time"},
    ErrorRow{"8177", ErrorKind::rejected, "slot_full", "SF's slot is full"},
    ErrorRow{"1010", ErrorKind::rejected, "bad_parameters", "SF misses a field or finds a bad phone number"},
    ErrorRow{"1011", ErrorKind::rejected, "bad_parameters", "SF misses a field or finds a bad phone number"},
    ErrorRow{"1012", ErrorKind::rejected, "bad_parameters", "SF misses a field or finds a bad phone number"},
    ErrorRow{"1014", ErrorKind::rejected, "bad_parameters", "SF misses a field or finds a bad phone number"},
    ErrorRow{"1015", ErrorKind::rejected, "bad_parameters", "SF misses a field or finds a bad phone number"},
    ErrorRow{"1016", ErrorKind::rejected, "bad_parameters", "SF misses a field or finds a bad phone number"},
    ErrorRow{"1023", ErrorKind::rejected, "bad_parameters", "SF misses a field or finds a bad phone number"},
    ErrorRow{"8196", ErrorKind::rejected, "bad_parameters", "SF misses a field or finds a bad phone number"},
    ErrorRow{"20035", ErrorKind::rejected, "prohibited_goods", "SF does not carry these goods"},
    ErrorRow{"20036", ErrorKind::rejected, "product_not_applicable",
             "The SF product does not apply; see express_type_id"},
    ErrorRow{"8057", ErrorKind::rejected, "product_not_applicable",
             "SF does not know the product; see express_type_id"},
    ErrorRow{"6126", ErrorKind::rejected, "account_refused", "SF refuses the monthly card or its payment"},
    ErrorRow{"8114", ErrorKind::rejected, "account_refused", "SF refuses the monthly card or its payment"},
    ErrorRow{"8119", ErrorKind::rejected, "account_refused", "SF refuses the monthly card or its payment"},
    ErrorRow{"8179", ErrorKind::rejected, "account_refused", "SF refuses the monthly card or its payment"},
    ErrorRow{"8256", ErrorKind::rejected, "account_refused", "SF refuses the monthly card or its payment"},
    ErrorRow{"8017", ErrorKind::rejected, "waybill_mismatch", "Order and waybill do not match at SF"},
    ErrorRow{"8018", ErrorKind::not_found, "order_not_found", "SF does not know the reference"},
    ErrorRow{"8024", ErrorKind::not_found, "order_not_found", "SF does not know the reference"},
    ErrorRow{"6150", ErrorKind::not_found, "order_not_found", "SF does not know the reference"},
    ErrorRow{"8037", ErrorKind::conflict, "already_cancelled", "The order is cancelled at SF"},
    ErrorRow{"8168", ErrorKind::conflict, "already_collected", "SF has collected the parcel"},
    ErrorRow{"8252", ErrorKind::conflict, "already_confirmed", "The order is confirmed at SF"},
};

// Members whose values may stand in a log.
inline constexpr std::string_view kLoggable =
    "partnerID requestID serviceCode timestamp language orderId dealType searchType trackingType "
    "trackingNumber methodType contactType country payMethod expressTypeId parcelQty totalWeight "
    "weight count unit isDocall sendStartTm attrName isReturnRoutelabel apiResultCode apiResponseID "
    "errorCode success filterResult waybillType waybillNo resStatus mailNo acceptTime opCode mailno "
    "orderid id reasonCode orderNo orderStateCode lastTime bookTime createTm carrierCode requestId "
    "meterageWeightQty feeTypeCode service";

}  // namespace returngate::courier::sf_tables
