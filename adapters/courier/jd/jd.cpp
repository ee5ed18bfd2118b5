// JD Logistics (京东物流), LOP gateway, solution ECAP: requests, their answers, and the trace push.
// Sources: README.md.
#include "adapters/courier/jd/jd.hpp"

#include <algorithm>

#include "adapters/courier/envelope.hpp"
#include "adapters/courier/jd/tables.hpp"
#include "adapters/courier/redact.hpp"
#include "adapters/json/decimal.hpp"
#include "adapters/json/writer.hpp"

namespace returngate::courier {
namespace {

using namespace jd_tables;

constexpr std::size_t kLongestReason = 30;
constexpr std::string_view kSolution = "ECAP";
constexpr std::string_view kVersion = "2.0";

const Profile& jd_profile() {
    static const Profile profile = [] {
        Profile p;
        p.code = "JD";
        p.name = "京东物流";
        p.offers = {Operation::book, Operation::cancel, Operation::find, Operation::track, Operation::price};
        p.lost_answer = LostAnswer::repeat_same_reference;  // the same orderId gives the same result
        p.acceptance = Acceptance::by_answer;
        p.callback_proof = Proof::secret_url;
        p.waybill_at_booking = true;
        return p;
    }();
    return profile;
}

const AlgorithmRow* hmac_of(std::string_view algorithm) {
    const auto* found = std::ranges::find(kHmacs, algorithm, &AlgorithmRow::name);
    return found == kHmacs.end() ? nullptr : found;
}

std::string_view origin_of(const Account& account) {
    return get_or(account, "order_origin", "2");
}

Result<void> check_settings(const Account& account) {
    if (const auto set = require_settings(account, {"app_key", "app_secret"}); !set) return set;
    const std::string_view origin = origin_of(account);
    if (origin != "0" && origin != "1" && origin != "2")
        return fail(ErrorKind::invalid, "bad_setting",
                    "Set \"order_origin\" to 0 (C2C), 1 (B2C) or 2 (C2B).");
    if (origin != "0" && account.get("customer_code").empty())
        return fail(ErrorKind::invalid, "missing_setting",
                    "Set \"customer_code\" in the courier's settings.");
    const std::string_view algorithm = get_or(account, "algorithm", kMd5Salt);
    if (algorithm != kMd5Salt && hmac_of(algorithm) == nullptr)
        return fail(ErrorKind::invalid, "bad_setting",
                    "Set \"algorithm\" to md5-salt, HMacMD5, HMacSHA1, HMacSHA256 or HMacSHA512.");
    const std::string_view letters = get_or(account, "sign_case", "lower");
    if (letters != "lower" && letters != "upper")
        return fail(ErrorKind::invalid, "bad_setting", "Set \"sign_case\" to lower or upper.");
    for (const std::string_view key : {"settle_type", "volume_cm3"})
        if (!is_number(get_or(account, key, "1")))
            return fail(ErrorKind::invalid, "bad_setting", "Set \"" + std::string(key) + "\" to a number.");
    return {};
}

// content = secret access_token… app_key… method<path> param_json<body> timestamp… v2.0 secret
//   md5-salt: hex(MD5(content)); HMac…: Base64(HMAC(secret, content))
std::string sign_of(const Account& account, std::string_view path, std::string_view body,
                    std::string_view timestamp) {
    const std::string_view secret = account.get("app_secret");
    std::string content(secret);
    content.append("access_token").append(account.get("access_token"));
    content.append("app_key").append(account.get("app_key")).append("method").append(path);
    content.append("param_json").append(body).append("timestamp").append(timestamp);
    content.append("v").append(kVersion).append(secret);
    const AlgorithmRow* hmac = hmac_of(account.get("algorithm"));
    if (hmac != nullptr) return crypto::to_base64(crypto::hmac(hmac->hash, secret, content));
    std::string sign = md5_hex({content});
    if (account.get("sign_case") == "upper")
        std::ranges::transform(sign, sign.begin(),
                               [](char c) { return c >= 'a' && c <= 'f' ? static_cast<char>(c - 32) : c; });
    return sign;
}

// POST /ecap/v1/orders/…?LOP-DN&app_key&access_token&timestamp&v&sign&algorithm, the body an array of one
//   object; lop-tz is the offset of the timestamp in hours. Without a token its parameter is left out.
http::Request call(const Account& account, const Moment& moment, std::string_view operation,
                   std::string_view object) {
    const std::string path = target_of(account, "/ecap/v1/orders/" + std::string(operation));
    const std::string timestamp = format_shanghai(moment.now);
    http::Request request =
        post_json(path + "?LOP-DN=" + std::string(kSolution), "[" + std::string(object) + "]");
    const auto add = [&request](std::string_view name, std::string_view value) {
        if (value.empty()) return;
        request.target.append("&").append(name).append("=").append(http::percent_encode(value));
    };
    add("app_key", account.get("app_key"));
    add("access_token", account.get("access_token"));
    add("timestamp", timestamp);
    add("v", kVersion);
    add("sign", sign_of(account, path, request.body, timestamp));
    add("algorithm", get_or(account, "algorithm", kMd5Salt));
    request.headers.fields.emplace_back("lop-tz", "8");
    return request;
}

void write_owner(json::Writer& w, const Account& account) {
    w.raw_member("orderOrigin", origin_of(account));
    if (origin_of(account) != "0") w.member("customerCode", account.get("customer_code"));
}

void write_contact(json::Writer& w, std::string_view role, const Party& party) {
    w.key(role).begin_object().member_if_set("name", party.name);
    w.member_if_set("mobile", national_phone(party.phone)).member("fullAddress", full_address(party));
    w.end_object();
}

// create, and precheck with what is known:
//   {"orderId","orderOrigin","customerCode","settleType","senderContact":{"name","mobile","fullAddress"},
//    "receiverContact","productsReq":{"productCode"},"cargoes":[{"name","quantity","weight" (kg),"volume"
//    (cm3)}], "pickupType":1,"pickupStartTime","pickupEndTime"
//    (ms),"extendProps":{"autoSubscribe":"1"},"remark"}
std::string order_of(const Account& account, const BookingOrder& order) {
    json::Writer w;
    w.begin_object().member_if_set("orderId", order.reference.value);
    write_owner(w, account);
    w.raw_member("settleType", get_or(account, "settle_type", "3"));
    write_contact(w, "senderContact", order.sender);
    write_contact(w, "receiverContact", order.recipient);
    w.key("productsReq").begin_object();
    w.member("productCode", get_or(account, "product_code", "ed-m-0001")).end_object();
    w.key("cargoes").begin_array().begin_object().member_if_set("name", order.parcel.description);
    w.member("quantity", order.parcel.quantity).raw_member("weight", kilograms(order.parcel.weight_grams));
    w.raw_member("volume", get_or(account, "volume_cm3", "1000")).end_object().end_array();
    w.member("pickupType", 1);
    if (order.window.end > order.window.start)
        w.member("pickupStartTime", milliseconds(order.window.start))
            .member("pickupEndTime", milliseconds(order.window.end));
    w.key("extendProps").begin_object().member("autoSubscribe", "1").end_object();
    w.member_if_set("remark", order.remark).end_object();
    return w.take();
}

// {"code":0,"success":true,"data":…}, once seen inside {"response":{"content":…}}; JD's gateway, before the
// order is read, answers {"error_response":{"code",…}} with codes that are not published.
Result<json::Value> data_of(const http::Response& response, ErrorKind unlisted) {
    const auto outer = read_answer(response);
    if (!outer) return tl::unexpected(outer.error());
    if (!(*outer)["error_response"].is_null())
        return fail(ErrorKind::in_doubt, "courier_gateway", "JD's gateway answered an error.");
    const json::Value& content = (*outer)["response"]["content"];
    const json::Value& answer = content.is_object() ? content : *outer;
    const auto code = answer["code"].text().value_or("");
    if (code.empty() || answer.find("success") == nullptr)
        return malformed("answer_shape", "JD's answer has no code or no success.");
    if (code == "0" && is_true(answer["success"])) return answer["data"];
    const auto sub_code = answer["subCode"].text().value_or("");
    return error_of(kErrors, code == "0" ? sub_code : code, unlisted);
}

bool looks_like_jd_number(std::string_view word) {
    return word.size() == 15 && word.starts_with("JD") &&
           word.substr(4).find_first_not_of("0123456789") == word.npos;
}

// {"waybillCode","orderId","state","category","operationTime","operationRemark","operatorName",…}
Result<TrackingEvent> read_node(const json::Value& node, std::string_view waybill, std::string_view prefix) {
    const auto at = parse_shanghai(text_in(node, "operationTime"));
    const std::string_view state = text_in(node, "state");
    const std::string_view category = text_in(node, "category");
    if (!at || (state.empty() && category.empty()))
        return malformed("node_fields", "JD's node lacks a readable operationTime, or state and category.");
    TrackingEvent event;
    event.waybill = if_set(waybill);
    event.raw_status = state.empty() ? category : state;
    event.status = status_of(kStates, state);
    if (event.status == TrackingStatus::unknown) event.status = status_of(kCategories, category);
    event.occurred_at = *at;
    if (event.status == TrackingStatus::replaced)
        event.replaced_by = other_number_in(text_in(node, "operationRemark"), waybill, looks_like_jd_number);
    event.courier_person = text_in(node, "operatorName");
    event.courier_phone = text_in(node, "operatorPhone");
    event.dedupe_key = std::string(prefix) + std::string(waybill) + ":" + event.raw_status + ":" +
                       format_rfc3339(event.occurred_at);
    if (const auto bounded = bound_texts(event); !bounded) return tl::unexpected(bounded.error());
    return event;
}

Result<std::vector<TrackingEvent>> read_push(const Push& push) {
    const auto node = read_pushed_json(push.request.body);
    if (!node) return tl::unexpected(node.error());
    const auto waybill = text_in(*node, "waybillCode");
    const auto reference = text_in(*node, "orderId");
    if (waybill.empty()) return malformed("push_fields", "JD's push lacks waybillCode.");
    auto event = read_node(*node, waybill, "");
    if (!event) return tl::unexpected(event.error());
    if (!reference.empty()) event->booking_reference = BookingReference{std::string(reference)};
    return only_event(*std::move(event));
}

// The answer names who collects once, beside the nodes; a node names who scanned.
bool name_collector(const json::Value& data, std::vector<TrackingEvent>& events) {
    const auto name = text_in(data, "collectorName");
    const auto phone = text_in(data, "collectorPhone");
    for (TrackingEvent& event : events) {
        if (event.status != TrackingStatus::courier_assigned || (name.empty() && phone.empty())) continue;
        event.courier_person = name;
        event.courier_phone = phone;
        if (!bound_texts(event)) return false;
    }
    return true;
}

class Jd final : public Courier {
public:
    const Profile& profile() const override { return jd_profile(); }
    Result<void> check(const Account& account) const override { return check_settings(account); }

    Result<http::Request> encode_book(const Account& account, const Moment& moment,
                                      const BookingOrder& order) const override {
        if (const auto set = check_settings(account); !set) return tl::unexpected(set.error());
        if (const auto complete = require_parties(order); !complete) return tl::unexpected(complete.error());
        return call(account, moment, "create", order_of(account, order));
    }
    // "data":{"orderCode" (JD's own),"waybillCode"}; our reference is not echoed.
    Result<Booking> decode_book(const Account&, const BookingOrder& order,
                                const http::Response& response) const override {
        const auto data = data_of(response, ErrorKind::rejected);
        if (!data) return tl::unexpected(data.error());
        const auto own_key = (*data)["orderCode"].text().value_or("");
        const auto waybill = (*data)["waybillCode"].string().value_or("");
        if (waybill.empty() && !is_plain_id(own_key))
            return malformed("answer_ids", "JD's answer has neither waybillCode nor orderCode.");
        Booking booking;
        booking.reference = order.reference;
        booking.state = BookingState::accepted;
        booking.waybill = if_set(waybill);
        if (is_plain_id(own_key)) booking.courier_key = own_key;
        return booking;
    }

    // cancel: {"customerOrderId" (our reference),"orderOrigin","customerCode","cancelReason" (at most 30),
    //   "cancelReasonCode":"1" (user),"cancelType" (0 for C2C, else 1)}
    Result<http::Request> encode_cancel(const Account& account, const Moment& moment,
                                        const BookedOrder& order, std::string_view reason) const override {
        if (const auto set = check_settings(account); !set) return tl::unexpected(set.error());
        json::Writer w;
        w.begin_object().member("customerOrderId", order.reference.value);
        write_owner(w, account);
        w.member("cancelReason", shorten_utf8(reason, kLongestReason)).member("cancelReasonCode", "1");
        w.member("cancelType", origin_of(account) == "0" ? 0 : 1).end_object();
        return call(account, moment, "cancel", w.take());
    }
    // "data":{"resultType"?}: 0 cancelled, 1 intercepted, 2 not cancelled, 3 not intercepted, 4 intercepting.
    Result<void> decode_cancel(const Account&, const BookingReference&,
                               const http::Response& response) const override {
        const auto data = data_of(response, ErrorKind::rejected);
        if (!data) return tl::unexpected(data.error());
        const auto result = (*data)["resultType"].text().value_or("0");
        if (result != "0") return error_of(kCancelResults, result, ErrorKind::rejected);
        return {};
    }

    // status/get: {"orderCode","orderOrigin","customerCode"}; takes no reference of ours.
    Result<http::Request> encode_find(const Account& account, const Moment& moment,
                                      const BookedOrder& order) const override {
        if (const auto set = check_settings(account); !set) return tl::unexpected(set.error());
        if (order.courier_key.empty())
            return fail(ErrorKind::invalid, kNoCourierKey,
                        "JD shows an order by its own orderCode only, which came with its answer.");
        json::Writer w;
        w.begin_object().member("orderCode", order.courier_key);
        write_owner(w, account);
        return call(account, moment, "status/get", w.end_object().take());
    }
    // "data":{"status" (a category),"statusDesc"}
    Result<Booking> decode_find(const Account&, const BookingReference& reference,
                                const http::Response& response) const override {
        const auto data = data_of(response, ErrorKind::in_doubt);
        if (!data) return tl::unexpected(data.error());
        const auto category = (*data)["status"].text().value_or("");
        if (category.empty()) return malformed("answer_status", "JD's answer has no status.");
        const TrackingStatus status = status_of(kCategories, category);
        Booking booking;
        booking.reference = reference;
        booking.state = status == TrackingStatus::cancelled ? BookingState::dead
                        : status == TrackingStatus::unknown ? BookingState::pending
                                                            : BookingState::accepted;
        return booking;
    }

    // trace/query: {"waybillCode","orderOrigin","customerCode"}
    Result<http::Request> encode_track(const Account& account, const Moment& moment, const BookingReference&,
                                       std::string_view waybill) const override {
        if (const auto set = check_settings(account); !set) return tl::unexpected(set.error());
        if (waybill.empty())
            return fail(ErrorKind::invalid, "no_waybill", "JD tracks by waybill number only.");
        json::Writer w;
        w.begin_object().member("waybillCode", waybill);
        write_owner(w, account);
        return call(account, moment, "trace/query", w.end_object().take());
    }
    // "data":{"traceDetails":[{node as pushed}]}
    Result<std::vector<TrackingEvent>> decode_track(const Account&, std::string_view waybill,
                                                    const http::Response& response) const override {
        const auto data = data_of(response, ErrorKind::rejected);
        if (!data) return tl::unexpected(data.error());
        const json::Value& rows = (*data)["traceDetails"];
        if (!rows.is_array()) return malformed("answer_traces", "JD's answer has no traceDetails.");
        std::vector<TrackingEvent> events;
        for (const json::Value& row : rows.items()) {
            if (row["waybillCode"].string().value_or(waybill) != waybill)
                return malformed("answer_waybill", "JD's traces are of another waybill.");
            auto event = read_node(row, waybill, "query:");
            if (!event) return tl::unexpected(event.error());
            events.push_back(*std::move(event));
        }
        if (!name_collector(*data, events)) return malformed("event_text", "JD's collector is no text.");
        return events;
    }

    // precheck: as create; "data":{"totalFreightStandard" (yuan),…}
    Result<http::Request> encode_price(const Account& account, const Moment& moment,
                                       const BookingOrder& order) const override {
        if (const auto set = check_settings(account); !set) return tl::unexpected(set.error());
        return call(account, moment, "precheck", order_of(account, order));
    }
    Result<Price> decode_price(const Account&, const http::Response& response) const override {
        const auto data = data_of(response, ErrorKind::rejected);
        if (!data) return tl::unexpected(data.error());
        const auto fee_fen = json::parse_scaled((*data)["totalFreightStandard"].text().value_or(""), 2);
        if (!fee_fen) return malformed("answer_price", "JD's answer has no exact totalFreightStandard.");
        return Price{*fee_fen};
    }

    // Nothing in JD's push proves it.
    Result<Proof> authenticate(const Account&, const Push&) const override { return Proof::secret_url; }
    Result<std::vector<TrackingEvent>> decode_push(const Account&, const Push& push) const override {
        return read_push(push);
    }
    http::Response acknowledge(const Account& account, const Push&, AckOutcome outcome) const override {
        const std::string_view refusal =
            get_or(account, "push_refusal", R"({"code":"500","msg":"system busy"})");
        return answer_in_json({get_or(account, "push_ack", R"({"code":"200","msg":""})"), refusal, refusal},
                              outcome);
    }
    std::string redact(std::string_view body) const override { return redact_body(body, kLoggable); }
};

}  // namespace

const Courier& jd() {
    static const Jd courier;
    return courier;
}

}  // namespace returngate::courier
