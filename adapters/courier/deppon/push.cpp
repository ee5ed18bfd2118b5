// Deppon's pushes. POST form: companyCode, params (JSON text), timestamp (ms), digest;
//   digest = Base64(lower-case hex text of MD5(params + appkey + timestamp)), over the texts decoded once.
//   order  {"logisticID","mailNo","statusType":"RECEIPTING","comments"}
//   trace  {"track_list":[{"tracking_number","trace_list":[{"time","status","description","city","site"}]}]}
#include "adapters/courier/deppon/push.hpp"

#include "adapters/courier/deppon/tables.hpp"
#include "adapters/courier/envelope.hpp"
#include "adapters/crypto/digest.hpp"
#include "adapters/json/writer.hpp"

namespace returngate::courier {
namespace {

using namespace deppon_tables;

struct SignedParams {
    std::string params;
    std::string timestamp;
    std::string digest;
};

Result<SignedParams> signed_params(const Push& push) {
    const auto field = signed_field(push, "params", "digest");
    if (!field) return tl::unexpected(field.error());
    const auto timestamp = signed_field(push, "timestamp", "digest");
    if (!timestamp) return tl::unexpected(timestamp.error());
    return SignedParams{field->payload, timestamp->payload, field->digest};
}

// One receiver reads logisticid: letters of any case.
std::string_view text_in_any_case(const json::Value& object, std::string_view name) {
    return member_in_any_case(object, name).text().value_or("");
}

// Ours, without the prefix that Deppon assigned.
std::string_view reference_in(const Account& account, std::string_view logistic_id) {
    const std::string_view prefix = account.get("sign_prefix");
    if (logistic_id.starts_with(prefix)) logistic_id.remove_prefix(prefix.size());
    return logistic_id;
}

// "李师傅 13800000001": the number goes where it is masked.
void read_courier(std::string_view comments, TrackingEvent& event) {
    constexpr std::string_view kDigits = "0123456789";
    constexpr std::size_t kShortestPhone = 7;
    const auto space = comments.rfind(' ');
    const auto last = space == comments.npos ? std::string_view() : comments.substr(space + 1);
    const bool is_phone = last.size() >= kShortestPhone && last.find_first_not_of(kDigits) == last.npos;
    event.courier_person = is_phone ? comments.substr(0, space) : comments;
    if (is_phone) event.courier_phone = last;
}

// Has no time of its own: it happened when it came. Every push is signed with a time of its own, so that a
// repeat is another body.
Result<std::vector<TrackingEvent>> read_order_state(const Account& account, const json::Value& document,
                                                    Instant received_at) {
    const auto reference = reference_in(account, text_in_any_case(document, "logisticID"));
    TrackingEvent event;
    event.raw_status = text_in_any_case(document, "statusType");
    if (reference.empty() || event.raw_status.empty())
        return malformed("push_fields", "Deppon's push lacks logisticID or statusType.");
    event.booking_reference = BookingReference{std::string(reference)};
    const auto waybills = text_in_any_case(document, "mailNo");
    event.waybill = if_set(waybills.substr(0, waybills.find(',')));  // the parent first
    event.status = status_of(kOrderStates, event.raw_status);
    event.occurred_at = received_at;
    if (event.status == TrackingStatus::courier_assigned)
        read_courier(text_in_any_case(document, "comments"), event);
    event.dedupe_key.append("order:").append(reference).append(":").append(event.raw_status);
    event.repeats_with_new_values = true;
    return only_event(std::move(event));
}

bool is_plain(std::string_view word) {
    constexpr std::string_view kPlain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    return word.size() <= 64 && word.find_first_not_of(kPlain) == word.npos;
}

constexpr JsonAcknowledgement kTraceBodies{
    R"({"success":true,"error_code":"1000","error_msg":"成功","result":true})",
    R"({"success":false,"error_code":"1001","error_msg":"bad signature","result":false})",
    R"({"success":false,"error_code":"1002","error_msg":"system busy","result":false})"};

// One receiver answers order states in the traces' form: `both` says everything.
std::string order_state_body(const Account& account, std::string_view logistic_id, bool is_taken,
                             std::string_view code, std::string_view reason) {
    json::Writer w;
    w.begin_object().member("logisticCompanyID", "DEPPON");
    w.member_if_set("logisticID", is_plain(logistic_id) ? logistic_id : std::string_view());
    w.member("result", is_taken ? "true" : "false").member("resultCode", code).member("reason", reason);
    if (account.get("order_state_ack") == "both")
        w.member("success", is_taken).member("error_code", code).member("error_msg", reason);
    return w.end_object().take();
}

}  // namespace

// Pushes repeat and extend the list: a row comes in ever new bodies.
Result<void> append_deppon_traces(const json::Value& rows, std::string_view waybill,
                                  std::string_view key_prefix, std::vector<TrackingEvent>& events) {
    for (const json::Value& row : rows.items()) {
        const auto at = parse_shanghai(text_in(row, "time"));
        TrackingEvent event;
        event.raw_status = text_in(row, "status");
        if (!at || event.raw_status.empty() || waybill.empty())
            return malformed("trace_row", "A trace of Deppon lacks number, status or a readable time.");
        event.waybill = std::string(waybill);
        event.status = status_of(kTraces, event.raw_status);
        event.occurred_at = *at;
        event.dedupe_key.append(key_prefix).append(waybill);
        event.dedupe_key += ":" + event.raw_status + ":" + format_rfc3339(*at);
        event.repeats_with_new_values = key_prefix != "query:";
        if (const auto bounded = bound_texts(event); !bounded) return bounded;
        events.push_back(std::move(event));
    }
    return {};
}

Result<Proof> authenticate_deppon_push(const Account& account, const Push& push) {
    const auto sent = signed_params(push);
    if (!sent) return tl::unexpected(sent.error());
    for (const std::string_view key : live_secrets(account, "app_key")) {
        const std::string hex = md5_hex({sent->params, key, sent->timestamp});
        const std::vector<std::uint8_t> bytes(hex.begin(), hex.end());
        if (!key.empty() && crypto::base64_digest_matches(bytes, sent->digest)) return Proof::weak_signature;
    }
    return fail(ErrorKind::unauthorized, "bad_signature", "The push's digest does not match.");
}

Result<std::vector<TrackingEvent>> decode_deppon_push(const Account& account, const Push& push) {
    const auto sent = signed_params(push);
    if (!sent) return malformed("push_form", "Deppon's push is no form with params, timestamp and digest.");
    const auto document = read_pushed_json(sent->params);
    if (!document) return tl::unexpected(document.error());
    const json::Value& tracks = (*document)["track_list"];
    if (!tracks.is_array()) return read_order_state(account, *document, push.received_at);
    std::vector<TrackingEvent> events;
    for (const json::Value& track : tracks.items())
        if (const auto appended = append_deppon_traces(track["trace_list"], text_in(track, "tracking_number"),
                                                       "track:", events);
            !appended)
            return tl::unexpected(appended.error());
    if (events.empty()) return malformed("push_fields", "Deppon's push reports nothing.");
    return events;
}

http::Response acknowledge_deppon_push(const Account& account, const Push& push, AckOutcome outcome) {
    const auto sent = signed_params(push);
    const auto document = json::parse(sent ? sent->params : "");
    if (document && document->find("track_list") != nullptr) return answer_in_json(kTraceBodies, outcome);
    const std::string_view id = document ? text_in_any_case(*document, "logisticID") : std::string_view();
    const std::string taken = order_state_body(account, id, true, "1000", "成功");
    const std::string refused = order_state_body(account, "", false, "1001", "bad signature");
    const std::string failed = order_state_body(account, id, false, "1002", "system busy");
    return answer_in_json({taken, refused, failed}, outcome);
}

}  // namespace returngate::courier
