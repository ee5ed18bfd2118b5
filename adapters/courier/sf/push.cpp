// SF's pushes. None but the fee push carries a signature; the secret in the URL is all the proof.
//   order state  JSON  {"requestId","timestamp","orderState":[{"orderNo","waybillNo","orderStateCode",
//                      "empCode","empPhone","lastTime","bookTime","createTm",…}]}, or one flat object
//   routes       JSON  {"Body":{"WaybillRoute":[{"mailno","orderid","id","acceptTime","opCode","remark",…}]}}
//                form  content=<Request service="RoutePushService"><Body><WaybillRoute mailno="…"
//                …/></Body></Request>
//   fees         form  content={"orderNo","waybillNo","feeList":[…]}&sign=Base64(MD5(content + checkword))
#include "adapters/courier/sf/push.hpp"

#include <algorithm>
#include <pugixml.hpp>

#include "adapters/courier/sf/route.hpp"
#include "adapters/courier/sf/tables.hpp"
#include "adapters/courier/xml.hpp"
#include "adapters/crypto/digest.hpp"
#include "adapters/http/form.hpp"
#include "adapters/json/decimal.hpp"

namespace returngate::courier {
namespace {

using namespace sf_tables;

using Events = Result<std::vector<TrackingEvent>>;

constexpr std::size_t kMaxRoutes = 64;  // SF sends at most 10; a larger batch is somebody else's

enum class PushKind { order_state, route_json, route_xml, fee, unreadable };

// The body as SF meant it: JSON as sent, or the form's `content` decoded once.
struct Content {
    PushKind kind = PushKind::unreadable;
    std::string text;
    std::string sign;
};

Content content_of(const Push& push) {
    Content content;
    const std::string_view body = push.request.body;
    if (const std::size_t at = body.find_first_not_of(" \t\r\n"); at != body.npos && body[at] == '{') {
        content.text = body;
        // Only the acknowledgement hangs on this guess; decoding looks at the parsed document.
        const bool is_route = body.find("\"WaybillRoute\"") != body.npos;
        content.kind = is_route ? PushKind::route_json : PushKind::order_state;
        return content;
    }
    const auto form = http::parse_form(body);
    const auto text = form ? http::form_value(*form, "content") : tl::unexpected(form.error());
    if (!text) return content;
    content.text = *text;
    content.sign = http::form_value(*form, "sign").value_or("");
    // Whatever is no XML counts as a fee, so that nobody gets round its signature by spoiling it.
    content.kind = content.text.starts_with('<') ? PushKind::route_xml : PushKind::fee;
    return content;
}

std::string_view text_in(const json::Value& object, std::string_view name) {
    return object[name].text().value_or("");
}

Result<TrackingEvent> read_order_state(const json::Value& state) {
    TrackingEvent event;
    const auto reference = text_in(state, "orderNo");
    const auto at = parse_shanghai(text_in(state, "createTm"));
    event.raw_status = text_in(state, "orderStateCode");
    event.waybill = if_set(text_in(state, "waybillNo"));
    if (reference.empty() || event.raw_status.empty() || !at)
        return malformed("push_fields",
                         "SF's order state lacks orderNo, orderStateCode or a readable createTm.");
    event.booking_reference = BookingReference{std::string(reference)};
    event.status = status_of(kOrderStates, event.raw_status);
    event.occurred_at = *at;
    event.courier_person = text_in(state, "empCode");
    event.courier_phone = text_in(state, "empPhone");
    event.dedupe_key = "state:" + std::string(reference) + ":" + event.raw_status + ":" + format_rfc3339(*at);
    if (const auto bounded = bound_texts(event); !bounded) return tl::unexpected(bounded.error());
    return event;
}

SfRoute route_of(const json::Value& node) {
    return SfRoute{text_in(node, "mailno"),     text_in(node, "orderid"), text_in(node, "id"),
                   text_in(node, "acceptTime"), text_in(node, "opCode"),  text_in(node, "remark")};
}

SfRoute route_of(const pugi::xml_node& node) {
    const auto attribute = [&node](const char* name) {
        return std::string_view(node.attribute(name).value());
    };
    return SfRoute{attribute("mailno"),     attribute("orderid"), attribute("id"),
                   attribute("acceptTime"), attribute("opCode"),  attribute("remark")};
}

Result<TrackingEvent> read_pushed_route(const SfRoute& route) {
    if (route.id.empty()) return malformed("push_fields", "SF's route lacks its id.");
    return read_sf_route(route);
}

// One bad row makes the whole push unreadable: a batch is acknowledged, kept and replayed as one.
template <class Rows, class Read>
Events read_all(const Rows& rows, Read read) {
    std::vector<TrackingEvent> events;
    for (const auto& row : rows) {
        if (events.size() == kMaxRoutes) return malformed("push_size", "SF's push has too many rows.");
        auto event = read(row);
        if (!event) return tl::unexpected(event.error());
        events.push_back(*std::move(event));
    }
    if (events.empty()) return malformed("push_empty", "SF's push has no rows.");
    return events;
}

Events decode_json(std::string_view text) {
    const auto document = json::parse(text);
    if (!document) return malformed("push_" + document.error().code, "SF's push is not readable JSON.");
    const json::Value& routes = (*document)["Body"]["WaybillRoute"];
    if (routes.is_array())
        return read_all(routes.items(),
                        [](const json::Value& node) { return read_pushed_route(route_of(node)); });
    const json::Value& states = (*document)["orderState"];
    if (states.is_array()) return read_all(states.items(), read_order_state);
    const json::Value& single = states.is_object() ? states : *document;
    return read_all(std::span(&single, 1), read_order_state);
}

Events decode_xml(std::string_view text) {
    pugi::xml_document document;
    if (const auto loaded = load_xml(text, document); !loaded) return tl::unexpected(loaded.error());
    const pugi::xml_node body = document.child("Request").child("Body");
    return read_all(body.children("WaybillRoute"),
                    [](const pugi::xml_node& node) { return read_pushed_route(route_of(node)); });
}

// The sum of the list in fen; nullopt when an amount is not exact CNY, so that no guess enters the books.
std::optional<std::int64_t> total_fee(const json::Value& fees) {
    std::int64_t total = 0;
    for (const json::Value& fee : fees.items()) {
        const auto amount = json::parse_scaled(text_in(fee, "feeAmt"), 2);
        if (!amount || text_in(fee, "currencyCode") != "CNY" ||
            __builtin_add_overflow(total, *amount, &total))
            return std::nullopt;
    }
    return fees.items().empty() ? std::nullopt : std::optional(total);
}

Instant latest_input_time(const json::Value& fees, Instant otherwise) {
    std::optional<std::int64_t> latest;
    for (const json::Value& fee : fees.items())
        if (const auto ms = fee["inputTm"].integer(); ms && *ms > 0 && *ms < 253'402'300'800'000)
            latest = std::max(latest.value_or(0), *ms);
    return latest ? Instant(std::chrono::milliseconds(*latest)) : otherwise;
}

Events decode_fee(const Content& content, Instant received_at) {
    const auto document = json::parse(content.text);
    if (!document) return malformed("push_" + document.error().code, "SF's fee push is not readable JSON.");
    const json::Value& fees = (*document)["feeList"];
    const auto reference = text_in(*document, "orderNo");
    if (!fees.is_array() || reference.empty())
        return malformed("push_fields", "SF's fee push lacks orderNo or feeList.");
    TrackingEvent event;
    event.booking_reference = BookingReference{std::string(reference)};
    event.waybill = if_set(text_in(*document, "waybillNo"));
    event.status = TrackingStatus::fee;
    event.raw_status = "fee";
    event.occurred_at = latest_input_time(fees, received_at);
    event.weight_grams = json::parse_scaled(text_in(*document, "meterageWeightQty"), 3);
    event.fee_fen = total_fee(fees);
    // A corrected bill comes as a new push of the same shape: the payload's hash keeps both.
    event.dedupe_key = "fee:" + std::string(reference) + ":" + crypto::to_hex(crypto::sha256(content.text));
    if (const auto bounded = bound_texts(event); !bounded) return tl::unexpected(bounded.error());
    std::vector<TrackingEvent> events;
    events.push_back(std::move(event));
    return events;
}

constexpr std::string_view kJson = "application/json;charset=UTF-8";
constexpr std::string_view kXml = "text/xml;charset=UTF-8";

// What SF expects to read, per kind of push. Only the route bodies are official; the others are
// settings with these defaults.
std::string ack_body(const Account& account, PushKind kind, bool is_taken) {
    switch (kind) {
        case PushKind::route_xml:
            return is_taken ? R"(<Response service="RoutePushService"><Head>OK</Head></Response>)"
                            : R"(<Response service="RoutePushService"><Head>ERR</Head>)"
                              R"(<ERROR code="4001">系统异常</ERROR></Response>)";
        case PushKind::order_state:
            return std::string(
                is_taken ? get_or(account, "order_state_ack", R"({"success":"true","code":"0","msg":""})")
                         : get_or(account, "order_state_refusal",
                                  R"({"success":"false","code":"1","msg":"系统异常"})"));
        case PushKind::fee:
            return std::string(is_taken ? get_or(account, "fee_ack", R"({"code":0,"success":true})")
                                        : get_or(account, "fee_refusal", R"({"code":1,"success":false})"));
        case PushKind::route_json:
        case PushKind::unreadable: break;
    }
    return is_taken ? R"({"return_code":"0000","return_msg":"成功"})"
                    : R"({"return_code":"1000","return_msg":"系统异常"})";
}

// A digit run of a waybill's length, with SF before it or nothing.
bool looks_like_sf_number(std::string_view word) {
    const std::string_view digits = word.starts_with("SF") ? word.substr(2) : word;
    const bool is_long_enough = word.starts_with("SF") ? digits.size() >= 12 && digits.size() <= 15
                                                       : digits.size() == 12 || digits.size() == 15;
    return is_long_enough && digits.find_first_not_of("0123456789") == digits.npos;
}

}  // namespace

std::optional<std::string> new_number_in(std::string_view remark, std::string_view old_number) {
    return other_number_in(remark, old_number, looks_like_sf_number);
}

Result<TrackingEvent> read_sf_route(const SfRoute& route) {
    const auto at = parse_shanghai(route.accept_time);
    if (route.mailno.empty() || route.op_code.empty() || !at)
        return malformed("route_fields", "SF's route lacks mailno, opCode or a readable acceptTime.");
    TrackingEvent event;
    event.waybill = std::string(route.mailno);
    if (!route.orderid.empty()) event.booking_reference = BookingReference{std::string(route.orderid)};
    event.status = status_of(kRoutes, route.op_code);
    event.raw_status = route.op_code;
    event.occurred_at = *at;
    if (event.status == TrackingStatus::returned)
        event.replaced_by = new_number_in(route.remark, route.mailno);
    event.dedupe_key = route.id.empty() ? "query:" + std::string(route.mailno) + ":" + event.raw_status +
                                              ":" + format_rfc3339(*at)
                                        : "route:" + std::string(route.id);
    if (const auto bounded = bound_texts(event); !bounded) return tl::unexpected(bounded.error());
    return event;
}

// The fee push is checked where the account says that it is signed; its formula has one source only,
// so even then it is believed no more than the URL.
Result<Proof> authenticate_sf_push(const Account& account, const Push& push) {
    const Content content = content_of(push);
    if (content.kind != PushKind::fee || get_or(account, "fee_sign", "required") == "absent")
        return Proof::secret_url;
    for (const std::string_view secret : live_secrets(account, "secret"))
        if (!secret.empty() &&
            crypto::base64_digest_matches(crypto::md5({content.text, secret}), content.sign))
            return Proof::secret_url;
    return fail(ErrorKind::unauthorized, content.sign.empty() ? "unsigned_push" : "bad_signature",
                "SF's fee push has no sign, or one that does not match.");
}

Result<std::vector<TrackingEvent>> decode_sf_push(const Push& push) {
    const Content content = content_of(push);
    switch (content.kind) {
        case PushKind::order_state:
        case PushKind::route_json: return decode_json(content.text);
        case PushKind::route_xml: return decode_xml(content.text);
        case PushKind::fee: return decode_fee(content, push.received_at);
        case PushKind::unreadable: break;
    }
    return malformed("push_shape", "SF's push is neither JSON nor a form with content.");
}

http::Response acknowledge_sf_push(const Account& account, const Push& push, AckOutcome outcome) {
    const PushKind kind = content_of(push).kind;
    const int status = outcome == AckOutcome::taken ? 200 : outcome == AckOutcome::refused ? 401 : 503;
    return answer(status, kind == PushKind::route_xml ? kXml : kJson,
                  ack_body(account, kind, outcome == AckOutcome::taken));
}

}  // namespace returngate::courier
