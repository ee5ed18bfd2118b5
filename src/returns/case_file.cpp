// Look-ups inside a case file.
#include "src/returns/case_file.hpp"

#include <algorithm>

namespace returngate {
namespace {

// For const and mutable case files alike.
template <class Bookings>
auto find_reference(Bookings& bookings, const BookingReference& reference) {
    const auto found = std::ranges::find(bookings, reference, &Booking::reference);
    return found == bookings.end() ? nullptr : &*found;
}

template <class Bookings>
auto find_live(Bookings& bookings, const std::optional<PickupId>& pickup) {
    const auto found = std::ranges::find_if(bookings, [&](const Booking& booking) {
        return booking.pickup == pickup && is_live(booking.status);
    });
    return found == bookings.end() ? nullptr : &*found;
}

}  // namespace

const Booking* CaseFile::booking(const BookingReference& reference) const {
    return find_reference(bookings, reference);
}

Booking* CaseFile::booking(const BookingReference& reference) {
    return find_reference(bookings, reference);
}

const Booking* CaseFile::live_booking() const {
    return has_live_pickup() ? find_live(bookings, case_.pickup->id) : nullptr;
}

const Booking* CaseFile::self_shipped() const {
    return find_live(bookings, std::nullopt);
}

Booking* CaseFile::self_shipped() {
    return find_live(bookings, std::nullopt);
}

const Refund* CaseFile::goods_refund() const {
    const auto found =
        std::ranges::find_if(refunds, [](const Refund& refund) { return is_of_goods(refund.kind); });
    return found == refunds.end() ? nullptr : &*found;
}

bool CaseFile::has_refund_under_way() const {
    return std::ranges::count(refunds, RefundState::committed, &Refund::state) > 0;
}

Booking* CaseFile::live_booking() {
    return has_live_pickup() ? find_live(bookings, case_.pickup->id) : nullptr;
}

}  // namespace returngate
