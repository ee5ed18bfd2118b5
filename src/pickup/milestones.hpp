// What is known of a parcel, as a join-semilattice: any order, repetition and delay of the same events
// gives the same milestones.
#pragma once

#include <array>
#include <optional>

#include "src/base/time.hpp"
#include "src/pickup/tracking.hpp"

namespace returngate {

enum class Milestone : std::uint8_t {
    // Of these the earliest report counts …
    accepted,
    assigned,
    collected,
    in_transit,
    delivered,
    // … and of these the latest.
    cancelled,
    collect_failed,
    returned,
    undone,
    revived,
    moved,   // collected, in transit or delivered: so that collected again after a withdrawal is seen
    proved,  // the same, where it counts without asking, or the courier said so when asked
};
inline constexpr std::size_t kMilestones = 12;

// Whether the status says that the courier has the parcel (decision 9).
[[nodiscard]] bool implies_collected(TrackingStatus status);

// Times are the courier's event times; the epoch means "not reported".
class Milestones {
public:
    // Events without a meaning for the pickup (fee, unknown, exception …) leave it as it is.
    // `is_proved`: money may move on this event.
    void merge(const TrackingEvent& event, bool is_proved = false);

    [[nodiscard]] std::optional<Instant> at(Milestone milestone) const;
    void set(Milestone milestone, Instant at);

    // Collected or later (in transit and delivered imply it), and neither undone nor cancelled since.
    [[nodiscard]] bool is_collected() const;
    // The same, of proved events alone.
    [[nodiscard]] bool is_collection_proved() const;
    // The earliest time that implies the collection, withdrawn or not.
    [[nodiscard]] std::optional<Instant> collected_at() const;
    // The earliest one that was not withdrawn afterwards.
    [[nodiscard]] std::optional<Instant> standing_collection_at() const;
    // The courier takes the order: it said so, or acted on it.
    [[nodiscard]] bool is_accepted() const;
    // Cancelled by the courier, and neither revived nor collected since.
    [[nodiscard]] bool is_cancelled() const;
    [[nodiscard]] bool is_delivered() const;
    // On its way back to the buyer.
    [[nodiscard]] bool is_returned() const;

    bool operator==(const Milestones&) const = default;

private:
    void keep(Milestone milestone, Instant at);
    [[nodiscard]] std::optional<Instant> standing_cancellation() const;
    // When the courier last took back that it has the parcel.
    [[nodiscard]] std::optional<Instant> withdrawn_at() const;
    [[nodiscard]] bool stands(Milestone milestone) const;

    std::array<Instant, kMilestones> times_{};
};

}  // namespace returngate
