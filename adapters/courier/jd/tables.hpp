// JD's words and codes, and what they mean to us. Sources: README.md beside this file.
#pragma once

#include <array>

#include "adapters/courier/toolbox.hpp"
#include "adapters/crypto/digest.hpp"

namespace returngate::courier::jd_tables {

// `state` of a node, pushed and queried; a node that is not listed is judged by its `category`.
inline constexpr std::array kStates{
    StatusRow{"200018", TrackingStatus::courier_assigned},
    StatusRow{"200034", TrackingStatus::courier_assigned},
    StatusRow{"200035", TrackingStatus::courier_assigned},  // the person has taken it on
    StatusRow{"200001", TrackingStatus::collected},
    StatusRow{"200053", TrackingStatus::rebooked},   // pickup tried again later
    StatusRow{"200052", TrackingStatus::cancelled},  // pickup terminated; category 690
    StatusRow{"200010", TrackingStatus::cancelled},
    StatusRow{"200067", TrackingStatus::collect_failed},
    StatusRow{"10032", TrackingStatus::in_transit},
    StatusRow{"10054", TrackingStatus::in_transit},
    StatusRow{"200012", TrackingStatus::in_transit},
    StatusRow{"200013", TrackingStatus::in_transit},
    StatusRow{"10033", TrackingStatus::at_station},
    StatusRow{"11000", TrackingStatus::out_for_delivery},
    StatusRow{"200003", TrackingStatus::exception},  // 再投: to be delivered again
    StatusRow{"200023", TrackingStatus::exception},
    StatusRow{"200031", TrackingStatus::exception},
    StatusRow{"10034", TrackingStatus::delivered},
    StatusRow{"10035", TrackingStatus::refused},
    StatusRow{"200020", TrackingStatus::replaced},  // re-labelled, the new number in operationRemark
    StatusRow{"200033", TrackingStatus::returned},
};

// `category`, the first level: of nodes, and `status` of status/get.
inline constexpr std::array kCategories{
    StatusRow{"100", TrackingStatus::accepted},
    StatusRow{"390", TrackingStatus::courier_assigned},  // dispatched, not collected
    StatusRow{"403", TrackingStatus::exception},         // held
    StatusRow{"420", TrackingStatus::collected},
    StatusRow{"430", TrackingStatus::in_transit},
    StatusRow{"440", TrackingStatus::out_for_delivery},
    StatusRow{"480", TrackingStatus::exception},  // intercepted
    StatusRow{"500", TrackingStatus::exception},  // aborted
    StatusRow{"510", TrackingStatus::delivered},
    StatusRow{"530", TrackingStatus::refused},
    StatusRow{"690", TrackingStatus::cancelled},
    StatusRow{"700", TrackingStatus::unknown},  // refund: nothing about the parcel
};

// `code` of the business envelope. JD prints no list; 62 is what a body that is no array gets.
inline constexpr std::array kErrors{
    ErrorRow{"62", ErrorKind::rejected, "bad_parameters", "JD refuses the parameters"},
};

// `data.resultType` of a cancellation; absent with some accounts, then `success` decides. Whatever JD had to
// intercept has been collected.
inline constexpr std::array kCancelResults{
    ErrorRow{"1", ErrorKind::conflict, "already_collected", "JD has collected the parcel and intercepts it"},
    ErrorRow{"2", ErrorKind::rejected, "cancel_failed", "JD could not cancel the order"},
    ErrorRow{"3", ErrorKind::conflict, "already_collected", "JD has collected the parcel"},
    ErrorRow{"4", ErrorKind::conflict, "already_collected", "JD has collected the parcel and intercepts it"},
};

// `algorithm`: a name and what it is. md5-salt is the hex MD5 of a text that begins and ends with the secret.
struct AlgorithmRow {
    std::string_view name;
    crypto::HmacHash hash;
};
inline constexpr std::string_view kMd5Salt = "md5-salt";
inline constexpr std::array kHmacs{
    AlgorithmRow{"HMacMD5", crypto::HmacHash::md5},
    AlgorithmRow{"HMacSHA1", crypto::HmacHash::sha1},
    AlgorithmRow{"HMacSHA256", crypto::HmacHash::sha256},
    AlgorithmRow{"HMacSHA512", crypto::HmacHash::sha512},
};

// Members whose values may stand in a log.
inline constexpr std::string_view kLoggable =
    "orderId orderCode orderOrigin settleType productCode quantity weight volume pickupType pickupStartTime "
    "pickupEndTime autoSubscribe waybillCode customerOrderId cancelReasonCode cancelType code subCode "
    "success "
    "resultType requestId mills status state category operationTime scanType totalFreightPre "
    "totalFreightStandard";

}  // namespace returngate::courier::jd_tables
