// J&T's pushes. POST form: bizContent (JSON text); headers apiAccount, digest, timestamp;
//   digest = Base64(MD5(bizContent + privateKey)), over the text decoded once; the timestamp is not signed.
//   order  {"txlogisticId","billCode","scanType":"已揽收","time","weight","pickStaffName","pickStaffPhone",…}
//   track  {"billCode","txlogisticId","details":[{"scanTime","scanType","scanTypeCode","problemType",…}]}
//   bill   {"waybillNo","totalFreight","freight","insuredFee","packageChargeWeight","customerCode"}
//   In some regions bizContent is an array of these.
#include "adapters/courier/jt/push.hpp"

#include "adapters/courier/envelope.hpp"
#include "adapters/courier/jt/tables.hpp"
#include "adapters/json/decimal.hpp"

namespace returngate::courier {
namespace {

using namespace jt_tables;

Result<std::string> biz_content(const Push& push) {
    const auto form = http::parse_form(push.request.body);
    if (!form) return malformed("push_form", "J&T's push is no readable form.");
    const auto text = http::form_value(*form, "bizContent");
    if (!text) return malformed("push_form", "J&T's push has no bizContent, or two.");
    return std::string(*text);
}

// 出仓扫描 and 出仓 are one word; of a problem only its kind says whether it is an end.
TrackingStatus status_of_scan(const json::Value& detail) {
    constexpr std::string_view kScanSuffix = "扫描";
    std::string_view word = text_in(detail, "scanType");
    if (word.ends_with(kScanSuffix)) word.remove_suffix(kScanSuffix.size());
    TrackingStatus status = status_of(kScans, word);
    if (status == TrackingStatus::unknown) status = status_of(kScans, text_in(detail, "scanTypeCode"));
    if (status != TrackingStatus::exception) return status;
    const TrackingStatus problem = status_of(kProblems, text_in(detail, "problemType"));
    return problem == TrackingStatus::unknown ? status : problem;
}

// One page of the documents writes Weight.
std::optional<std::int64_t> weight_in(const json::Value& object) {
    const auto lower = text_in(object, "weight");
    return json::parse_scaled(lower.empty() ? text_in(object, "Weight") : lower, 3);
}

Result<void> append_bounded(std::vector<TrackingEvent>& events, TrackingEvent event) {
    if (const auto bounded = bound_texts(event); !bounded) return bounded;
    events.push_back(std::move(event));
    return {};
}

Result<void> append_order_state(const json::Value& document, std::vector<TrackingEvent>& events) {
    const auto reference = text_in(document, "txlogisticId");
    const auto waybill = text_in(document, "billCode");
    const auto at = parse_shanghai(text_in(document, "time"));
    TrackingEvent event;
    event.raw_status = text_in(document, "scanType");
    if (!at || event.raw_status.empty() || (reference.empty() && waybill.empty()))
        return malformed("push_fields", "J&T's push lacks scanType, a readable time, or whom it is about.");
    if (!reference.empty()) event.booking_reference = BookingReference{std::string(reference)};
    event.waybill = if_set(waybill);
    event.status = status_of(kOrderStates, event.raw_status);
    event.occurred_at = *at;
    event.weight_grams = weight_in(document);
    event.courier_person = text_in(document, "pickStaffName");
    event.courier_phone = text_in(document, "pickStaffPhone");
    event.dedupe_key.append("order:").append(reference.empty() ? waybill : reference);
    event.dedupe_key += ":" + event.raw_status + ":" + format_rfc3339(*at);
    return append_bounded(events, std::move(event));
}

Result<void> append_scans(const json::Value& document, std::vector<TrackingEvent>& events) {
    for (const json::Value& detail : document["details"].items()) {
        auto event = read_jt_scan(detail, text_in(document, "billCode"), "track:");
        if (!event) return tl::unexpected(event.error());
        if (const auto reference = text_in(document, "txlogisticId"); !reference.empty())
            event->booking_reference = BookingReference{std::string(reference)};
        if (const auto appended = append_bounded(events, *std::move(event)); !appended) return appended;
    }
    return {};
}

// Has no time of its own: it happened when it came.
Result<void> append_bill(const json::Value& document, Instant received_at,
                         std::vector<TrackingEvent>& events) {
    const auto waybill = text_in(document, "waybillNo");
    const auto freight = text_in(document, "totalFreight");
    const auto weight = text_in(document, "packageChargeWeight");
    if (waybill.empty() || freight.empty())
        return malformed("push_fields", "J&T's bill lacks waybillNo or totalFreight.");
    TrackingEvent event;
    event.waybill = std::string(waybill);
    event.status = TrackingStatus::fee;
    event.raw_status = "settlement";
    event.occurred_at = received_at;
    event.fee_fen = json::parse_scaled(freight, 2);
    event.weight_grams = json::parse_scaled(weight, 3);
    // A corrected bill is of the same shape: the amounts are part of the key.
    std::string amounts(freight);
    amounts.append("|").append(text_in(document, "freight")).append("|");
    amounts.append(text_in(document, "insuredFee")).append("|").append(weight);
    event.dedupe_key.append("bill:").append(waybill).append(":").append(short_hash(amounts));
    return append_bounded(events, std::move(event));
}

Result<void> append_events(const json::Value& document, Instant received_at,
                           std::vector<TrackingEvent>& events) {
    if (document["details"].is_array()) return append_scans(document, events);
    if (document.find("waybillNo") != nullptr) return append_bill(document, received_at, events);
    return append_order_state(document, events);
}

}  // namespace

Result<TrackingEvent> read_jt_scan(const json::Value& detail, std::string_view waybill,
                                   std::string_view key_prefix) {
    const auto at = parse_shanghai(text_in(detail, "scanTime"));
    TrackingEvent event;
    event.raw_status = text_in(detail, "scanType");
    if (event.raw_status.empty()) event.raw_status = text_in(detail, "scanTypeCode");
    if (!at || waybill.empty() || event.raw_status.empty())
        return malformed("scan_fields", "A scan of J&T lacks billCode, scanType or a readable scanTime.");
    event.waybill = std::string(waybill);
    event.status = status_of_scan(detail);
    event.occurred_at = *at;
    event.weight_grams = weight_in(detail);
    event.courier_person = text_in(detail, "staffName");
    event.courier_phone = text_in(detail, "staffContact");
    event.dedupe_key.append(key_prefix).append(waybill);
    event.dedupe_key += ":" + event.raw_status + ":" + format_rfc3339(*at);
    return event;
}

Result<Proof> authenticate_jt_push(const Account& account, const Push& push) {
    const auto content = biz_content(push);
    const auto digest = push.request.headers.find("digest");
    if (!content || !digest || digest->empty())
        return fail(ErrorKind::unauthorized, "unsigned_push", "The push lacks bizContent or its digest.");
    return prove_md5_base64(account, SignedField{*content, std::string(*digest)}, "private_key");
}

Result<std::vector<TrackingEvent>> decode_jt_push(const Push& push) {
    const auto content = biz_content(push);
    if (!content) return tl::unexpected(content.error());
    const auto document = read_pushed_json(*content);
    if (!document) return tl::unexpected(document.error());
    std::vector<TrackingEvent> events;
    if (!document->is_array()) {
        const auto appended = append_events(*document, push.received_at, events);
        if (!appended) return tl::unexpected(appended.error());
    }
    for (const json::Value& item : document->items())
        if (const auto appended = append_events(item, push.received_at, events); !appended)
            return tl::unexpected(appended.error());
    if (events.empty()) return malformed("push_fields", "J&T's push reports nothing.");
    return events;
}

http::Response acknowledge_jt_push(AckOutcome outcome) {
    constexpr JsonAcknowledgement kBodies{R"({"code":"1","msg":"success","data":"SUCCESS"})",
                                          R"({"code":"0","msg":"bad signature","data":null})",
                                          R"({"code":"0","msg":"system busy","data":null})"};
    return answer_in_json(kBodies, outcome);
}

}  // namespace returngate::courier
