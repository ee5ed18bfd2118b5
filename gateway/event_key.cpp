// Every fact that makes an event another one goes into its hash.
#include "gateway/event_key.hpp"

#include "adapters/crypto/digest.hpp"

namespace returngate {

std::string hash_of_event(const TrackingEvent& event) {
    const std::string reference = event.booking_reference ? event.booking_reference->value : "";
    const std::string at = format_rfc3339(event.occurred_at);
    const std::string weight = event.weight_grams ? std::to_string(*event.weight_grams) : "";
    const std::string fee = event.fee_fen ? std::to_string(*event.fee_fen) : "";
    const std::string_view waybill = event.waybill ? std::string_view(*event.waybill) : "";
    const std::string_view replaced_by = event.replaced_by ? std::string_view(*event.replaced_by) : "";
    constexpr std::string_view kEnd("\x1f", 1);
    const auto hash = crypto::sha256({reference, kEnd, waybill, kEnd, replaced_by, kEnd, event.raw_status,
                                      kEnd, at, kEnd, weight, kEnd, fee});
    return {hash.begin(), hash.end()};
}

// An event that its courier documents as repeating with new values is a new event each time.
std::string stored_key(const TrackingEvent& event, std::string_view payload_hash) {
    if (!event.repeats_with_new_values) return event.dedupe_key;
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(payload_hash.data());
    return event.dedupe_key + "#" + crypto::to_hex({bytes, 8});
}

}  // namespace returngate
