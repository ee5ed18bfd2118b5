// Merging tracking events: a table from status to milestone, then the earliest or the latest time.
#include "src/pickup/milestones.hpp"

#include <algorithm>

namespace returngate {
namespace {

std::optional<Milestone> milestone_of(TrackingStatus status) {
    switch (status) {
        case TrackingStatus::accepted: return Milestone::accepted;
        case TrackingStatus::courier_assigned: return Milestone::assigned;
        case TrackingStatus::rebooked: return Milestone::revived;
        case TrackingStatus::collected: return Milestone::collected;
        case TrackingStatus::collect_failed: return Milestone::collect_failed;
        case TrackingStatus::cancelled: return Milestone::cancelled;
        case TrackingStatus::in_transit:
        case TrackingStatus::out_for_delivery:
        case TrackingStatus::at_station: return Milestone::in_transit;
        case TrackingStatus::delivered: return Milestone::delivered;
        case TrackingStatus::refused:
        case TrackingStatus::returned: return Milestone::returned;
        case TrackingStatus::undone: return Milestone::undone;
        case TrackingStatus::replaced:
        case TrackingStatus::exception:
        case TrackingStatus::fee:
        case TrackingStatus::unknown: return std::nullopt;
    }
    return std::nullopt;
}

constexpr std::array kImplyCollected{Milestone::collected, Milestone::in_transit, Milestone::delivered};

bool latest_counts(Milestone milestone) {
    return milestone >= Milestone::cancelled;
}

}  // namespace

bool implies_collected(TrackingStatus status) {
    const auto milestone = milestone_of(status);
    return milestone && std::ranges::find(kImplyCollected, *milestone) != kImplyCollected.end();
}

void Milestones::keep(Milestone milestone, Instant at) {
    Instant& known = times_[static_cast<std::size_t>(milestone)];
    if (known == Instant{}) {
        known = at;
    } else {
        known = latest_counts(milestone) ? std::max(known, at) : std::min(known, at);
    }
}

void Milestones::merge(const TrackingEvent& event, bool is_proved) {
    const auto milestone = milestone_of(event.status);
    if (!milestone) return;
    keep(*milestone, event.occurred_at);
    if (!implies_collected(event.status)) return;
    keep(Milestone::moved, event.occurred_at);
    if (is_proved) keep(Milestone::proved, event.occurred_at);
}

std::optional<Instant> Milestones::at(Milestone milestone) const {
    const Instant known = times_[static_cast<std::size_t>(milestone)];
    if (known == Instant{}) return std::nullopt;
    return known;
}

void Milestones::set(Milestone milestone, Instant at) {
    times_[static_cast<std::size_t>(milestone)] = at;
}

std::optional<Instant> Milestones::standing_cancellation() const {
    const auto cancelled = at(Milestone::cancelled);
    const auto revived = at(Milestone::revived);
    if (cancelled && revived && *revived > *cancelled) return std::nullopt;
    return cancelled;
}

std::optional<Instant> Milestones::withdrawn_at() const {
    // An absent time is less than every other.
    return std::max(at(Milestone::undone), standing_cancellation());
}

bool Milestones::stands(Milestone milestone) const {
    // In the same second the withdrawal wins: no money moves on a doubt, and the next scan settles it.
    const auto known = at(milestone);
    return known && withdrawn_at() < known;
}

bool Milestones::is_collected() const {
    return stands(Milestone::moved);
}
bool Milestones::is_collection_proved() const {
    return stands(Milestone::proved);
}

std::optional<Instant> Milestones::collected_at() const {
    std::optional<Instant> earliest;
    for (const auto milestone : kImplyCollected) {
        const auto known = at(milestone);
        if (known && (!earliest || *known < *earliest)) earliest = known;
    }
    return earliest;
}

std::optional<Instant> Milestones::standing_collection_at() const {
    std::optional<Instant> earliest;
    for (const auto milestone :
         {Milestone::collected, Milestone::in_transit, Milestone::delivered, Milestone::moved}) {
        if (!stands(milestone)) continue;
        const auto known = at(milestone);
        if (!earliest || *known < *earliest) earliest = known;
    }
    return earliest;
}

bool Milestones::is_accepted() const {
    return at(Milestone::accepted) || at(Milestone::assigned) || at(Milestone::revived) || collected_at();
}

bool Milestones::is_cancelled() const {
    return standing_cancellation() && !is_collected();
}
bool Milestones::is_delivered() const {
    return at(Milestone::delivered).has_value();
}
bool Milestones::is_returned() const {
    return at(Milestone::returned).has_value();
}

}  // namespace returngate
