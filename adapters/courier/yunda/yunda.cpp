// Yunda Express (韵达), open platform: loose orders with door pickup, and their assumed pushes. Sources:
// README.md.
#include "adapters/courier/yunda/yunda.hpp"

#include "adapters/courier/envelope.hpp"
#include "adapters/courier/redact.hpp"
#include "adapters/courier/yunda/tables.hpp"
#include "adapters/crypto/digest.hpp"
#include "adapters/json/decimal.hpp"
#include "adapters/json/writer.hpp"

namespace returngate::courier {
namespace {

using namespace yunda_tables;

constexpr std::string_view kSuccess = "0000";

const Profile& yunda_profile() {
    static const Profile profile = [] {
        Profile p;
        p.code = "YUNDA";
        p.name = "韵达速递";
        p.offers = {Operation::book, Operation::cancel, Operation::track, Operation::price};
        p.lost_answer = LostAnswer::stay_in_doubt;  // no look-up; what a repeated id does is not documented
        p.acceptance = Acceptance::by_callback;     // the waybill's push; its draw may fail after the order
        p.callback_proof = Proof::weak_signature;
        p.waybill_at_booking = false;
        return p;
    }();
    return profile;
}

Result<void> check_choice(const Account& account, std::string_view key, std::string_view usual,
                          std::string_view other) {
    const std::string_view value = get_or(account, key, usual);
    if (value == usual || value == other) return {};
    return fail(
        ErrorKind::invalid, "bad_setting",
        "Set \"" + std::string(key) + "\" to " + std::string(usual) + " or " + std::string(other) + ".");
}

Result<void> check_settings(const Account& account) {
    const auto set = require_settings(account, {"app_key", "app_secret", "callback_base", "callback_token"});
    if (!set) return set;
    const std::string_view base = account.get("callback_base");
    const bool is_url = base.starts_with("http://") || base.starts_with("https://");
    if (!is_url || base.ends_with('/') || base.find_first_of("?# \r\n") != base.npos)
        return fail(ErrorKind::invalid, "bad_setting",
                    "Set \"callback_base\" to our public http or https URL, without a slash at its end.");
    if (const auto off = check_choice(account, "assumed_callbacks", "false", "true"); !off) return off;
    return check_choice(account, "callback_sign", "required", "absent");
}

// POST, application/json; headers app-key, req-time (ms, not signed),
//   sign = lower hex MD5(body + "_" + appSecret)
http::Request call(const Account& account, const Moment& moment, std::string_view path, std::string body) {
    const std::string sign = md5_hex({body, "_", account.get("app_secret")});
    http::Request request = post_json(target_of(account, path), std::move(body));
    auto& fields = request.headers.fields;
    fields.emplace_back("app-key", account.get("app_key"));
    fields.emplace_back("req-time", std::to_string(milliseconds(moment.now)));
    fields.emplace_back("sign", sign);
    return request;
}

void write_party(json::Writer& w, std::string_view role, const Party& party) {
    w.key(role).begin_object().member("name", party.name).member("province", party.province);
    w.member("city", party.city).member_if_set("county", party.county).member("address", party.address);
    w.member("mobile", national_phone(party.phone)).end_object();
}

// /openapi-api/v1/order/pushOrder: {"appid","orderid","backurl","backparam","sender":{…},"receiver":{…},
//   "sendstarttime","sendendtime","weight" (kg),"items":[{"name","number","remark"}],"special":0,"remark"}
std::string booking_body(const Account& account, const BookingOrder& order) {
    std::string url(account.get("callback_base"));
    url.append("/v1/couriers/YUNDA/callbacks/").append(account.get("callback_token"));
    json::Writer w;
    w.begin_object().member("appid", account.get("app_key")).member("orderid", order.reference.value);
    w.member("backurl", url).member("backparam", order.reference.value);
    write_party(w, "sender", order.sender);
    write_party(w, "receiver", order.recipient);
    w.member("sendstarttime", format_shanghai(order.window.start));
    w.member("sendendtime", format_shanghai(order.window.end));
    w.raw_member("weight", json::format_scaled(order.parcel.weight_grams, 3)).key("items").begin_array();
    w.begin_object().member("name", order.parcel.description).member("number", order.parcel.quantity);
    w.member("remark", "").end_object().end_array().member("special", 0).member("remark", order.remark);
    return w.end_object().take();
}

// {"result":true,"code":"0000","message","data":…,"sub_code","sub_msg"}; no list of codes is published.
Result<json::Value> data_of(const http::Response& response) {
    const auto answer = read_answer(response);
    if (!answer) return tl::unexpected(answer.error());
    const auto code = text_in(*answer, "code");
    const json::Value& result = (*answer)["result"];
    if (code.empty() || result.is_null() || is_true(result) != (code == kSuccess))
        return malformed("answer_shape",
                         "Yunda's answer lacks result or code, or they contradict each other.");
    if (is_true(result)) return (*answer)["data"];
    return error_of({}, code, ErrorKind::rejected);
}

Result<void> check_order_answer(const http::Response& response, const BookingReference& reference) {
    const auto data = data_of(response);
    if (!data) return tl::unexpected(data.error());
    if (text_in(*data, "orderid") != reference.value)
        return malformed("answer_reference", "Yunda's answer does not name our reference.");
    return {};
}

// A step of a query, or the whole of a pushed one: {"time","action","phone",…}
Result<TrackingEvent> read_step(const json::Value& step, std::string_view waybill,
                                std::string_view key_prefix) {
    const auto at = parse_shanghai(text_in(step, "time"));
    TrackingEvent event;
    event.raw_status = text_in(step, "action");
    if (!at || event.raw_status.empty() || waybill.empty())
        return malformed("step_fields", "A step of Yunda lacks mailno, action or a readable time.");
    event.waybill = std::string(waybill);
    event.status = status_of(kActions, event.raw_status);
    event.occurred_at = *at;
    event.courier_phone = text_in(step, "phone");
    event.dedupe_key.append(key_prefix).append(waybill);
    event.dedupe_key += ":" + event.raw_status + ":" + format_rfc3339(*at);
    if (const auto bounded = bound_texts(event); !bounded) return tl::unexpected(bounded.error());
    return event;
}

// Pushes, all assumed: POST JSON {"data":"<JSON text>","appKey","sign"}; sign = hex MD5(data + "_" +
// appSecret)
//   track    {"orderid","mailno","time","action","phone",…}
//   waybill  {"orderid","mailno","backparam"}
struct SignedData {
    std::string data;
    std::string sign;
};
Result<SignedData> open_push(const Push& push) {
    const auto outer = read_pushed_json(push.request.body);
    if (!outer) return tl::unexpected(outer.error());
    const auto data = (*outer)["data"].string();
    if (!data) return malformed("push_fields", "Yunda's push has no data.");
    return SignedData{std::string(*data), std::string((*outer)["sign"].string().value_or(""))};
}

// The number was drawn: Yunda has taken the order. No time of its own: it happened when it came.
Result<TrackingEvent> read_waybill(const json::Value& inner, Instant received_at) {
    const auto waybill = text_in(inner, "mailno");
    const auto reference = text_in(inner, "orderid");
    if (waybill.empty() || reference.empty())
        return malformed("push_fields", "Yunda's push lacks orderid or mailno.");
    TrackingEvent event;
    event.waybill = std::string(waybill);
    event.status = TrackingStatus::accepted;
    event.raw_status = "waybill";
    event.occurred_at = received_at;
    event.dedupe_key.append("waybill:").append(reference).append(":").append(waybill);
    return event;
}

class Yunda final : public Courier {
public:
    const Profile& profile() const override { return yunda_profile(); }
    Result<void> check(const Account& account) const override { return check_settings(account); }

    Result<http::Request> encode_book(const Account& account, const Moment& moment,
                                      const BookingOrder& order) const override {
        if (const auto set = check_settings(account); !set) return tl::unexpected(set.error());
        if (const auto complete = require_parties(order); !complete) return tl::unexpected(complete.error());
        return call(account, moment, "/openapi-api/v1/order/pushOrder", booking_body(account, order));
    }
    // "data":{"orderid","backparam"}: the number comes later, to backurl.
    Result<Booking> decode_book(const Account&, const BookingOrder& order,
                                const http::Response& response) const override {
        const auto said = check_order_answer(response, order.reference);
        if (!said) return tl::unexpected(said.error());
        Booking booking;
        booking.reference = order.reference;
        booking.state = BookingState::pending;
        return booking;
    }

    // /openapi-api/v1/order/cancelOrder: {"appid","orderid","backparam"}. Yunda takes no reason.
    Result<http::Request> encode_cancel(const Account& account, const Moment& moment,
                                        const BookedOrder& order, std::string_view) const override {
        if (const auto set = check_settings(account); !set) return tl::unexpected(set.error());
        json::Writer w;
        w.begin_object().member("appid", account.get("app_key")).member("orderid", order.reference.value);
        w.member("backparam", order.reference.value).end_object();
        return call(account, moment, "/openapi-api/v1/order/cancelOrder", w.take());
    }
    Result<void> decode_cancel(const Account&, const BookingReference& reference,
                               const http::Response& response) const override {
        return check_order_answer(response, reference);
    }

    Result<http::Request> encode_find(const Account&, const Moment&, const BookedOrder&) const override {
        return not_offered(profile(), Operation::find);
    }
    Result<Booking> decode_find(const Account&, const BookingReference&,
                                const http::Response&) const override {
        return not_offered(profile(), Operation::find);
    }

    // /openapi/outer/logictis/query (spelled so): {"mailno"}
    Result<http::Request> encode_track(const Account& account, const Moment& moment, const BookingReference&,
                                       std::string_view waybill) const override {
        if (const auto set = check_settings(account); !set) return tl::unexpected(set.error());
        if (waybill.empty())
            return fail(ErrorKind::invalid, "no_waybill", "Yunda tracks by waybill number only.");
        json::Writer w;
        w.begin_object().member("mailno", waybill).end_object();
        return call(account, moment, "/openapi/outer/logictis/query", w.take());
    }
    // "data":{"result","time","mailno","status","steps":[{"time","action",…}]}
    Result<std::vector<TrackingEvent>> decode_track(const Account&, std::string_view waybill,
                                                    const http::Response& response) const override {
        const auto data = data_of(response);
        if (!data) return tl::unexpected(data.error());
        if (text_in(*data, "mailno") != waybill)
            return malformed("answer_waybill", "Yunda's traces are of another waybill.");
        std::vector<TrackingEvent> events;
        for (const json::Value& step : (*data)["steps"].items()) {
            auto event = read_step(step, waybill, "query:");
            if (!event) return tl::unexpected(event.error());
            events.push_back(*std::move(event));
        }
        return events;
    }

    // /openapi-api/v1/order/getFreightInfo: {"startCity","endCity","weight" (kg)}
    Result<http::Request> encode_price(const Account& account, const Moment& moment,
                                       const BookingOrder& order) const override {
        if (const auto set = check_settings(account); !set) return tl::unexpected(set.error());
        json::Writer w;
        w.begin_object().member("startCity", order.sender.city).member("endCity", order.recipient.city);
        w.raw_member("weight", json::format_scaled(order.parcel.weight_grams, 3)).end_object();
        return call(account, moment, "/openapi-api/v1/order/getFreightInfo", w.take());
    }
    // "data":17.0
    Result<Price> decode_price(const Account&, const http::Response& response) const override {
        const auto data = data_of(response);
        if (!data) return tl::unexpected(data.error());
        const auto fee_fen = json::parse_scaled(data->text().value_or(""), 2);
        if (!fee_fen) return malformed("answer_price", "Yunda's answer has no exact price.");
        return Price{*fee_fen};
    }

    // The formula is assumed. Where it is right a match proves who sent it; where not, nothing ever matches.
    Result<Proof> authenticate(const Account& account, const Push& push) const override {
        if (account.get("assumed_callbacks") != "true")
            return fail(ErrorKind::unauthorized, "callbacks_off",
                        "Yunda's callbacks are not documented; assumed_callbacks is off.");
        const auto opened = open_push(push);
        if (!opened) return fail(ErrorKind::unauthorized, "unsigned_push", "The push has no data.");
        if (account.get("callback_sign") == "absent") return Proof::secret_url;
        for (const std::string_view secret : live_secrets(account, "app_secret"))
            if (!secret.empty() &&
                crypto::hex_digest_matches(crypto::md5({opened->data, "_", secret}), opened->sign))
                return Proof::weak_signature;
        return fail(ErrorKind::unauthorized, opened->sign.empty() ? "unsigned_push" : "bad_signature",
                    "Yunda's push has no sign, or one that does not match.");
    }
    Result<std::vector<TrackingEvent>> decode_push(const Account&, const Push& push) const override {
        const auto opened = open_push(push);
        if (!opened) return tl::unexpected(opened.error());
        const auto inner = read_pushed_json(opened->data);
        if (!inner) return tl::unexpected(inner.error());
        auto event = inner->find("action") != nullptr ? read_step(*inner, text_in(*inner, "mailno"), "track:")
                                                      : read_waybill(*inner, push.received_at);
        if (!event) return tl::unexpected(event.error());
        if (const auto reference = text_in(*inner, "orderid"); !reference.empty())
            event->booking_reference = BookingReference{std::string(reference)};
        return only_event(*std::move(event));
    }
    http::Response acknowledge(const Account&, const Push&, AckOutcome outcome) const override {
        constexpr JsonAcknowledgement kBodies{
            R"({"result":true,"code":"0000","message":"success","data":null})",
            R"({"result":false,"code":"401","message":"bad signature","data":null})",
            R"({"result":false,"code":"503","message":"system busy","data":null})"};
        return answer_in_json(kBodies, outcome);
    }
    std::string redact(std::string_view body) const override { return redact_body(body, kLoggable); }
};

}  // namespace

const Courier& yunda() {
    static const Yunda courier;
    return courier;
}

}  // namespace returngate::courier
