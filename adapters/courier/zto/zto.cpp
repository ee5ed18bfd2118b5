// ZTO Express (中通), open platform, door pickup: requests and their answers. Sources: README.md.
#include "adapters/courier/zto/zto.hpp"

#include <algorithm>

#include "adapters/courier/envelope.hpp"
#include "adapters/courier/redact.hpp"
#include "adapters/courier/zto/push.hpp"
#include "adapters/courier/zto/tables.hpp"
#include "adapters/crypto/digest.hpp"
#include "adapters/json/writer.hpp"

namespace returngate::courier {
namespace {

using namespace zto_tables;

constexpr std::chrono::hours kTwoHours{2};
// A year far away: larger numbers of milliseconds are no times.
constexpr std::int64_t kLatestScan = 253'402'300'800'000;

constexpr Choice kChoices[] = {
    {"digest_mode", "md5 sha256 hmac_sha256"},
    {"digest_text", "base64 hex"},
    {"send_timestamp", "off on"},
    {"partner_type", "2 1"},
    {"order_type", "2 3"},
    {"account_type", "1 74"},
    {"two_hour", "on off"},
    {"cancel_type", "1 2 3 4 5 6 7"},
    {"settlement_sign", "required absent"},
};

const Profile& zto_profile() {
    static const Profile profile = [] {
        Profile p;
        p.code = "ZTO";
        p.name = "中通快递";
        p.offers = {Operation::book, Operation::cancel, Operation::find, Operation::track};
        // Known to ZTO by its own orderCode only, and what a repeated reference does is not documented.
        p.lost_answer = LostAnswer::stay_in_doubt;
        p.acceptance = Acceptance::by_answer;
        p.callback_proof = Proof::weak_signature;
        p.waybill_at_booking = true;  // order_type 2; with 3 it comes by push
        return p;
    }();
    return profile;
}

Result<void> check_settings(const Account& account) {
    if (const auto set = require_settings(account, {"app_key", "app_secret"}); !set) return set;
    if (const auto known = require_choices(account, kChoices); !known) return known;
    if (account.get("partner_type") == "1" && account.get("order_type") == "3")
        return fail(ErrorKind::invalid, "bad_setting", "Set \"order_type\" to 2: ZTO's groups have no 3.");
    if (account.get("digest_mode") == "hmac_sha256" && account.get("secret_key").empty())
        return fail(ErrorKind::invalid, "missing_setting", "Set \"secret_key\", the key of hmac_sha256.");
    return {};
}

// x-dataDigest = Base64(MD5(body + appSecret)); the console switches to SHA-256, to HMAC-SHA-256 under a
// key of its own, to hex, and to x-timestamp before the body.
std::string digest_of(const Account& account, std::string_view timestamp, std::string_view body) {
    const std::string_view secret = account.get("app_secret");
    const std::string_view mode = get_or(account, "digest_mode", "md5");
    const auto write = [is_hex = account.get("digest_text") == "hex"](const auto& bytes) {
        return is_hex ? crypto::to_hex(bytes) : crypto::to_base64(bytes);
    };
    if (mode == "sha256") return write(crypto::sha256({timestamp, body, secret}));
    if (mode == "hmac_sha256") {
        std::string text(timestamp);
        text.append(body).append(secret);
        return write(crypto::hmac_sha256(account.get("secret_key"), text));
    }
    return write(crypto::md5({timestamp, body, secret}));
}

// POST /{interface}, headers x-appKey, x-dataDigest and, where switched on, x-timestamp (ms); JSON.
http::Request call(const Account& account, const Moment& moment, std::string_view interface,
                   std::string body) {
    const bool has_time = account.get("send_timestamp") == "on";
    const std::string time = has_time ? std::to_string(milliseconds(moment.now)) : std::string();
    const std::string digest = digest_of(account, time, body);
    http::Request request = post_json(target_of(account, "/" + std::string(interface)), std::move(body));
    request.headers.fields.emplace_back("x-appKey", account.get("app_key"));
    request.headers.fields.emplace_back("x-dataDigest", digest);
    if (has_time) request.headers.fields.emplace_back("x-timestamp", time);
    return request;
}

void write_party(json::Writer& w, std::string_view object, const std::string& role, const Party& party) {
    w.key(object).begin_object().member(role + "Name", party.name);
    w.member(role + "Mobile", national_phone(party.phone)).member(role + "Province", party.province);
    w.member(role + "City", party.city).member_if_set(role + "District", party.county);
    w.member(role + "Address", party.address).end_object();
}

void write_account(json::Writer& w, const Account& account) {
    if (account.get("account_id").empty() && account.get("customer_id").empty()) return;
    w.key("accountInfo").begin_object().member_if_set("accountId", account.get("account_id"));
    w.member_if_set("accountPassword", account.get("account_password"));
    w.raw_member("type", get_or(account, "account_type", "1"));
    w.member_if_set("customerId", account.get("customer_id")).end_object();
}

// zto.open.createOrder: {"partnerType","orderType","partnerOrderCode","accountInfo":{…},"senderInfo":{…},
//   "receiveInfo":{…},"orderVasList":[{"vasType":"twoHour"}],"summaryInfo":{"startTime","endTime":
//   "yyyy-MM-dd HH:mm:ss","quantity"},"orderItems":[{"name","weight" (g),"quantity"}],"remark"}
std::string booking_body(const Account& account, const BookingOrder& order) {
    json::Writer w;
    w.begin_object().member("partnerType", get_or(account, "partner_type", "2"));
    w.member("orderType", get_or(account, "order_type", "2"));
    w.member("partnerOrderCode", order.reference.value);
    write_account(w, account);
    write_party(w, "senderInfo", "sender", order.sender);
    write_party(w, "receiveInfo", "receiver", order.recipient);
    const bool is_two_hours = order.window.end - order.window.start <= kTwoHours;
    if (is_two_hours && account.get("two_hour") != "off") {
        w.key("orderVasList").begin_array().begin_object().member("vasType", "twoHour");
        w.end_object().end_array();
    }
    w.key("summaryInfo").begin_object().member("startTime", format_shanghai(order.window.start));
    w.member("endTime", format_shanghai(order.window.end)).member("quantity", 1).end_object();
    w.key("orderItems").begin_array().begin_object().member("name", order.parcel.description);
    w.member("weight", order.parcel.weight_grams).member("quantity", order.parcel.quantity);
    w.end_object().end_array().member_if_set("remark", order.remark).end_object();
    return w.take();
}

// {"status":bool,"statusCode","message","result"}: `status` decides.
Result<json::Value> result_of(const http::Response& response) {
    const auto answer = read_answer(response);
    if (!answer) return tl::unexpected(answer.error());
    const json::Value& status = (*answer)["status"];
    if (is_true(status)) return (*answer)["result"];
    if (status.boolean() != false && status.string() != "false")
        return malformed("answer_shape", "ZTO's answer has no status.");
    if (text_in(*answer, "message").find(kUnknownOrder) != std::string_view::npos)
        return fail(ErrorKind::not_found, "order_not_found", "ZTO does not know the order.");
    return error_of(kErrors, text_in(*answer, "statusCode"), ErrorKind::rejected);
}

// Of a new and of a queried order; our reference, where it is echoed, is the one that we asked about.
Result<Booking> read_booking(const json::Value& result, const BookingReference& reference) {
    const auto order_code = text_in(result, "orderCode");
    if (!is_plain_id(order_code)) return malformed("answer_ids", "ZTO's answer lacks orderCode.");
    const auto echoed = text_in(result, "partnerOrderCode");
    if (!echoed.empty() && echoed != reference.value)
        return malformed("answer_reference", "ZTO's answer is of another order.");
    Booking booking;
    booking.reference = reference;
    booking.state = BookingState::accepted;
    booking.waybill = if_set(text_in(result, "billCode"));
    booking.courier_key = order_code;
    booking.pickup_code = pickup_code_in(result, "verifyCode");  // of the service twoHour
    return booking;
}

Result<void> require_order_code(const BookedOrder& order) {
    if (order.courier_key.empty())
        return fail(ErrorKind::invalid, kNoCourierKey,
                    "ZTO knows an order by its own orderCode only, which came with its answer.");
    return {};
}

std::optional<Instant> scan_time(const json::Value& time) {
    if (const auto ms = time.integer())
        return *ms > 0 && *ms < kLatestScan ? std::optional(Instant(std::chrono::milliseconds(*ms)))
                                            : std::nullopt;
    return parse_shanghai(time.string().value_or(""));
}

// {"billCode"?,"scanType","scanDate" (ms),"desc","scanSite":{…},…}
Result<TrackingEvent> read_trace(const json::Value& row, std::string_view waybill) {
    const auto at = scan_time(row["scanDate"]);
    TrackingEvent event;
    event.raw_status = text_in(row, "scanType");
    if (!at || event.raw_status.empty() || row["billCode"].text().value_or(waybill) != waybill)
        return malformed("trace_row", "A row of ZTO's track answer is unreadable or of another waybill.");
    event.waybill = std::string(waybill);
    event.status = status_of(kQueriedTraces, event.raw_status);
    event.occurred_at = *at;
    event.dedupe_key = "query:" + std::string(waybill) + ":" + event.raw_status + ":" + format_rfc3339(*at);
    if (const auto bounded = bound_texts(event); !bounded) return tl::unexpected(bounded.error());
    return event;
}

class Zto final : public Courier {
public:
    const Profile& profile() const override { return zto_profile(); }
    Result<void> check(const Account& account) const override { return check_settings(account); }

    Result<http::Request> encode_book(const Account& account, const Moment& moment,
                                      const BookingOrder& order) const override {
        if (const auto set = check_settings(account); !set) return tl::unexpected(set.error());
        if (const auto complete = require_parties(order); !complete) return tl::unexpected(complete.error());
        if (!is_plain_id(order.reference.value))
            return fail(ErrorKind::invalid, "bad_reference",
                        "ZTO is given references of 1 to 64 characters.");
        return call(account, moment, "zto.open.createOrder", booking_body(account, order));
    }
    // "result":{"orderCode","billCode" (null: comes by push),"partnerOrderCode","verifyCode",…}
    Result<Booking> decode_book(const Account&, const BookingOrder& order,
                                const http::Response& response) const override {
        const auto result = result_of(response);
        if (!result) return tl::unexpected(result.error());
        return read_booking(*result, order.reference);
    }

    // zto.open.cancelPreOrder: {"cancelType","orderCode"}; ZTO takes one of seven reasons, no words.
    Result<http::Request> encode_cancel(const Account& account, const Moment& moment,
                                        const BookedOrder& order, std::string_view) const override {
        if (const auto set = check_settings(account); !set) return tl::unexpected(set.error());
        if (const auto known = require_order_code(order); !known) return tl::unexpected(known.error());
        json::Writer w;
        w.begin_object().member("cancelType", get_or(account, "cancel_type", "1"));
        w.member("orderCode", order.courier_key).end_object();
        return call(account, moment, "zto.open.cancelPreOrder", w.take());
    }
    Result<void> decode_cancel(const Account&, const BookingReference&,
                               const http::Response& response) const override {
        const auto result = result_of(response);
        if (!result) return tl::unexpected(result.error());
        return {};
    }

    // zto.open.getOrderInfo: {"type":0 (a booking),"orderCode"}
    Result<http::Request> encode_find(const Account& account, const Moment& moment,
                                      const BookedOrder& order) const override {
        if (const auto set = check_settings(account); !set) return tl::unexpected(set.error());
        if (const auto known = require_order_code(order); !known) return tl::unexpected(known.error());
        json::Writer w;
        w.begin_object().member("type", 0).member("orderCode", order.courier_key).end_object();
        return call(account, moment, "zto.open.getOrderInfo", w.take());
    }
    // "result": the order, or a list of one: {"orderCode","billCode","orderStatus","assignEmp",…}
    Result<Booking> decode_find(const Account&, const BookingReference& reference,
                                const http::Response& response) const override {
        const auto result = result_of(response);
        if (!result) return tl::unexpected(result.error());
        if (result->is_array() && result->items().size() != 1)
            return malformed("answer_orders", "ZTO's answer is not about one order.");
        const json::Value& order = result->is_array() ? result->items().front() : *result;
        auto booking = read_booking(order, reference);
        if (!booking) return booking;
        const auto* row =
            std::ranges::find(kOrderStates, text_in(order, "orderStatus"), &OrderStateRow::code);
        booking->state = row == kOrderStates.end() ? BookingState::pending : row->state;
        return booking;
    }

    // zto.merchant.waybill.track.query: {"billCode","mobilePhone" (last four digits, where ZTO asks for
    // them)}
    Result<http::Request> encode_track(const Account& account, const Moment& moment, const BookingReference&,
                                       std::string_view waybill) const override {
        if (const auto set = check_settings(account); !set) return tl::unexpected(set.error());
        if (waybill.empty())
            return fail(ErrorKind::invalid, "no_waybill", "ZTO tracks by waybill number only.");
        json::Writer w;
        w.begin_object().member("billCode", waybill);
        w.member_if_set("mobilePhone", account.get("track_phone")).end_object();
        return call(account, moment, "zto.merchant.waybill.track.query", w.take());
    }
    // "result": a list of scans; [] or null when there is nothing yet.
    Result<std::vector<TrackingEvent>> decode_track(const Account&, std::string_view waybill,
                                                    const http::Response& response) const override {
        const auto result = result_of(response);
        if (!result) return tl::unexpected(result.error());
        if (!result->is_array() && !result->is_null())
            return malformed("answer_shape", "ZTO's track answer is no list.");
        std::vector<TrackingEvent> events;
        for (const json::Value& row : result->items()) {
            auto event = read_trace(row, waybill);
            if (!event) return tl::unexpected(event.error());
            events.push_back(*std::move(event));
        }
        return events;
    }

    Result<Proof> authenticate(const Account& account, const Push& push) const override {
        return authenticate_zto_push(account, push);
    }
    Result<std::vector<TrackingEvent>> decode_push(const Account&, const Push& push) const override {
        return decode_zto_push(push);
    }
    http::Response acknowledge(const Account&, const Push&, AckOutcome outcome) const override {
        return acknowledge_zto_push(outcome);
    }
    std::string redact(std::string_view body) const override { return redact_body(body, kLoggable); }
};

}  // namespace

const Courier& zto() {
    static const Zto courier;
    return courier;
}

}  // namespace returngate::courier
