// What is known of a parcel, as a join-semilattice: any order, repetition and delay of the same events
// gives the same milestones.
#pragma once

#include <array>
#include <optional>

#include "src/base/time.hpp"
#include "src/pickup/tracking.hpp"

namespace returngate {

enum class Milestone : std::uint8_t {
    accepted, assigned, collected, in_transit, delivered,  // the earliest report counts
    cancelled, collect_failed, returned, undone, revived,  // the latest report counts
};
inline constexpr std::size_t kMilestones = 10;

// Times are the courier's event times; the epoch means "not reported".
class Milestones {
public:
    // Events without a meaning for the pickup (fee, unknown, exception …) leave it as it is.
    void merge(const TrackingEvent& event);

    [[nodiscard]] std::optional<Instant> at(Milestone milestone) const;
    void set(Milestone milestone, Instant at);

    // Collected or later (in transit and delivered imply it), and not undone since.
    [[nodiscard]] bool is_collected() const;
    // The earliest time that implies the collection.
    [[nodiscard]] std::optional<Instant> collected_at() const;
    [[nodiscard]] bool is_accepted() const;
    // Cancelled by the courier and not revived, accepted or collected since.
    [[nodiscard]] bool is_cancelled() const;
    [[nodiscard]] bool is_delivered() const;
    // On its way back to the buyer.
    [[nodiscard]] bool is_returned() const;

    bool operator==(const Milestones&) const = default;

private:
    std::array<Instant, kMilestones> times_{};
};

}  // namespace returngate
