// KDNiao (快递鸟), door pickup 上门取件: requests and their answers. Sources: README.md.
#include "adapters/courier/kdniao/kdniao.hpp"

#include <algorithm>

#include "adapters/courier/envelope.hpp"
#include "adapters/courier/kdniao/push.hpp"
#include "adapters/courier/kdniao/tables.hpp"
#include "adapters/courier/redact.hpp"
#include "adapters/json/decimal.hpp"
#include "adapters/json/writer.hpp"

namespace returngate::courier {
namespace {

using namespace kdniao_tables;

constexpr std::size_t kLongestReference = 30;
constexpr std::size_t kLongestRemark = 60;

const Profile& kdniao_profile() {
    static const Profile profile = [] {
        Profile p;
        p.code = "KDNIAO";
        p.name = "快递鸟";
        p.offers = {Operation::book, Operation::cancel, Operation::find, Operation::track, Operation::price};
        p.lost_answer = LostAnswer::repeat_same_reference;  // 106 when the first one arrived
        p.acceptance = Acceptance::by_callback;             // State 102 or 103
        p.callback_proof = Proof::weak_signature;
        p.waybill_at_booking = false;  // mostly by push: 103, 120
        return p;
    }();
    return profile;
}

const Carrier* carrier_of(std::string_view shipper_code) {
    const auto* found = std::ranges::find(kCarriers, shipper_code, &Carrier::code);
    return found == kCarriers.end() ? nullptr : found;
}

// Numbers of the contract that stand in the JSON as numbers.
constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kSelectors{
    {{"transport_type", "1"}, {"shipper_type", "5"}, {"exp_type", "1"}, {"pay_type", "3"}}};

Result<void> check_settings(const Account& account) {
    if (const auto set = require_settings(account, {"e_business_id", "api_key", "shipper_code"}); !set)
        return set;
    const Carrier* carrier = carrier_of(account.get("shipper_code"));
    if (carrier == nullptr)
        return fail(ErrorKind::invalid, "bad_setting",
                    "Set \"shipper_code\" to one of KDNiao's codes, as JTSD.");
    if (carrier->wants_customer_name && account.get("customer_name").empty())
        return fail(ErrorKind::invalid, "missing_setting",
                    "Set \"customer_name\": parcels of this carrier are tracked with it only.");
    for (const auto& [name, otherwise] : kSelectors) {
        const std::string_view value = get_or(account, name, otherwise);
        if (value.size() > 2 || value.find_first_not_of("0123456789") != value.npos || value.front() == '0')
            return fail(ErrorKind::invalid, "bad_setting", "Set \"" + std::string(name) + "\" to a number.");
    }
    for (const std::string_view name : {"order_path", "track_path"})
        if (const std::string_view path = account.get(name); !path.empty() && path.front() != '/')
            return fail(ErrorKind::invalid, "bad_setting",
                        "Set \"" + std::string(name) + "\" to a path: /….");
    return {};
}

// POST, form: RequestData (JSON text), EBusinessID, RequestType, DataSign, DataType=2; encoded once (old
// clients encode twice).
http::Request call(const Account& account, std::string_view path, std::string type, std::string data) {
    std::string sign = md5_hex_base64({data, account.get("api_key")});
    const http::FormPairs fields{{"RequestData", std::move(data)},
                                 {"EBusinessID", std::string(account.get("e_business_id"))},
                                 {"RequestType", std::move(type)},
                                 {"DataSign", std::move(sign)},
                                 {"DataType", "2"}};
    return post_form(target_of(account, path), fields);
}

http::Request order_call(const Account& account, std::string type, std::string data) {
    return call(account, get_or(account, "order_path", "/api/OOrderService"), std::move(type),
                std::move(data));
}

std::string plain(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const auto* swap = std::ranges::find(kSwaps, c, &Swap::refused);
        swap == kSwaps.end() ? out += c : out += swap->instead;
    }
    return out;
}

void write_party(json::Writer& w, std::string_view role, const Party& party) {
    w.key(role).begin_object().member("ProvinceName", plain(party.province));
    w.member("CityName", plain(party.city)).member_if_set("ExpAreaName", plain(party.county));
    w.member_if_set("Address", plain(party.address)).member_if_set("Name", plain(party.name));
    w.member_if_set("Mobile", plain(national_phone(party.phone))).end_object();
}

void write_selector(json::Writer& w, const Account& account, std::string_view member, std::size_t row) {
    const auto& [name, otherwise] = kSelectors.at(row);
    w.raw_member(member, get_or(account, name, otherwise));
}

std::string weight_of(const Parcel& parcel) {
    return json::format_scaled(parcel.weight_grams, 3);
}

Result<void> check_reference(const BookingReference& reference) {
    if (reference.value.empty() || reference.value.size() > kLongestReference)
        return fail(ErrorKind::invalid, "bad_reference", "KDNiao takes references of 1 to 30 characters.");
    return {};
}

// {"EBusinessID","Success":true,"ResultCode":"100","Reason",…}
Result<json::Value> success_of(const http::Response& response, std::span<const ErrorRow> errors,
                               ErrorKind unlisted) {
    auto answer = read_answer(response);
    if (!answer) return answer;
    if (answer->find("Success") == nullptr)
        return malformed("answer_shape", "KDNiao's answer does not say whether it succeeded.");
    const auto code = (*answer)["ResultCode"].text().value_or("");
    if (is_true((*answer)["Success"]) && (code.empty() || code == kOk)) return answer;
    return error_of(errors, code, unlisted);
}

// That the order stands already is all that a repeat is meant to find out; the pushes tell the rest.
bool is_placed_before(const http::Response& response) {
    const auto answer = read_answer(response);
    if (!answer || answer->find("Success") == nullptr) return false;
    const auto code = (*answer)["ResultCode"].text().value_or("");
    if (code != kOtherRefusal) return code == kPlacedBefore;
    const auto reason = (*answer)["Reason"].string().value_or("");
    return std::ranges::any_of(kPlacedBeforeWords,
                               [reason](std::string_view word) { return reason.find(word) != reason.npos; });
}

// The number is the carrier's, not the broker's.
Booking booking_of(const Account& account, const BookingReference& reference, const json::Value& order) {
    Booking booking;
    booking.reference = reference;
    booking.waybill = if_set(order["LogisticCode"].text().value_or(""));
    const Carrier* carrier = carrier_of(order["ShipperCode"].text().value_or(""));
    if (carrier == nullptr) carrier = carrier_of(account.get("shipper_code"));
    if (carrier != nullptr) booking.carrying_courier = carrier->ours;
    return booking;
}

BookingState state_of(TrackingStatus status) {
    switch (status) {
        case TrackingStatus::cancelled: return BookingState::dead;
        case TrackingStatus::unknown:
        case TrackingStatus::replaced:
        case TrackingStatus::exception: return BookingState::pending;
        default: return BookingState::accepted;
    }
}

class Kdniao final : public Courier {
public:
    const Profile& profile() const override { return kdniao_profile(); }
    Result<void> check(const Account& account) const override { return check_settings(account); }

    // 1801 {"TransportType","ShipperType","ShipperCode","OrderCode" (ours),"ExpType","PayType","Receiver",
    //   "Sender","Weight" (kg),"Quantity","Remark","StartDate","EndDate","Commodity":[…]}
    Result<http::Request> encode_book(const Account& account, const Moment&,
                                      const BookingOrder& order) const override {
        if (const auto set = check_settings(account); !set) return tl::unexpected(set.error());
        if (const auto complete = require_parties(order); !complete) return tl::unexpected(complete.error());
        if (const auto fits = check_reference(order.reference); !fits) return tl::unexpected(fits.error());
        json::Writer w;
        w.begin_object();
        write_selector(w, account, "TransportType", 0);
        write_selector(w, account, "ShipperType", 1);
        w.member("ShipperCode", account.get("shipper_code")).member("OrderCode", order.reference.value);
        write_selector(w, account, "ExpType", 2);
        write_selector(w, account, "PayType", 3);
        write_party(w, "Receiver", order.recipient);
        write_party(w, "Sender", order.sender);
        w.raw_member("Weight", weight_of(order.parcel)).member("Quantity", 1);
        w.member("Remark", shorten_utf8(plain(order.remark), kLongestRemark));
        w.member("StartDate", format_shanghai(order.window.start));
        w.member("EndDate", format_shanghai(order.window.end));
        w.key("Commodity").begin_array().begin_object();
        w.member("GoodsName", plain(order.parcel.description));
        w.member("GoodsQuantity", order.parcel.quantity).end_object().end_array();
        return order_call(account, "1801", w.end_object().take());
    }
    // "Order":{"OrderCode","KDNOrderCode","ShipperCode","LogisticCode" (often ""),…}
    Result<Booking> decode_book(const Account& account, const BookingOrder& order,
                                const http::Response& response) const override {
        if (is_placed_before(response)) return booking_of(account, order.reference, json::Value());
        const auto answer = success_of(response, kErrors, ErrorKind::in_doubt);
        if (!answer) return tl::unexpected(answer.error());
        const json::Value& placed = (*answer)["Order"];
        if (placed["OrderCode"].text() != order.reference.value)
            return malformed("answer_reference", "KDNiao's answer is of another order.");
        return booking_of(account, order.reference, placed);
    }

    // 1802 {"OrderCode","CancelType":1,"CancelMsg"}
    Result<http::Request> encode_cancel(const Account& account, const Moment&, const BookedOrder& order,
                                        std::string_view reason) const override {
        if (const auto set = check_settings(account); !set) return tl::unexpected(set.error());
        if (const auto fits = check_reference(order.reference); !fits) return tl::unexpected(fits.error());
        json::Writer w;
        w.begin_object().member("OrderCode", order.reference.value).member("CancelType", 1);
        w.member("CancelMsg", shorten_utf8(plain(reason), kLongestRemark)).end_object();
        return order_call(account, "1802", w.take());
    }
    Result<void> decode_cancel(const Account&, const BookingReference&,
                               const http::Response& response) const override {
        const auto answer = success_of(response, kErrors, ErrorKind::rejected);
        if (!answer) return tl::unexpected(answer.error());
        return {};
    }

    // 1804 {"OrderCode"}
    Result<http::Request> encode_find(const Account& account, const Moment&,
                                      const BookedOrder& order) const override {
        if (const auto set = check_settings(account); !set) return tl::unexpected(set.error());
        if (const auto fits = check_reference(order.reference); !fits) return tl::unexpected(fits.error());
        json::Writer w;
        w.begin_object().member("OrderCode", order.reference.value).end_object();
        return order_call(account, "1804", w.take());
    }
    // Not printed in the sources: the words of a push are expected, under Order, Data or Data[0].
    Result<Booking> decode_find(const Account& account, const BookingReference& reference,
                                const http::Response& response) const override {
        const auto answer =
            success_of(response, std::span(kErrors).first(kAccountErrors), ErrorKind::in_doubt);
        if (!answer) return tl::unexpected(answer.error());
        const json::Value& data = (*answer)["Data"];
        const json::Value& found = data.items().empty() ? data : data.items().front();
        const json::Value& order = found.is_object() ? found : (*answer)["Order"];
        const auto state = order["State"].text().value_or("");
        if (order["OrderCode"].text() != reference.value || state.empty())
            return malformed("answer_order", "KDNiao's answer is of another order, or has no State.");
        Booking booking = booking_of(account, reference, order);
        booking.state = state_of(status_of(kOrderStates, state));
        return booking;
    }

    // 8001 (or 1002, 8002) {"OrderCode","CustomerName"?,"ShipperCode","LogisticCode"}
    Result<http::Request> encode_track(const Account& account, const Moment&, const BookingReference&,
                                       std::string_view waybill) const override {
        if (const auto set = check_settings(account); !set) return tl::unexpected(set.error());
        if (waybill.empty())
            return fail(ErrorKind::invalid, "no_waybill", "KDNiao tracks by waybill number only.");
        json::Writer w;
        w.begin_object().member("OrderCode", "").member_if_set("CustomerName", account.get("customer_name"));
        w.member("ShipperCode", account.get("shipper_code")).member("LogisticCode", waybill).end_object();
        return call(account, get_or(account, "track_path", "/Ebusiness/EbusinessOrderHandle.aspx"),
                    std::string(get_or(account, "track_type", "8001")), w.take());
    }
    // {"Success":true,"LogisticCode","State","StateEx"?,"Traces":[…]}
    Result<std::vector<TrackingEvent>> decode_track(const Account&, std::string_view waybill,
                                                    const http::Response& response) const override {
        const auto answer = success_of(response, kErrors, ErrorKind::rejected);
        if (!answer) return tl::unexpected(answer.error());
        if ((*answer)["LogisticCode"].text() != waybill)
            return malformed("answer_waybill", "KDNiao's traces are of another waybill.");
        return read_kdniao_traces(*answer, "query:");
    }

    // 1815 {"TransportType","ShipperType","ShipperCode","Sender","Receiver","Weight"}
    Result<http::Request> encode_price(const Account& account, const Moment&,
                                       const BookingOrder& order) const override {
        if (const auto set = check_settings(account); !set) return tl::unexpected(set.error());
        json::Writer w;
        w.begin_object();
        write_selector(w, account, "TransportType", 0);
        write_selector(w, account, "ShipperType", 1);
        w.member("ShipperCode", account.get("shipper_code"));
        write_party(w, "Sender", order.sender);
        write_party(w, "Receiver", order.recipient);
        return order_call(account, "1815",
                          w.raw_member("Weight", weight_of(order.parcel)).end_object().take());
    }
    // "Data":[{"shipperCode","totalFee" (yuan),…}]: the row of our carrier
    Result<Price> decode_price(const Account& account, const http::Response& response) const override {
        const auto answer = success_of(response, kErrors, ErrorKind::rejected);
        if (!answer) return tl::unexpected(answer.error());
        for (const json::Value& row : (*answer)["Data"].items()) {
            if (row["shipperCode"].string() != account.get("shipper_code")) continue;
            if (const auto fee = json::parse_scaled(row["totalFee"].text().value_or(""), 2))
                return Price{*fee};
        }
        return malformed("answer_price", "KDNiao's answer has no exact price of our carrier.");
    }

    Result<Proof> authenticate(const Account& account, const Push& push) const override {
        return authenticate_kdniao_push(account, push);
    }
    Result<std::vector<TrackingEvent>> decode_push(const Account&, const Push& push) const override {
        return decode_kdniao_push(push);
    }
    http::Response acknowledge(const Account& account, const Push& push, AckOutcome outcome) const override {
        return acknowledge_kdniao_push(account, push, outcome);
    }
    std::string redact(std::string_view body) const override { return redact_body(body, kLoggable); }
};

}  // namespace

const Courier& kdniao() {
    static const Kdniao courier;
    return courier;
}

}  // namespace returngate::courier
