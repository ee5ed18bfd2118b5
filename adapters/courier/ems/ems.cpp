// China Post EMS (邮政速递), specification V2.7 for agreement customers: requests, their answers, and the
// push. Sources: README.md.
#include "adapters/courier/ems/ems.hpp"

#include "adapters/courier/ems/tables.hpp"
#include "adapters/courier/envelope.hpp"
#include "adapters/courier/redact.hpp"
#include "adapters/crypto/digest.hpp"
#include "adapters/crypto/sm4.hpp"
#include "adapters/json/decimal.hpp"
#include "adapters/json/writer.hpp"

namespace returngate::courier {
namespace {

using namespace ems_tables;

constexpr std::string_view kPath = "/amp-prod-api/f/amp/api/open";
constexpr std::string_view kSealed = "|$4|";  // what SM4 texts begin with

const Profile& ems_profile() {
    static const Profile profile = [] {
        Profile p;
        p.code = "EMS";
        p.name = "中国邮政EMS";
        p.offers = {Operation::book, Operation::cancel, Operation::track, Operation::price};
        p.lost_answer = LostAnswer::stay_in_doubt;  // no look-up by our reference, repeats not documented
        p.acceptance = Acceptance::by_answer;
        p.callback_proof = Proof::secret_url;  // ECB without a MAC can be spliced
        p.waybill_at_booking = true;
        return p;
    }();
    return profile;
}

Result<void> check_settings(const Account& account) {
    if (const auto set = require_settings(account, {"sender_no", "authorization", "sign_key"}); !set)
        return set;
    for (const std::string_view key : live_secrets(account, "sign_key"))
        if (!key.empty() && !crypto::sm4_key_from_base64(key))
            return fail(ErrorKind::invalid, "bad_setting",
                        "Set \"sign_key\" (and sign_key_previous) to 16 bytes in Base64, as EMS issued it.");
    return {};
}

// What EMS takes for a signature: |$4| + Base64(SM4-ECB-PKCS7(json + key text)), the key being the 16 bytes
// that the key text is the Base64 of.
Result<std::string> seal(const Account& account, std::string_view json) {
    if (const auto set = check_settings(account); !set) return tl::unexpected(set.error());
    const std::string_view key_text = account.get("sign_key");
    const auto key = crypto::sm4_key_from_base64(key_text);
    const std::string cipher = crypto::sm4_ecb_encrypt(*key, std::string(json).append(key_text));
    return std::string(kSealed) +
           crypto::to_base64({reinterpret_cast<const std::uint8_t*>(cipher.data()), cipher.size()});
}

// POST, form: apiCode, senderNo, authorization, timeStamp (yyyy-MM-dd HH:mm:ss), msgType 0 (JSON), version,
//   userCode?, logitcsInterface (sic)
Result<http::Request> call(const Account& account, const Moment& moment, std::string_view api_code,
                           std::string_view json) {
    auto sealed = seal(account, json);
    if (!sealed) return tl::unexpected(sealed.error());
    http::FormPairs fields{{"apiCode", std::string(api_code)},
                           {"senderNo", std::string(account.get("sender_no"))},
                           {"authorization", std::string(account.get("authorization"))},
                           {"timeStamp", format_shanghai(moment.now)},
                           {"msgType", "0"},
                           {"version", "V1.0.0"}};
    if (!account.get("user_code").empty()) fields.emplace_back("userCode", account.get("user_code"));
    fields.emplace_back("logitcsInterface", *std::move(sealed));
    const std::string_view path = path_of(account.base_url);
    return post_form(std::string(path.empty() || path == "/" ? kPath : path), fields);
}

void write_party(json::Writer& w, std::string_view role, const Party& party) {
    w.key(role).begin_object().member("name", party.name).member("mobile", national_phone(party.phone));
    w.member("prov", party.province).member("city", party.city).member_if_set("county", party.county);
    w.member("address", party.address).end_object();
}

// 020003: [{"createdTime","logisticsOrderNo" (our
// reference),"ecommerceUserId","senderNo","contentsAttribute",
//   "bizProductNo","weight" (g),"pickupType":"1","pickupPreBeginTime","pickupPreEndTime","paymentMode",
//   "pickupNotes","sender","receiver","cargos":[{"cargoName","cargoQuantity","cargoWeight" (g)}]}]
std::string booking_of(const Account& account, const Moment& moment, const BookingOrder& order) {
    const std::string weight = std::to_string(order.parcel.weight_grams);
    json::Writer w;
    w.begin_array().begin_object().member("createdTime", format_shanghai(moment.now));
    w.member("logisticsOrderNo", order.reference.value);
    w.member("ecommerceUserId", get_or(account, "ecommerce_user_id", order.reference.value));
    w.member("senderNo", account.get("sender_no"));
    w.member("contentsAttribute", get_or(account, "contents_attribute", "3"));
    w.member("bizProductNo", get_or(account, "biz_product_no", "10")).member("weight", weight);
    w.member("pickupType", "1").member("pickupPreBeginTime", format_shanghai(order.window.start));
    w.member("pickupPreEndTime", format_shanghai(order.window.end));
    w.member("paymentMode", get_or(account, "payment_mode", "1")).member_if_set("pickupNotes", order.remark);
    write_party(w, "sender", order.sender);
    write_party(w, "receiver", order.recipient);
    w.key("cargos").begin_array().begin_object().member("cargoName", order.parcel.description);
    w.member("cargoQuantity", std::to_string(order.parcel.quantity)).member("cargoWeight", weight);
    w.end_object().end_array().end_object().end_array();
    return w.take();
}

// {"serialNo","retCode":"00000","retMsg","retBody","retDate","success"}
Result<json::Value> success_of(const http::Response& response) {
    auto answer = read_answer(response);
    if (!answer) return answer;
    const auto code = text_in(*answer, "retCode");
    if (code.empty()) return malformed("answer_shape", "EMS's answer has no retCode.");
    if (code != kSuccess) return error_of({}, code, ErrorKind::rejected);
    return answer;
}

// `retBody`: mostly JSON as a string.
Result<json::Value> body_of(const http::Response& response) {
    const auto answer = success_of(response);
    if (!answer) return tl::unexpected(answer.error());
    const json::Value& body = (*answer)["retBody"];
    if (!body.is_string()) return body;
    auto inner = json::parse(*body.string());
    if (!inner) return malformed("answer_inner", "EMS's retBody is not readable JSON.");
    return inner;
}

// {"waybillNo","orderNo","opCode","opName","opDesc","opTime","opOrgName",…,"operatorName"}
Result<TrackingEvent> read_event(const json::Value& row, std::string_view prefix) {
    const auto at = parse_shanghai(text_in(row, "opTime"));
    const std::string_view waybill = text_in(row, "waybillNo");
    TrackingEvent event;
    event.raw_status = text_in(row, "opCode");
    if (!at || waybill.empty() || event.raw_status.empty())
        return malformed("event_fields", "EMS's event lacks waybillNo, opCode or a readable opTime.");
    event.waybill = std::string(waybill);
    event.status = status_of(kStatuses, event.raw_status);
    event.occurred_at = *at;
    event.courier_person = text_in(row, "operatorName");
    event.dedupe_key =
        std::string(prefix) + std::string(waybill) + ":" + event.raw_status + ":" + format_rfc3339(*at);
    if (const auto bounded = bound_texts(event); !bounded) return tl::unexpected(bounded.error());
    return event;
}

// What a sealed text says under one key; unlike us, EMS leaves the key text away at the end. Both are read.
std::optional<json::Value> unseal(std::string_view sealed, std::string_view key_text) {
    const auto key = crypto::sm4_key_from_base64(key_text);
    if (!key || !sealed.starts_with(kSealed)) return std::nullopt;
    const auto cipher = crypto::from_base64(sealed.substr(kSealed.size()));
    const auto plain = cipher ? crypto::sm4_ecb_decrypt(*key, *cipher) : std::nullopt;
    if (!plain) return std::nullopt;
    std::string_view json = *plain;
    if (json.ends_with(key_text)) json.remove_suffix(key_text.size());
    auto document = json::parse(json);
    if (!document || !document->is_object()) return std::nullopt;
    return *std::move(document);
}

// 040002: POST JSON {"logitcsInterface":"|$4|…","method":"040002","msgType":"0","senderNo","serialNo",
//   "timeStamp","version"}, one event. That it can be read with our key is all that speaks for it.
Result<json::Value> open_push(const Account& account, const Push& push) {
    const auto envelope = json::parse(push.request.body);
    if (envelope)
        for (const std::string_view key_text : live_secrets(account, "sign_key"))
            if (auto document = unseal(text_in(*envelope, "logitcsInterface"), key_text))
                return *std::move(document);
    return fail(ErrorKind::unauthorized, "bad_signature",
                "The push has no logitcsInterface that can be read with the sign_key.");
}

// The sample's orderNo is a number of EMS's own; ours have letters.
bool may_be_ours(std::string_view reference) {
    return reference.find_first_not_of("0123456789") != reference.npos;
}

class Ems final : public Courier {
public:
    const Profile& profile() const override { return ems_profile(); }
    Result<void> check(const Account& account) const override { return check_settings(account); }

    Result<http::Request> encode_book(const Account& account, const Moment& moment,
                                      const BookingOrder& order) const override {
        if (const auto complete = require_parties(order); !complete) return tl::unexpected(complete.error());
        return call(account, moment, "020003", booking_of(account, moment, order));
    }
    // retBody: {"waybillNo"}; our reference is not echoed.
    Result<Booking> decode_book(const Account&, const BookingOrder& order,
                                const http::Response& response) const override {
        const auto body = body_of(response);
        if (!body) return tl::unexpected(body.error());
        const auto waybill = text_in(*body, "waybillNo");
        if (!is_plain_id(waybill)) return malformed("answer_waybill", "EMS's answer has no waybillNo.");
        Booking booking;
        booking.reference = order.reference;
        booking.state = BookingState::accepted;
        booking.waybill = std::string(waybill);
        booking.courier_key = waybill;  // what a cancellation names beside our reference
        return booking;
    }

    // 020006: {"logisticsOrderNo","waybillNo","cancelReason"}
    Result<http::Request> encode_cancel(const Account& account, const Moment& moment,
                                        const BookedOrder& order, std::string_view reason) const override {
        json::Writer w;
        w.begin_object().member("logisticsOrderNo", order.reference.value);
        w.member_if_set("waybillNo", order.courier_key).member("cancelReason", reason).end_object();
        return call(account, moment, "020006", w.take());
    }
    Result<void> decode_cancel(const Account&, const BookingReference&,
                               const http::Response& response) const override {
        const auto answer = success_of(response);
        if (!answer) return tl::unexpected(answer.error());
        return {};
    }

    Result<http::Request> encode_find(const Account&, const Moment&, const BookedOrder&) const override {
        return not_offered(profile(), Operation::find);
    }
    Result<Booking> decode_find(const Account&, const BookingReference&,
                                const http::Response&) const override {
        return not_offered(profile(), Operation::find);
    }

    // 040001: {"waybillNo"}
    Result<http::Request> encode_track(const Account& account, const Moment& moment, const BookingReference&,
                                       std::string_view waybill) const override {
        if (waybill.empty())
            return fail(ErrorKind::invalid, "no_waybill", "EMS tracks by waybill number only.");
        json::Writer w;
        w.begin_object().member("waybillNo", waybill).end_object();
        return call(account, moment, "040001", w.take());
    }
    // retBody: {"responseItems":[{event as pushed}]}
    Result<std::vector<TrackingEvent>> decode_track(const Account&, std::string_view waybill,
                                                    const http::Response& response) const override {
        const auto body = body_of(response);
        if (!body) return tl::unexpected(body.error());
        const json::Value& rows = body->is_array() ? *body : (*body)["responseItems"];
        if (!rows.is_array()) return malformed("answer_events", "EMS's answer has no responseItems.");
        std::vector<TrackingEvent> events;
        for (const json::Value& row : rows.items()) {
            if (text_in(row, "waybillNo") != waybill)
                return malformed("answer_waybill", "EMS's events are of another waybill.");
            auto event = read_event(row, "query:");
            if (!event) return tl::unexpected(event.error());
            events.push_back(*std::move(event));
        }
        return events;
    }

    // 050005: {"productCode" (15 digits),"weight" (g),"senderInfo","receiveInfo" (addresses)}
    Result<http::Request> encode_price(const Account& account, const Moment& moment,
                                       const BookingOrder& order) const override {
        json::Writer w;
        w.begin_object().member("productCode", get_or(account, "product_code", "115104300000691"));
        w.member("weight", std::to_string(order.parcel.weight_grams));
        w.member("senderInfo", full_address(order.sender));
        w.member("receiveInfo", full_address(order.recipient)).end_object();
        return call(account, moment, "050005", w.take());
    }
    // retBody: {"totalFee" (yuan),…}
    Result<Price> decode_price(const Account&, const http::Response& response) const override {
        const auto body = body_of(response);
        if (!body) return tl::unexpected(body.error());
        const auto fee_fen = json::parse_scaled(text_in(*body, "totalFee"), 2);
        if (!fee_fen) return malformed("answer_price", "EMS's answer has no exact totalFee.");
        return Price{*fee_fen};
    }

    Result<Proof> authenticate(const Account& account, const Push& push) const override {
        const auto opened = open_push(account, push);
        if (!opened) return tl::unexpected(opened.error());
        return Proof::secret_url;
    }
    Result<std::vector<TrackingEvent>> decode_push(const Account& account, const Push& push) const override {
        const auto opened = open_push(account, push);
        if (!opened) return malformed("push_sealed", "EMS's push cannot be read with the sign_key.");
        auto event = read_event(*opened, "");
        if (!event) return tl::unexpected(event.error());
        if (const auto reference = text_in(*opened, "orderNo"); may_be_ours(reference))
            event->booking_reference = BookingReference{std::string(reference)};
        return only_event(*std::move(event));
    }
    // {"serialNo" (theirs),"code":"00000" or "S00001","codeMessage":"","senderNo" (ours)}
    http::Response acknowledge(const Account& account, const Push& push, AckOutcome outcome) const override {
        const auto envelope = json::parse(push.request.body);
        const std::string_view serial = envelope ? text_in(*envelope, "serialNo") : std::string_view();
        json::Writer w;
        w.begin_object().member("serialNo", is_plain_id(serial) ? serial : std::string_view());
        w.member("code", outcome == AckOutcome::taken ? kSuccess : std::string_view("S00001"));
        w.member("codeMessage", "").member("senderNo", account.get("sender_no")).end_object();
        const std::string body = w.take();
        return answer_in_json({body, body, body}, outcome);
    }
    std::string redact(std::string_view body) const override { return redact_body(body, kLoggable); }
};

}  // namespace

const Courier& ems() {
    static const Ems courier;
    return courier;
}

}  // namespace returngate::courier
