// Who comes to the door: whose word stands, and under which id.
#include "src/returns/contact.hpp"

namespace returngate {

std::optional<ContactId> door_contact_of(const BookingReference& reference) {
    const auto bytes = bytes_of(reference);
    if (!bytes) return std::nullopt;
    return ContactId{*bytes};
}

void merge(DoorContact& known, const DoorContact& news) {
    const bool is_later = news.told_at >= known.told_at;
    const bool has_person = !news.name.empty() || !news.phone.empty();
    const bool had_person = !known.name.empty() || !known.phone.empty();
    if (has_person && (is_later || !had_person)) {
        known.name = news.name;
        known.phone = news.phone;
    }
    if (!news.pickup_code.empty() && (is_later || known.pickup_code.empty()))
        known.pickup_code = news.pickup_code;
    if (is_later) known.told_at = news.told_at;
}

}  // namespace returngate
