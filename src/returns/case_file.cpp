// Look-ups inside a case file.
#include "src/returns/case_file.hpp"

#include <algorithm>

namespace returngate {

const Booking* CaseFile::booking(const BookingReference& reference) const {
    const auto found = std::ranges::find(bookings, reference, &Booking::reference);
    return found == bookings.end() ? nullptr : &*found;
}

Booking* CaseFile::booking(const BookingReference& reference) {
    return const_cast<Booking*>(std::as_const(*this).booking(reference));
}

const Booking* CaseFile::live_booking() const {
    if (!has_live_pickup()) return nullptr;
    const auto found = std::ranges::find_if(bookings, [this](const Booking& booking) {
        return booking.pickup == pickup->id && is_live(booking.status);
    });
    return found == bookings.end() ? nullptr : &*found;
}

Booking* CaseFile::live_booking() { return const_cast<Booking*>(std::as_const(*this).live_booking()); }

}  // namespace returngate
