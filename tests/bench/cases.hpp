// The benchmark's world: buyers with open cases, each waiting for its parcel to be collected, or with
// orders for which nobody has applied yet. Every name derives from the case's number, so that the seed and
// the load agree without talking.
#pragma once

#include <cstdint>
#include <string>

#include "adapters/store/store.hpp"

namespace returngate::bench {

struct World {
    std::int64_t cases = 1'000'000;
    std::int64_t buyers = 200'000;
    std::string courier = "YTO";
};

constexpr Fen kAmountFen = 9'900;

struct CaseNames {
    BuyerId buyer;
    ReturnId return_id;
    PickupId pickup;
    ContactId contact;
    BookingReference reference;
    std::string waybill;  // YT + 13 digits: arrives with the callback, so the claim is made there
};
[[nodiscard]] CaseNames names_of(const World& world, std::int64_t number);

// Rows of the cases [first, last): booked, accepted, not collected, the credit line reserved.
[[nodiscard]] store::Changes open_cases(const World& world, std::int64_t first, std::int64_t last,
                                        Instant now);
// Rows of the orders of the cases [first, last): one item, received two days ago, as the platform tells.
[[nodiscard]] store::Changes received_orders(const World& world, std::int64_t first, std::int64_t last,
                                             Instant now);
// Rows of the buyers [first, last): stars, and a line for all their cases, which hold it or not yet.
[[nodiscard]] store::Changes buyers(const World& world, std::int64_t first, std::int64_t last, Instant now,
                                    bool is_held);

// The signed YTO push "collected" (GOT) of that case, as a whole HTTP request.
[[nodiscard]] std::string collected_push(const World& world, std::int64_t number, const std::string& path,
                                         const std::string& secret, Instant now);

// The buyer app's application for that case's order with a pickup "now", as a whole HTTP request.
[[nodiscard]] std::string application(const World& world, std::int64_t number, const std::string& key);

}  // namespace returngate::bench
