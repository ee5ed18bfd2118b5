// Kuaidi100's pushes. POST …?reference=REFERENCE, form: taskId (orders only, unsigned), sign, param (JSON
// text)
//   sign = hex(MD5(param + salt)), over the field decoded once; the salt is that of the reference.
//   order   {"kuaidicom","kuaidinum","status":"200","message","data":{"orderId","status":15,"courierName",
//           "courierMobile","weight","freight",…,"thirdOrderId"?}}: `data.status` is the state; no time
//   traces
//   {"status":"polling|shutdown|abort|updateall","message","lastResult":{"state","com","nu","data":[…]}}
#include "adapters/courier/kuaidi100/push.hpp"

#include <algorithm>

#include "adapters/courier/kuaidi100/signature.hpp"
#include "adapters/courier/kuaidi100/tables.hpp"
#include "adapters/courier/kuaidi100/trace.hpp"
#include "adapters/http/form.hpp"
#include "adapters/json/decimal.hpp"

namespace returngate::courier {
namespace {

using namespace kuaidi100_tables;

using Events = Result<std::vector<TrackingEvent>>;

// Out of the callback URL; authentic because the salt is made from it.
std::string reference_of(const Push& push) {
    const auto query = http::parse_form(push.request.query());
    if (!query) return {};
    return std::string(http::form_value(*query, "reference").value_or(""));
}

std::string_view text_in(const json::Value& object, std::string_view name) {
    return object[name].text().value_or("");
}

bool repeats(std::string_view status) {
    return std::ranges::find(kRepeating, status) != kRepeating.end();
}

// A change of state has no time of its own: it happened when it came. All but the settlements may come
// again with other content (a second person after a revival), so that the content is part of the key.
Events read_order_state(const json::Value& document, const std::string& reference, std::string_view param,
                        Instant received_at) {
    const json::Value& data = document["data"];
    TrackingEvent event;
    event.raw_status = text_in(data, "status");
    if (event.raw_status.empty()) return malformed("push_fields", "Kuaidi100's callback has no data.status.");
    if (const auto echoed = text_in(data, "thirdOrderId"); !echoed.empty() && echoed != reference)
        return malformed("push_reference", "Kuaidi100's callback names another order than its URL.");
    event.booking_reference = BookingReference{reference};
    event.waybill = if_set(text_in(document, "kuaidinum"));
    event.status = status_of(kOrderStatuses, event.raw_status);
    event.occurred_at = received_at;
    event.courier_person = text_in(data, "courierName");
    event.courier_phone = text_in(data, "courierMobile");
    event.dedupe_key = "order:" + reference + ":" + event.raw_status;
    event.repeats_with_new_values = repeats(event.raw_status);
    if (event.repeats_with_new_values) {
        const auto actual = text_in(data, "actualWeight");
        event.weight_grams = json::parse_scaled(actual.empty() ? text_in(data, "weight") : actual, 3);
        event.fee_fen = json::parse_scaled(text_in(data, "freight"), 2);
    } else {
        event.dedupe_key += ":" + crypto::to_hex(crypto::sha256(param)).substr(0, 16);
    }
    if (const auto bounded = bound_texts(event); !bounded) return tl::unexpected(bounded.error());
    std::vector<TrackingEvent> events;
    events.push_back(std::move(event));
    return events;
}

// Kuaidi100 has given the parcel up: no trace in three days, or no change in sixty.
TrackingEvent given_up(const json::Value& document, Instant received_at) {
    TrackingEvent event;
    event.waybill = if_set(text_in(document["lastResult"], "nu"));
    event.status = TrackingStatus::exception;
    event.raw_status = "abort";
    event.occurred_at = received_at;
    event.dedupe_key = "trace:" + event.waybill.value_or("") + ":abort";
    return event;
}

Events read_traces(const json::Value& document, const std::string& reference, Instant received_at) {
    auto events = read_kuaidi100_traces(document["lastResult"], "trace:");
    if (!events) return events;
    if (text_in(document, "status") == "abort") events->push_back(given_up(document, received_at));
    for (TrackingEvent& event : *events) {
        event.booking_reference = BookingReference{reference};
        // Every push carries the whole history, so that each row comes in ever new bodies.
        event.repeats_with_new_values = true;
        if (const auto bounded = bound_texts(event); !bounded) return tl::unexpected(bounded.error());
    }
    return events;
}

}  // namespace

Result<Proof> authenticate_kuaidi100_push(const Account& account, const Push& push) {
    const std::string reference = reference_of(push);
    const auto form = http::parse_form(push.request.body);
    if (!form) return fail(ErrorKind::unauthorized, "unsigned_push", "The push is no readable form.");
    const auto param = http::form_value(*form, "param");
    const auto sign = http::form_value(*form, "sign");
    if (!param || !sign || reference.empty())
        return fail(ErrorKind::unauthorized, "unsigned_push",
                    "The push lacks param or sign, or its URL the reference.");
    for (const std::string_view key : live_secrets(account, "key"))
        if (!key.empty() &&
            crypto::hex_digest_matches(crypto::md5({*param, kuaidi100_salt(key, reference)}), *sign))
            return Proof::weak_signature;
    return fail(ErrorKind::unauthorized, "bad_signature", "The push's sign does not match.");
}

Result<std::vector<TrackingEvent>> decode_kuaidi100_push(const Push& push) {
    const std::string reference = reference_of(push);
    const auto form = http::parse_form(push.request.body);
    const auto param = form ? http::form_value(*form, "param") : tl::unexpected(form.error());
    if (!param || reference.empty())
        return malformed("push_form", "Kuaidi100's push has no param, or its URL no reference.");
    const auto document = json::parse(*param);
    if (!document)
        return malformed("push_" + document.error().code, "Kuaidi100's param is no readable JSON.");
    if ((*document)["lastResult"].is_object()) return read_traces(*document, reference, push.received_at);
    return read_order_state(*document, reference, *param, push.received_at);
}

http::Response acknowledge_kuaidi100_push(AckOutcome outcome) {
    constexpr std::string_view kType = "application/json; charset=UTF-8";
    switch (outcome) {
        case AckOutcome::taken:
            return answer(200, kType, R"({"result":true,"returnCode":"200","message":"成功"})");
        case AckOutcome::refused:
            return answer(401, kType, R"({"result":false,"returnCode":"500","message":"bad signature"})");
        case AckOutcome::failed: break;
    }
    return answer(503, kType, R"({"result":false,"returnCode":"500","message":"system busy"})");
}

}  // namespace returngate::courier
