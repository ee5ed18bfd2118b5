// Our own courier protocol: requests and their answers. docs/courier-protocol.md is its description.
#include "adapters/courier/open/open.hpp"

#include <algorithm>

#include "adapters/courier/envelope.hpp"
#include "adapters/courier/open/push.hpp"
#include "adapters/courier/open/tables.hpp"
#include "adapters/courier/redact.hpp"
#include "adapters/json/writer.hpp"
#include "adapters/webhook/signature.hpp"
#include "src/waybill/formats.hpp"

namespace returngate::courier {
namespace {

using namespace open_tables;

const Profile& open_profile() {
    static const Profile profile = [] {
        using std::chrono::hours;
        using std::chrono::minutes;
        using std::chrono::seconds;
        Profile p;
        p.code = "OPEN";
        p.name = "open courier protocol";
        p.offers = {Operation::book, Operation::cancel, Operation::find, Operation::track, Operation::price};
        p.lost_answer = LostAnswer::repeat_same_reference;
        p.acceptance = Acceptance::by_answer;
        p.callback_proof = Proof::strong_signature;
        p.waybill_at_booking = true;  // or later, by event
        p.callback_retries = {seconds(5), seconds(30), minutes(2), minutes(10),
                              hours(1),   hours(6),    hours(24)};
        return p;
    }();
    return profile;
}

// Personal data does not travel in the clear; on one machine it does not travel.
bool is_safe_url(std::string_view url) {
    constexpr std::array<std::string_view, 3> kHere{"http://127.0.0.1", "http://localhost", "http://[::1]"};
    if (url.starts_with("https://")) return true;
    return std::ranges::any_of(kHere, [url](std::string_view here) {
        const std::string_view rest = url.substr(std::min(here.size(), url.size()));
        return url.starts_with(here) && (rest.empty() || rest.front() == ':' || rest.front() == '/');
    });
}

Result<void> check_settings(const Account& account) {
    if (const auto set = require_settings(account, {"secret"}); !set) return set;
    if (!is_safe_url(account.base_url) || account.base_url.find_first_of("?# \r\n") != std::string::npos)
        return fail(ErrorKind::invalid, "bad_setting",
                    "Set base_url to an https URL without a query (http on this machine only).");
    for (const std::string_view name : {"secret", "secret_previous", "push_secret", "push_secret_previous"}) {
        const std::string_view text = account.get(name);
        if (!text.empty() && !webhook::parse_secret(text))
            return fail(ErrorKind::invalid, "bad_setting",
                        "Set \"" + std::string(name) + "\" to whsec_ and Base64 of 24 to 64 bytes.");
    }
    return {};
}

// POST to base_url, signed as Standard Webhooks 1.0.0: webhook-id, webhook-timestamp and webhook-signature
// over id "." timestamp "." body. The operation stands in the body, where the signature covers it.
Result<http::Request> signed_call(const Account& account, const Moment& moment, std::string body) {
    if (const auto set = check_settings(account); !set) return tl::unexpected(set.error());
    std::vector<webhook::Secret> secrets;
    for (const std::string_view text : live_secrets(account, "secret"))
        if (auto secret = webhook::parse_secret(text)) secrets.push_back(*std::move(secret));
    std::string target = target_of(account, "");
    if (target.empty()) target = "/";
    webhook::Message message{"req_" + moment.nonce, std::move(body)};
    http::Request request = post_json(std::move(target), message.body);
    webhook::add_headers(request.headers, secrets, message, moment.now);
    return request;
}

json::Writer begin(Operation operation) {
    json::Writer w;
    w.begin_object().member("operation", to_string(operation));
    return w;
}

void write_party(json::Writer& w, std::string_view role, const Party& party) {
    w.key(role).begin_object().member_if_set("name", party.name);
    w.member_if_set("phone", national_phone(party.phone)).member("province", party.province);
    w.member("city", party.city).member_if_set("county", party.county);
    w.member_if_set("address", party.address).end_object();
}

// 200 with JSON, or one of the refusals; what is neither is read as any courier's.
Result<json::Value> answer_of(const http::Response& response) {
    const bool may_refuse =
        std::ranges::any_of(kRefusals, [&](const RefusalRow& row) { return row.status == response.status; });
    if (!may_refuse) return read_answer(response);
    const auto parsed = json::parse(response.body);
    const auto word = parsed ? text_in(*parsed, "error") : std::string_view();
    for (const RefusalRow& row : kRefusals)
        if (row.status == response.status && row.error.code == word)
            return fail(row.error.kind, std::string(row.error.word), std::string(row.error.meaning) + ".");
    const auto* listed =
        std::ranges::find(kRefusals, word, [](const RefusalRow& row) { return row.error.code; });
    if (response.status == kPlainNo && !word.empty() && listed == kRefusals.end())
        return error_of({}, word, ErrorKind::rejected);
    return read_answer(response);
}

// {"booking":{"reference","state","waybill"?,"carrier"?,"pickup_code"?}}
Result<Booking> booking_in(const http::Response& response, const BookingReference& reference) {
    const auto answer = answer_of(response);
    if (!answer) return tl::unexpected(answer.error());
    const json::Value& found = (*answer)["booking"];
    const auto* state = std::ranges::find(kStates, found["state"].string().value_or(""), &StateRow::word);
    const auto carrier = found["carrier"].string().value_or("");
    if (found["reference"].string() != reference.value || state == kStates.end())
        return malformed("answer_booking", "The answer is of another booking, or in no state that we know.");
    if (!carrier.empty() && !waybill::is_known_courier(carrier))
        return malformed("answer_carrier", "The answer names a carrier that we do not know.");
    Booking booking;
    booking.reference = reference;
    booking.state = state->state;
    booking.waybill = if_set(found["waybill"].string().value_or(""));
    booking.carrying_courier = if_set(carrier);
    booking.pickup_code = pickup_code_in(found, "pickup_code");
    return booking;
}

class Open final : public Courier {
public:
    const Profile& profile() const override { return open_profile(); }
    Result<void> check(const Account& account) const override { return check_settings(account); }

    Result<http::Request> encode_book(const Account& account, const Moment& moment,
                                      const BookingOrder& order) const override {
        if (const auto complete = require_parties(order); !complete) return tl::unexpected(complete.error());
        json::Writer w = begin(Operation::book);
        w.member("reference", order.reference.value).key("window").begin_object();
        w.member("start", format_rfc3339(order.window.start));
        w.member("end", format_rfc3339(order.window.end)).end_object();
        write_party(w, "sender", order.sender);
        write_party(w, "recipient", order.recipient);
        w.key("parcel").begin_object().member("description", order.parcel.description);
        w.member("quantity", order.parcel.quantity).member("weight_grams", order.parcel.weight_grams);
        w.end_object().member_if_set("remark", order.remark).end_object();
        return signed_call(account, moment, w.take());
    }
    Result<Booking> decode_book(const Account&, const BookingOrder& order,
                                const http::Response& response) const override {
        return booking_in(response, order.reference);
    }

    Result<http::Request> encode_cancel(const Account& account, const Moment& moment,
                                        const BookedOrder& order, std::string_view reason) const override {
        json::Writer w = begin(Operation::cancel);
        w.member("reference", order.reference.value).member_if_set("reason", reason).end_object();
        return signed_call(account, moment, w.take());
    }
    Result<void> decode_cancel(const Account&, const BookingReference& reference,
                               const http::Response& response) const override {
        const auto booking = booking_in(response, reference);
        if (!booking) return tl::unexpected(booking.error());
        if (booking->state != BookingState::dead)
            return malformed("answer_state", "The answer to a cancellation is not cancelled.");
        return {};
    }

    Result<http::Request> encode_find(const Account& account, const Moment& moment,
                                      const BookedOrder& order) const override {
        json::Writer w = begin(Operation::find);
        w.member("reference", order.reference.value).end_object();
        return signed_call(account, moment, w.take());
    }
    Result<Booking> decode_find(const Account&, const BookingReference& reference,
                                const http::Response& response) const override {
        return booking_in(response, reference);
    }

    Result<http::Request> encode_track(const Account& account, const Moment& moment,
                                       const BookingReference& reference,
                                       std::string_view waybill) const override {
        if (reference.value.empty() && waybill.empty())
            return fail(ErrorKind::invalid, "nothing_to_track", "Name a reference or a waybill number.");
        json::Writer w = begin(Operation::track);
        w.member_if_set("reference", reference.value).member_if_set("waybill", waybill).end_object();
        return signed_call(account, moment, w.take());
    }
    // {"reference","waybill"?,"events":[…]}: what was asked for, echoed, and the events as in a push
    Result<std::vector<TrackingEvent>> decode_track(const Account&, std::string_view waybill,
                                                    const http::Response& response) const override {
        const auto answer = answer_of(response);
        if (!answer) return tl::unexpected(answer.error());
        if (!waybill.empty() && (*answer)["waybill"].string() != waybill)
            return malformed("answer_waybill", "The answer is of another waybill.");
        return read_open_events(*answer, "query:");
    }

    Result<http::Request> encode_price(const Account& account, const Moment& moment,
                                       const BookingOrder& order) const override {
        json::Writer w = begin(Operation::price);
        write_party(w, "sender", order.sender);
        write_party(w, "recipient", order.recipient);
        w.key("parcel").begin_object().member("weight_grams", order.parcel.weight_grams).end_object();
        return signed_call(account, moment, w.end_object().take());
    }
    // {"fee_fen"}
    Result<Price> decode_price(const Account&, const http::Response& response) const override {
        const auto answer = answer_of(response);
        if (!answer) return tl::unexpected(answer.error());
        const auto fee_fen = (*answer)["fee_fen"].integer();
        if (!fee_fen || *fee_fen < 0) return malformed("answer_price", "The answer has no fee_fen.");
        return Price{*fee_fen};
    }

    Result<Proof> authenticate(const Account& account, const Push& push) const override {
        return authenticate_open_push(account, push);
    }
    Result<std::vector<TrackingEvent>> decode_push(const Account&, const Push& push) const override {
        return decode_open_push(push);
    }
    http::Response acknowledge(const Account&, const Push& push, AckOutcome outcome) const override {
        return acknowledge_open_push(push, outcome);
    }
    std::string redact(std::string_view body) const override { return redact_body(body, kLoggable); }
};

}  // namespace

const Courier& open_protocol() {
    static const Open courier;
    return courier;
}

}  // namespace returngate::courier
