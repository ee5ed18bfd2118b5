// Contacts in requests and answers. Personal data: never logged, never in an error text.
#pragma once

#include "adapters/json/writer.hpp"
#include "gateway/api/fields.hpp"
#include "src/returns/contact.hpp"

namespace returngate::api {

// {name, phone, province, city, county?, address}; without an id.
[[nodiscard]] Contact read_contact(Fields fields, std::string_view kind);
void write_contact(json::Writer& writer, const Contact& contact);

// Of a courier's person: nothing but the last four digits, and no number among the letters of the name.
[[nodiscard]] std::string masked_phone(std::string_view phone);
[[nodiscard]] std::string masked_name(std::string_view name);

}  // namespace returngate::api
