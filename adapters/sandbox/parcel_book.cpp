// What a courier took down, and what became of it.
#include "adapters/sandbox/parcel_book.hpp"

#include <algorithm>

#include "adapters/json/writer.hpp"

namespace returngate::sandbox {

std::string ParcelBook::told_number(const Behaviour& behaviour, const std::string& own) const {
    switch (behaviour.waybill) {
        case WaybillTold::own:
        case WaybillTold::later: return own;
        case WaybillTold::spoiled: return spoil(shape_, own);
        case WaybillTold::anothers: return latest_waybill_.empty() ? own : latest_waybill_;
        case WaybillTold::given: return behaviour.given_waybill;
    }
    return own;
}

Placement ParcelBook::place(const Order& order, const Behaviour& behaviour) {
    const std::lock_guard lock(mutex_);
    const auto known = parcels_.find(order.reference);
    if (known != parcels_.end()) {
        Parcel& parcel = known->second;
        ++parcel.requests;
        if (parcel.body_digest != order.body_digest) {
            ++parcel.changed_requests;
            return Placement{Placed::changed, parcel};
        }
        return Placement{parcel.is_live ? Placed::repeated : Placed::cancelled_before, parcel};
    }
    Parcel parcel;
    parcel.reference = order.reference;
    parcel.body_digest = order.body_digest;
    parcel.sender_digest = order.sender_digest;
    parcel.window_start = order.window_start;
    parcel.window_end = order.window_end;
    parcel.callback_url = order.callback_url;
    parcel.salt = order.salt;
    parcel.waybill = numbers_.next();
    parcel.told_waybill = told_number(behaviour, parcel.waybill);
    parcel.hidden_queries = behaviour.hidden_queries;
    parcel.behaviour = behaviour;
    latest_waybill_ = parcel.waybill;
    by_waybill_[parcel.waybill] = parcel.reference;
    parcels_[parcel.reference] = parcel;
    return Placement{Placed::fresh, parcel};
}

Cancelled ParcelBook::cancel(const std::string& reference, Instant now) {
    const std::lock_guard lock(mutex_);
    const auto found = parcels_.find(reference);
    if (found == parcels_.end()) return Cancelled::unknown_reference;
    Parcel& parcel = found->second;
    if (!parcel.is_live) return Cancelled::before;
    if (parcel.stage >= Stage::collected) return Cancelled::too_late;
    append_event(parcel, Stage::cancelled, now);
    return Cancelled::now;
}

ParcelEvent ParcelBook::append_event(Parcel& parcel, Stage stage, Instant now) {
    // Stamps have whole seconds. An acceptance and the name of the person within one second would be
    // one event to a receiver, so the second one is stamped a second on; and no stamp runs backwards.
    Instant at = std::chrono::floor<std::chrono::seconds>(now);
    if (!parcel.events.empty()) {
        const Instant last = parcel.events.back().at;
        at = std::max(at, stage == Stage::courier_assigned ? last + std::chrono::seconds(1) : last);
    }
    const ParcelEvent event{stage, at, next_event_id_++};
    parcel.events.push_back(event);
    parcel.stage = stage;
    parcel.is_live = stage < Stage::cancelled;
    return event;
}

std::optional<Recorded> ParcelBook::record(const std::string& reference, Stage stage, Instant now) {
    const std::lock_guard lock(mutex_);
    const auto found = parcels_.find(reference);
    if (found == parcels_.end()) return std::nullopt;
    Parcel& parcel = found->second;
    if (!parcel.is_live || stage <= parcel.stage) return std::nullopt;
    const ParcelEvent event = append_event(parcel, stage, now);
    return Recorded{parcel, event};
}

void ParcelBook::hold_before(const std::string& reference, std::optional<Stage> stage) {
    const std::lock_guard lock(mutex_);
    const auto found = parcels_.find(reference);
    if (found != parcels_.end()) found->second.behaviour.hold_before = stage;
}

std::optional<Parcel> ParcelBook::find(const std::string& reference) const {
    const std::lock_guard lock(mutex_);
    const auto found = parcels_.find(reference);
    if (found == parcels_.end()) return std::nullopt;
    return found->second;
}

std::optional<Parcel> ParcelBook::find_waybill(const std::string& waybill) const {
    const std::lock_guard lock(mutex_);
    const auto found = by_waybill_.find(waybill);
    if (found == by_waybill_.end()) return std::nullopt;
    return parcels_.at(found->second);
}

std::vector<ParcelEvent> ParcelBook::queried_events(const std::string& reference) {
    const std::lock_guard lock(mutex_);
    const auto found = parcels_.find(reference);
    if (found == parcels_.end()) return {};
    ++found->second.queries;
    if (found->second.hidden_queries > 0) {
        --found->second.hidden_queries;
        return {};
    }
    return found->second.events;
}

std::vector<Parcel> ParcelBook::all() const {
    const std::lock_guard lock(mutex_);
    std::vector<Parcel> parcels;
    parcels.reserve(parcels_.size());
    for (const auto& [reference, parcel] : parcels_) parcels.push_back(parcel);
    return parcels;
}

namespace {

void write_parcel(json::Writer& w, const Parcel& parcel) {
    w.begin_object()
        .member("reference", parcel.reference)
        .member("waybill", parcel.waybill)
        .member("told_waybill", parcel.told_waybill)
        .member("stage", to_string(parcel.stage))
        .member("live", parcel.is_live)
        .member("requests", parcel.requests)
        .member("changed_requests", parcel.changed_requests)
        .member("queries", parcel.queries)
        .key("events")
        .begin_array();
    for (const ParcelEvent& event : parcel.events)
        w.begin_object()
            .member("stage", to_string(event.stage))
            .member("at", format_rfc3339(event.at))
            .end_object();
    w.end_array().end_object();
}

void write_references(json::Writer& w, std::string_view name, const std::vector<std::string>& references) {
    w.key(name).begin_array();
    for (const std::string& reference : references) w.value(reference);
    w.end_array();
}

}  // namespace

std::string render_book(std::string_view courier, const ParcelBook& book) {
    std::vector<std::string> repeated;
    std::vector<std::string> changed;
    std::map<std::string, std::vector<std::string>> live_by_sender;
    std::int64_t live = 0;
    json::Writer w;
    w.begin_object().member("courier", courier).key("bookings").begin_array();
    for (const Parcel& parcel : book.all()) {
        write_parcel(w, parcel);
        if (parcel.requests > 1) repeated.push_back(parcel.reference);
        if (parcel.changed_requests > 0) changed.push_back(parcel.reference);
        const bool awaits_courier = parcel.is_live && parcel.stage < Stage::collected;
        if (parcel.is_live) ++live;
        if (awaits_courier) live_by_sender[parcel.sender_digest].push_back(parcel.reference);
    }
    w.end_array().member("live", live);
    write_references(w, "repeated", repeated);
    write_references(w, "changed", changed);
    w.key("twins").begin_array();
    for (const auto& [sender, references] : live_by_sender) {
        if (references.size() < 2) continue;
        w.begin_array();
        for (const std::string& reference : references) w.value(reference);
        w.end_array();
    }
    w.end_array().end_object();
    return w.take();
}

}  // namespace returngate::sandbox
