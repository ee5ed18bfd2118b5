// POST, JSON with `operation`; webhook-signature = "v1," Base64(HMAC-SHA256(secret, id "." timestamp "."
// body)), timestamp within 300 s. Answers and refusals, events and their signatures:
// docs/courier-protocol.md.
#include "adapters/sandbox/open.hpp"

#include <array>
#include <cstdlib>
#include <optional>

#include "adapters/crypto/digest.hpp"
#include "adapters/json/reader.hpp"
#include "adapters/json/writer.hpp"

namespace returngate::sandbox {
namespace {

constexpr std::string_view kJson = "application/json";
constexpr std::int64_t kFee = 1200;

struct Operation {
    std::string_view word;
    Call call;
};
constexpr std::array<Operation, 4> kOperations{{
    {"book", Call::book},
    {"cancel", Call::cancel},
    {"find", Call::find},
    {"track", Call::track},
}};

struct Word {
    Stage stage;
    std::string_view status;
};
constexpr std::array<Word, 8> kWords{{
    {Stage::accepted, "accepted"},
    {Stage::courier_assigned, "courier_assigned"},
    {Stage::collected, "collected"},
    {Stage::collected, "fee"},  // weighed at the door
    {Stage::in_transit, "in_transit"},
    {Stage::delivered, "delivered"},
    {Stage::cancelled, "cancelled"},
    {Stage::abandoned, "cancelled"},
}};

http::Response json_response(int status, std::string body) {
    http::Response response;
    response.status = status;
    response.headers.set("Content-Type", std::string(kJson));
    response.body = std::move(body);
    return response;
}

http::Response refusal(int status, std::string_view error, std::string_view message = {}) {
    json::Writer w;
    w.begin_object().member("error", error).member_if_set("message", message);
    return json_response(status, w.end_object().take());
}

std::string key_of(std::string_view secret) {
    constexpr std::string_view kPrefix = "whsec_";
    return crypto::from_base64(secret.substr(std::min(kPrefix.size(), secret.size()))).value_or("");
}

std::string signature(std::string_view secret, std::string_view id, std::string_view timestamp,
                      std::string_view body) {
    std::string text(id);
    text.append(".").append(timestamp).append(".").append(body);
    return "v1," + crypto::to_base64(crypto::hmac_sha256(key_of(secret), text));
}

std::int64_t seconds_of(Instant at) {
    return std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
}

std::string_view text(const json::Value& object, std::string_view name) {
    return object[name].string().value_or("");
}

// "" when all is well, else the member at fault.
std::string booking_fault(const json::Value& order) {
    for (const char* role : {"sender", "recipient"})
        for (const char* name : {"name", "phone", "province", "city", "address"})
            if (text(order[role], name).empty()) return std::string(role) + "." + name;
    const auto start = parse_rfc3339(text(order["window"], "start"));
    const auto end = parse_rfc3339(text(order["window"], "end"));
    if (!start || !end || *end <= *start) return "window";
    if (order["parcel"]["quantity"].integer().value_or(0) < 1) return "parcel.quantity";
    return order["parcel"]["weight_grams"].integer().value_or(-1) < 0 ? "parcel.weight_grams" : "";
}

void write_booking(json::Writer& w, const Parcel& parcel, bool at_booking) {
    const bool is_silent = parcel.stage == Stage::booked && !parcel.behaviour.accepts;
    const bool tells_number = !at_booking || parcel.behaviour.waybill != WaybillTold::later;
    w.key("booking").begin_object().member("reference", parcel.reference);
    w.member("state", !parcel.is_live ? "cancelled" : is_silent ? "pending" : "accepted");
    w.member_if_set("waybill", tells_number ? parcel.told_waybill : "").end_object();
}

void write_event(json::Writer& w, const Parcel& parcel, const ParcelEvent& event, std::string_view status) {
    w.begin_object().member("id", "evt_" + std::to_string(event.id) + "_" + std::string(status));
    w.member("reference", parcel.reference).member("waybill", parcel.told_waybill);
    w.member("status", status).member("at", format_rfc3339(event.at));
    if (status == "collected") w.member("weight_grams", 1250);
    if (status == "fee") w.member("weight_grams", 1250).member("fee_fen", kFee);
    if (status == "courier_assigned")
        w.key("person").begin_object().member("name", "王师傅").member("phone", "13700000001").end_object();
    w.end_object();
}

void write_events(json::Writer& w, const Parcel& parcel, const ParcelEvent& event) {
    for (const Word& word : kWords)
        if (word.stage == event.stage) write_event(w, parcel, event, word.status);
}

class Open final : public Dialect {
public:
    Open(OpenAccount account, const WorldClock& clock) : account_(std::move(account)), clock_(clock) {}

    [[nodiscard]] std::string_view code() const override { return "OPEN"; }
    [[nodiscard]] NumberShape shape() const override { return NumberShape::open; }

    [[nodiscard]] std::variant<ReadCall, http::Response> read(const http::Request& request) const override {
        if (!is_signed(request)) return refusal(401, "bad_signature");
        const auto body = json::parse(request.body);
        if (request.method != "POST" || !body || !body->is_object()) return refusal(400, "bad_request");
        if (text(*body, "operation") == "price") return price();  // of no parcel: nothing for the desk
        for (const Operation& operation : kOperations)
            if (operation.word == text(*body, "operation"))
                return read_call(operation.call, *body, request.body);
        return refusal(400, "bad_request", "operation");
    }

    [[nodiscard]] http::Response answer(const Answered& answered) const override {
        json::Writer w;
        w.begin_object();
        switch (answered.verdict) {
            case Verdict::not_found: return refusal(404, "unknown_reference");
            case Verdict::changed: return refusal(409, "reference_reused");
            case Verdict::too_late: return refusal(409, "already_collected");
            case Verdict::refused: return refusal(422, "out_of_coverage");
            default: break;
        }
        if (answered.call.call == Call::track) {
            w.member_if_set("reference", answered.call.reference);
            w.member_if_set("waybill", answered.call.waybill).key("events").begin_array();
            for (const ParcelEvent& event : answered.events) write_events(w, answered.parcel, event);
            w.end_array();
        } else {
            write_booking(w, answered.parcel, answered.call.call == Call::book);
        }
        return json_response(200, w.end_object().take());
    }

    [[nodiscard]] std::vector<CallbackMessage> callbacks(const Parcel& parcel,
                                                         const ParcelEvent& event) const override {
        return {push(parcel, event, events_of(parcel, event), account_.push_secret)};
    }
    [[nodiscard]] CallbackMessage garbage(const Parcel& parcel) const override {
        const ParcelEvent event{Stage::booked, clock_.now(), 0};
        return push(parcel, event, R"({"events":[{"id":"evt_0","reference":")" + parcel.reference,
                    account_.push_secret);
    }
    [[nodiscard]] CallbackMessage forgery(const Parcel& parcel, const ParcelEvent& event) const override {
        const ParcelEvent collected{Stage::collected, event.at, event.id};
        return push(parcel, collected, events_of(parcel, collected), account_.secret);
    }

    [[nodiscard]] bool is_acknowledged(const http::Response& response) const override {
        const auto body = json::parse(response.body);
        return response.status == 200 && body && (*body)["taken"].is_array();
    }
    // The protocol's first ones, sooner; all within the five minutes of a signature.
    [[nodiscard]] std::vector<int> callback_retries_ms() const override {
        return {200, 500, 1000, 2000, 5000, 10000};
    }

private:
    [[nodiscard]] bool is_signed(const http::Request& request) const {
        const auto id = request.headers.find("webhook-id").value_or("");
        const std::string timestamp(request.headers.find("webhook-timestamp").value_or(""));
        if (id.empty() || timestamp.empty() || timestamp.size() > 12 ||
            timestamp.find_first_not_of("0123456789") != std::string::npos)
            return false;
        if (std::abs(seconds_of(clock_.now()) - std::stoll(timestamp)) > 300) return false;
        const std::string expected = signature(account_.secret, id, timestamp, request.body);
        const std::string presented =
            " " + std::string(request.headers.find("webhook-signature").value_or("")) + " ";
        return presented.find(" " + expected + " ") != std::string::npos;
    }

    [[nodiscard]] static std::variant<ReadCall, http::Response> read_call(Call call, const json::Value& body,
                                                                          const std::string& bytes) {
        ReadCall read;
        read.call = call;
        read.reference = text(body, "reference");
        read.waybill = text(body, "waybill");
        if (read.reference.empty() && (call != Call::track || read.waybill.empty()))
            return refusal(400, "bad_request", "reference");
        if (call != Call::book) return read;
        if (const std::string fault = booking_fault(body); !fault.empty())
            return refusal(400, "bad_request", fault);
        std::string sender;
        for (const char* name : {"name", "phone", "city", "address"})
            sender.append(text(body["sender"], name)).append("\n");
        read.order = Order{read.reference, crypto::to_hex(crypto::sha256(bytes)),
                           crypto::to_hex(crypto::sha256(sender)), std::string(text(body["window"], "start")),
                           std::string(text(body["window"], "end"))};
        return read;
    }

    [[nodiscard]] static http::Response price() {
        json::Writer w;
        return json_response(200, w.begin_object().member("fee_fen", kFee).end_object().take());
    }

    [[nodiscard]] static std::string events_of(const Parcel& parcel, const ParcelEvent& event) {
        json::Writer w;
        w.begin_object().key("events").begin_array();
        write_events(w, parcel, event);
        return w.end_array().end_object().take();
    }

    [[nodiscard]] CallbackMessage push(const Parcel& parcel, const ParcelEvent& event, std::string body,
                                       std::string_view secret) const {
        const std::string id = "msg_" + parcel.reference + "_" + std::to_string(event.id);
        const std::string timestamp = std::to_string(seconds_of(clock_.now()));
        CallbackMessage message{parcel.reference, event.stage, std::string(kJson), std::move(body)};
        message.headers.emplace_back("webhook-id", id);
        message.headers.emplace_back("webhook-timestamp", timestamp);
        message.headers.emplace_back("webhook-signature", signature(secret, id, timestamp, message.body));
        return message;
    }

    OpenAccount account_;
    WorldClock clock_;
};

}  // namespace

std::unique_ptr<Dialect> make_open(OpenAccount account, const WorldClock& clock) {
    return std::make_unique<Open>(std::move(account), clock);
}

}  // namespace returngate::sandbox
