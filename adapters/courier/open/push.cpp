// POST, signed as our requests: {"events":[{"id","reference","status","at","waybill"?,"weight_grams"?,
// "fee_fen"?,"person"?:{"name","phone"},"note"?}]}. The answer lists the ids that were taken.
#include "adapters/courier/open/push.hpp"

#include "adapters/courier/envelope.hpp"
#include "adapters/courier/open/tables.hpp"
#include "adapters/json/writer.hpp"
#include "adapters/webhook/verification.hpp"

namespace returngate::courier {
namespace {

using namespace open_tables;

using Events = Result<std::vector<TrackingEvent>>;

constexpr std::size_t kMaxEvents = 100;
constexpr std::size_t kLongestId = 64;

// Ids and references are keys, and are shown to people.
bool is_plain(std::string_view id) {
    constexpr std::string_view kPlain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:";
    return !id.empty() && id.size() <= kLongestId && id.find_first_not_of(kPlain) == id.npos;
}

tl::unexpected<Error> bad_member(std::size_t index, std::string_view name, std::string_view wanted) {
    return malformed("event_" + std::string(name), "events[" + std::to_string(index) + "]." +
                                                       std::string(name) + ": " + std::string(wanted));
}

// Left out or null is nothing; anything but a whole number from 0 up is a fault.
bool read_amount(const json::Value& value, std::optional<std::int64_t>& into) {
    if (value.is_null()) return true;
    into = value.integer();
    return into && *into >= 0;
}

Result<TrackingEvent> read_event(const json::Value& item, std::size_t index, std::string_view key_prefix) {
    const auto id = item["id"].string().value_or("");
    const auto reference = item["reference"].string().value_or("");
    const auto at = parse_rfc3339(item["at"].string().value_or(""));
    TrackingEvent event;
    event.raw_status = item["status"].string().value_or("");
    if (!is_plain(id)) return bad_member(index, "id", "1 to 64 letters, digits and -_.:");
    if (!is_plain(reference)) return bad_member(index, "reference", "the reference of the booking");
    if (event.raw_status.empty()) return bad_member(index, "status", "one of the words of the protocol");
    if (!at) return bad_member(index, "at", "an RFC 3339 time with an offset");
    if (!read_amount(item["weight_grams"], event.weight_grams))
        return bad_member(index, "weight_grams", "a whole number of grams");
    if (!read_amount(item["fee_fen"], event.fee_fen))
        return bad_member(index, "fee_fen", "a whole number of fen");
    if (!item["waybill"].is_null() && !item["waybill"].is_string())
        return bad_member(index, "waybill", "a text");
    event.booking_reference = BookingReference{std::string(reference)};
    event.waybill = if_set(item["waybill"].string().value_or(""));
    event.status = status_of(kStatuses, event.raw_status);
    event.occurred_at = *at;
    event.courier_person = item["person"]["name"].string().value_or("");
    event.courier_phone = item["person"]["phone"].string().value_or("");
    event.pickup_code = item["pickup_code"].string().value_or("");
    event.dedupe_key = std::string(key_prefix) + std::string(id);
    if (const auto bounded = bound_texts(event); !bounded) return tl::unexpected(bounded.error());
    return event;
}

}  // namespace

Events read_open_events(const json::Value& document, std::string_view key_prefix) {
    const auto items = document["events"].items();
    if (!document["events"].is_array() || items.size() > kMaxEvents)
        return malformed("events", "events: a list of at most 100.");
    std::vector<TrackingEvent> events;
    for (const json::Value& item : items) {
        auto event = read_event(item, events.size(), key_prefix);
        if (!event) return tl::unexpected(event.error());
        events.push_back(*std::move(event));
    }
    return events;
}

Result<Proof> authenticate_open_push(const Account& account, const Push& push) {
    const std::string_view name = account.get("push_secret").empty() ? "secret" : "push_secret";
    std::vector<webhook::Secret> secrets;
    for (const std::string_view text : live_secrets(account, name))
        if (auto secret = webhook::parse_secret(text)) secrets.push_back(*std::move(secret));
    const auto verified = webhook::verify(secrets, push.request.headers, push.request.body, push.received_at);
    if (!verified) return tl::unexpected(verified.error());
    return Proof::strong_signature;
}

Events decode_open_push(const Push& push) {
    const auto document = read_pushed_json(push.request.body);
    if (!document) return tl::unexpected(document.error());
    auto events = read_open_events(*document, "event:");
    if (events && events->empty()) return malformed("events", "events: at least one.");
    return events;
}

// {"taken":[ids]}; a push that is kept for a person to read is taken, with a remark for its sender.
http::Response acknowledge_open_push(const Push& push, AckOutcome outcome) {
    const bool is_taken = outcome == AckOutcome::taken;
    json::Writer w;
    w.begin_object().key("taken").begin_array();
    if (is_taken)
        if (const auto document = json::parse(push.request.body))
            for (const json::Value& item : (*document)["events"].items())
                if (const auto id = item["id"].string().value_or(""); is_plain(id)) w.value(id);
    w.end_array();
    if (const auto events = decode_open_push(push); is_taken && !events)
        w.member("remark", "kept for a person to read: " + events.error().message);
    if (outcome == AckOutcome::refused) w.member("error", "bad_signature");
    if (outcome == AckOutcome::failed) w.member("error", "not_stored");
    w.end_object();
    return answer(is_taken ? 200 : outcome == AckOutcome::refused ? 401 : 503, "application/json", w.take());
}

}  // namespace returngate::courier
