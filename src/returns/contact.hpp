// Personal data: lives in one table, referred to by id from everywhere else (decision 29). Never logged.
#pragma once

#include <optional>
#include <string>

#include "src/base/ids.hpp"
#include "src/base/time.hpp"

namespace returngate {

struct Contact {
    ContactId id;
    std::string kind;  // pickup | return_address | payee | courier
    std::string name;
    std::string phone;
    std::string province;
    std::string city;
    std::string county;
    std::string address;
    std::string payee_reference;  // of kind payee: the payer's token at the provider
};

// Who comes to the door for a booking, and what the buyer shows there, as the courier told us. What is empty
// was not told. Of kind `courier` among the contacts.
struct DoorContact {
    BookingReference booking;
    std::string name;
    std::string phone;
    std::string pickup_code;
    Instant told_at{};  // when the courier says that it was so
};
// The contact's id follows from the booking's reference, so that no booking has to name it.
[[nodiscard]] std::optional<ContactId> door_contact_of(const BookingReference& reference);
// A person is told whole; the later word stands.
void merge(DoorContact& known, const DoorContact& news);

}  // namespace returngate
