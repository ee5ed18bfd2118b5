// J&T Express China (极兔), open platform: requests and their answers. Sources: README.md.
#include "adapters/courier/jt/jt.hpp"

#include <algorithm>

#include "adapters/courier/envelope.hpp"
#include "adapters/courier/jt/push.hpp"
#include "adapters/courier/jt/tables.hpp"
#include "adapters/courier/redact.hpp"
#include "adapters/json/decimal.hpp"
#include "adapters/json/writer.hpp"

namespace returngate::courier {
namespace {

using namespace jt_tables;

constexpr std::size_t kLongestReference = 50;
constexpr std::size_t kLongestReason = 50;
constexpr std::size_t kLongestRemark = 200;

const Profile& jt_profile() {
    static const Profile profile = [] {
        Profile p;
        p.code = "JT";
        p.name = "极兔速递";
        p.offers = {Operation::book, Operation::cancel, Operation::find, Operation::track, Operation::price};
        // The same reference again would change the order: J&T is asked instead.
        p.lost_answer = LostAnswer::find_by_reference;
        p.acceptance = Acceptance::by_answer;
        p.callback_proof = Proof::weak_signature;
        p.waybill_at_booking = true;  // of contract orders; of loose ones with a push
        return p;
    }();
    return profile;
}

bool is_loose(const Account& account) {
    return !account.get("salesman_code").empty();
}

Result<void> check_settings(const Account& account) {
    const auto set = require_settings(account, {"api_account", "private_key", "customer_code", "password"});
    if (!set) return set;
    if (is_loose(account) != !account.get("network_code").empty())
        return fail(ErrorKind::invalid, "missing_setting",
                    "Set both \"salesman_code\" and \"network_code\" for loose orders, or neither.");
    if (account.get("uuid").find_first_of("&?# \r\n") != std::string_view::npos)
        return fail(ErrorKind::invalid, "bad_setting", "Set \"uuid\" to the test id alone.");
    return {};
}

// Base64(MD5(who + cipher + privateKey)), cipher = upper hex MD5(word + salt). Who and word: customer code
// and password; of loose orders salesman and network code.
std::string business_digest(const Account& account, std::string_view who, std::string_view word) {
    const std::string_view salt = get_or(account, "digest_salt", "jadada236t2");
    std::string cipher = md5_hex({word, salt});
    std::ranges::transform(cipher, cipher.begin(), [](char c) {
        return c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    return md5_base64({who, cipher, account.get("private_key")});
}

void write_customer(json::Writer& w, const Account& account) {
    const std::string_view code = account.get("customer_code");
    w.member("customerCode", code).member("digest", business_digest(account, code, account.get("password")));
}

// POST {base}/order/…, form: bizContent (JSON text); headers apiAccount, timestamp (ms),
//   digest = Base64(MD5(bizContent + privateKey))
http::Request call(const Account& account, const Moment& moment, std::string_view path,
                   const std::string& content) {
    const bool has_path = path_of(account.base_url).size() > 1;
    std::string target = target_of(account, has_path ? "" : "/webopenplatformapi/api");
    target.append(path);
    if (const auto uuid = account.get("uuid"); !uuid.empty()) target.append("?uuid=").append(uuid);
    http::Request request = post_form(std::move(target), {{"bizContent", content}});
    auto& fields = request.headers.fields;
    fields.emplace_back("apiAccount", account.get("api_account"));
    fields.emplace_back("digest", md5_base64({content, account.get("private_key")}));
    fields.emplace_back("timestamp", std::to_string(milliseconds(moment.now)));
    return request;
}

void write_party(json::Writer& w, std::string_view role, const Party& party) {
    w.key(role).begin_object().member("name", party.name).member("mobile", national_phone(party.phone));
    w.member("countryCode", "CHN").member("prov", party.province).member("city", party.city);
    w.member_if_set("area", party.county).member("address", party.address).end_object();
}

// J&T weighs in hundredths of a kilogram.
std::string weight_text(const Parcel& parcel) {
    return kilograms(std::max<std::int64_t>((parcel.weight_grams + 9) / 10 * 10, 10));
}

// addOrder: {"customerCode","digest","txlogisticId","expressType","orderType":"2","serviceType":"01" (door),
//   "deliveryType":"03"
//   (door),"payType","sender":{…},"receiver":{…},"sendStartTime","sendEndTime","goodsType", "weight"
//   (kg),"totalQuantity":1,"remark"}
// addLooseOrder: "salesmanCode" in place of "customerCode", "orderType":"1"
std::string booking_content(const Account& account, const BookingOrder& order) {
    const bool loose = is_loose(account);
    json::Writer w;
    w.begin_object();
    if (loose) {
        const std::string_view salesman = account.get("salesman_code");
        w.member("salesmanCode", salesman);
        w.member("digest", business_digest(account, salesman, account.get("network_code")));
    } else {
        write_customer(w, account);
    }
    w.member("txlogisticId", order.reference.value);
    w.member("expressType", get_or(account, "express_type", "EZ")).member("orderType", loose ? "1" : "2");
    w.member("serviceType", "01").member("deliveryType", "03");
    w.member("payType", get_or(account, "pay_type", loose ? "PP_CASH" : "PP_PM"));
    write_party(w, "sender", order.sender);
    write_party(w, "receiver", order.recipient);
    w.member("sendStartTime", format_shanghai(order.window.start));
    w.member("sendEndTime", format_shanghai(order.window.end));
    w.member("goodsType", get_or(account, "goods_type", "bm000006"));
    w.member("weight", weight_text(order.parcel)).member("totalQuantity", 1);
    w.member_if_set("remark", shorten_utf8(order.remark, kLongestRemark));
    return w.end_object().take();
}

// {"code":"1","msg":"success","data":…,"requestId"}
Result<json::Value> data_of(const http::Response& response, std::span<const ErrorRow> errors,
                            ErrorKind unlisted) {
    const auto answer = read_answer(response);
    if (!answer) return tl::unexpected(answer.error());
    const auto code = (*answer)["code"].text().value_or("");
    if (code.empty()) return malformed("answer_shape", "J&T's answer has no code.");
    if (code == "1") return (*answer)["data"];
    const bool is_ours = std::ranges::find(kAccountErrors, code, &ErrorRow::code) != kAccountErrors.end();
    return error_of(is_ours ? std::span<const ErrorRow>(kAccountErrors) : errors, code, unlisted);
}

Result<json::Value> order_data(const http::Response& response, const BookingReference& reference) {
    auto data = data_of(response, kOrderErrors, ErrorKind::rejected);
    if (data && (*data)["txlogisticId"].text() != reference.value)
        return malformed("answer_reference", "J&T's answer does not name our reference.");
    return data;
}

Result<Booking> read_order(const json::Value& row, const BookingReference& reference) {
    const auto status = status_of(kOrders, row["orderStatus"].text().value_or(""));
    if (status == TrackingStatus::unknown)
        return malformed("answer_status", "J&T's answer has no orderStatus that we know.");
    Booking booking;
    booking.reference = reference;
    booking.state = status == TrackingStatus::cancelled ? BookingState::dead : BookingState::accepted;
    booking.waybill = if_set(row["billCode"].text().value_or(""));
    return booking;
}

void write_place(json::Writer& w, std::string_view role, const Party& party) {
    w.key(role).begin_object().member("prov", party.province).member("city", party.city);
    w.member_if_set("area", party.county);
    w.member("address", party.province + party.city + party.county + party.address).end_object();
}

class Jt final : public Courier {
public:
    const Profile& profile() const override { return jt_profile(); }
    Result<void> check(const Account& account) const override { return check_settings(account); }

    Result<http::Request> encode_book(const Account& account, const Moment& moment,
                                      const BookingOrder& order) const override {
        if (const auto set = check_settings(account); !set) return tl::unexpected(set.error());
        if (const auto complete = require_parties(order); !complete) return tl::unexpected(complete.error());
        if (order.reference.value.empty() || order.reference.value.size() > kLongestReference)
            return fail(ErrorKind::invalid, "bad_reference", "J&T takes references of 1 to 50 characters.");
        const std::string_view path = is_loose(account) ? "/order/addLooseOrder" : "/order/addOrder";
        return call(account, moment, path, booking_content(account, order));
    }
    // "data":{"txlogisticId","billCode","sortingCode","createOrderTime"}; loose: "orderId", no "billCode"
    Result<Booking> decode_book(const Account&, const BookingOrder& order,
                                const http::Response& response) const override {
        const auto data = order_data(response, order.reference);
        if (!data) return tl::unexpected(data.error());
        Booking booking;
        booking.reference = order.reference;
        booking.state = BookingState::accepted;
        booking.waybill = if_set((*data)["billCode"].text().value_or(""));
        return booking;
    }

    // cancelOrder: {"customerCode","digest","orderType","txlogisticId","reason"}
    Result<http::Request> encode_cancel(const Account& account, const Moment& moment,
                                        const BookedOrder& order, std::string_view reason) const override {
        if (const auto set = check_settings(account); !set) return tl::unexpected(set.error());
        json::Writer w;
        write_customer(w.begin_object(), account);
        w.member("orderType", is_loose(account) ? "1" : "2").member("txlogisticId", order.reference.value);
        w.member("reason", reason.empty() ? "取消" : shorten_utf8(reason, kLongestReason)).end_object();
        return call(account, moment, "/order/cancelOrder", w.take());
    }
    Result<void> decode_cancel(const Account&, const BookingReference& reference,
                               const http::Response& response) const override {
        const auto data = order_data(response, reference);
        if (data || data.error().code == "already_cancelled") return {};
        return tl::unexpected(data.error());
    }

    // getOrders: {"customerCode","digest","command":1 (by our reference),"serialNumber":[…]}
    Result<http::Request> encode_find(const Account& account, const Moment& moment,
                                      const BookedOrder& order) const override {
        if (const auto set = check_settings(account); !set) return tl::unexpected(set.error());
        json::Writer w;
        write_customer(w.begin_object(), account);
        w.member("command", 1).key("serialNumber").begin_array().value(order.reference.value).end_array();
        return call(account, moment, "/order/getOrders", w.end_object().take());
    }
    // "data":[{"txlogisticId","billCode","orderStatus":100,…}]; an empty list is "not known"
    Result<Booking> decode_find(const Account&, const BookingReference& reference,
                                const http::Response& response) const override {
        const auto data = data_of(response, kQueryErrors, ErrorKind::in_doubt);
        if (!data) return tl::unexpected(data.error());
        if (data->is_array() && data->items().empty())
            return fail(ErrorKind::not_found, "order_not_found", "J&T does not know the reference.");
        for (const json::Value& row : data->items())
            if (row["txlogisticId"].text() == reference.value) return read_order(row, reference);
        if ((*data)["txlogisticId"].text() == reference.value) return read_order(*data, reference);
        return malformed("answer_reference", "J&T's answer does not name our reference.");
    }

    // logistics/trace: {"billCodes":"a,b"}
    Result<http::Request> encode_track(const Account& account, const Moment& moment, const BookingReference&,
                                       std::string_view waybill) const override {
        if (const auto set = check_settings(account); !set) return tl::unexpected(set.error());
        if (waybill.empty())
            return fail(ErrorKind::invalid, "no_waybill", "J&T tracks by waybill number only.");
        json::Writer w;
        w.begin_object().member("billCodes", waybill).end_object();
        return call(account, moment, "/logistics/trace", w.take());
    }
    // "data":[{"billCode","details":[{"scanTime","scanType","scanTypeCode",…}]}]
    Result<std::vector<TrackingEvent>> decode_track(const Account&, std::string_view waybill,
                                                    const http::Response& response) const override {
        const auto data = data_of(response, kQueryErrors, ErrorKind::rejected);
        if (!data) return tl::unexpected(data.error());
        if (!data->is_array()) return malformed("answer_shape", "J&T's traces are no list.");
        std::vector<TrackingEvent> events;
        for (const json::Value& parcel : data->items()) {
            if (parcel["billCode"].text() != waybill)
                return malformed("answer_waybill", "J&T's traces are of another waybill.");
            for (const json::Value& detail : parcel["details"].items()) {
                auto event = read_jt_scan(detail, waybill, "query:");
                if (!event) return tl::unexpected(event.error());
                if (const auto bounded = bound_texts(*event); !bounded)
                    return tl::unexpected(bounded.error());
                events.push_back(*std::move(event));
            }
        }
        return events;
    }

    // spmComCost/getComCost: {"customerCode","digest","sender":{"prov","city","area","address"},"receiver",
    //   "weight" (kg)}
    Result<http::Request> encode_price(const Account& account, const Moment& moment,
                                       const BookingOrder& order) const override {
        if (const auto set = check_settings(account); !set) return tl::unexpected(set.error());
        json::Writer w;
        write_customer(w.begin_object(), account);
        write_place(w, "sender", order.sender);
        write_place(w, "receiver", order.recipient);
        w.member("weight", weight_text(order.parcel)).end_object();
        return call(account, moment, "/spmComCost/getComCost", w.take());
    }
    // "data":{"totalPrice" (yuan)}
    Result<Price> decode_price(const Account&, const http::Response& response) const override {
        const auto data = data_of(response, kOrderErrors, ErrorKind::rejected);
        if (!data) return tl::unexpected(data.error());
        const auto fee_fen = json::parse_scaled((*data)["totalPrice"].text().value_or(""), 2);
        if (!fee_fen) return malformed("answer_price", "J&T's answer has no exact price.");
        return Price{*fee_fen};
    }

    Result<Proof> authenticate(const Account& account, const Push& push) const override {
        return authenticate_jt_push(account, push);
    }
    Result<std::vector<TrackingEvent>> decode_push(const Account&, const Push& push) const override {
        return decode_jt_push(push);
    }
    http::Response acknowledge(const Account&, const Push&, AckOutcome outcome) const override {
        return acknowledge_jt_push(outcome);
    }
    std::string redact(std::string_view body) const override { return redact_body(body, kLoggable); }
};

}  // namespace

const Courier& jt() {
    static const Jt courier;
    return courier;
}

}  // namespace returngate::courier
