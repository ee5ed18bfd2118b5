// What a courier reports, in our words: the normalised status, when it happened, how far we believe it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "src/base/ids.hpp"
#include "src/base/time.hpp"

namespace returngate {

// Decision 37. A word that a courier's table does not list is `unknown`: kept raw, implies nothing.
enum class TrackingStatus : std::uint8_t {
    accepted,
    courier_assigned,
    rebooked,
    collected,
    collect_failed,
    cancelled,
    in_transit,
    out_for_delivery,
    at_station,
    delivered,
    refused,
    returned,
    replaced,
    undone,
    exception,
    fee,
    unknown,
};
[[nodiscard]] std::string_view to_string(TrackingStatus status);
[[nodiscard]] std::optional<TrackingStatus> parse_tracking_status(std::string_view text);

// How an event was proved, weakest first (decision 10).
enum class Proof : std::uint8_t {
    secret_url,        // only the URL's secret: a hint, confirmed by query before money moves
    weak_signature,    // keyed digest without a timestamp: counts up to a limit
    strong_signature,  // MAC or signature with a timestamp
    query,             // we asked the courier and it said so
};
[[nodiscard]] std::string_view to_string(Proof proof);

struct TrackingEvent {
    std::optional<BookingReference> booking_reference;  // as the courier named it
    std::optional<std::string> waybill;                 // raw, as the courier wrote it
    std::optional<std::string> replaced_by;             // raw new number, with status replaced/returned
    TrackingStatus status = TrackingStatus::unknown;
    std::string raw_status;                // the courier's own word or code
    Instant occurred_at{};                 // UTC, converted from the courier's wall clock
    std::string dedupe_key;                // unique per event of this courier, stable over repeats
    bool repeats_with_new_values = false;  // the courier documents it so: another body is no attack
    std::optional<std::int64_t> weight_grams;
    std::optional<std::int64_t> fee_fen;
    std::string courier_person;  // name or code of the person, personal data: never logged
    std::string courier_phone;   // personal data: never logged
    std::string pickup_code;     // what the buyer shows at the door; personal data: never logged
};

}  // namespace returngate
