// Kuaidi100 (快递100), merchant pickup 商家寄件: requests and their answers. Sources: README.md.
#include "adapters/courier/kuaidi100/kuaidi100.hpp"

#include <algorithm>

#include "adapters/courier/envelope.hpp"
#include "adapters/courier/kuaidi100/push.hpp"
#include "adapters/courier/kuaidi100/signature.hpp"
#include "adapters/courier/kuaidi100/tables.hpp"
#include "adapters/courier/kuaidi100/trace.hpp"
#include "adapters/courier/redact.hpp"
#include "adapters/http/form.hpp"
#include "adapters/json/decimal.hpp"
#include "adapters/json/writer.hpp"

namespace returngate::courier {
namespace {

using namespace kuaidi100_tables;

constexpr std::string_view kCode = "KUAIDI100";
constexpr std::size_t kLongestReference = 32;
constexpr std::size_t kLongestUrl = 200;
constexpr std::size_t kLongestAddress = 300;
constexpr std::size_t kLongestReason = 30;

const Profile& kuaidi100_profile() {
    static const Profile profile = [] {
        Profile p;
        p.code = kCode;
        p.name = "快递100";
        p.offers = {Operation::book, Operation::cancel, Operation::find, Operation::track, Operation::price};
        p.lost_answer = LostAnswer::repeat_same_reference;  // the first answer again, for 48 hours
        p.acceptance = Acceptance::by_callback;             // data.status 1
        p.callback_proof = Proof::weak_signature;
        p.waybill_at_booking = true;  // of all carriers but Yunda: then "later"
        p.callback_retries = {std::chrono::minutes(30), std::chrono::minutes(30)};
        return p;
    }();
    return profile;
}

const Carrier* carrier_of(const Account& account) {
    const auto* found = std::ranges::find(kCarriers, account.get("carrier"), &Carrier::code);
    return found == kCarriers.end() ? nullptr : found;
}

// Ours, with the reference that the salt is made from.
std::string callback_url(const Account& account, std::string_view reference) {
    std::string url(account.get("callback_base"));
    url.append("/v1/couriers/").append(kCode).append("/callbacks/").append(account.get("callback_token"));
    return url.append("?reference=").append(reference);
}

Result<void> check_settings(const Account& account) {
    if (const auto set = require_settings(
            account, {"key", "secret", "customer", "carrier", "callback_base", "callback_token"});
        !set)
        return set;
    const Carrier* carrier = carrier_of(account);
    if (carrier == nullptr)
        return fail(ErrorKind::invalid, "bad_setting",
                    "Set \"carrier\" to one of Kuaidi100's codes, as jtexpress.");
    if (carrier->wants_phone && account.get("track_phone").empty())
        return fail(ErrorKind::invalid, "missing_setting",
                    "Set \"track_phone\": parcels of this carrier are tracked with a phone only.");
    const std::string_view base = account.get("callback_base");
    const bool is_url = base.starts_with("http://") || base.starts_with("https://");
    if (!is_url || base.ends_with('/') || base.find_first_of("?# \r\n") != base.npos)
        return fail(ErrorKind::invalid, "bad_setting",
                    "Set \"callback_base\" to our public http or https URL, without a slash at its end.");
    if (callback_url(account, std::string(kLongestReference, 'R')).size() > kLongestUrl)
        return fail(ErrorKind::invalid, "bad_setting",
                    "Set \"callback_base\" to a shorter URL: Kuaidi100 takes 200 bytes with path and token.");
    const std::string_view pushes = get_or(account, "track_pushes", "off");
    if (pushes != "on" && pushes != "off")
        return fail(ErrorKind::invalid, "bad_setting", "Set \"track_pushes\" to on or off.");
    return {};
}

http::Request post_form(const Account& account, std::string_view path, const http::FormPairs& fields) {
    std::string_view root = path_of(account.base_url);
    if (root.ends_with('/')) root.remove_suffix(1);
    http::Request request;
    request.method = "POST";
    request.target = std::string(root) + std::string(path);
    request.headers.fields.emplace_back("Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
    request.body = http::encode_form(fields);
    return request;
}

// POST /order/borderapi.do, form: method, key, sign, t (ms), param (JSON text);
//   sign = upper hex MD5(param + t + key + secret)
http::Request order_call(const Account& account, const Moment& moment, std::string method,
                         const std::string& param) {
    const std::string key(account.get("key"));
    const std::string t = std::to_string(milliseconds(moment.now));
    const http::FormPairs fields{{"method", std::move(method)},
                                 {"key", key},
                                 {"sign", kuaidi100_sign({param, t, key, account.get("secret")})},
                                 {"t", t},
                                 {"param", param}};
    return post_form(account, "/order/borderapi.do", fields);
}

// 今天, 明天, 后天: no other day can be booked.
std::optional<std::string_view> day_word(Instant now, Instant start) {
    constexpr std::array<std::string_view, 3> kWords{"今天", "明天", "后天"};
    const auto days = std::chrono::sys_days(shanghai(start).date) - std::chrono::sys_days(shanghai(now).date);
    if (days.count() < 0 || days.count() >= static_cast<int>(kWords.size())) return std::nullopt;
    return kWords.at(static_cast<std::size_t>(days.count()));
}

std::string hour_and_minute(Instant instant) {
    return format_shanghai(instant).substr(11, 5);
}

Result<std::string_view> bookable_day(const Moment& moment, const BookingOrder& order) {
    if (const auto complete = require_parties(order); !complete) return tl::unexpected(complete.error());
    if (order.reference.value.empty() || order.reference.value.size() > kLongestReference)
        return fail(ErrorKind::invalid, "bad_reference", "Kuaidi100 takes references of 1 to 32 characters.");
    for (const Party* party : {&order.sender, &order.recipient})
        if (full_address(*party).size() > kLongestAddress)
            return fail(ErrorKind::invalid, "address_too_long", "Kuaidi100 takes addresses of 300 bytes.");
    const auto day = day_word(moment.now, order.window.start);
    if (!day)
        return fail(ErrorKind::invalid, "day_not_bookable",
                    "Kuaidi100 takes today, tomorrow and the day after.");
    return *day;
}

void write_party(json::Writer& w, const std::string& role, const Party& party) {
    w.member(role + "Name", party.name).member(role + "Mobile", national_phone(party.phone));
    w.member(role + "PrintAddr", full_address(party));
}

// bOrder: {"kuaidicom","recMan…","sendMan…","cargo","weight" (kg),"serviceType","dayType","pickupStartTime",
//   "pickupEndTime" (HH:mm),"callBackUrl","salt","thirdOrderId" (our reference),"op","pollCallBackUrl"}
std::string booking_param(const Account& account, const BookingOrder& order, std::string_view day) {
    const std::string url = callback_url(account, order.reference.value);
    json::Writer w;
    w.begin_object().member("kuaidicom", account.get("carrier"));
    write_party(w, "recMan", order.recipient);
    write_party(w, "sendMan", order.sender);
    w.member_if_set("cargo", order.parcel.description);
    w.member("weight", json::format_scaled(order.parcel.weight_grams, 3));
    w.member_if_set("serviceType", account.get("service_type")).member_if_set("remark", order.remark);
    w.member("dayType", day).member("pickupStartTime", hour_and_minute(order.window.start));
    w.member("pickupEndTime", hour_and_minute(order.window.end)).member("callBackUrl", url);
    w.member("salt", kuaidi100_salt(account.get("key"), order.reference.value));
    w.member("thirdOrderId", order.reference.value);
    if (account.get("track_pushes") == "on")
        w.member("op", "1")
            .member("pollCallBackUrl", url)
            .member("resultv2", get_or(account, "track_detail", "4"));
    return w.end_object().take();
}

// {"result":true,"returnCode":"200","message","data":{…}}; what is wrong in the account is the same
// everywhere.
Result<json::Value> data_of(const http::Response& response, std::span<const ErrorRow> errors,
                            ErrorKind unlisted) {
    const auto answer = read_answer(response);
    if (!answer) return tl::unexpected(answer.error());
    const auto code = (*answer)["returnCode"].text().value_or("");
    if (code.empty() || answer->find("result") == nullptr)
        return malformed("answer_shape", "Kuaidi100's answer has no result or no returnCode.");
    if (is_true((*answer)["result"]) && code == "200") return (*answer)["data"];
    const auto message = (*answer)["message"].string().value_or("");
    const bool is_carriers_no =
        code == "500" && std::ranges::any_of(kCarrierSaysNo, [message](std::string_view word) {
            return message.find(word) != message.npos;
        });
    if (is_carriers_no && unlisted == ErrorKind::in_doubt)
        return fail(ErrorKind::rejected, "carrier_refused", "The carrier refuses this pickup.");
    return error_of(errors, code, unlisted);
}

// "TASKID:ORDERID": Kuaidi100 cancels and shows an order by these only.
struct OrderKey {
    std::string_view task;
    std::string_view order;
};
Result<OrderKey> key_of(const BookedOrder& order) {
    const std::string_view key = order.courier_key;
    const std::size_t colon = key.find(':');
    if (colon == key.npos || colon == 0 || colon + 1 == key.size())
        return fail(
            ErrorKind::invalid, kNoCourierKey,
            "Kuaidi100 knows an order by its own taskId and orderId only; they came with its answer.");
    return OrderKey{key.substr(0, colon), key.substr(colon + 1)};
}

BookingState state_of(TrackingStatus status) {
    switch (status) {
        case TrackingStatus::cancelled: return BookingState::dead;
        case TrackingStatus::unknown:
        case TrackingStatus::collect_failed: return BookingState::pending;
        default: return BookingState::accepted;
    }
}

class Kuaidi100 final : public Courier {
public:
    const Profile& profile() const override { return kuaidi100_profile(); }
    Result<void> check(const Account& account) const override { return check_settings(account); }

    Result<http::Request> encode_book(const Account& account, const Moment& moment,
                                      const BookingOrder& order) const override {
        if (const auto set = check_settings(account); !set) return tl::unexpected(set.error());
        const auto day = bookable_day(moment, order);
        if (!day) return tl::unexpected(day.error());
        return order_call(account, moment, "bOrder", booking_param(account, order, *day));
    }
    // "data":{"taskId","orderId","kuaidinum" ("" for Yunda: comes later),…}; our reference is not echoed.
    Result<Booking> decode_book(const Account& account, const BookingOrder& order,
                                const http::Response& response) const override {
        const auto data = data_of(response, kOrderErrors, ErrorKind::in_doubt);
        if (!data) return tl::unexpected(data.error());
        const auto task = (*data)["taskId"].text().value_or("");
        const auto own_order = (*data)["orderId"].text().value_or("");
        if (!is_plain_id(task) || !is_plain_id(own_order))
            return malformed("answer_ids", "Kuaidi100's answer lacks taskId or orderId.");
        Booking booking = booking_of(account, order.reference, (*data)["kuaidinum"]);
        booking.courier_key.append(task).append(":").append(own_order);
        return booking;
    }

    // cancel: {"taskId","orderId","cancelMsg" (at most 30)}
    Result<http::Request> encode_cancel(const Account& account, const Moment& moment,
                                        const BookedOrder& order, std::string_view reason) const override {
        if (const auto set = check_settings(account); !set) return tl::unexpected(set.error());
        const auto key = key_of(order);
        if (!key) return tl::unexpected(key.error());
        json::Writer w;
        w.begin_object().member("taskId", key->task).member("orderId", key->order);
        w.member("cancelMsg", shorten_utf8(reason, kLongestReason)).end_object();
        return order_call(account, moment, "cancel", w.take());
    }
    Result<void> decode_cancel(const Account&, const BookingReference&,
                               const http::Response& response) const override {
        const auto data = data_of(response, kAccountErrors, ErrorKind::rejected);
        if (!data) return tl::unexpected(data.error());
        return {};
    }

    // detail: {"taskId"}
    Result<http::Request> encode_find(const Account& account, const Moment& moment,
                                      const BookedOrder& order) const override {
        if (const auto set = check_settings(account); !set) return tl::unexpected(set.error());
        const auto key = key_of(order);
        if (!key) return tl::unexpected(key.error());
        json::Writer w;
        w.begin_object().member("taskId", key->task).end_object();
        return order_call(account, moment, "detail", w.take());
    }
    // "data":{"status","kuaidiNum","courierName","courierMobile",…}
    Result<Booking> decode_find(const Account& account, const BookingReference& reference,
                                const http::Response& response) const override {
        const auto data = data_of(response, kAccountErrors, ErrorKind::in_doubt);
        if (!data) return tl::unexpected(data.error());
        const auto status = (*data)["status"].text().value_or("");
        if (status.empty()) return malformed("answer_status", "Kuaidi100's answer has no status.");
        Booking booking = booking_of(account, reference, (*data)["kuaidiNum"]);
        booking.state = state_of(status_of(kOrderStatuses, status));
        return booking;
    }

    // POST /poll/query.do, form: customer, sign = upper hex MD5(param + key + customer), param:
    //   {"com","num","phone","resultv2","order"}
    Result<http::Request> encode_track(const Account& account, const Moment&, const BookingReference&,
                                       std::string_view waybill) const override {
        if (const auto set = check_settings(account); !set) return tl::unexpected(set.error());
        if (waybill.empty())
            return fail(ErrorKind::invalid, "no_waybill", "Kuaidi100 tracks by waybill number only.");
        json::Writer w;
        w.begin_object().member("com", account.get("carrier")).member("num", waybill);
        w.member("phone", account.get("track_phone"));
        w.member("resultv2", get_or(account, "track_detail", "4")).member("order", "desc").end_object();
        const std::string param = w.take();
        const std::string_view customer = account.get("customer");
        const http::FormPairs fields{{"customer", std::string(customer)},
                                     {"sign", kuaidi100_sign({param, account.get("key"), customer})},
                                     {"param", param}};
        return post_form(account, "/poll/query.do", fields);
    }
    // {"message":"ok","nu","com","status":"200","state","data":[…]} or
    // {"result":false,"returnCode","message"}
    Result<std::vector<TrackingEvent>> decode_track(const Account&, std::string_view waybill,
                                                    const http::Response& response) const override {
        const auto answer = read_answer(response);
        if (!answer) return tl::unexpected(answer.error());
        const auto code = (*answer)["returnCode"].text().value_or("");
        if (code == "500") return std::vector<TrackingEvent>();  // nothing yet
        if (!code.empty()) return error_of(kQueryErrors, code, ErrorKind::rejected);
        if ((*answer)["status"].text() != "200" || (*answer)["nu"].text() != waybill)
            return malformed("answer_waybill", "Kuaidi100's traces are of another waybill, or no success.");
        return read_kuaidi100_traces(*answer, "query:");
    }

    // price: {"kuaidiCom","sendManPrintAddr","recManPrintAddr","weight","serviceType"}
    Result<http::Request> encode_price(const Account& account, const Moment& moment,
                                       const BookingOrder& order) const override {
        if (const auto set = check_settings(account); !set) return tl::unexpected(set.error());
        json::Writer w;
        w.begin_object().member("kuaidiCom", account.get("carrier"));
        w.member("sendManPrintAddr", full_address(order.sender));
        w.member("recManPrintAddr", full_address(order.recipient));
        w.member("weight", json::format_scaled(order.parcel.weight_grams, 3));
        w.member_if_set("serviceType", account.get("service_type")).end_object();
        return order_call(account, moment, "price", w.take());
    }
    // "data":{"price" (discounted, yuan),"defPrice"}
    Result<Price> decode_price(const Account&, const http::Response& response) const override {
        const auto data = data_of(response, kAccountErrors, ErrorKind::rejected);
        if (!data) return tl::unexpected(data.error());
        const auto fee_fen = json::parse_scaled((*data)["price"].text().value_or(""), 2);
        if (!fee_fen) return malformed("answer_price", "Kuaidi100's answer has no exact price.");
        return Price{*fee_fen};
    }

    Result<Proof> authenticate(const Account& account, const Push& push) const override {
        return authenticate_kuaidi100_push(account, push);
    }
    Result<std::vector<TrackingEvent>> decode_push(const Account&, const Push& push) const override {
        return decode_kuaidi100_push(push);
    }
    http::Response acknowledge(const Account&, const Push&, AckOutcome outcome) const override {
        return acknowledge_kuaidi100_push(outcome);
    }
    std::string redact(std::string_view body) const override { return redact_body(body, kLoggable); }

private:
    // The number is the carrier's, not the broker's (decision 22).
    static Booking booking_of(const Account& account, const BookingReference& reference,
                              const json::Value& number) {
        Booking booking;
        booking.reference = reference;
        booking.waybill = if_set(number.text().value_or(""));
        if (const Carrier* carrier = carrier_of(account)) booking.carrying_courier = carrier->ours;
        return booking;
    }
};

}  // namespace

const Courier& kuaidi100() {
    static const Kuaidi100 courier;
    return courier;
}

}  // namespace returngate::courier
