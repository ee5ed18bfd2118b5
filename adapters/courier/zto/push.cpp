// ZTO's pushes. POST form: data (JSON text), data_digest, msg_type, company_id;
//   data_digest = Base64(MD5(data + appSecret)), over the field decoded once. msg_type is not signed and not
//   read: kinds are told apart by what the signed text says.
//   order       data={"order_code","bill_code","partner_order_code","pre_order_status":3,"gmt_create",…}
//   track       data={"billCode","action":"GOT","actionTime","facilityCode","courier","courierPhone",…}
//   settlement  result={"billCode","settlementWeight" (g),"settlementAmount" (fen),"volume"}
//   label       JSON {"billCode","printType","result","dataDigest" = Base64(MD5(result + billCode))}: no
//   secret
#include "adapters/courier/zto/push.hpp"

#include <algorithm>

#include "adapters/courier/envelope.hpp"
#include "adapters/courier/zto/tables.hpp"
#include "adapters/crypto/digest.hpp"
#include "adapters/json/decimal.hpp"

namespace returngate::courier {
namespace {

using namespace zto_tables;

using Events = Result<std::vector<TrackingEvent>>;

bool is_label(const Push& push) {
    return push.request.body.starts_with('{');
}

Result<Proof> authenticate_label(const Push& push) {
    const auto document = json::parse(push.request.body);
    const auto digest = document ? text_in(*document, "dataDigest") : std::string_view();
    if (digest.empty() || text_in(*document, "billCode").empty())
        return fail(ErrorKind::unauthorized, "unsigned_push", "The push is no form, and no label either.");
    const auto expected = crypto::md5({text_in(*document, "result"), text_in(*document, "billCode")});
    if (!crypto::base64_digest_matches(expected, digest))
        return fail(ErrorKind::unauthorized, "bad_signature", "The label's dataDigest does not match.");
    return Proof::secret_url;  // a checksum that everybody can make
}

// Where the account says that settlements come unsigned. Whatever else is there wants its signature.
bool is_bare_settlement(const Account& account, const Push& push) {
    if (account.get("settlement_sign") != "absent") return false;
    const auto form = http::parse_form(push.request.body);
    return form && http::form_value(*form, "result") && std::ranges::none_of(*form, [](const auto& pair) {
               return pair.first == "data" || pair.first == "data_digest";
           });
}

Events decode_label(const Push& push) {
    const auto document = json::parse(push.request.body);
    if (!document || text_in(*document, "billCode").empty())
        return malformed("push_label", "ZTO's label push is no readable JSON with billCode.");
    TrackingEvent event;
    event.waybill = text_in(*document, "billCode");
    event.raw_status = "label";
    event.occurred_at = push.received_at;
    event.dedupe_key = "label:" + *event.waybill + ":" + short_hash(text_in(*document, "result"));
    return only_event(std::move(event));
}

// gmt_create may be the time of this state or of the order: the content's hash keeps both apart.
Events read_order_state(const json::Value& order, std::string_view data, Instant received_at) {
    const auto reference = text_in(order, "partner_order_code");
    const auto time = text_in(order, "gmt_create");
    const auto at = time.empty() ? std::optional(received_at) : parse_shanghai(time);
    TrackingEvent event;
    event.raw_status = text_in(order, "pre_order_status");
    event.waybill = if_set(text_in(order, "bill_code"));
    if (!at || event.raw_status.empty() || (reference.empty() && !event.waybill))
        return malformed("push_fields",
                         "ZTO's order push has an unreadable gmt_create, or does not say whom it is about.");
    if (!reference.empty()) event.booking_reference = BookingReference{std::string(reference)};
    event.status = status_of(kOrderStatuses, event.raw_status);
    event.occurred_at = *at;
    event.courier_phone = text_in(order, "assign_emp_mobile");
    event.dedupe_key = "order:" + std::string(text_in(order, "order_code")) + ":" + event.raw_status + ":" +
                       std::string(time) + ":" + short_hash(data);
    return only_event(std::move(event));
}

Events read_trace(const json::Value& trace) {
    const auto at = parse_shanghai(text_in(trace, "actionTime"));
    TrackingEvent event;
    event.raw_status = text_in(trace, "action");
    event.waybill = if_set(text_in(trace, "billCode"));
    if (!at || event.raw_status.empty() || !event.waybill)
        return malformed("push_fields", "ZTO's track push lacks billCode, action or a readable actionTime.");
    event.status = status_of(kPushedTraces, event.raw_status);
    event.occurred_at = *at;
    event.courier_person = text_in(trace, "courier");
    event.courier_phone = text_in(trace, "courierPhone");
    event.dedupe_key = "trace:" + *event.waybill + ":" + event.raw_status + ":" + format_rfc3339(*at) + ":" +
                       std::string(text_in(trace, "facilityCode"));
    return only_event(std::move(event));
}

Events decode_settlement(std::string_view text, Instant received_at) {
    const auto bill = read_pushed_json(text);
    if (!bill) return tl::unexpected(bill.error());
    TrackingEvent event;
    event.waybill = if_set(text_in(*bill, "billCode"));
    if (!event.waybill) return malformed("push_fields", "ZTO's settlement lacks billCode.");
    event.status = TrackingStatus::fee;
    event.raw_status = "settlement";
    event.occurred_at = received_at;
    event.weight_grams = json::parse_scaled(text_in(*bill, "settlementWeight"), 0);
    event.fee_fen = json::parse_scaled(text_in(*bill, "settlementAmount"), 0);
    // A corrected bill has the same shape: both are kept.
    event.dedupe_key = "settlement:" + *event.waybill + ":" + short_hash(text);
    return only_event(std::move(event));
}

}  // namespace

Result<Proof> authenticate_zto_push(const Account& account, const Push& push) {
    if (is_label(push)) return authenticate_label(push);
    if (is_bare_settlement(account, push)) return Proof::secret_url;
    auto field = signed_field(push, "data", "data_digest");
    if (!field) field = signed_field(push, "result", "data_digest");
    if (!field) return tl::unexpected(field.error());
    return prove_md5_base64(account, *field, "app_secret");
}

Result<std::vector<TrackingEvent>> decode_zto_push(const Push& push) {
    if (is_label(push)) return decode_label(push);
    const auto form = http::parse_form(push.request.body);
    if (!form) return malformed("push_form", "ZTO's push is no readable form.");
    const auto data = http::form_value(*form, "data");
    const auto result = http::form_value(*form, "result");
    if (!data && !result) return malformed("push_form", "ZTO's push has neither data nor result.");
    if (!data) return decode_settlement(*result, push.received_at);
    const auto document = read_pushed_json(*data);
    if (!document) return tl::unexpected(document.error());
    if (document->find("pre_order_status") != nullptr)
        return read_order_state(*document, *data, push.received_at);
    return read_trace(*document);
}

http::Response acknowledge_zto_push(AckOutcome outcome) {
    constexpr JsonAcknowledgement kBodies{
        R"({"status":true,"statusCode":"200","message":"调用成功","result":"成功"})",
        R"({"status":false,"statusCode":"401","message":"bad signature","result":null})",
        R"({"status":false,"statusCode":"500","message":"system busy","result":null})"};
    return answer_in_json(kBodies, outcome);
}

}  // namespace returngate::courier
