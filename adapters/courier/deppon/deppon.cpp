// Deppon Express (德邦), open platform: requests and their answers. Sources: README.md.
#include "adapters/courier/deppon/deppon.hpp"

#include <algorithm>

#include "adapters/courier/deppon/push.hpp"
#include "adapters/courier/deppon/tables.hpp"
#include "adapters/courier/envelope.hpp"
#include "adapters/courier/redact.hpp"
#include "adapters/json/decimal.hpp"
#include "adapters/json/writer.hpp"

namespace returngate::courier {
namespace {

using namespace deppon_tables;

const Profile& deppon_profile() {
    static const Profile profile = [] {
        Profile p;
        p.code = "DEPPON";
        p.name = "德邦快递";
        p.offers = {Operation::book, Operation::cancel, Operation::find, Operation::track, Operation::price};
        p.lost_answer = LostAnswer::find_by_reference;
        p.acceptance = Acceptance::by_callback;  // 受理 comes as the push ACCEPT
        p.callback_proof = Proof::weak_signature;
        p.waybill_at_booking = true;  // normally; an answer without one means "later"
        return p;
    }();
    return profile;
}

const Paths* paths_of(const Account& account) {
    const auto* found =
        std::ranges::find(kPaths, get_or(account, "environment", "production"), &Paths::environment);
    return found == kPaths.end() ? nullptr : found;
}

tl::unexpected<Error> bad_setting(std::string_view key, std::string_view wanted) {
    return fail(ErrorKind::invalid, "bad_setting",
                "Set \"" + std::string(key) + "\" to " + std::string(wanted) + ".");
}

Result<void> check_settings(const Account& account) {
    const auto set = require_settings(account, {"company_code", "app_key", "customer_code", "sign_prefix"});
    if (!set) return set;
    if (paths_of(account) == nullptr) return bad_setting("environment", "production or sandbox");
    const std::string_view ack = get_or(account, "order_state_ack", "standard");
    if (ack != "standard" && ack != "both") return bad_setting("order_state_ack", "standard or both");
    const std::string_view url = account.get("query_base_url");
    if (!url.empty() && !url.starts_with("https://") && !url.starts_with("http://"))
        return bad_setting("query_base_url", "an http or https URL");
    return {};
}

// Sign prefix and our reference.
std::string logistic_id(const Account& account, const BookingReference& reference) {
    return std::string(account.get("sign_prefix")) + reference.value;
}

// POST, form: companyCode, params (JSON text), timestamp (ms),
//   digest = Base64(lower-case hex text of MD5(params + appkey + timestamp)), 44 characters
http::Request call(const Account& account, const Moment& moment, std::string target,
                   const std::string& params) {
    const std::string timestamp = std::to_string(milliseconds(moment.now));
    return post_form(std::move(target),
                     {{"companyCode", std::string(account.get("company_code"))},
                      {"params", params},
                      {"timestamp", timestamp},
                      {"digest", md5_hex_base64({params, account.get("app_key"), timestamp})}});
}

// Questions are answered by a host of their own: then the target is a whole URL.
std::string query_target(const Account& account, std::string_view path) {
    std::string_view base = account.get("query_base_url");
    if (base.empty()) return target_of(account, path);
    if (base.ends_with('/')) base.remove_suffix(1);
    return std::string(base).append(path);
}

void write_party(json::Writer& w, std::string_view role, const Party& party) {
    w.key(role).begin_object().member("name", party.name).member("mobile", national_phone(party.phone));
    w.member("province", party.province).member("city", party.city).member_if_set("county", party.county);
    w.member("address", party.address).end_object();
}

// createOrderNotify: {"logisticID","companyCode","customerCode","orderType":"1" (with door pickup),
//   "transportType","needTraceInfo":"1","sender":{…},"receiver":{…},"packageInfo":{…},"gmtCommit","payType",
//   "sendStartTime","sendEndTime","remark"}
std::string booking_params(const Account& account, const Moment& moment, const BookingOrder& order) {
    json::Writer w;
    w.begin_object().member("logisticID", logistic_id(account, order.reference));
    w.member("companyCode", account.get("company_code")).member("customerCode", account.get("customer_code"));
    w.member("orderType", "1").member("transportType", get_or(account, "transport_type", "PACKAGE"));
    w.member("needTraceInfo", "1");
    write_party(w, "sender", order.sender);
    write_party(w, "receiver", order.recipient);
    w.key("packageInfo").begin_object().member("cargoName", order.parcel.description);
    w.member("totalNumber", "1").member("totalWeight", kilograms(order.parcel.weight_grams));
    w.member("deliveryType", get_or(account, "delivery_type", "3")).end_object();
    w.member("gmtCommit", format_shanghai(moment.now)).member("payType", get_or(account, "pay_type", "2"));
    w.member("sendStartTime", format_shanghai(order.window.start));
    w.member("sendEndTime", format_shanghai(order.window.end)).member_if_set("remark", order.remark);
    return w.end_object().take();
}

// {"result":"true","resultCode":"1000","reason",…}: all values may be texts.
Result<json::Value> document_of(const http::Response& response) {
    auto answer = read_answer(response);
    if (!answer) return answer;
    const auto code = text_in(*answer, "resultCode");
    const json::Value& result = (*answer)["result"];
    if (result.is_null() || is_true(result) != (code == "1000"))
        return malformed("answer_shape",
                         "Deppon's answer lacks result or resultCode, or they contradict each other.");
    if (is_true(result)) return answer;
    if (text_in(*answer, "reason").find(kUnknownOrder) != std::string_view::npos)
        return fail(ErrorKind::rejected, "order_not_found", "Deppon does not know the order, or not yet.");
    return error_of(kErrors, code, ErrorKind::rejected);
}

Result<void> check_reference(const Account& account, const json::Value& named,
                             const BookingReference& reference) {
    if (named.text() == logistic_id(account, reference)) return {};
    return malformed("answer_reference", "Deppon's answer does not name our reference.");
}

// "DPK…,child…": the parent first.
std::optional<std::string> parent_waybill(const json::Value& numbers) {
    const std::string_view text = numbers.text().value_or("");
    return if_set(text.substr(0, text.find(',')));
}

BookingState state_of(TrackingStatus status) {
    switch (status) {
        case TrackingStatus::cancelled: return BookingState::dead;
        case TrackingStatus::unknown:
        case TrackingStatus::collect_failed: return BookingState::pending;
        default: return BookingState::accepted;
    }
}

// 上海-上海市-浦东新区
std::string place(const Party& party) {
    std::string text = party.province + "-" + party.city;
    return party.county.empty() ? text : text + "-" + party.county;
}

class Deppon final : public Courier {
public:
    const Profile& profile() const override { return deppon_profile(); }
    Result<void> check(const Account& account) const override { return check_settings(account); }

    Result<http::Request> encode_book(const Account& account, const Moment& moment,
                                      const BookingOrder& order) const override {
        if (const auto set = check_settings(account); !set) return tl::unexpected(set.error());
        if (const auto complete = require_parties(order); !complete) return tl::unexpected(complete.error());
        return call(account, moment, target_of(account, paths_of(account)->create),
                    booking_params(account, moment, order));
    }
    // {"result","resultCode","logisticID","mailNo"?,"arrivedOrgSimpleName"}
    Result<Booking> decode_book(const Account& account, const BookingOrder& order,
                                const http::Response& response) const override {
        const auto answer = document_of(response);
        if (!answer) return tl::unexpected(answer.error());
        if (const auto ours = check_reference(account, (*answer)["logisticID"], order.reference); !ours)
            return tl::unexpected(ours.error());
        Booking booking;
        booking.reference = order.reference;
        booking.state = BookingState::pending;
        booking.waybill = parent_waybill((*answer)["mailNo"]);
        return booking;
    }

    // cancelOrder: {"logisticCompanyID":"DEPPON","logisticID","cancelTime","remark"}
    Result<http::Request> encode_cancel(const Account& account, const Moment& moment,
                                        const BookedOrder& order, std::string_view reason) const override {
        if (const auto set = check_settings(account); !set) return tl::unexpected(set.error());
        json::Writer w;
        w.begin_object().member("logisticCompanyID", "DEPPON");
        w.member("logisticID", logistic_id(account, order.reference));
        w.member("cancelTime", format_shanghai(moment.now)).member("remark", reason).end_object();
        return call(account, moment, target_of(account, paths_of(account)->cancel), w.take());
    }
    // "Does not exist" may be said of an order that is still being taken in: a plain no, asked again.
    Result<void> decode_cancel(const Account& account, const BookingReference& reference,
                               const http::Response& response) const override {
        const auto answer = document_of(response);
        if (!answer) return tl::unexpected(answer.error());
        const json::Value& named = (*answer)["logisticID"];
        return named.is_null() ? Result<void>() : check_reference(account, named, reference);
    }

    // queryOrder: {"logisticCompanyID":"DEPPON","logisticID"}
    Result<http::Request> encode_find(const Account& account, const Moment& moment,
                                      const BookedOrder& order) const override {
        if (const auto set = check_settings(account); !set) return tl::unexpected(set.error());
        json::Writer w;
        w.begin_object().member("logisticCompanyID", "DEPPON");
        w.member("logisticID", logistic_id(account, order.reference)).end_object();
        return call(account, moment, query_target(account, paths_of(account)->find), w.take());
    }
    // "responseParam":{"logisticID","mailNo","statusType",…}. A question that failed says nothing, and "does
    // not exist" may be too early: in doubt, until the accept deadline decides.
    Result<Booking> decode_find(const Account& account, const BookingReference& reference,
                                const http::Response& response) const override {
        const auto answer = document_of(response);
        if (!answer && answer.error().kind == ErrorKind::rejected)
            return fail(ErrorKind::in_doubt, answer.error().code, answer.error().message);
        if (!answer) return tl::unexpected(answer.error());
        const json::Value& order = (*answer)["responseParam"];
        if (const auto ours = check_reference(account, order["logisticID"], reference); !ours)
            return tl::unexpected(ours.error());
        const auto status = text_in(order, "statusType");
        if (status.empty()) return malformed("answer_status", "Deppon's answer has no statusType.");
        Booking booking;
        booking.reference = reference;
        booking.state = state_of(status_of(kOrderStates, status));
        booking.waybill = parent_waybill(order["mailNo"]);
        return booking;
    }

    // newTraceQuery: {"mailNo"}
    Result<http::Request> encode_track(const Account& account, const Moment& moment, const BookingReference&,
                                       std::string_view waybill) const override {
        if (const auto set = check_settings(account); !set) return tl::unexpected(set.error());
        if (waybill.empty())
            return fail(ErrorKind::invalid, "no_waybill", "Deppon tracks by waybill number only.");
        json::Writer w;
        w.begin_object().member("mailNo", waybill).end_object();
        return call(account, moment, query_target(account, paths_of(account)->track), w.take());
    }
    // "responseParam":{"tracking_number","trace_list":[{"time","status","description","city","site"}]}
    Result<std::vector<TrackingEvent>> decode_track(const Account&, std::string_view waybill,
                                                    const http::Response& response) const override {
        const auto answer = document_of(response);
        if (!answer) return tl::unexpected(answer.error());
        const json::Value& track = (*answer)["responseParam"];
        if (text_in(track, "tracking_number") != waybill)
            return malformed("answer_waybill", "Deppon's traces are of another waybill.");
        std::vector<TrackingEvent> events;
        if (const auto read = append_deppon_traces(track["trace_list"], waybill, "query:", events); !read)
            return tl::unexpected(read.error());
        return events;
    }

    // queryPriceTime: {"logisticCompanyID","originalsaddress" (from),"originalsStreet" (to),"sendDateTime",
    //   "totalVolume" (m3),"totalWeight" (kg)}
    Result<http::Request> encode_price(const Account& account, const Moment& moment,
                                       const BookingOrder& order) const override {
        if (const auto set = check_settings(account); !set) return tl::unexpected(set.error());
        json::Writer w;
        w.begin_object().member("logisticCompanyID", "DEPPON");
        w.member("originalsaddress", place(order.sender)).member("originalsStreet", place(order.recipient));
        w.member("sendDateTime", format_shanghai(moment.now)).member("totalVolume", "0.001");
        w.member("totalWeight", kilograms(order.parcel.weight_grams)).end_object();
        return call(account, moment, query_target(account, paths_of(account)->price), w.take());
    }
    // "responseParam":[{"producteCode" (spelled so),"totalfee" (yuan)}]: the row of our transport type
    Result<Price> decode_price(const Account& account, const http::Response& response) const override {
        const auto answer = document_of(response);
        if (!answer) return tl::unexpected(answer.error());
        const std::string_view product = get_or(account, "transport_type", "PACKAGE");
        for (const json::Value& row : (*answer)["responseParam"].items()) {
            if (text_in(row, "producteCode") != product && text_in(row, "omsProductCode") != product)
                continue;
            if (const auto fee_fen = json::parse_scaled(text_in(row, "totalfee"), 2)) return Price{*fee_fen};
        }
        return malformed("answer_price", "Deppon's answer has no exact price of our transport type.");
    }

    Result<Proof> authenticate(const Account& account, const Push& push) const override {
        return authenticate_deppon_push(account, push);
    }
    Result<std::vector<TrackingEvent>> decode_push(const Account& account, const Push& push) const override {
        return decode_deppon_push(account, push);
    }
    http::Response acknowledge(const Account& account, const Push& push, AckOutcome outcome) const override {
        return acknowledge_deppon_push(account, push, outcome);
    }
    std::string redact(std::string_view body) const override { return redact_body(body, kLoggable); }
};

}  // namespace

const Courier& deppon() {
    static const Deppon courier;
    return courier;
}

}  // namespace returngate::courier
