// What differs between the couriers of the sandbox: how a call is proved and read, how it is answered,
// what a callback looks like. Pure; the desk does the rest.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "adapters/http/message.hpp"
#include "adapters/sandbox/numbers.hpp"
#include "adapters/sandbox/parcel_book.hpp"

namespace returngate::sandbox {

// A call that was proved and understood. `order` for book; reference or waybill for the others.
struct ReadCall {
    Call call = Call::book;
    Order order;
    std::string reference;
    std::string waybill;
};

enum class Verdict {
    done,      // booked, cancelled, found, tracked
    repeated,  // the reference is known, with the same content
    changed,   // … with another content
    cancelled_before,
    too_late,  // collected already
    not_found,
    refused,  // by script: not served there and then
};

struct Answered {
    ReadCall call;
    Verdict verdict = Verdict::done;
    Parcel parcel;                    // when the courier knows it
    std::vector<ParcelEvent> events;  // of a track call
};

struct CallbackMessage {
    std::string reference;
    Stage stage = Stage::booked;
    std::string content_type;
    std::string body;
    std::string url{};                                           // where the order named one of its own
    std::vector<std::pair<std::string, std::string>> headers{};  // more of them, where they prove it
};

class Dialect {
public:
    virtual ~Dialect() = default;
    [[nodiscard]] virtual std::string_view code() const = 0;
    [[nodiscard]] virtual NumberShape shape() const = 0;
    // The request's target starts below the courier's own root. A response is a refusal.
    [[nodiscard]] virtual std::variant<ReadCall, http::Response> read(const http::Request& request) const = 0;
    [[nodiscard]] virtual http::Response answer(const Answered& answered) const = 0;
    // One event can make several messages; none when the courier does not report it.
    [[nodiscard]] virtual std::vector<CallbackMessage> callbacks(const Parcel& parcel,
                                                                 const ParcelEvent& event) const = 0;
    // Authentic as far as this courier signs anything, but cut short.
    [[nodiscard]] virtual CallbackMessage garbage(const Parcel& parcel) const = 0;
    // "collected" from somebody who is not the courier.
    [[nodiscard]] virtual CallbackMessage forgery(const Parcel& parcel, const ParcelEvent& event) const = 0;
    [[nodiscard]] virtual bool is_acknowledged(const http::Response& response) const = 0;
    // Pauses before the second, third … attempt of a callback.
    [[nodiscard]] virtual std::vector<int> callback_retries_ms() const = 0;
};

}  // namespace returngate::sandbox
