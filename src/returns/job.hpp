// A job is a promise to do something later: to call out, or to wake up. Stored with the effect that made it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "src/base/ids.hpp"
#include "src/base/time.hpp"

namespace returngate {

enum class JobKind : std::uint8_t {
    // Calls out.
    place_booking,       // subject: booking reference
    resolve_booking,     // subject: booking reference; asks what became of a lost answer
    cancel_booking,      // subject: booking reference
    move_booking,        // subject: booking reference; to the window that it has by now
    confirm_collection,  // subject: booking reference; asks the courier before money moves
    ask_courier,         // subject: booking reference; asks about a parcel that nothing is heard of
    pay,                 // subject: advance or refund id
    resolve_payout,      // subject: advance or refund id; asks the provider for a lost answer
    trace_outbound,      // subject: COURIER/NUMBER; asks whether an order left that is refunded as unshipped
    look_at_order,       // subject: order id; calls nobody, but reads the order beside the case
    note_conduct,  // subject: [!]FACT/BUYER; calls nobody, but writes the buyer's standing beside the case
    // Wakes up.
    seller_answer_deadline,
    ship_deadline,
    accept_deadline,  // subject: booking reference
    door_deadline,    // subject: pickup id
    door_give_up,     // subject: booking reference
    receipt_deadline,
    offer_deadline,
    intervention_deadline,
    self_shipped_deadline,  // subject: booking reference
    repayment_deadline,
    appeal_deadline,
    reservation_deadline,
};
inline constexpr std::size_t kJobKinds = static_cast<std::size_t>(JobKind::reservation_deadline) + 1;
[[nodiscard]] std::string_view to_string(JobKind kind);
[[nodiscard]] std::optional<JobKind> parse_job_kind(std::string_view text);
[[nodiscard]] constexpr bool is_timer(JobKind kind) {
    return kind >= JobKind::seller_answer_deadline;
}

// Unique per case: adding one that exists moves its time.
struct JobKey {
    ReturnId return_id;
    JobKind kind{};
    std::string subject;
    bool operator==(const JobKey&) const = default;
};

// `due_at` absent: the job is done, or no longer wanted.
struct JobChange {
    JobKey key;
    std::optional<Instant> due_at;
};

}  // namespace returngate
