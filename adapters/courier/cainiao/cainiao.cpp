// Cainiao (菜鸟), LINK gateway, door pickup by Guoguo (裹裹): requests, their answers, and the callbacks.
// Sources, and how little of it is official: README.md.
#include "adapters/courier/cainiao/cainiao.hpp"

#include <algorithm>

#include "adapters/courier/cainiao/tables.hpp"
#include "adapters/courier/envelope.hpp"
#include "adapters/courier/redact.hpp"
#include "adapters/json/decimal.hpp"
#include "adapters/json/writer.hpp"

namespace returngate::courier {
namespace {

using namespace cainiao_tables;

constexpr std::string_view kPath = "/gateway/link.do";

const Profile& cainiao_profile() {
    static const Profile profile = [] {
        Profile p;
        p.code = "CAINIAO";
        p.name = "菜鸟裹裹";
        p.offers = {Operation::book, Operation::cancel, Operation::find, Operation::track};
        p.lost_answer = LostAnswer::stay_in_doubt;  // no look-up by our reference, repeats not documented
        p.acceptance = Acceptance::by_answer;
        p.callback_proof = Proof::weak_signature;
        p.waybill_at_booking = false;  // number and carrier come at the pickup
        return p;
    }();
    return profile;
}

// The account's own words, "GOT=collected SIGN=delivered", which go before the table. `read` gets each pair
// and says whether to go on; false when one is not CODE=status.
template <class Read>
bool read_words(std::string_view words, Read read) {
    while (!words.empty()) {
        const std::string_view pair = words.substr(0, words.find(' '));
        words.remove_prefix(std::min(pair.size() + 1, words.size()));
        if (pair.empty()) continue;
        const std::size_t equals = pair.find('=');
        const auto status =
            equals == pair.npos ? std::nullopt : parse_tracking_status(pair.substr(equals + 1));
        if (!status || equals == 0) return false;
        read(pair.substr(0, equals), *status);
    }
    return true;
}

std::optional<TrackingStatus> told_status(const Account& account, std::string_view code) {
    std::optional<TrackingStatus> told;
    const auto read = [&told, code](std::string_view word, TrackingStatus status) {
        if (word == code) told = status;
    };
    return read_words(account.get("statuses"), read) ? told : std::nullopt;
}

Result<void> check_settings(const Account& account) {
    const auto set =
        require_settings(account, {"logistic_provider_id", "secret", "access_code", "cn_account_id"});
    if (!set) return set;
    for (const std::string_view key : {"item_type", "item_version", "time_type"})
        if (!is_number(get_or(account, key, "2")))
            return fail(ErrorKind::invalid, "bad_setting", "Set \"" + std::string(key) + "\" to a number.");
    if (!read_words(account.get("statuses"), [](std::string_view, TrackingStatus) {}))
        return fail(ErrorKind::invalid, "bad_setting",
                    "Set \"statuses\" to pairs as GOT=collected, with one space between.");
    const std::string_view unit = get_or(account, "fee_unit", "yuan");
    if (unit != "yuan" && unit != "fen")
        return fail(ErrorKind::invalid, "bad_setting", "Set \"fee_unit\" to yuan or fen.");
    return {};
}

// POST /gateway/link.do, form: msg_type, logistic_provider_id, logistics_interface, data_digest, to_code?
//   logistics_interface = {"request":{…},"accessOption":{"accessCode"}}
//   data_digest = Base64(MD5(logistics_interface + secret))
Result<http::Request> call(const Account& account, std::string_view msg_type, std::string_view request) {
    if (const auto set = check_settings(account); !set) return tl::unexpected(set.error());
    json::Writer w;
    w.begin_object().raw_member("request", request).key("accessOption").begin_object();
    w.member("accessCode", account.get("access_code")).end_object().end_object();
    const std::string content = w.take();
    http::FormPairs fields{{"msg_type", std::string(msg_type)},
                           {"logistic_provider_id", std::string(account.get("logistic_provider_id"))},
                           {"logistics_interface", content},
                           {"data_digest", md5_base64({content, account.get("secret")})}};
    if (!account.get("to_code").empty()) fields.emplace_back("to_code", account.get("to_code"));
    const std::string_view path = path_of(account.base_url);
    return post_form(std::string(path.empty() || path == "/" ? kPath : path), fields);
}

void write_party(json::Writer& w, std::string_view role, const Party& party) {
    w.key(role).begin_object().member("name", party.name).member("mobile", national_phone(party.phone));
    w.member("fullAddressDetail", full_address(party)).member("provinceName", party.province);
    w.member("cityName", party.city).member_if_set("areaName", party.county);
    w.member("address", party.address).end_object();
}

// GUOGUO_CREATE_SEND_ORDER: {"senderInfo","receiverInfo","itemType","weight" (kg),"itemId","itemVersion",
//   "timeType","appointGotStartTime","appointGotEndTime","externalUserId","externalUserMobile",
//   "outOrderInfoList":[{"itemType","outOrderId" (our reference)}],"userRemark"}
std::string booking_of(const Account& account, const BookingOrder& order) {
    json::Writer w;
    w.begin_object();
    write_party(w, "senderInfo", order.sender);
    write_party(w, "receiverInfo", order.recipient);
    w.raw_member("itemType", get_or(account, "item_type", "2"));
    w.raw_member("weight", kilograms(order.parcel.weight_grams));
    w.member("itemId", get_or(account, "item_id", "3000000040"));
    w.raw_member("itemVersion", get_or(account, "item_version", "2"));
    w.raw_member("timeType", get_or(account, "time_type", "2"));
    w.member("appointGotStartTime", format_shanghai(order.window.start));
    w.member("appointGotEndTime", format_shanghai(order.window.end));
    w.member("externalUserId", order.reference.value);
    w.member("externalUserMobile", national_phone(order.sender.phone));
    w.key("outOrderInfoList").begin_array().begin_object().member("itemType", order.parcel.description);
    w.member("outOrderId", order.reference.value).end_object().end_array();
    w.member_if_set("userRemark", order.remark).end_object();
    return w.take();
}

// GUOGUO_QUERY_SEND_ORDER_FULL_DETAIL: {"orderId" (Cainiao's own),"cnAccountId","needLogisticsDetail":true}
Result<http::Request> ask_for_detail(const Account& account, const BookedOrder& order) {
    if (order.courier_key.empty())
        return fail(ErrorKind::invalid, kNoCourierKey,
                    "Cainiao knows an order by its own orderId only, which came with its answer.");
    json::Writer w;
    w.begin_object().member("orderId", order.courier_key).member("cnAccountId", account.get("cn_account_id"));
    w.member("needLogisticsDetail", true).end_object();
    return call(account, get_or(account, "detail_msg_type", "GUOGUO_QUERY_SEND_ORDER_FULL_DETAIL"), w.take());
}

// {"success" (true or "true"),"errorCode","errorMsg" or "errorMessage","data"}
Result<json::Value> data_of(const http::Response& response, ErrorKind unlisted) {
    const auto answer = read_answer(response);
    if (!answer) return tl::unexpected(answer.error());
    if (answer->find("success") == nullptr)
        return malformed("answer_shape", "Cainiao's answer has no success.");
    if (!is_true((*answer)["success"])) return error_of({}, text_in(*answer, "errorCode"), unlisted);
    return (*answer)["data"];
}

std::optional<std::string> carrier_of(std::string_view cp_code) {
    const auto* found = std::ranges::find(kCarriers, cp_code, &CarrierRow::code);
    return found == kCarriers.end() ? std::nullopt : std::optional<std::string>(found->ours);
}

TrackingStatus status_in_detail(const Account& account, std::string_view code) {
    return told_status(account, code).value_or(status_of(kStatuses, code));
}

// yyyy-MM-dd HH:mm:ss, or with dashes in the time of day, as one receiver saw it.
std::optional<Instant> time_of(std::string_view text) {
    std::string spelled(text);
    if (spelled.size() == 19 && spelled[13] == '-' && spelled[16] == '-') spelled[13] = spelled[16] = ':';
    return parse_shanghai(spelled);
}

// "data":{"orderStatusCode","payInfo":{"weight","totalPrice"},"courierInfo":{"name","mobile"},
//   "packageInfo":{"mailNo","cpCode"},"latestLogisticsDetail":{"updateTime"}}: one event, the latest. An
//   order without a number, or without news of the parcel, has none.
Result<std::vector<TrackingEvent>> read_detail(const Account& account, const json::Value& data,
                                               std::string_view waybill) {
    TrackingEvent event;
    event.raw_status = text_in(data, "orderStatusCode");
    const auto number = text_in(data["packageInfo"], "mailNo");
    const auto time = text_in(data["latestLogisticsDetail"], "updateTime");
    if (event.raw_status.empty())
        return malformed("answer_status", "Cainiao's detail has no orderStatusCode.");
    if (!waybill.empty() && !number.empty() && number != waybill)
        return malformed("answer_waybill", "Cainiao's detail is of another waybill.");
    if (number.empty() || time.empty()) return std::vector<TrackingEvent>();
    const auto at = time_of(time);
    if (!at) return malformed("answer_time", "Cainiao's detail has no readable updateTime.");
    event.occurred_at = *at;
    event.waybill = std::string(number);
    event.status = status_in_detail(account, event.raw_status);
    event.weight_grams = json::parse_scaled(text_in(data["payInfo"], "weight"), 3);
    const std::string_view unit = account.get("fee_unit");
    if (!unit.empty())
        event.fee_fen = json::parse_scaled(text_in(data["payInfo"], "totalPrice"), unit == "fen" ? 0 : 2);
    event.courier_person = text_in(data["courierInfo"], "name");
    event.courier_phone = text_in(data["courierInfo"], "mobile");
    event.dedupe_key = "query:" + *event.waybill + ":" + event.raw_status + ":" + format_rfc3339(*at);
    return only_event(std::move(event));
}

// "data":{"logisticsDetails":[{"status","desc","time","courierInfo":{"name","mobile"},…}]}: words whose list
// is
//   not public, so only those that the account names say anything.
Result<std::vector<TrackingEvent>> read_traces(const Account& account, const json::Value& data,
                                               std::string_view waybill) {
    std::vector<TrackingEvent> events;
    for (const json::Value& row : data["logisticsDetails"].items()) {
        const auto at = time_of(text_in(row, "time"));
        TrackingEvent event;
        event.raw_status = text_in(row, "status");
        if (!at || event.raw_status.empty())
            return malformed("trace_row", "A row of Cainiao's traces lacks status or a readable time.");
        event.occurred_at = *at;
        event.waybill = std::string(waybill);
        event.status = told_status(account, event.raw_status).value_or(TrackingStatus::unknown);
        event.courier_person = text_in(row["courierInfo"], "name");
        event.courier_phone = text_in(row["courierInfo"], "mobile");
        event.dedupe_key = "query:" + *event.waybill + ":" + event.raw_status + ":" + format_rfc3339(*at);
        if (const auto bounded = bound_texts(event); !bounded) return tl::unexpected(bounded.error());
        events.push_back(std::move(event));
    }
    return events;
}

// {"mailNo","traceDetail":{"actionCode","time","timeZone",…}}, or whatever else names a parcel and its
// status:
//   {"orderId","outOrderId" (our reference),"mailNo","cpCode","status"}. Guoguo's own message is not public,
//   and msg_type is not signed.
Result<std::vector<TrackingEvent>> read_push(const Account& account, std::string_view text,
                                             Instant received_at) {
    const auto document = read_pushed_json(text);
    if (!document) return tl::unexpected(document.error());
    const json::Value& trace = (*document)["traceDetail"];
    const auto waybill = text_in(*document, "mailNo");
    const auto reference = text_in(*document, "outOrderId");
    TrackingEvent event;
    event.raw_status = trace.is_object() ? text_in(trace, "actionCode") : text_in(*document, "status");
    if (event.raw_status.empty() || (waybill.empty() && reference.empty()))
        return malformed("push_fields", "Cainiao's push lacks a status, or whom it is about.");
    const auto at = trace.is_object() ? time_of(text_in(trace, "time")) : received_at;
    if (!at) return malformed("push_time", "Cainiao's push has no readable time.");
    event.occurred_at = *at;
    event.waybill = if_set(waybill);
    if (!reference.empty()) event.booking_reference = BookingReference{std::string(reference)};
    event.status = told_status(account, event.raw_status).value_or(TrackingStatus::unknown);
    event.dedupe_key = waybill.empty() ? reference : waybill;
    event.dedupe_key += ":" + event.raw_status + ":";
    event.dedupe_key += trace.is_object() ? format_rfc3339(*at) : short_hash(text);
    return only_event(std::move(event));
}

class Cainiao final : public Courier {
public:
    const Profile& profile() const override { return cainiao_profile(); }
    Result<void> check(const Account& account) const override { return check_settings(account); }

    Result<http::Request> encode_book(const Account& account, const Moment&,
                                      const BookingOrder& order) const override {
        if (const auto complete = require_parties(order); !complete) return tl::unexpected(complete.error());
        return call(account, get_or(account, "book_msg_type", "GUOGUO_CREATE_SEND_ORDER"),
                    booking_of(account, order));
    }
    // "data":{"orderId","mailNo" (may be null),"gotCode" (for the buyer to show),"cpCode" (may be null)}; our
    // reference is not echoed.
    Result<Booking> decode_book(const Account&, const BookingOrder& order,
                                const http::Response& response) const override {
        const auto data = data_of(response, ErrorKind::rejected);
        if (!data) return tl::unexpected(data.error());
        const auto own_key = text_in(*data, "orderId");
        if (!is_plain_id(own_key)) return malformed("answer_ids", "Cainiao's answer has no orderId.");
        Booking booking;
        booking.reference = order.reference;
        booking.state = BookingState::accepted;
        booking.waybill = if_set(text_in(*data, "mailNo"));
        booking.carrying_courier = carrier_of(text_in(*data, "cpCode"));
        booking.courier_key = own_key;
        booking.pickup_code = pickup_code_in(*data, "gotCode");
        return booking;
    }

    // GUOGUO_CANCEL_SEND_ORDER: {"cnAccountId","orderId","reasonCode":"-1" (other),"reasonDesc",
    //   "operatorType":1}
    Result<http::Request> encode_cancel(const Account& account, const Moment&, const BookedOrder& order,
                                        std::string_view reason) const override {
        if (order.courier_key.empty())
            return fail(ErrorKind::invalid, kNoCourierKey,
                        "Cainiao knows an order by its own orderId only, which came with its answer.");
        json::Writer w;
        w.begin_object().member("cnAccountId", account.get("cn_account_id"));
        w.member("orderId", order.courier_key).member("reasonCode", "-1").member("reasonDesc", reason);
        w.member("operatorType", 1).end_object();
        return call(account, get_or(account, "cancel_msg_type", "GUOGUO_CANCEL_SEND_ORDER"), w.take());
    }
    // A refusal may come as success with "data":false.
    Result<void> decode_cancel(const Account&, const BookingReference&,
                               const http::Response& response) const override {
        const auto data = data_of(response, ErrorKind::rejected);
        if (!data) return tl::unexpected(data.error());
        if (is_true(*data)) return {};
        if (data->is_boolean() || data->is_string())
            return fail(ErrorKind::rejected, "cancel_failed", "Cainiao did not cancel the order.");
        return malformed("answer_data", "Cainiao's answer does not say whether the order is cancelled.");
    }

    Result<http::Request> encode_find(const Account& account, const Moment&,
                                      const BookedOrder& order) const override {
        return ask_for_detail(account, order);
    }
    Result<Booking> decode_find(const Account& account, const BookingReference& reference,
                                const http::Response& response) const override {
        const auto data = data_of(response, ErrorKind::in_doubt);
        if (!data) return tl::unexpected(data.error());
        const auto code = text_in(*data, "orderStatusCode");
        if (code.empty()) return malformed("answer_status", "Cainiao's detail has no orderStatusCode.");
        const TrackingStatus status = status_in_detail(account, code);
        Booking booking;
        booking.reference = reference;
        booking.state = status == TrackingStatus::cancelled ? BookingState::dead
                        : status == TrackingStatus::unknown ? BookingState::pending
                                                            : BookingState::accepted;
        booking.waybill = if_set(text_in((*data)["packageInfo"], "mailNo"));
        booking.carrying_courier = carrier_of(text_in((*data)["packageInfo"], "cpCode"));
        return booking;
    }

    // The full detail is what Cainiao is polled by. Without its key there are the traces of a number:
    //   guoguo.pickup.query.logistics.detail: {"mailNo"}
    Result<http::Request> encode_track_booking(const Account& account, const Moment& moment,
                                               const BookedOrder& order,
                                               std::string_view waybill) const override {
        if (order.courier_key.empty()) return encode_track(account, moment, order.reference, waybill);
        return ask_for_detail(account, order);
    }
    Result<http::Request> encode_track(const Account& account, const Moment&, const BookingReference&,
                                       std::string_view waybill) const override {
        if (waybill.empty())
            return fail(ErrorKind::invalid, "no_waybill",
                        "Cainiao tracks by its own orderId or a waybill number only.");
        json::Writer w;
        w.begin_object().member("mailNo", waybill).end_object();
        return call(account, get_or(account, "trace_msg_type", "guoguo.pickup.query.logistics.detail"),
                    w.take());
    }
    Result<std::vector<TrackingEvent>> decode_track(const Account& account, std::string_view waybill,
                                                    const http::Response& response) const override {
        const auto data = data_of(response, ErrorKind::rejected);
        if (!data) return tl::unexpected(data.error());
        return (*data)["logisticsDetails"].is_array() ? read_traces(account, *data, waybill)
                                                      : read_detail(account, *data, waybill);
    }

    // Callbacks: POST form logistics_interface, data_digest, msg_type, partner_code, from_code.
    Result<Proof> authenticate(const Account& account, const Push& push) const override {
        const auto field = signed_field(push, "logistics_interface", "data_digest");
        if (!field) return tl::unexpected(field.error());
        return prove_md5_base64(account, *field, "secret");
    }
    Result<std::vector<TrackingEvent>> decode_push(const Account& account, const Push& push) const override {
        const auto field = signed_field(push, "logistics_interface", "data_digest");
        if (!field) return malformed("push_form", "Cainiao's push is no form with logistics_interface.");
        return read_push(account, field->payload, push.received_at);
    }
    http::Response acknowledge(const Account&, const Push&, AckOutcome outcome) const override {
        return answer_in_json({R"({"success":true,"errorCode":"","errorMsg":""})",
                               R"({"success":false,"errorCode":"signature","errorMsg":"bad signature"})",
                               R"({"success":false,"errorCode":"system","errorMsg":"system busy"})"},
                              outcome);
    }
    std::string redact(std::string_view body) const override { return redact_body(body, kLoggable); }
};

}  // namespace

const Courier& cainiao() {
    static const Cainiao courier;
    return courier;
}

}  // namespace returngate::courier
