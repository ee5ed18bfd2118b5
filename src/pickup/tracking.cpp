// The words for tracking statuses and proofs, as they stand in events, rows and logs.
#include "src/pickup/tracking.hpp"

namespace returngate {
namespace {

// In the order of the enum.
constexpr std::array<std::string_view, 17> kStatusWords{
    "accepted",   "courier_assigned", "rebooked",   "collected", "collect_failed", "cancelled",
    "in_transit", "out_for_delivery", "at_station", "delivered", "refused",        "returned",
    "replaced",   "undone",           "exception",  "fee",       "unknown",
};
constexpr std::array<std::string_view, 4> kProofWords{"secret_url", "weak_signature", "strong_signature",
                                                      "query"};

static_assert(kStatusWords.size() == static_cast<std::size_t>(TrackingStatus::unknown) + 1);
static_assert(kProofWords.size() == static_cast<std::size_t>(Proof::query) + 1);

}  // namespace

std::string_view to_string(TrackingStatus status) {
    return kStatusWords.at(static_cast<std::size_t>(status));
}

std::optional<TrackingStatus> parse_tracking_status(std::string_view text) {
    for (std::size_t i = 0; i < kStatusWords.size(); ++i)
        if (kStatusWords[i] == text) return static_cast<TrackingStatus>(i);
    return std::nullopt;
}

std::string_view to_string(Proof proof) {
    return kProofWords.at(static_cast<std::size_t>(proof));
}

}  // namespace returngate
