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

bool latest_counts(Milestone milestone) { return milestone >= Milestone::cancelled; }

}  // namespace

void Milestones::merge(const TrackingEvent& event) {
    const auto milestone = milestone_of(event.status);
    if (!milestone) return;
    Instant& known = times_[static_cast<std::size_t>(*milestone)];
    if (known == Instant{}) {
        known = event.occurred_at;
    } else {
        known = latest_counts(*milestone) ? std::max(known, event.occurred_at)
                                          : std::min(known, event.occurred_at);
    }
}

std::optional<Instant> Milestones::at(Milestone milestone) const {
    const Instant known = times_[static_cast<std::size_t>(milestone)];
    if (known == Instant{}) return std::nullopt;
    return known;
}

void Milestones::set(Milestone milestone, Instant at) { times_[static_cast<std::size_t>(milestone)] = at; }

std::optional<Instant> Milestones::collected_at() const {
    std::optional<Instant> earliest;
    for (const auto milestone : {Milestone::collected, Milestone::in_transit, Milestone::delivered}) {
        const auto known = at(milestone);
        if (known && (!earliest || *known < *earliest)) earliest = known;
    }
    return earliest;
}

bool Milestones::is_collected() const {
    const auto undone = at(Milestone::undone);
    // A withdrawal counts until something later says that the parcel moves after all.
    for (const auto milestone : {Milestone::collected, Milestone::in_transit, Milestone::delivered}) {
        const auto known = at(milestone);
        if (known && (!undone || *undone < *known)) return true;
    }
    return false;
}

bool Milestones::is_accepted() const {
    return at(Milestone::accepted) || at(Milestone::assigned) || is_collected();
}

bool Milestones::is_cancelled() const {
    const auto cancelled = at(Milestone::cancelled);
    if (!cancelled || is_collected()) return false;
    const auto revived = at(Milestone::revived);
    return !revived || *revived <= *cancelled;
}

bool Milestones::is_delivered() const { return at(Milestone::delivered).has_value(); }
bool Milestones::is_returned() const { return at(Milestone::returned).has_value(); }

}  // namespace returngate
