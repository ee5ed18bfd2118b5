// libFuzzer's target: all decoders of the courier that RETURNGATE_FUZZ_COURIER names. A crash, or a broken
// rule of what a decoder may hand on, ends it. Decoders are called behind the proof, which is asked as well.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>

#include "adapters/courier/registry.hpp"
#include "adapters/json/utf8.hpp"
#include "src/waybill/normalise.hpp"
#include "tests/conformance/recording.hpp"
#include "tests/fuzz/input.hpp"

namespace returngate::fuzz {
namespace {

using courier::AckOutcome;
using courier::Booking;
using courier::Courier;
using courier::Operation;
using courier::Push;

struct Subject {
    const Courier& courier;
    conformance::Recording recording;
    [[nodiscard]] const courier::Account& account() const { return recording.account; }
};

const char* code_from_environment() {
    const char* code = std::getenv("RETURNGATE_FUZZ_COURIER");
    return code == nullptr ? "" : code;
}

Subject load_subject() {
    const char* code = code_from_environment();
    const Courier* courier = courier::find_courier(code);
    if (courier == nullptr) {
        std::fprintf(stderr, "RETURNGATE_FUZZ_COURIER=%s names no courier of the registry\n", code);
        std::exit(2);
    }
    return Subject{*courier, conformance::load_recording(code)};
}

const Subject& subject() {
    static const Subject loaded = load_subject();
    return loaded;
}

void require(bool holds, const char* rule) {
    if (holds) return;
    std::fprintf(stderr, "broken rule: %s\n", rule);
    std::abort();
}

// Fit for a row, an index and a log.
bool is_bounded(std::string_view text, std::size_t bytes) {
    const bool has_control =
        std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
    return text.size() <= bytes && !has_control && json::is_utf8(text);
}

bool is_bounded(const std::optional<std::string>& text) {
    return !text || is_bounded(*text, 64);
}

void require_sound(const TrackingEvent& event) {
    require(is_bounded(event.waybill) && is_bounded(event.replaced_by),
            "an event's numbers are bounded text");
    require(!event.booking_reference || is_bounded(event.booking_reference->value, 64),
            "an event's reference is bounded text");
    require(is_bounded(event.raw_status, 64), "an event's raw status is bounded text");
    require(is_bounded(event.courier_person, 64) && is_bounded(event.courier_phone, 64) &&
                is_bounded(event.pickup_code, 64),
            "an event's person and phone are bounded text");
    require(!event.dedupe_key.empty() && is_bounded(event.dedupe_key, 200),
            "an event has a dedupe key of bounded text");
    require(parse_rfc3339(format_rfc3339(event.occurred_at)) == event.occurred_at,
            "an event's time can be written and read again");
    require(event.weight_grams.value_or(0) >= 0, "no parcel weighs less than nothing");
}

template <class Value>
void require_sound_error(const Result<Value>& result) {
    if (!result) require(json::is_utf8(result.error().message), "an error's text is text");
}

void require_sound(const http::Request& request) {
    const auto breaks_a_line = [](std::string_view text) {
        return text.find_first_of(std::string_view("\r\n\0", 3)) != text.npos;
    };
    require(request.target.find_first_of(" \t") == request.target.npos && !breaks_a_line(request.target),
            "a request's target is one word");
    for (const auto& [name, value] : request.headers.fields)
        require(!breaks_a_line(name) && !breaks_a_line(value), "a header is one line");
    require(json::is_utf8(request.body), "a request's body is text");
}

void require_sound(const Result<http::Request>& request) {
    if (request) require_sound(*request);
    require_sound_error(request);
}

// What a booking's answer named comes back to the courier in our next questions.
void ask_about(const Booking& booking, const courier::Moment& moment) {
    const auto& [courier, recording] = subject();
    const courier::BookedOrder booked(booking.reference, booking.courier_key);
    require_sound(courier.encode_cancel(recording.account, moment, booked, "changed my mind"));
    require_sound(courier.encode_find(recording.account, moment, booked));
    const std::string waybill = booking.waybill.value_or("");
    require_sound(courier.encode_track_booking(recording.account, moment, booked, waybill));
}

void require_sound(const Result<Booking>& booking, const conformance::RecordedOperation& asked) {
    require_sound_error(booking);
    if (!booking) return;
    require(booking->reference == asked.order.reference, "an answer books under our reference");
    // Handed on as it came: what is kept of it is the canonical form.
    const auto number = waybill::normalise(booking->waybill.value_or(""));
    require(is_bounded(number.canonical, 64), "a booking's waybill has a bounded canonical form");
    require(is_bounded(booking->carrying_courier), "the carrying courier's code is bounded text");
    require(is_bounded(booking->courier_key, 200), "the courier's own key is bounded text");
    ask_about(*booking, asked.moment);
}

void require_sound(const Result<std::vector<TrackingEvent>>& events) {
    require_sound_error(events);
    if (!events) return;
    for (const TrackingEvent& event : *events) require_sound(event);
}

void decode(const Answer& answer) {
    const auto& [courier, recording] = subject();
    const auto asked =
        std::ranges::find(recording.operations, answer.operation, &conformance::RecordedOperation::operation);
    if (asked == recording.operations.end()) return;
    const courier::Account& account = recording.account;
    const http::Response& response = answer.response;
    switch (answer.operation) {
        case Operation::book:
            require_sound(courier.decode_book(account, asked->order, response), *asked);
            return;
        case Operation::find:
            require_sound(courier.decode_find(account, asked->order.reference, response), *asked);
            return;
        case Operation::cancel:
            require_sound_error(courier.decode_cancel(account, asked->order.reference, response));
            return;
        case Operation::track: require_sound(courier.decode_track(account, asked->waybill, response)); return;
        case Operation::price: {
            const auto price = courier.decode_price(account, response);
            require_sound_error(price);
            require(!price || price->fee_fen >= 0, "no courier pays us for a parcel");
            return;
        }
        case Operation::move:
            require_sound_error(courier.decode_move(account, asked->order.reference, response));
            return;
    }
}

void decode(const Push& push) {
    const auto& [courier, recording] = subject();
    require_sound_error(courier.authenticate(recording.account, push));
    require_sound(courier.decode_push(recording.account, push));
    constexpr std::pair<AckOutcome, int> kStatuses[] = {
        {AckOutcome::taken, 200}, {AckOutcome::refused, 401}, {AckOutcome::failed, 503}};
    for (const auto& [outcome, status] : kStatuses) {
        const http::Response answer = courier.acknowledge(recording.account, push, outcome);
        require(answer.status == status, "an acknowledgement has its outcome's status");
        require(json::is_utf8(answer.body), "an acknowledgement is text");
    }
}

}  // namespace
}  // namespace returngate::fuzz

// The names are libFuzzer's.
extern "C" int LLVMFuzzerInitialize(int*, char***) {
    using namespace returngate::fuzz;
    try {
        const auto checked = subject().courier.check(subject().account());
        require(checked.has_value(), "the recorded account is complete");
        // What is asked for first; what a booking's answer leads to is asked with that answer.
        for (const auto& asked : subject().recording.operations)
            if (asked.operation == Operation::book)
                require_sound(subject().courier.encode_book(subject().account(), asked.moment, asked.order));
            else if (asked.operation == Operation::price)
                require_sound(subject().courier.encode_price(subject().account(), asked.moment, asked.order));
    } catch (const std::exception& error) {
        std::fprintf(stderr, "courier_fuzz: %s\n", error.what());
        std::exit(2);
    }
    return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    using namespace returngate::fuzz;
    const std::string_view text(reinterpret_cast<const char*>(bytes), size);
    const auto input = read_input(text, subject().account());
    if (!input) return -1;  // kept out of the corpus
    const std::string shown = subject().courier.redact(text);
    require(shown.size() <= 4 * text.size() + 256, "a redacted body is no longer than a body");
    std::visit([](const auto& given) { decode(given); }, *input);
    return 0;
}
