// Cursors are 24 bytes in hex: microseconds since the epoch and the row's id.
#include "gateway/api/query.hpp"

#include <algorithm>
#include <charconv>

#include "adapters/crypto/digest.hpp"
#include "adapters/json/utf8.hpp"

namespace returngate::api {
namespace {

constexpr int kUsualPage = 50;
constexpr int kLargestPage = 200;
constexpr std::size_t kParameters = 16;

}  // namespace

std::string make_cursor(const postgres::PagePosition& position) {
    std::array<std::uint8_t, 24> bytes{};
    auto micros = static_cast<std::uint64_t>(position.at.time_since_epoch().count());
    for (std::size_t i = 8; i-- > 0; micros >>= 8) bytes.at(i) = static_cast<std::uint8_t>(micros & 0xff);
    std::ranges::copy(position.id, bytes.begin() + 8);
    return crypto::to_hex(bytes);
}

std::optional<postgres::PagePosition> read_cursor(std::string_view text) {
    const auto bytes = crypto::from_hex(text);
    if (!bytes || bytes->size() != 24) return std::nullopt;
    std::uint64_t micros = 0;
    for (std::size_t i = 0; i < 8; ++i) micros = micros << 8 | static_cast<unsigned char>((*bytes)[i]);
    // Up to the year 9999: what PostgreSQL and our own texts can say.
    if (micros > 253'402'300'799'000'000ULL) return std::nullopt;
    postgres::PagePosition position;
    position.at = Instant(std::chrono::microseconds(static_cast<std::int64_t>(micros)));
    std::copy(bytes->begin() + 8, bytes->end(), position.id.begin());
    return position;
}

Outcome<Query> Query::parse(std::string_view text) {
    auto pairs = http::parse_form(text, kParameters);
    if (!pairs) return refuse(ErrorKind::invalid, "query_malformed", pairs.error().message);
    // An unknown name stands in the answer, which is JSON.
    const bool is_text = std::ranges::all_of(
        *pairs, [](const auto& pair) { return json::is_utf8(pair.first) && json::is_utf8(pair.second); });
    if (!is_text) return refuse(ErrorKind::invalid, "query_malformed", "The query is no UTF-8.");
    Query query;
    query.pairs_ = *std::move(pairs);
    return query;
}

std::optional<std::string> Query::value(std::string_view name) {
    asked_.emplace_back(name);
    std::optional<std::string> found;
    for (const auto& [key, value] : pairs_) {
        if (key != name) continue;
        if (found) fault(name, "repeated", "May stand once.");
        found = value;
    }
    return found;
}

std::int64_t Query::integer(std::string_view name, std::int64_t fallback, Bounds bounds) {
    const auto text = value(name);
    if (!text) return fallback;
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
    const bool is_number = error == std::errc{} && end == text->data() + text->size();
    if (is_number && number >= bounds.least && number <= bounds.most) return number;
    fault(name, "out_of_range",
          "Is to be a whole number from " + std::to_string(bounds.least) + " to " +
              std::to_string(bounds.most) + ".");
    return fallback;
}

int Query::limit() {
    return static_cast<int>(integer("limit", kUsualPage, {1, kLargestPage}));
}

std::optional<postgres::PagePosition> Query::cursor() {
    const auto text = value("cursor");
    if (!text) return std::nullopt;
    auto position = read_cursor(*text);
    if (!position) fault("cursor", "not_a_cursor", "Is to be the next_cursor of an earlier answer.");
    return position;
}

void Query::fault(std::string_view name, std::string code, std::string message) {
    faults_.push_back({"?" + std::string(name), std::move(code), std::move(message)});
}

Outcome<void> Query::finish() {
    for (const auto& [key, value] : pairs_) {
        if (std::ranges::find(asked_, key) == asked_.end()) {
            fault(key, "unknown_parameter", "Is not a parameter that this route has.");
        }
    }
    if (!faults_.empty()) return refuse_fields(std::move(faults_));
    return {};
}

}  // namespace returngate::api
