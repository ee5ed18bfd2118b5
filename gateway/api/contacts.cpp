// One shape for pickups and return addresses.
#include "gateway/api/contacts.hpp"

#include <algorithm>
#include <iterator>

namespace returngate::api {
namespace {

constexpr std::string_view kDigits = "0123456789";
constexpr std::size_t kDigitsShown = 4;
constexpr std::size_t kFewestDigits = 7;

// "+86 138-0013-8000" → "+8613800138000"; nullopt for what cannot be dialled.
std::optional<std::string> dialled(std::string_view phone) {
    std::string digits;
    for (const char c : phone) {
        if (c == ' ' || c == '-') continue;
        const bool is_plus = c == '+' && digits.empty();
        if (!is_plus && (c < '0' || c > '9')) return std::nullopt;
        digits += c;
    }
    const std::size_t count = digits.size() - (digits.starts_with('+') ? 1 : 0);
    if (count < 5 || count > 15) return std::nullopt;
    return digits;
}

}  // namespace

Contact read_contact(Fields fields, std::string_view kind) {
    Contact contact;
    contact.kind = kind;
    contact.name = fields.text("name", 128);
    const std::string phone = fields.text("phone", 32);
    if (!phone.empty()) {
        const auto digits = dialled(phone);
        if (!digits)
            fields.fault("phone", "not_a_phone_number", "Is to be a phone number of 5 to 15 digits.");
        contact.phone = digits.value_or("");
    }
    contact.province = fields.text("province", 64);
    contact.city = fields.text("city", 64);
    contact.county = fields.optional_text("county", 64);
    contact.address = fields.text("address", 300);
    fields.refuse_the_rest();
    return contact;
}

std::string masked_phone(std::string_view phone) {
    std::string digits;
    std::ranges::copy_if(phone, std::back_inserter(digits), [](char c) { return c >= '0' && c <= '9'; });
    if (digits.empty()) return {};
    // Of a short one, four digits would be most of it.
    return digits.size() < kFewestDigits ? "***" : "***" + digits.substr(digits.size() - kDigitsShown);
}

std::string masked_name(std::string_view name) {
    std::string masked;
    while (!name.empty()) {
        const auto first = std::min(name.find_first_of(kDigits), name.size());
        masked += name.substr(0, first);
        name.remove_prefix(first);
        const auto end = std::min(name.find_first_not_of(kDigits), name.size());
        const auto number = name.substr(0, end);
        masked += number.size() < kFewestDigits ? std::string(number) : masked_phone(number);
        name.remove_prefix(end);
    }
    return masked;
}

void write_contact(json::Writer& writer, const Contact& contact) {
    writer.begin_object()
        .member("name", contact.name)
        .member("phone", contact.phone)
        .member("province", contact.province)
        .member("city", contact.city)
        .member("county", contact.county)
        .member("address", contact.address)
        .end_object();
}

}  // namespace returngate::api
