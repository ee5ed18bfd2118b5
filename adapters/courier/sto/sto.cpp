// STO Express (申通), open platform, dispatch orders: requests and their answers. Sources: README.md.
#include "adapters/courier/sto/sto.hpp"

#include <pugixml.hpp>

#include "adapters/courier/envelope.hpp"
#include "adapters/courier/redact.hpp"
#include "adapters/courier/sto/push.hpp"
#include "adapters/courier/sto/tables.hpp"
#include "adapters/courier/xml.hpp"
#include "adapters/json/decimal.hpp"
#include "adapters/json/writer.hpp"

namespace returngate::courier {
namespace {

using namespace sto_tables;

constexpr std::string_view kPath = "/gateway/link.do";
constexpr std::string_view kDoorPickup = "02";  // orderType: a dispatch order

constexpr Choice kChoices[] = {
    {"bill_type", "00 01 02 03 04"},
    {"pay_model", "3 1 2"},
    {"battery", "10 20 30"},
    {"unsigned_pushes", "refuse accept"},
};

const Profile& sto_profile() {
    static const Profile profile = [] {
        Profile p;
        p.code = "STO";
        p.name = "申通快递";
        p.offers = {Operation::book, Operation::cancel, Operation::find, Operation::track, Operation::price};
        p.lost_answer = LostAnswer::find_by_reference;
        p.acceptance = Acceptance::by_answer;
        p.callback_proof = Proof::weak_signature;
        p.waybill_at_booking = true;
        return p;
    }();
    return profile;
}

Result<void> check_settings(const Account& account) {
    if (const auto set = require_settings(account, {"from_appkey", "from_code", "secret_key", "order_source",
                                                    "site_code", "customer_name", "site_password"});
        !set)
        return set;
    return require_choices(account, kChoices);
}

// POST /gateway/link.do, form: content (JSON), data_digest = Base64(MD5(content + secretKey)), api_name,
//   from_appkey, from_code, to_appkey and to_code (one constant per interface). No timestamp, no nonce.
http::Request call(const Account& account, const Interface& interface, const std::string& content) {
    const http::FormPairs fields{{"content", content},
                                 {"data_digest", md5_base64({content, account.get("secret_key")})},
                                 {"api_name", std::string(interface.name)},
                                 {"from_appkey", std::string(account.get("from_appkey"))},
                                 {"from_code", std::string(account.get("from_code"))},
                                 {"to_appkey", std::string(interface.to)},
                                 {"to_code", std::string(interface.to)}};
    const bool names_path = path_of(account.base_url).ends_with(kPath);
    return post_form(target_of(account, names_path ? std::string_view() : kPath), fields);
}

void write_party(json::Writer& w, std::string_view role, const Party& party) {
    w.key(role).begin_object().member("name", party.name).member("mobile", national_phone(party.phone));
    w.member("province", party.province).member("city", party.city).member_if_set("area", party.county);
    w.member("address", party.address).end_object();
}

// OMS_EXPRESS_ORDER_CREATE: {"orderNo","orderSource","billType","orderType":"02","payModel","sender":{…},
//   "receiver":{…},"cargo":{"battery","goodsType","goodsName","goodsCount","weight" (kg)},"customer":{…},
//   "extendFieldMap":{"fetch_begin_time","fetch_end_time"},"remark"}
std::string booking_content(const Account& account, const BookingOrder& order) {
    json::Writer w;
    w.begin_object().member("orderNo", order.reference.value);
    w.member("orderSource", account.get("order_source"));
    w.member("billType", get_or(account, "bill_type", "00")).member("orderType", kDoorPickup);
    w.member("payModel", get_or(account, "pay_model", "3"));
    write_party(w, "sender", order.sender);
    write_party(w, "receiver", order.recipient);
    w.key("cargo").begin_object().member("battery", get_or(account, "battery", "10"));
    w.member("goodsType", get_or(account, "goods_type", "小件"))
        .member("goodsName", order.parcel.description);
    w.member("goodsCount", order.parcel.quantity);
    w.raw_member("weight", json::format_scaled(order.parcel.weight_grams, 3)).end_object();
    w.key("customer").begin_object().member("siteCode", account.get("site_code"));
    w.member("customerName", account.get("customer_name")).member("sitePwd", account.get("site_password"));
    w.member_if_set("monthCustomerCode", account.get("month_customer_code")).end_object();
    w.key("extendFieldMap").begin_object();
    w.member("fetch_begin_time", format_shanghai(order.window.start));
    w.member("fetch_end_time", format_shanghai(order.window.end)).end_object();
    return w.member_if_set("remark", order.remark).end_object().take();
}

// No table of codes is public. "Not done, try again" is all that a refusal says besides no.
tl::unexpected<Error> refusal(bool wants_retry, std::string_view code, ErrorKind unlisted) {
    if (wants_retry)
        return fail(ErrorKind::unavailable, "courier_wants_retry", "STO asks to try again later.");
    return error_of({}, code, unlisted);
}

// STO's gateway itself answers in XML:
// <response><success>false</success><errorCode>…</errorCode>…</response>. Only its no is believed.
std::optional<tl::unexpected<Error>> refusal_in_xml(const http::Response& response, ErrorKind unlisted) {
    if (response.status != 200 || !response.body.starts_with('<')) return std::nullopt;
    pugi::xml_document document;
    if (!load_xml(response.body, document)) return std::nullopt;
    const pugi::xml_node answer = document.child("response");
    if (child_text(answer, "success") != "false") return std::nullopt;
    return refusal(child_text(answer, "needRetry") == "true", child_text(answer, "errorCode"), unlisted);
}

// {"success":"true"|true,"needRetry","errorCode","errorMsg","requestId","data":{…}}
Result<json::Value> data_of(const http::Response& response, ErrorKind unlisted = ErrorKind::rejected) {
    if (auto refused = refusal_in_xml(response, unlisted)) return *std::move(refused);
    const auto answer = read_answer(response);
    if (!answer) return tl::unexpected(answer.error());
    const json::Value& success = (*answer)["success"];
    if (is_true(success)) return (*answer)["data"];
    if (success.boolean() != false && success.string() != "false")
        return malformed("answer_shape", "STO's answer has no success.");
    return refusal(is_true((*answer)["needRetry"]), text_in(*answer, "errorCode"), unlisted);
}

class Sto final : public Courier {
public:
    const Profile& profile() const override { return sto_profile(); }
    Result<void> check(const Account& account) const override { return check_settings(account); }

    Result<http::Request> encode_book(const Account& account, const Moment&,
                                      const BookingOrder& order) const override {
        if (const auto set = check_settings(account); !set) return tl::unexpected(set.error());
        if (const auto complete = require_parties(order); !complete) return tl::unexpected(complete.error());
        if (!is_plain_id(order.reference.value))
            return fail(ErrorKind::invalid, "bad_reference",
                        "STO is given references of 1 to 64 characters.");
        return call(account, kBook, booking_content(account, order));
    }
    // "data":{"orderNo","waybillNo","bigWord","packagePlace","sourceOrderId"}
    Result<Booking> decode_book(const Account&, const BookingOrder& order,
                                const http::Response& response) const override {
        const auto data = data_of(response);
        if (!data) return tl::unexpected(data.error());
        if (text_in(*data, "orderNo") != order.reference.value)
            return malformed("answer_reference", "STO's answer does not name our reference.");
        Booking booking;
        booking.reference = order.reference;
        booking.state = BookingState::accepted;
        booking.waybill = if_set(text_in(*data, "waybillNo"));
        return booking;
    }

    // EDI_MODIFY_ORDER_CANCEL: {"sourceOrderId","orderType","orderSource","remark"}
    Result<http::Request> encode_cancel(const Account& account, const Moment&, const BookedOrder& order,
                                        std::string_view reason) const override {
        if (const auto set = check_settings(account); !set) return tl::unexpected(set.error());
        json::Writer w;
        w.begin_object().member("sourceOrderId", order.reference.value).member("orderType", kDoorPickup);
        w.member("orderSource", account.get("order_source")).member_if_set("remark", reason).end_object();
        return call(account, kCancel, w.take());
    }
    Result<void> decode_cancel(const Account&, const BookingReference&,
                               const http::Response& response) const override {
        const auto data = data_of(response);
        if (!data) return tl::unexpected(data.error());
        return {};
    }

    // GET_ORDERDISPATCH_INFO: {"SourceOrderId","OrderSourceCode"}
    Result<http::Request> encode_find(const Account& account, const Moment&,
                                      const BookedOrder& order) const override {
        if (const auto set = check_settings(account); !set) return tl::unexpected(set.error());
        json::Writer w;
        w.begin_object().member("SourceOrderId", order.reference.value);
        w.member("OrderSourceCode", account.get("order_source")).end_object();
        return call(account, kFind, w.take());
    }
    // "data":{"TakeOrderCompanyCode","TakeOrderCourierName","OrderStatus","OrderStatusName",…}: the order is
    // there. What the states are called here is not documented, nor what "not there" is: the pushes and the
    // accept deadline decide, and a no leaves the doubt.
    Result<Booking> decode_find(const Account&, const BookingReference& reference,
                                const http::Response& response) const override {
        const auto data = data_of(response, ErrorKind::in_doubt);
        if (!data) return tl::unexpected(data.error());
        if (text_in(*data, "OrderStatus").empty() && text_in(*data, "OrderStatusName").empty())
            return malformed("answer_status", "STO's answer tells no state of the order.");
        Booking booking;
        booking.reference = reference;
        booking.state = BookingState::pending;
        booking.waybill = if_set(text_in(*data, "BillCode"));
        booking.pickup_code = pickup_code_in(*data, "PrintCode");
        return booking;
    }

    // STO_TRACE_QUERY_COMMON: {"order":"asc","waybillNoList":["…"]}
    Result<http::Request> encode_track(const Account& account, const Moment&, const BookingReference&,
                                       std::string_view waybill) const override {
        if (const auto set = check_settings(account); !set) return tl::unexpected(set.error());
        if (waybill.empty())
            return fail(ErrorKind::invalid, "no_waybill", "STO tracks by waybill number only.");
        json::Writer w;
        w.begin_object().member("order", "asc").key("waybillNoList").begin_array().value(waybill).end_array();
        return call(account, kTrack, w.end_object().take());
    }
    // "data":{"770000000000001":[{"opTime","scanType","memo","bizEmpName","weight",…}]}; {} or null: nothing
    // yet
    Result<std::vector<TrackingEvent>> decode_track(const Account&, std::string_view waybill,
                                                    const http::Response& response) const override {
        const auto data = data_of(response);
        if (!data) return tl::unexpected(data.error());
        const json::Value* scans = data->find(waybill);
        const bool has_others = scans == nullptr && !data->members().empty();
        const bool is_list = scans == nullptr || scans->is_array() || scans->is_null();
        if (has_others || !is_list || (!data->is_object() && !data->is_null()))
            return malformed("answer_waybill", "STO's track answer is of another waybill, or no list.");
        std::vector<TrackingEvent> events;
        for (const json::Value& scan : scans == nullptr ? std::span<const json::Value>() : scans->items()) {
            auto event = read_queried_scan(scan, waybill);
            if (!event) return tl::unexpected(event.error());
            events.push_back(*std::move(event));
        }
        return events;
    }

    // QUERY_SEND_SERVICE_DETAIL: {"SendName"…"SendAddress","RecName"…"RecAddress","OpenId","Weight" (kg)}
    Result<http::Request> encode_price(const Account& account, const Moment&,
                                       const BookingOrder& order) const override {
        if (const auto set = check_settings(account); !set) return tl::unexpected(set.error());
        json::Writer w;
        w.begin_object();
        write_priced(w, "Send", order.sender);
        write_priced(w, "Rec", order.recipient);
        w.member("OpenId", account.get("from_code"));
        w.member("Weight", json::format_scaled(order.parcel.weight_grams, 3)).end_object();
        return call(account, kPrice, w.take());
    }
    // "data":{"AvailableServiceItemList":[{"feeModel":{"totalPrice" (fen),…}}]}
    Result<Price> decode_price(const Account&, const http::Response& response) const override {
        const auto data = data_of(response);
        if (!data) return tl::unexpected(data.error());
        const auto items = (*data)["AvailableServiceItemList"].items();
        const auto total = items.empty() ? "" : text_in(items.front()["feeModel"], "totalPrice");
        const auto fee_fen = json::parse_scaled(total, 0);
        if (!fee_fen) return malformed("answer_price", "STO's answer has no exact price.");
        return Price{*fee_fen};
    }

    Result<Proof> authenticate(const Account& account, const Push& push) const override {
        return authenticate_sto_push(account, push);
    }
    Result<std::vector<TrackingEvent>> decode_push(const Account&, const Push& push) const override {
        return decode_sto_push(push);
    }
    http::Response acknowledge(const Account&, const Push&, AckOutcome outcome) const override {
        return acknowledge_sto_push(outcome);
    }
    std::string redact(std::string_view body) const override { return redact_body(body, kLoggable); }

private:
    static Result<TrackingEvent> read_queried_scan(const json::Value& scan, std::string_view waybill) {
        auto event = read_sto_scan(scan);
        if (!event) return event;
        if (scan["waybillNo"].text().value_or(waybill) != waybill)
            return malformed("trace_row", "A row of STO's track answer is of another waybill.");
        event->waybill = std::string(waybill);
        event->dedupe_key = "query:" + std::string(waybill) + ":" + event->raw_status + ":" +
                            format_rfc3339(event->occurred_at);
        if (const auto bounded = bound_texts(*event); !bounded) return tl::unexpected(bounded.error());
        return event;
    }

    static void write_priced(json::Writer& w, const std::string& role, const Party& party) {
        w.member_if_set(role + "Name", party.name);
        w.member_if_set(role + "Mobile", national_phone(party.phone));
        w.member(role + "Prov", party.province).member(role + "City", party.city);
        w.member_if_set(role + "Area", party.county).member_if_set(role + "Address", party.address);
    }
};

}  // namespace

const Courier& sto() {
    static const Sto courier;
    return courier;
}

}  // namespace returngate::courier
