// YTO Express (圆通), open platform, contract orders: requests and their answers. Sources: README.md.
#include "adapters/courier/yto/yto.hpp"

#include "adapters/courier/redact.hpp"
#include "adapters/courier/yto/push.hpp"
#include "adapters/courier/yto/tables.hpp"
#include "adapters/crypto/digest.hpp"
#include "adapters/json/writer.hpp"

namespace returngate::courier {
namespace {

using namespace yto_tables;

const Profile& yto_profile() {
    static const Profile profile = [] {
        Profile p;
        p.code = "YTO";
        p.name = "圆通速递";
        p.offers = {Operation::book, Operation::cancel, Operation::track};
        p.lost_answer = LostAnswer::repeat_same_reference;
        p.acceptance = Acceptance::by_callback;  // 接单 comes as the push ACCEPT
        p.callback_proof = Proof::weak_signature;
        p.waybill_at_booking = true;  // normally; an answer without one means "later"
        return p;
    }();
    return profile;
}

// Path, secret and customer code are issued per interface. The path names the method and version
// that enter the signature: …/{method}/{version}/{token}/{customer code}.
struct Interface {
    std::string_view path;
    std::string_view method;
    std::string_view version;
    std::string_view secret;
};

struct InterfaceRule {
    std::string_view path_key;
    std::string_view secret_key;
    std::string_view method;
};
constexpr InterfaceRule kBook{"book_path", "book_secret", "privacy_create_adapter"};
constexpr InterfaceRule kCancel{"cancel_path", "cancel_secret", "korder_cancel_adapter"};
constexpr InterfaceRule kTrack{"track_path", "track_secret", "track_query_adapter"};

std::string_view take_last_segment(std::string_view& path) {
    const std::size_t slash = path.rfind('/');
    if (slash == path.npos) return {};
    const std::string_view segment = path.substr(slash + 1);
    path = path.substr(0, slash);
    return segment;
}

Result<Interface> interface_of(const Account& account, const InterfaceRule& rule) {
    Interface found;
    found.path = account.get(rule.path_key);
    found.secret = get_or(account, rule.secret_key, account.get("secret"));
    std::string_view rest = found.path;
    const std::string_view customer = take_last_segment(rest);
    const std::string_view token = take_last_segment(rest);
    found.version = take_last_segment(rest);
    found.method = take_last_segment(rest);
    const bool is_plain =
        found.path.starts_with('/') && found.path.find_first_of(" ?#\r\n") == found.path.npos;
    if (!is_plain || customer.empty() || token.empty() || found.version.empty() ||
        found.method != rule.method)
        return fail(ErrorKind::invalid, "bad_setting",
                    "Set \"" + std::string(rule.path_key) +
                        "\" to the path that YTO's console shows: /open/" + std::string(rule.method) +
                        "/{version}/{token}/{customer code}.");
    if (found.secret.empty())
        return fail(ErrorKind::invalid, "missing_setting",
                    "Set \"secret\" or \"" + std::string(rule.secret_key) + "\" in the courier's settings.");
    return found;
}

// POST {path}, application/json; charset=UTF-8:
//   {"timestamp":<ms>,"param":"<JSON as a string>","sign":"…","format":"JSON"}
//   sign = Base64(MD5(param + method + version + secret)); the timestamp is not signed.
http::Request envelope(const Interface& interface, const Moment& moment, std::string_view param) {
    const crypto::Md5 digest = crypto::md5({param, interface.method, interface.version, interface.secret});
    json::Writer body;
    body.begin_object().member("timestamp", milliseconds(moment.now)).member("param", param);
    body.member("sign", crypto::to_base64(digest)).member("format", "JSON").end_object();
    http::Request request;
    request.method = "POST";
    request.target = interface.path;
    request.headers.fields.emplace_back("Content-Type", "application/json; charset=UTF-8");
    request.body = body.take();
    return request;
}

void write_party(json::Writer& w, const std::string& role, const Party& party) {
    w.member(role + "Name", party.name).member(role + "ProvinceName", party.province);
    w.member(role + "CityName", party.city).member_if_set(role + "CountyName", party.county);
    w.member(role + "Address", party.address).member(role + "Mobile", national_phone(party.phone));
}

// privacy_create_adapter v1:
//   {"logisticsNo","sender…","recipient…","startTime","endTime":"yyyy-MM-dd HH:mm:ss",
//    "goods":[{"name","quantity","weight":<kg>}],"remark"}
std::string booking_param(const BookingOrder& order) {
    json::Writer w;
    w.begin_object().member("logisticsNo", order.reference.value);
    write_party(w, "sender", order.sender);
    write_party(w, "recipient", order.recipient);
    w.member("startTime", format_shanghai(order.window.start))
        .member("endTime", format_shanghai(order.window.end));
    w.key("goods").begin_array().begin_object().member("name", order.parcel.description);
    w.member("quantity", order.parcel.quantity).raw_member("weight", kilograms(order.parcel.weight_grams));
    w.end_object().end_array().member_if_set("remark", order.remark).end_object();
    return w.take();
}

// A refusal is known by `reason` or `success` false; YTO's gateway answers apiErrorMsg, without a
// code, so whether the order went through is open. Success echoes our reference.
Result<void> check_order_answer(const json::Value& answer, const BookingReference& reference) {
    if (!answer.is_object()) return malformed("answer_shape", "YTO's answer is no JSON object.");
    if (!answer["apiErrorMsg"].is_null() && answer["code"].is_null())
        return fail(ErrorKind::in_doubt, "courier_gateway",
                    "YTO's gateway answered an error without a code.");
    const bool says_no = answer.find("success") != nullptr && !is_true(answer["success"]);
    if (says_no || !answer["reason"].is_null())
        return error_of(kErrors, answer["code"].text().value_or(""), ErrorKind::rejected);
    if (answer["logisticsNo"].string() != reference.value)
        return malformed("answer_reference", "YTO's answer does not name our reference.");
    return {};
}

// [{"waybill_No","upload_Time","infoContent","processInfo","city","district","weight"}]
Result<TrackingEvent> read_trace(const json::Value& row, std::string_view waybill) {
    const auto word = row["infoContent"].string();
    const auto time = row["upload_Time"].string();
    const auto at = time ? parse_shanghai(*time) : std::nullopt;
    if (!word || !at || row["waybill_No"].string().value_or(waybill) != waybill)
        return malformed("trace_row", "A row of YTO's track answer is unreadable or of another waybill.");
    TrackingEvent event;
    event.waybill = std::string(waybill);
    event.status = status_of(kStatuses, *word);
    event.raw_status = *word;
    event.occurred_at = *at;
    event.dedupe_key = "query:" + std::string(waybill) + ":" + event.raw_status + ":" + format_rfc3339(*at);
    if (const auto bounded = bound_texts(event); !bounded) return tl::unexpected(bounded.error());
    return event;
}

class Yto final : public Courier {
public:
    const Profile& profile() const override { return yto_profile(); }

    Result<void> check(const Account& account) const override {
        if (const auto set = require_settings(account, {}); !set) return set;
        for (const InterfaceRule& rule : {kBook, kCancel, kTrack})
            if (const auto found = interface_of(account, rule); !found) return tl::unexpected(found.error());
        if (account.get("push_secret").empty() && account.get("secret").empty())
            return fail(ErrorKind::invalid, "missing_setting", "Set \"push_secret\" (or \"secret\").");
        return {};
    }

    Result<http::Request> encode_book(const Account& account, const Moment& moment,
                                      const BookingOrder& order) const override {
        const auto interface = interface_of(account, kBook);
        if (!interface) return tl::unexpected(interface.error());
        if (const auto complete = require_parties(order); !complete) return tl::unexpected(complete.error());
        if (order.reference.value.size() < 7 || order.reference.value.size() > 64)
            return fail(ErrorKind::invalid, "bad_reference", "YTO takes references of 7 to 64 characters.");
        return envelope(*interface, moment, booking_param(order));
    }

    // {"customerCode","logisticsNo","mailNo"?,"shortAddress"?} or {"success":false,"code","reason"}
    Result<Booking> decode_book(const Account&, const BookingOrder& order,
                                const http::Response& response) const override {
        const auto answer = read_answer(response);
        if (!answer) return tl::unexpected(answer.error());
        if (const auto said = check_order_answer(*answer, order.reference); !said)
            return tl::unexpected(said.error());
        Booking booking;
        booking.reference = order.reference;
        booking.state = BookingState::pending;
        booking.waybill = if_set((*answer)["mailNo"].string().value_or(""));
        return booking;
    }

    // korder_cancel_adapter v1: {"logisticsNo","cancelDesc"}
    Result<http::Request> encode_cancel(const Account& account, const Moment& moment,
                                        const BookedOrder& order, std::string_view reason) const override {
        const auto interface = interface_of(account, kCancel);
        if (!interface) return tl::unexpected(interface.error());
        json::Writer w;
        w.begin_object()
            .member("logisticsNo", order.reference.value)
            .member("cancelDesc", reason)
            .end_object();
        return envelope(*interface, moment, w.take());
    }

    Result<void> decode_cancel(const Account&, const BookingReference& reference,
                               const http::Response& response) const override {
        const auto answer = read_answer(response);
        if (!answer) return tl::unexpected(answer.error());
        return check_order_answer(*answer, reference);
    }

    Result<http::Request> encode_find(const Account&, const Moment&, const BookedOrder&) const override {
        return not_offered(profile(), Operation::find);
    }
    Result<Booking> decode_find(const Account&, const BookingReference&,
                                const http::Response&) const override {
        return not_offered(profile(), Operation::find);
    }

    // track_query_adapter v1: {"NUMBER":"YT…"}
    Result<http::Request> encode_track(const Account& account, const Moment& moment, const BookingReference&,
                                       std::string_view waybill) const override {
        const auto interface = interface_of(account, kTrack);
        if (!interface) return tl::unexpected(interface.error());
        if (waybill.empty())
            return fail(ErrorKind::invalid, "no_waybill", "YTO tracks by waybill number only.");
        json::Writer w;
        w.begin_object().member("NUMBER", waybill).end_object();
        return envelope(*interface, moment, w.take());
    }

    // A bare array, oldest first; or, when there is nothing yet,
    // {"map":{"YT…":[]},"code":"1001","success":"true","message":"查询结果为空。"}
    Result<std::vector<TrackingEvent>> decode_track(const Account&, std::string_view waybill,
                                                    const http::Response& response) const override {
        const auto answer = read_answer(response);
        if (!answer) return tl::unexpected(answer.error());
        std::vector<TrackingEvent> events;
        const auto code = (*answer)["code"].text().value_or("");
        if (code == "1001") return events;
        if (answer->is_object() && !code.empty()) return error_of(kErrors, code, ErrorKind::rejected);
        if (!answer->is_array()) return malformed("answer_shape", "YTO's track answer is no list.");
        for (const json::Value& row : answer->items()) {
            auto event = read_trace(row, waybill);
            if (!event) return tl::unexpected(event.error());
            events.push_back(*std::move(event));
        }
        return events;
    }

    Result<Proof> authenticate(const Account& account, const Push& push) const override {
        return authenticate_yto_push(account, push);
    }
    Result<std::vector<TrackingEvent>> decode_push(const Account&, const Push& push) const override {
        return decode_yto_push(push);
    }
    http::Response acknowledge(const Account&, const Push& push, AckOutcome outcome) const override {
        return acknowledge_yto_push(push, outcome);
    }
    std::string redact(std::string_view body) const override { return redact_body(body, kLoggable); }
};

}  // namespace

const Courier& yto() {
    static const Yto courier;
    return courier;
}

}  // namespace returngate::courier
