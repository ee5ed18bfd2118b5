// STO's pushes. POST form: content (JSON text), data_digest, api_name, from_appkey, from_code, to_appkey,
// to_code;
//   data_digest = Base64(MD5(content + secretKey)), over the field decoded once. api_name is not signed and
//   not read: kinds are told apart by what the signed text says. Receivers disagree about the case of the
//   members' first letters.
//   EDI_PUSH_ORDER_STATUS
//   {"event":"ORDER_STATUS_CHANGE_NOTIFY","changeInfo":{"OrderId","BillCode","Status"…}}
//   STO_TRACE_PLATFORM_PUSH    {"waybillNo","linkCode" (our
//   reference),"trace":{"outBizCode","opTime","scanType"…}} MARKET_PUSH_SETTLE_WEIGHT
//   {"BillCode","SettleWeight":"1.30"}
#include "adapters/courier/sto/push.hpp"

#include <algorithm>

#include "adapters/courier/envelope.hpp"
#include "adapters/courier/sto/tables.hpp"
#include "adapters/json/decimal.hpp"

namespace returngate::courier {
namespace {

using namespace sto_tables;

using Events = Result<std::vector<TrackingEvent>>;

bool is_bare(const Push& push) {
    return push.request.body.starts_with('{');
}

// The JSON text: the signed field, or the bare body.
Result<std::string> content_of(const Push& push) {
    if (is_bare(push)) return push.request.body;
    auto field = signed_field(push, "content", "data_digest");
    if (!field) return malformed("push_form", "STO's push has no content, or no data_digest.");
    return std::move(field->payload);
}

std::string_view text_of(const json::Value& object, std::string_view name) {
    return member_in_any_case(object, name).text().value_or("");
}

std::optional<BookingReference> reference_in(const json::Value& object, std::string_view name) {
    const auto text = text_of(object, name);
    return text.empty() ? std::nullopt : std::optional(BookingReference{std::string(text)});
}

// The member that the event's row names; of an event without a row, the only object.
const json::Value& told_by(const json::Value& document, const EventRow* row) {
    if (row != nullptr) return member_in_any_case(document, row->member);
    static const json::Value kNone;
    const auto members = document.members();
    const auto found = std::ranges::find_if(members, [](const auto& m) { return m.value.is_object(); });
    return found == members.end() ? kNone : found->value;
}

// A dispatch push has no time: it happened when it came. The content's hash keeps apart what comes again.
Events read_dispatch(const json::Value& document, std::string_view content, Instant received_at) {
    const std::string event_word(text_of(document, "event"));
    const auto found = std::ranges::find(kEvents, event_word, &EventRow::event);
    const EventRow* row = found == kEvents.end() ? nullptr : &*found;
    const json::Value& told = told_by(document, row);
    const auto state = event_word == kStateChange ? text_of(told, "Status") : std::string_view();
    TrackingEvent event;
    event.booking_reference = reference_in(told, "OrderId");
    event.waybill = if_set(text_of(told, "BillCode"));
    event.raw_status = event_word == kStateChange ? state : std::string_view(event_word);
    if (event.raw_status.empty() || (!event.booking_reference && !event.waybill))
        return malformed("push_fields", "STO's dispatch push lacks its state, or whom it is about.");
    if (row != nullptr) event.status = state.empty() ? row->status : status_of(kStates, state);
    event.occurred_at = received_at;
    event.courier_person = text_of(told, "UserName");
    event.courier_phone = text_of(told, "UserMobile");
    event.pickup_code = text_of(told, "PrintCode");
    event.dedupe_key = "dispatch:" + std::string(text_of(told, "OrderId")) + ":" + event_word + ":" +
                       std::string(state) + ":" + short_hash(content);
    return only_event(std::move(event));
}

// STO sends a scan again after a time-out; outBizCode is its documented name then.
Events read_trace(const json::Value& document, const json::Value& trace) {
    auto event = read_sto_scan(trace);
    if (!event) return tl::unexpected(event.error());
    event->waybill = if_set(text_of(document, "waybillNo"));
    event->booking_reference = reference_in(document, "linkCode");
    if (!event->waybill) return malformed("push_fields", "STO's track push lacks waybillNo.");
    event->weight_grams = json::parse_scaled(text_of(trace, "weight"), 3);
    const auto own_key = text_of(trace, "outBizCode");
    event->dedupe_key = "trace:" + std::string(own_key);
    if (own_key.empty())
        event->dedupe_key +=
            *event->waybill + ":" + event->raw_status + ":" + format_rfc3339(event->occurred_at);
    return only_event(*std::move(event));
}

Events read_settled_weight(const json::Value& document, std::string_view content, Instant received_at) {
    TrackingEvent event;
    event.waybill = if_set(text_of(document, "BillCode"));
    if (!event.waybill) return malformed("push_fields", "STO's settled weight lacks BillCode.");
    event.status = TrackingStatus::fee;
    event.raw_status = "settle_weight";
    event.occurred_at = received_at;
    event.weight_grams = json::parse_scaled(text_of(document, "SettleWeight"), 3);
    // A corrected weight has the same shape: both are kept.
    event.dedupe_key = "weight:" + *event.waybill + ":" + short_hash(content);
    return only_event(std::move(event));
}

}  // namespace

Result<TrackingEvent> read_sto_scan(const json::Value& scan) {
    const auto at = parse_shanghai(text_of(scan, "opTime"));
    TrackingEvent event;
    event.raw_status = text_of(scan, "scanType");
    if (!at || event.raw_status.empty())
        return malformed("trace_row", "A scan of STO's lacks scanType or a readable opTime.");
    event.status = status_of(kScans, event.raw_status);
    event.occurred_at = *at;
    event.courier_person = text_of(scan, "bizEmpName");
    event.courier_phone = text_of(scan, "bizEmpPhone");
    return event;
}

Result<Proof> authenticate_sto_push(const Account& account, const Push& push) {
    if (is_bare(push)) {
        if (account.get("unsigned_pushes") == "accept") return Proof::secret_url;
        return fail(ErrorKind::unauthorized, "unsigned_push", "STO's push is bare JSON without a signature.");
    }
    const auto field = signed_field(push, "content", "data_digest");
    if (!field) return tl::unexpected(field.error());
    return prove_md5_base64(account, *field, "secret_key");
}

Result<std::vector<TrackingEvent>> decode_sto_push(const Push& push) {
    const auto content = content_of(push);
    if (!content) return tl::unexpected(content.error());
    const auto document = read_pushed_json(*content);
    if (!document) return tl::unexpected(document.error());
    if (!text_of(*document, "event").empty()) return read_dispatch(*document, *content, push.received_at);
    if (const json::Value& trace = member_in_any_case(*document, "trace"); trace.is_object())
        return read_trace(*document, trace);
    if (!text_of(*document, "SettleWeight").empty())
        return read_settled_weight(*document, *content, push.received_at);
    return malformed("push_shape", "STO's push is none of the three that are documented.");
}

http::Response acknowledge_sto_push(AckOutcome outcome) {
    constexpr JsonAcknowledgement kBodies{R"({"success":true,"errorCode":"","errorMsg":""})",
                                          R"({"success":false,"errorCode":"401","errorMsg":"bad signature"})",
                                          R"({"success":false,"errorCode":"500","errorMsg":"system busy"})"};
    return answer_in_json(kBodies, outcome);
}

}  // namespace returngate::courier
