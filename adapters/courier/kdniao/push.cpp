// KDNiao's pushes. POST form: RequestType, RequestData (JSON text), DataSign as in our requests.
//   103       {"PushTime","EBusinessID","Count","Data":[{"OrderCode","ShipperCode","LogisticCode","State",
//             "CreateTime","PickerInfo":[{"PersonName","PersonTel"}],"Weight","TotalFee",…}]}
//   101, 102  {"PushTime",…,"Data":[{"OrderCode","LogisticCode","Success","State","StateEx"?,"Traces":[…]}]}
// Told apart by their items, since RequestType stands outside the signature.
#include "adapters/courier/kdniao/push.hpp"

#include <algorithm>
#include <iterator>

#include "adapters/courier/envelope.hpp"
#include "adapters/courier/kdniao/tables.hpp"
#include "adapters/crypto/digest.hpp"
#include "adapters/http/form.hpp"
#include "adapters/json/decimal.hpp"
#include "adapters/json/writer.hpp"

namespace returngate::courier {
namespace {

using namespace kdniao_tables;

using Events = Result<std::vector<TrackingEvent>>;

constexpr std::size_t kMaxItems = 64;   // KDNiao sends at most 10 orders
constexpr std::size_t kMaxRows = 1024;  // of all parcels of a push; each brings its whole history

// KDNiao's older senders encode their forms twice, spaces as '+'.
std::string decoded_again(std::string_view value) {
    const auto again = http::parse_form("value=" + std::string(value));
    return again && again->size() == 1 ? again->front().second : std::string(value);
}

Result<SignedField> content_of(const Push& push) {
    auto content = signed_field(push, "RequestData", "DataSign");
    if (!content) return content;
    if (content->payload.starts_with("%7B")) content->payload = decoded_again(content->payload);
    if (content->digest.ends_with("%3D")) content->digest = decoded_again(content->digest);
    return content;
}

Result<Instant> time_in(const json::Value& object, std::string_view name, Instant otherwise) {
    const auto text = text_in(object, name);
    if (text.empty()) return otherwise;
    if (const auto at = parse_shanghai(text)) return *at;
    return malformed("push_time", "KDNiao's push has a time that cannot be read.");
}

// A state may come again with another number, person or amount.
std::string hash_of(const TrackingEvent& event) {
    const auto number = [](const std::optional<std::int64_t>& value) {
        return value ? std::to_string(*value) : std::string();
    };
    const std::string weight = number(event.weight_grams);
    const std::string fee = number(event.fee_fen);
    const std::string_view waybill = event.waybill ? std::string_view(*event.waybill) : "";
    std::string values(waybill);
    for (const std::string_view value :
         std::initializer_list<std::string_view>{weight, fee, event.courier_person, event.courier_phone})
        values.append("\n").append(value);
    return short_hash(values);
}

Result<TrackingEvent> read_order_state(const json::Value& item, Instant pushed_at) {
    const auto at = time_in(item, "CreateTime", pushed_at);
    if (!at) return tl::unexpected(at.error());
    TrackingEvent event;
    const auto reference = text_in(item, "OrderCode");
    event.raw_status = text_in(item, "State");
    if (reference.empty() || event.raw_status.empty())
        return malformed("push_fields", "KDNiao's push lacks OrderCode or State.");
    event.booking_reference = BookingReference{std::string(reference)};
    event.waybill = if_set(text_in(item, "LogisticCode"));
    event.status = status_of(kOrderStates, event.raw_status);
    event.occurred_at = *at;
    if (const auto pickers = item["PickerInfo"].items(); !pickers.empty()) {
        event.courier_person = text_in(pickers.front(), "PersonName");
        event.courier_phone = text_in(pickers.front(), "PersonTel");
        event.pickup_code = text_in(pickers.front(), "PickupCode");
    }
    if (std::ranges::find(kSettling, event.raw_status) != kSettling.end()) {
        event.weight_grams = json::parse_scaled(text_in(item, "Weight"), 3);
        event.fee_fen = json::parse_scaled(text_in(item, "TotalFee"), 2);
    }
    event.dedupe_key = "order:" + std::string(reference) + ":" + event.raw_status + ":" +
                       format_rfc3339(event.occurred_at) + ":" + hash_of(event);
    return event;
}

Result<TrackingEvent> read_row(std::string_view waybill, std::string_view code, std::string_view time,
                               std::string_view key_prefix) {
    const auto at = parse_shanghai(time);
    if (!at) return malformed("trace_row", "A row of KDNiao's traces has no readable AcceptTime.");
    TrackingEvent event;
    event.waybill = std::string(waybill);
    event.status = status_of(kTraceStates, code);
    event.raw_status = code;
    event.occurred_at = *at;
    event.dedupe_key = std::string(key_prefix) + std::string(waybill) + ":" + event.raw_status + ":" +
                       format_rfc3339(event.occurred_at);
    if (const auto bounded = bound_texts(event); !bounded) return tl::unexpected(bounded.error());
    return event;
}

bool is_trace_item(const json::Value& item) {
    return item["Traces"].is_array() || item.find("Success") != nullptr;
}

// No trace yet, or the subscription's end, is no event.
Events read_trace_item(const json::Value& item) {
    if (!is_true(item["Success"])) return std::vector<TrackingEvent>();
    auto events = read_kdniao_traces(item, "trace:");
    if (!events) return events;
    const auto reference = text_in(item, "OrderCode");
    for (TrackingEvent& event : *events) {
        if (!reference.empty()) event.booking_reference = BookingReference{std::string(reference)};
        event.repeats_with_new_values = true;  // each push brings the whole history, in an ever new body
        if (const auto bounded = bound_texts(event); !bounded) return tl::unexpected(bounded.error());
    }
    return events;
}

Events read_item(const json::Value& item, Instant pushed_at) {
    if (is_trace_item(item)) return read_trace_item(item);
    auto event = read_order_state(item, pushed_at);
    if (!event) return tl::unexpected(event.error());
    return only_event(*std::move(event));
}

}  // namespace

Events read_kdniao_traces(const json::Value& parcel, std::string_view key_prefix) {
    const auto waybill = text_in(parcel, "LogisticCode");
    const auto rows = parcel["Traces"].items();
    if (waybill.empty() || !parcel["Traces"].is_array() || rows.size() > kMaxRows)
        return malformed("traces", "KDNiao's traces lack LogisticCode or Traces, or have too many rows.");
    std::vector<TrackingEvent> events;
    for (const json::Value& row : rows) {
        std::string_view code = text_in(row, "Action");
        const bool is_newest = &row == &rows.back();
        // Rows of the basic product have no code: the parcel's state is that of its newest one.
        if (code.empty() && is_newest) code = text_in(parcel, "StateEx");
        if (code.empty() && is_newest) code = text_in(parcel, "State");
        if (code.empty()) continue;
        auto event = read_row(waybill, code, text_in(row, "AcceptTime"), key_prefix);
        if (!event) return tl::unexpected(event.error());
        events.push_back(*std::move(event));
    }
    return events;
}

Result<Proof> authenticate_kdniao_push(const Account& account, const Push& push) {
    const auto content = content_of(push);
    if (!content) return tl::unexpected(content.error());
    for (const std::string_view key : live_secrets(account, "api_key"))
        if (!key.empty() &&
            crypto::equal_in_constant_time(md5_hex_base64({content->payload, key}), content->digest))
            return Proof::weak_signature;
    return fail(ErrorKind::unauthorized, "bad_signature", "The push's DataSign does not match.");
}

Events decode_kdniao_push(const Push& push) {
    const auto content = content_of(push);
    if (!content) return malformed("push_form", "KDNiao's push has no RequestData.");
    const auto document = read_pushed_json(content->payload);
    if (!document) return tl::unexpected(document.error());
    const auto items = (*document)["Data"].items();
    if (items.empty() || items.size() > kMaxItems)
        return malformed("push_data", "KDNiao's push has no Data, or too much.");
    const auto pushed_at = time_in(*document, "PushTime", push.received_at);
    if (!pushed_at) return tl::unexpected(pushed_at.error());
    std::vector<TrackingEvent> events;
    for (const json::Value& item : items) {
        auto read = read_item(item, *pushed_at);
        if (!read) return read;
        std::ranges::move(*read, std::back_inserter(events));
        if (events.size() > kMaxRows) return malformed("push_size", "KDNiao's push has too many rows.");
    }
    return events;
}

// {"EBusinessID","UpdateTime","Success":true,"Reason":""}
http::Response acknowledge_kdniao_push(const Account& account, const Push& push, AckOutcome outcome) {
    struct Row {
        AckOutcome outcome;
        int status;
        std::string_view reason;
    };
    constexpr std::array kRows{Row{AckOutcome::taken, 200, ""},
                               Row{AckOutcome::refused, 401, "bad signature"},
                               Row{AckOutcome::failed, 503, "system busy"}};
    const Row& row = *std::ranges::find(kRows, outcome, &Row::outcome);
    json::Writer w;
    w.begin_object().member("EBusinessID", account.get("e_business_id"));
    w.member("UpdateTime", format_shanghai(push.received_at));
    w.member("Success", outcome == AckOutcome::taken).member("Reason", row.reason).end_object();
    return answer(row.status, "application/json;charset=utf-8", w.take());
}

}  // namespace returngate::courier
