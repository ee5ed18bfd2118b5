// What every dialect needs.
#include "adapters/courier/toolbox.hpp"

#include <algorithm>

#include "adapters/json/decimal.hpp"
#include "adapters/json/utf8.hpp"

namespace returngate::courier {
namespace {

constexpr std::size_t kMaxText = 64;
constexpr std::size_t kMaxKey = 200;
constexpr std::string_view kWordCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

// Not all texts come out of JSON, which is UTF-8: some stand in a URL.
bool fits(std::string_view text, std::size_t bytes) {
    const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20; };
    return text.size() <= bytes && std::ranges::none_of(text, is_control) && json::is_utf8(text);
}

bool fits(const std::optional<std::string>& text) {
    return !text || fits(*text, kMaxText);
}

// A code from outside, fit for an error text.
std::string tame(std::string_view code) {
    std::string tamed;
    for (const char c : code.substr(0, 32)) {
        const bool is_plain =
            (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
        tamed += is_plain ? c : '?';
    }
    return tamed;
}

bool is_complete(const Party& party) {
    return !party.name.empty() && !party.phone.empty() && !party.province.empty() && !party.city.empty() &&
           !party.address.empty();
}

}  // namespace

TrackingStatus status_of(std::span<const StatusRow> table, std::string_view code) {
    for (const StatusRow& row : table)
        if (row.code == code) return row.status;
    return TrackingStatus::unknown;
}

tl::unexpected<Error> error_of(std::span<const ErrorRow> table, std::string_view code, ErrorKind unlisted) {
    for (const ErrorRow& row : table)
        if (row.code == code)
            return fail(row.kind, std::string(row.word),
                        std::string(row.meaning) + " (code " + tame(code) + ").");
    return fail(unlisted, "courier_refused",
                "The courier answered with an unlisted code (" + tame(code) + ").");
}

tl::unexpected<Error> not_offered(const Profile& profile, Operation operation) {
    return fail(ErrorKind::unsupported, "not_offered",
                std::string(profile.code) + " does not offer the operation " +
                    std::string(to_string(operation)) + ".");
}

tl::unexpected<Error> malformed(std::string code, std::string message) {
    return fail(ErrorKind::malformed, std::move(code), std::move(message));
}

Result<void> require_settings(const Account& account, std::initializer_list<std::string_view> keys) {
    if (!account.base_url.starts_with("https://") && !account.base_url.starts_with("http://"))
        return fail(ErrorKind::invalid, "bad_setting", "Set base_url to an http or https URL.");
    for (const std::string_view key : keys)
        if (account.get(key).empty())
            return fail(ErrorKind::invalid, "missing_setting",
                        "Set \"" + std::string(key) + "\" in the courier's settings.");
    return {};
}

std::string_view get_or(const Account& account, std::string_view key, std::string_view otherwise) {
    const std::string_view value = account.get(key);
    return value.empty() ? otherwise : value;
}

std::string_view path_of(std::string_view url) {
    const std::size_t scheme = url.find("://");
    if (scheme == url.npos) return {};
    const std::size_t slash = url.find('/', scheme + 3);
    return slash == url.npos ? std::string_view() : url.substr(slash);
}

std::array<std::string_view, 2> live_secrets(const Account& account, std::string_view name) {
    return {account.get(name), account.get(std::string(name) + "_previous")};
}

Result<json::Value> read_answer(const http::Response& response) {
    const std::string status = "HTTP " + std::to_string(response.status);
    if (response.status == 429)
        return fail(ErrorKind::throttled, "http_429", "The courier asks us to slow down.");
    if (response.status == 401 || response.status == 403)
        return fail(ErrorKind::unauthorized, "http_refused",
                    "The courier's server refused us with " + status + ".");
    if (response.status >= 500)
        return fail(ErrorKind::in_doubt, "http_5xx", "The courier's server answered " + status + ".");
    if (response.status != 200)
        return malformed("http_status", "The courier's server answered " + status + ".");
    auto parsed = json::parse(response.body);
    if (!parsed)
        return malformed("answer_" + parsed.error().code, "The courier's answer is not readable JSON.");
    return parsed;
}

bool is_true(const json::Value& value) {
    return value.boolean().value_or(false) || value.string() == "true";
}

Result<void> require_parties(const BookingOrder& order) {
    if (!is_complete(order.sender) || !is_complete(order.recipient))
        return fail(ErrorKind::invalid, "booking_incomplete",
                    "A booking needs name, phone, province, city and address of sender and recipient.");
    return {};
}

std::string kilograms(std::int64_t grams) {
    std::string text = json::format_scaled(grams, 3);
    if (text.find('.') == text.npos) text += ".0";
    return text;
}

std::string_view national_phone(std::string_view phone) {
    if (phone.starts_with("+86")) phone.remove_prefix(3);
    return phone;
}

std::string full_address(const Party& party) {
    std::string address = party.province;
    if (party.city != party.province) address += party.city;
    return address + party.county + party.address;
}

std::string_view shorten_utf8(std::string_view text, std::size_t bytes) {
    if (text.size() <= bytes) return text;
    while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xc0) == 0x80) --bytes;
    return text.substr(0, bytes);
}

std::int64_t milliseconds(Instant instant) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(instant.time_since_epoch()).count();
}

Result<void> bound_texts(TrackingEvent& event) {
    if (!fits(event.courier_person, kMaxText)) event.courier_person.clear();
    if (!fits(event.courier_phone, kMaxText)) event.courier_phone.clear();
    if (!fits(event.pickup_code, kMaxText)) event.pickup_code.clear();
    const bool reference_fits = !event.booking_reference || fits(event.booking_reference->value, kMaxText);
    if (!reference_fits || !fits(event.waybill) || !fits(event.replaced_by) ||
        !fits(event.raw_status, kMaxText) || !fits(event.dedupe_key, kMaxKey) || event.dedupe_key.empty())
        return malformed("event_text",
                         "An event has a text that is too long, has control characters, or is not UTF-8.");
    return {};
}

std::string pickup_code_in(const json::Value& object, std::string_view name) {
    const std::string code(object[name].text().value_or(""));
    return fits(code, kMaxText) ? code : std::string();
}

bool is_number(std::string_view text) {
    return !text.empty() && text.size() <= 9 && text.find_first_not_of("0123456789") == text.npos;
}

std::optional<std::string> other_number_in(std::string_view text, std::string_view old_number,
                                           bool (*looks_like_one)(std::string_view)) {
    std::optional<std::string> found;
    for (std::size_t at = text.find_first_of(kWordCharacters); at != text.npos;) {
        const std::size_t end = std::min(text.find_first_not_of(kWordCharacters, at), text.size());
        const std::string_view word = text.substr(at, end - at);
        at = text.find_first_of(kWordCharacters, end);
        if (!looks_like_one(word) || word == old_number || word == found) continue;
        if (found) return std::nullopt;
        found = word;
    }
    return found;
}

std::optional<std::string> if_set(std::string_view text) {
    return text.empty() ? std::nullopt : std::optional<std::string>(text);
}

http::Response answer(int status, std::string_view content_type, std::string body) {
    http::Response response;
    response.status = status;
    response.headers.fields.emplace_back("Content-Type", content_type);
    response.body = std::move(body);
    return response;
}

}  // namespace returngate::courier
