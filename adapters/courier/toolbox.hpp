// What every dialect needs: tables of codes, settings and live secrets, reading an answer, bounded texts.
#pragma once

#include <array>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/courier/courier.hpp"
#include "adapters/json/reader.hpp"

namespace returngate::courier {

// One row of a courier's status table: its own word and ours.
struct StatusRow {
    std::string_view code;
    TrackingStatus status;
};
// `unknown` for a word that the table does not list (decision: never guessed).
[[nodiscard]] TrackingStatus status_of(std::span<const StatusRow> table, std::string_view code);

// One row of a courier's error table: its code, what the caller does next, our word, the meaning.
struct ErrorRow {
    std::string_view code;
    ErrorKind kind;
    std::string_view word;
    std::string_view meaning;
};
// The row's error, or `unlisted` with the word courier_refused. The courier's own error text is left
// out: it may quote what we sent, names and phones included.
[[nodiscard]] tl::unexpected<Error> error_of(std::span<const ErrorRow> table, std::string_view code,
                                             ErrorKind unlisted);
[[nodiscard]] tl::unexpected<Error> not_offered(const Profile& profile, Operation operation);
[[nodiscard]] tl::unexpected<Error> malformed(std::string code, std::string message);

// Settings: all named ones must be set; base_url must be http or https.
[[nodiscard]] Result<void> require_settings(const Account& account,
                                            std::initializer_list<std::string_view> keys);
[[nodiscard]] std::string_view get_or(const Account& account, std::string_view key,
                                      std::string_view otherwise);
// The part of base_url after its origin: "" or "/…".
[[nodiscard]] std::string_view path_of(std::string_view url);
// The live values of a secret: `name` and, while it is being rotated, `name`_previous. Empty: not set.
[[nodiscard]] std::array<std::string_view, 2> live_secrets(const Account& account, std::string_view name);

// A complete JSON answer, or what its absence means: 429 throttled, 401 and 403 unauthorized, 5xx
// in_doubt, everything else that is not a 200 with one whole JSON document malformed.
[[nodiscard]] Result<json::Value> read_answer(const http::Response& response);
// Couriers write true as a boolean and as "true".
[[nodiscard]] bool is_true(const json::Value& value);

// Both parties have what a courier needs to drive: name, phone, province, city, address.
[[nodiscard]] Result<void> require_parties(const BookingOrder& order);
// At least one fraction digit, as the couriers' own examples: 1000 → "1.0", 1250 → "1.25".
[[nodiscard]] std::string kilograms(std::int64_t grams);
// +86 taken off; couriers inside China want national digits.
[[nodiscard]] std::string_view national_phone(std::string_view phone);
// 浙江省杭州市余杭区文一西路969号; a municipality is named once.
[[nodiscard]] std::string full_address(const Party& party);
[[nodiscard]] std::string_view shorten_utf8(std::string_view text, std::size_t bytes);
[[nodiscard]] std::int64_t milliseconds(Instant instant);

// An event's texts go into rows and indexes: bounded, UTF-8, no control characters. Personal texts that
// do not fit are dropped, anything else is `malformed`.
[[nodiscard]] Result<void> bound_texts(TrackingEvent& event);
// What the buyer is to show at the door; "" where it is absent, or nothing that can be shown.
[[nodiscard]] std::string pickup_code_in(const json::Value& object, std::string_view name);
// One to nine digits: a number that may be written into JSON as it stands.
[[nodiscard]] bool is_number(std::string_view text);
// The number that a re-labelled parcel goes on under, out of the words around it; nullopt when there is
// none or more than one.
[[nodiscard]] std::optional<std::string> other_number_in(std::string_view text, std::string_view old_number,
                                                         bool (*looks_like_one)(std::string_view));
// "" is absent.
[[nodiscard]] std::optional<std::string> if_set(std::string_view text);

[[nodiscard]] http::Response answer(int status, std::string_view content_type, std::string body);

}  // namespace returngate::courier
