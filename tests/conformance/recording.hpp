// Recorded exchanges of one courier, read from tests/conformance/<courier>/ (README.md there says how they
// look).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "adapters/courier/courier.hpp"
#include "adapters/json/reader.hpp"

namespace returngate::conformance {

struct RecordedAnswer {
    std::string name;
    http::Response response;
    json::Value expected;
};

// One operation: what we ask, the bytes that go out, and the answers that came back.
struct RecordedOperation {
    courier::Operation operation = courier::Operation::book;
    courier::Moment moment;
    courier::BookingOrder order;  // book and price; for others only the reference is set
    std::string reason;
    std::string waybill;
    std::string courier_key;  // of cancel, find and track, where the courier knows no name but its own
    std::string request;      // rendered as render(Request)
    std::vector<RecordedAnswer> answers;
};

struct RecordedPush {
    std::string name;
    courier::Push push;
    json::Value expected;
    std::string taken;    // rendered acknowledgements
    std::string refused;  // "" where the recording has none
    std::string failed;
};

struct Recording {
    courier::Account account;
    std::vector<std::string> required_settings;
    std::vector<std::string> secret_settings;  // as listed; else all whose name says so
    bool hides_what_it_asks = false;           // requests are encrypted: a log cannot name their subject
    json::Value profile;
    std::vector<RecordedOperation> operations;
    std::vector<RecordedPush> pushes;
};

// Throws std::runtime_error, naming the file, when a recording is missing or broken.
[[nodiscard]] Recording load_recording(std::string_view courier_code);

// "SF" → "sf": the name of a courier's folders.
[[nodiscard]] std::string folder_of(std::string_view courier_code);

// POST /path HTTP/1.1, header lines, an empty line, the body.
[[nodiscard]] std::string render(const http::Request& request);
[[nodiscard]] std::string render(const http::Response& response);
// Compact JSON in the form of the recordings' expectations.
[[nodiscard]] std::string render(const courier::Booking& booking);
[[nodiscard]] std::string render(const TrackingEvent& event);
[[nodiscard]] std::string render(const json::Value& value);

}  // namespace returngate::conformance
