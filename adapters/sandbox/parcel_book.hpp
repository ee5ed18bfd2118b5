// A courier's own book: every reference that it ever took down, once each.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "adapters/sandbox/numbers.hpp"
#include "adapters/sandbox/parcel.hpp"

namespace returngate::sandbox {

// What a booking asks for, as far as the book cares.
struct Order {
    std::string reference;
    std::string body_digest;
    std::string sender_digest;
    std::string window_start;  // as written by the caller, "" when left out
    std::string window_end;
    // Where this courier's orders say so themselves: whom to call back, and what it is signed with.
    std::string callback_url{};
    std::string salt{};
};

enum class Placed { fresh, repeated, changed, cancelled_before };
struct Placement {
    Placed verdict = Placed::fresh;
    Parcel parcel;
};
enum class Cancelled { now, before, too_late, unknown_reference };
struct Recorded {
    Parcel parcel;
    ParcelEvent event;
};

// Thread-safe; hands out copies.
class ParcelBook {
public:
    // Event ids count on from `first_event_id`: no run of the sandbox may reuse those of the last one.
    ParcelBook(NumberShape shape, std::uint64_t seed, std::uint64_t first_event_id)
        : shape_(shape), numbers_(shape, seed), next_event_id_(first_event_id) {}

    // The same reference again is the same booking; with another content it is noted and unchanged.
    [[nodiscard]] Placement place(const Order& order, const Behaviour& behaviour);
    [[nodiscard]] Cancelled cancel(const std::string& reference, Instant now);
    // The parcel reached a stage, unless its life is over or it is past that stage.
    [[nodiscard]] std::optional<Recorded> record(const std::string& reference, Stage stage, Instant now);
    void hold_before(const std::string& reference, std::optional<Stage> stage);

    [[nodiscard]] std::optional<Parcel> find(const std::string& reference) const;
    [[nodiscard]] std::optional<Parcel> find_waybill(const std::string& waybill) const;
    // The events as a query sees them: none while the script hides them.
    [[nodiscard]] std::vector<ParcelEvent> queried_events(const std::string& reference);

    [[nodiscard]] std::vector<Parcel> all() const;

private:
    [[nodiscard]] std::string told_number(const Behaviour& behaviour, const std::string& own) const;
    ParcelEvent append_event(Parcel& parcel, Stage stage, Instant now);

    NumberShape shape_;
    NumberIssuer numbers_;
    mutable std::mutex mutex_;
    std::map<std::string, Parcel> parcels_;
    std::unordered_map<std::string, std::string> by_waybill_;
    std::string latest_waybill_;
    std::uint64_t next_event_id_;
};

// {"courier","bookings":[…],"live","repeated":[…],"changed":[…],"twins":[[…]]}: `twins` are live
// bookings that fetch the same goods from the same door.
[[nodiscard]] std::string render_book(std::string_view courier, const ParcelBook& book);

}  // namespace returngate::sandbox
