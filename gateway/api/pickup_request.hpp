// The pickup member of an application, and the body of POST …/pickup: the same shape.
#pragma once

#include "gateway/api/fields.hpp"
#include "src/returns/command.hpp"
#include "src/returns/contact.hpp"

namespace returngate::api {

struct ReadPickup {
    std::optional<Window> window;  // absent: now
    Contact contact;               // without an id
};

// {"window":{"start","end"} or "now":true, "contact":{…}}
[[nodiscard]] ReadPickup read_pickup(Fields& fields);

// With fresh ids of that cell; the contact goes beside the command.
[[nodiscard]] PickupRequest request_of(const ReadPickup& read, PickupId id, ContactId contact);

}  // namespace returngate::api
