// The same steps as the gateway's intake: proof, events, acknowledgement; nothing is stored.
#include "gateway/commands/courier_callback.hpp"

#include "adapters/crypto/digest.hpp"
#include "adapters/http/form.hpp"
#include "adapters/json/writer.hpp"
#include "gateway/api/fields.hpp"
#include "gateway/event_key.hpp"

namespace returngate::commands {
namespace {

using courier::AckOutcome;

constexpr std::string_view kReferenceParameter = "reference";
constexpr std::size_t kMostBytes = 200;

// The three words of this command: a signature, weak or strong, or the URL alone.
std::string_view word_of(Proof proof) {
    return proof == Proof::secret_url ? "secret_url" : "signature";
}

std::string hash_of(std::string_view body) {
    const auto hash = crypto::sha256(body);
    return {hash.begin(), hash.end()};
}

void name_in_query(http::Request& request, const std::string& reference) {
    const auto query = http::parse_form(request.query());
    if (!query || http::form_value(*query, kReferenceParameter)) return;
    request.target += request.target.find('?') == std::string::npos ? '?' : '&';
    request.target += std::string(kReferenceParameter) + "=" + http::percent_encode(reference);
}

void name_in_event(TrackingEvent& event, const KnownBooking& booking) {
    const bool is_anothers = event.waybill && !booking.waybill.empty() && *event.waybill != booking.waybill;
    if (!event.booking_reference && !is_anothers)
        event.booking_reference = BookingReference{booking.reference};
}

void write_event(json::Writer& w, const TrackingEvent& event, std::string_view hash) {
    w.begin_object().member("waybill", event.waybill).key("booking_reference");
    event.booking_reference ? w.value(event.booking_reference->value) : w.null();
    w.member("status", to_string(event.status)).member("raw_status", event.raw_status);
    w.member("occurred_at", format_rfc3339(event.occurred_at)).member("dedupe_key", stored_key(event, hash));
    w.member("weight_grams", event.weight_grams).member("fee_fen", event.fee_fen).end_object();
}

void write_acknowledgement(json::Writer& w, const http::Response& response) {
    w.begin_object().member("status", response.status).key("headers").begin_object();
    for (const auto& [name, value] : response.headers.fields) w.member(name, value);
    w.end_object().member("body", response.body).end_object();
}

}  // namespace

Result<KnownBooking> read_known_booking(std::string_view json) {
    const auto object = json::parse(json);
    if (!object || !object->is_object())
        return fail(ErrorKind::invalid, "booking", "--booking is to be one JSON object.");
    std::vector<api::FieldError> faults;
    api::Fields fields(*object, faults);
    KnownBooking booking;
    booking.reference = fields.identifier("reference");
    booking.waybill = fields.optional_text("waybill", kMostBytes);
    fields.refuse_the_rest();
    if (faults.empty()) return booking;
    std::string text = "--booking:";
    for (const auto& fault : faults) text += "\n  " + fault.pointer + ": " + fault.message;
    return fail(ErrorKind::invalid, "booking", std::move(text));
}

CallbackAnswer decode_callback(const courier::Courier& courier, const courier::Account& account,
                               courier::Push push, const std::optional<KnownBooking>& booking) {
    if (booking) name_in_query(push.request, booking->reference);
    CallbackAnswer answer;
    std::vector<TrackingEvent> events;
    const auto proof = courier.authenticate(account, push);
    if (proof) {
        auto decoded = courier.decode_push(account, push);
        if (decoded) {
            events = *std::move(decoded);
        } else {
            answer.remarks =
                "set aside for a person (" + decoded.error().code + "): " + decoded.error().message;
        }
    } else {
        answer.remarks = "refused (" + proof.error().code + "): " + proof.error().message;
        if (const auto complete = courier.check(account); !complete)
            answer.remarks += "\nthe account is incomplete: " + complete.error().message;
    }
    const auto body_hash = hash_of(push.request.body);
    json::Writer w;
    w.begin_object().member("proof", proof ? word_of(*proof) : "refused").key("events").begin_array();
    for (TrackingEvent& event : events) {
        if (booking) name_in_event(event, *booking);
        write_event(w, event, events.size() == 1 ? body_hash : hash_of_event(event));
    }
    const auto outcome = proof ? AckOutcome::taken : AckOutcome::refused;
    w.end_array().key("acknowledgement");
    write_acknowledgement(w, courier.acknowledge(account, push, outcome));
    answer.json = w.end_object().take();
    return answer;
}

}  // namespace returngate::commands
