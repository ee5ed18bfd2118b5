// SF Express (顺丰), 丰桥 JSON generation: requests and their answers. Sources: README.md.
#include "adapters/courier/sf/sf.hpp"

#include "adapters/courier/redact.hpp"
#include "adapters/courier/sf/push.hpp"
#include "adapters/courier/sf/route.hpp"
#include "adapters/courier/sf/signature.hpp"
#include "adapters/courier/sf/tables.hpp"
#include "adapters/http/form.hpp"
#include "adapters/json/writer.hpp"

namespace returngate::courier {
namespace {

using namespace sf_tables;

const Profile& sf_profile() {
    static const Profile profile = [] {
        Profile p;
        p.code = "SF";
        p.name = "顺丰速运";
        p.offers = {Operation::book, Operation::cancel, Operation::find, Operation::track, Operation::move};
        p.lost_answer = LostAnswer::find_by_reference;
        p.acceptance = Acceptance::by_answer;  // filterResult 2
        p.callback_proof = Proof::secret_url;
        p.waybill_at_booking = true;
        p.query_per_second = 30;
        p.query_per_day = 3000;
        return p;
    }();
    return profile;
}

// POST /std/service, application/x-www-form-urlencoded;charset=UTF-8:
//   partnerID, requestID (UUID), serviceCode, timestamp (ms), msgDigest, msgData (JSON as a string)
http::Request request_for(const Account& account, const Moment& moment, std::string_view service,
                          const std::string& msg_data) {
    const std::string timestamp = std::to_string(milliseconds(moment.now));
    const auto mode =
        parse_sf_digest(get_or(account, "digest_mode", "standard")).value_or(SfDigest::standard);
    const http::FormPairs fields{
        {"partnerID", std::string(account.get("partner_id"))},
        {"requestID", moment.nonce},
        {"serviceCode", std::string(service)},
        {"timestamp", timestamp},
        {"msgDigest", sf_digest(mode, msg_data, timestamp, account.get("secret"))},
        {"msgData", msg_data},
    };
    http::Request request;
    request.method = "POST";
    const std::string_view path = path_of(account.base_url);
    request.target = path.empty() || path == "/" ? "/std/service" : path;
    request.headers.fields.emplace_back("Content-Type", "application/x-www-form-urlencoded;charset=UTF-8");
    request.body = http::encode_form(fields);
    return request;
}

Result<void> check_settings(const Account& account) {
    if (const auto set = require_settings(account, {"partner_id", "secret"}); !set) return set;
    if (!parse_sf_digest(get_or(account, "digest_mode", "standard")))
        return fail(ErrorKind::invalid, "bad_setting", "Set \"digest_mode\" to standard, simple or sm3.");
    for (const std::string_view key : {"express_type_id", "pay_method"})
        if (!is_number(get_or(account, key, "1")))
            return fail(ErrorKind::invalid, "bad_setting", "Set \"" + std::string(key) + "\" to a number.");
    const std::string_view fee_sign = get_or(account, "fee_sign", "required");
    if (fee_sign != "required" && fee_sign != "absent")
        return fail(ErrorKind::invalid, "bad_setting", "Set \"fee_sign\" to required or absent.");
    return {};
}

void write_contact(json::Writer& w, int type, const Party& party) {
    w.begin_object().member("contactType", type).member("contact", party.name);
    w.member("mobile", national_phone(party.phone)).member("country", "CN");
    w.member("province", party.province).member("city", party.city).member_if_set("county", party.county);
    w.member("address", party.address).end_object();
}

// EXP_RECE_CREATE_ORDER; isDocall 1 sends a courier. The window's start is sendStartTm, its end the
// extra pickupAppointEndTime (without it SF takes one hour).
std::string booking_data(const Account& account, const BookingOrder& order) {
    const std::string weight = kilograms(order.parcel.weight_grams);
    json::Writer w;
    w.begin_object().member("language", "zh-CN").member("orderId", order.reference.value);
    w.key("cargoDetails")
        .begin_array()
        .begin_object()
        .member("name", shorten_utf8(order.parcel.description, 128));
    w.member("count", order.parcel.quantity).member("unit", "件").raw_member("weight", weight);
    w.end_object().end_array().key("contactInfoList").begin_array();
    write_contact(w, 1, order.sender);
    write_contact(w, 2, order.recipient);
    w.end_array().member_if_set("monthlyCard", account.get("monthly_card"));
    w.raw_member("payMethod", get_or(account, "pay_method", "1"));
    w.raw_member("expressTypeId", get_or(account, "express_type_id", "1"));
    w.member("parcelQty", 1).raw_member("totalWeight", weight).member("isDocall", 1);
    w.member("sendStartTm", format_shanghai(order.window.start))
        .key("extraInfoList")
        .begin_array()
        .begin_object();
    w.member("attrName", "pickupAppointEndTime").member("attrVal", format_shanghai(order.window.end));
    w.end_object().end_array().member("isReturnRoutelabel", 1);
    w.member_if_set("remark", shorten_utf8(order.remark, 100)).end_object();
    return w.take();
}

// {"apiResultCode":"A1000","apiResultData":"{\"success\":true,\"errorCode\":\"S0000\",\"msgData\":{…}}"};
// apiResultData is a string on the wire and an object in SF's printed example: both are read.
Result<json::Value> open_answer(const http::Response& response) {
    const auto outer = read_answer(response);
    if (!outer) return tl::unexpected(outer.error());
    const auto code = (*outer)["apiResultCode"].string();
    if (!code) return malformed("answer_shape", "SF's answer has no apiResultCode.");
    if (*code != "A1000") return error_of(kPlatformErrors, *code, ErrorKind::in_doubt);
    const json::Value& data = (*outer)["apiResultData"];
    if (data.is_object()) return data;
    auto inner = json::parse(data.string().value_or(""));
    if (!inner || !inner->is_object())
        return malformed("answer_inner", "SF's apiResultData is not readable JSON.");
    return inner;
}

// The inner msgData, when SF says success and S0000.
Result<json::Value> message_of(const http::Response& response) {
    const auto inner = open_answer(response);
    if (!inner) return tl::unexpected(inner.error());
    const auto code = (*inner)["errorCode"].text().value_or("");
    if (code.empty()) return malformed("answer_inner", "SF's inner answer has no errorCode.");
    if (code != "S0000" || !is_true((*inner)["success"])) return error_of(kErrors, code, ErrorKind::rejected);
    return (*inner)["msgData"];
}

std::optional<std::string> mother_waybill(const json::Value& message) {
    for (const json::Value& row : message["waybillNoInfoList"].items())
        if (row["waybillType"].text() == "1") return if_set(row["waybillNo"].string().value_or(""));
    return std::nullopt;
}

// filterResult: 1 manual check, 2 serviceable, 3 not serviceable, 4 undetermined.
Result<Booking> read_booking(const json::Value& message, const BookingReference& reference,
                             bool filter_required) {
    if (message["orderId"].text() != reference.value)
        return malformed("answer_reference", "SF's answer does not name our reference.");
    const auto filter = message["filterResult"].text().value_or("");
    if (filter == "3")
        return fail(ErrorKind::rejected, "out_of_coverage",
                    "SF does not serve sender or recipient (filterResult 3).");
    const bool is_known = filter == "1" || filter == "2" || filter == "4";
    if (!is_known && (filter_required || !filter.empty()))
        return malformed("answer_filter", "SF's answer has no filterResult that we know.");
    Booking booking;
    booking.reference = reference;
    booking.state = filter == "2" ? BookingState::accepted : BookingState::pending;
    booking.waybill = mother_waybill(message);
    return booking;
}

// routeResps[].{mailNo, routes[].{acceptTime, opCode, remark}}
Result<void> append_routes(const json::Value& group, std::string_view waybill,
                           std::vector<TrackingEvent>& events) {
    const auto mailno = group["mailNo"].text().value_or("");
    if (mailno.empty() || (!waybill.empty() && mailno != waybill))
        return malformed("answer_waybill", "SF's routes are of another waybill.");
    for (const json::Value& node : group["routes"].items()) {
        SfRoute route;
        route.mailno = mailno;
        route.accept_time = node["acceptTime"].text().value_or("");
        route.op_code = node["opCode"].text().value_or("");
        route.remark = node["remark"].text().value_or("");
        auto event = read_sf_route(route);
        if (!event) return tl::unexpected(event.error());
        events.push_back(*std::move(event));
    }
    return {};
}

// resStatus: 1 order and waybill do not match, 2 success.
Result<void> read_update(const json::Value& message, const BookingReference& reference) {
    if (message["orderId"].text() != reference.value)
        return malformed("answer_reference", "SF's answer does not name our reference.");
    const auto result = message["resStatus"].text();
    if (result == "2") return {};
    if (result == "1") return error_of(kErrors, "8017", ErrorKind::rejected);
    return malformed("answer_result", "SF's answer has no resStatus that we know.");
}

class Sf final : public Courier {
public:
    const Profile& profile() const override { return sf_profile(); }
    Result<void> check(const Account& account) const override { return check_settings(account); }

    Result<http::Request> encode_book(const Account& account, const Moment& moment,
                                      const BookingOrder& order) const override {
        if (const auto set = check_settings(account); !set) return tl::unexpected(set.error());
        if (const auto complete = require_parties(order); !complete) return tl::unexpected(complete.error());
        return request_for(account, moment, "EXP_RECE_CREATE_ORDER", booking_data(account, order));
    }
    Result<Booking> decode_book(const Account&, const BookingOrder& order,
                                const http::Response& response) const override {
        const auto message = message_of(response);
        if (!message) return tl::unexpected(message.error());
        return read_booking(*message, order.reference, true);
    }

    // EXP_RECE_UPDATE_ORDER: dealType 2 cancels (1, the default, confirms). SF takes no reason.
    Result<http::Request> encode_cancel(const Account& account, const Moment& moment,
                                        const BookedOrder& order, std::string_view) const override {
        if (const auto set = check_settings(account); !set) return tl::unexpected(set.error());
        json::Writer w;
        w.begin_object()
            .member("language", "zh-CN")
            .member("orderId", order.reference.value)
            .member("dealType", 2);
        return request_for(account, moment, "EXP_RECE_UPDATE_ORDER", w.end_object().take());
    }
    Result<void> decode_cancel(const Account&, const BookingReference& reference,
                               const http::Response& response) const override {
        const auto message = message_of(response);
        if (!message && message.error().code == "already_cancelled") return {};
        if (!message) return tl::unexpected(message.error());
        return read_update(*message, reference);
    }

    // EXP_RECE_UPDATE_ORDER with the window: sendStartTm and pickupAppointEndtime, which has a small t here.
    // No dealType: the default confirms.
    Result<http::Request> encode_move(const Account& account, const Moment& moment, const BookedOrder& order,
                                      const Window& window) const override {
        if (const auto set = check_settings(account); !set) return tl::unexpected(set.error());
        json::Writer w;
        w.begin_object().member("language", "zh-CN").member("orderId", order.reference.value);
        w.member("sendStartTm", format_shanghai(window.start));
        w.member("pickupAppointEndtime", format_shanghai(window.end)).end_object();
        return request_for(account, moment, "EXP_RECE_UPDATE_ORDER", w.take());
    }
    // Answered as a cancellation is; no window is changed of an order that is cancelled, or confirmed for
    // good.
    Result<void> decode_move(const Account&, const BookingReference& reference,
                             const http::Response& response) const override {
        const auto message = message_of(response);
        if (message) return read_update(*message, reference);
        const std::string& code = message.error().code;
        if (code != "already_cancelled" && code != "already_confirmed")
            return tl::unexpected(message.error());
        return fail(ErrorKind::rejected, code, message.error().message);
    }

    // EXP_RECE_SEARCH_ORDER_RESP; searchType "1" is a forward order.
    Result<http::Request> encode_find(const Account& account, const Moment& moment,
                                      const BookedOrder& order) const override {
        if (const auto set = check_settings(account); !set) return tl::unexpected(set.error());
        json::Writer w;
        w.begin_object()
            .member("language", "zh-CN")
            .member("orderId", order.reference.value)
            .member("searchType", "1");
        return request_for(account, moment, "EXP_RECE_SEARCH_ORDER_RESP", w.end_object().take());
    }
    Result<Booking> decode_find(const Account&, const BookingReference& reference,
                                const http::Response& response) const override {
        const auto message = message_of(response);
        if (message) return read_booking(*message, reference, false);
        if (message.error().code != "already_cancelled") return tl::unexpected(message.error());
        Booking cancelled;
        cancelled.reference = reference;
        cancelled.state = BookingState::dead;
        return cancelled;
    }

    // EXP_RECE_SEARCH_ROUTES; trackingType 1 waybill, 2 order.
    Result<http::Request> encode_track(const Account& account, const Moment& moment,
                                       const BookingReference& reference,
                                       std::string_view waybill) const override {
        if (const auto set = check_settings(account); !set) return tl::unexpected(set.error());
        json::Writer w;
        w.begin_object().member("language", "zh-CN").member("trackingType", waybill.empty() ? "2" : "1");
        w.key("trackingNumber").begin_array().value(waybill.empty() ? reference.value : waybill).end_array();
        return request_for(account, moment, "EXP_RECE_SEARCH_ROUTES",
                           w.member("methodType", "1").end_object().take());
    }
    Result<std::vector<TrackingEvent>> decode_track(const Account&, std::string_view waybill,
                                                    const http::Response& response) const override {
        const auto message = message_of(response);
        if (!message) return tl::unexpected(message.error());
        if (!(*message)["routeResps"].is_array())
            return malformed("answer_routes", "SF's answer has no routeResps.");
        std::vector<TrackingEvent> events;
        for (const json::Value& group : (*message)["routeResps"].items())
            if (const auto appended = append_routes(group, waybill, events); !appended)
                return tl::unexpected(appended.error());
        return events;
    }

    Result<Proof> authenticate(const Account& account, const Push& push) const override {
        return authenticate_sf_push(account, push);
    }
    Result<std::vector<TrackingEvent>> decode_push(const Account&, const Push& push) const override {
        return decode_sf_push(push);
    }
    http::Response acknowledge(const Account& account, const Push& push, AckOutcome outcome) const override {
        return acknowledge_sf_push(account, push, outcome);
    }
    std::string redact(std::string_view body) const override { return redact_body(body, kLoggable); }
};

}  // namespace

const Courier& sf() {
    static const Sf courier;
    return courier;
}

}  // namespace returngate::courier
