// Reading and rendering recorded exchanges.
#include "tests/conformance/recording.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "adapters/json/writer.hpp"

namespace returngate::conformance {
namespace {

namespace fs = std::filesystem;
using courier::Operation;

// One final newline belongs to the file, not to the recording.
std::string read_file(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) throw std::runtime_error("cannot read " + path.string());
    std::ostringstream text;
    text << in.rdbuf();
    std::string bytes = text.str();
    if (bytes.ends_with('\n')) bytes.pop_back();
    return bytes;
}

std::string read_if_there(const fs::path& path) {
    return fs::exists(path) ? read_file(path) : std::string();
}

json::Value read_json(const fs::path& path) {
    auto parsed = json::parse(read_file(path));
    if (!parsed) throw std::runtime_error(path.string() + ": " + parsed.error().message);
    return *std::move(parsed);
}

std::string text_of(const json::Value& object, std::string_view name) {
    return std::string(object[name].string().value_or(""));
}

Instant instant_of(const json::Value& object, std::string_view name) {
    const auto instant = parse_rfc3339(object[name].string().value_or(""));
    if (!instant) throw std::runtime_error("no RFC 3339 time in " + std::string(name));
    return *instant;
}

struct Message {
    std::string first_line;
    http::Headers headers;
    std::string body;
};

std::string take_line(std::string& text) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string line = text.substr(0, end);
    text.erase(0, std::min(end + 1, text.size()));
    return line;
}

Message read_message(const fs::path& path) {
    std::string text = read_file(path);
    Message message;
    message.first_line = take_line(text);
    for (std::string line = take_line(text); !line.empty(); line = take_line(text)) {
        const std::size_t colon = line.find(": ");
        if (colon == line.npos) throw std::runtime_error(path.string() + ": bad header line " + line);
        message.headers.fields.emplace_back(line.substr(0, colon), line.substr(colon + 2));
    }
    message.body = text;
    return message;
}

http::Response read_response(const fs::path& path) {
    Message message = read_message(path);
    http::Response response;
    response.status = std::stoi(message.first_line.substr(message.first_line.find(' ') + 1));
    response.headers = std::move(message.headers);
    response.body = std::move(message.body);
    return response;
}

http::Request read_request(const fs::path& path) {
    Message message = read_message(path);
    std::istringstream line(message.first_line);
    http::Request request;
    line >> request.method >> request.target;
    request.headers = std::move(message.headers);
    request.body = std::move(message.body);
    return request;
}

courier::Party party_of(const json::Value& object) {
    courier::Party party;
    party.name = text_of(object, "name");
    party.phone = text_of(object, "phone");
    party.province = text_of(object, "province");
    party.city = text_of(object, "city");
    party.county = text_of(object, "county");
    party.address = text_of(object, "address");
    return party;
}

courier::BookingOrder order_of(const json::Value& object) {
    courier::BookingOrder order;
    order.reference.value = text_of(object, "reference");
    order.sender = party_of(object["sender"]);
    order.recipient = party_of(object["recipient"]);
    if (object.find("window") != nullptr)
        order.window = Window{instant_of(object["window"], "start"), instant_of(object["window"], "end")};
    order.parcel.description = text_of(object["parcel"], "description");
    order.parcel.quantity = static_cast<std::int32_t>(object["parcel"]["quantity"].integer().value_or(0));
    order.parcel.weight_grams = object["parcel"]["weight_grams"].integer().value_or(0);
    order.remark = text_of(object, "remark");
    return order;
}

std::vector<fs::path> sorted_entries(const fs::path& folder) {
    std::vector<fs::path> entries;
    if (fs::exists(folder))
        for (const auto& entry : fs::directory_iterator(folder)) entries.push_back(entry.path());
    std::sort(entries.begin(), entries.end());
    return entries;
}

RecordedOperation load_operation(const fs::path& folder, Operation operation) {
    const json::Value input = read_json(folder / "input.json");
    RecordedOperation recorded;
    recorded.operation = operation;
    recorded.moment = courier::Moment{instant_of(input, "now"), text_of(input, "nonce")};
    const bool has_order = operation == Operation::book || operation == Operation::price;
    if (has_order) recorded.order = order_of(input["order"]);
    if (!has_order) recorded.order.reference.value = text_of(input, "reference");
    if (operation == Operation::move)
        recorded.order.window =
            Window{instant_of(input["window"], "start"), instant_of(input["window"], "end")};
    recorded.reason = text_of(input, "reason");
    recorded.waybill = text_of(input, "waybill");
    recorded.courier_key = text_of(input, "courier_key");
    recorded.request = read_file(folder / "request.http");
    for (const fs::path& path : sorted_entries(folder / "answers")) {
        if (path.extension() != ".http") continue;
        fs::path expected = path;
        expected.replace_extension(".json");
        recorded.answers.push_back(
            RecordedAnswer{path.stem().string(), read_response(path), read_json(expected)});
    }
    return recorded;
}

RecordedPush load_push(const fs::path& folder) {
    RecordedPush recorded;
    recorded.name = folder.filename().string();
    recorded.push.request = read_request(folder / "push.http");
    recorded.expected = read_json(folder / "expected.json");
    recorded.push.received_at = instant_of(recorded.expected, "received_at");
    recorded.taken = read_file(folder / "taken.http");
    recorded.refused = read_if_there(folder / "refused.http");
    recorded.failed = read_if_there(folder / "failed.http");
    return recorded;
}

std::string render_headers(const http::Headers& headers) {
    std::string text;
    for (const auto& [name, value] : headers.fields)
        text.append(name).append(": ").append(value).append("\n");
    return text;
}

std::string_view word_of(courier::BookingState state) {
    switch (state) {
        case courier::BookingState::accepted: return "accepted";
        case courier::BookingState::pending: return "pending";
        case courier::BookingState::dead: return "dead";
    }
    return "";
}

void write_value(json::Writer& w, const json::Value& value) {
    if (value.is_object()) {
        w.begin_object();
        for (const json::Member& member : value.members()) write_value(w.key(member.name), member.value);
        w.end_object();
    } else if (value.is_array()) {
        w.begin_array();
        for (const json::Value& item : value.items()) write_value(w, item);
        w.end_array();
    } else if (value.is_string()) {
        w.value(*value.string());
    } else if (value.is_number()) {
        w.raw(*value.decimal());
    } else if (value.is_boolean()) {
        w.value(*value.boolean());
    } else {
        w.null();
    }
}

}  // namespace

std::string folder_of(std::string_view courier_code) {
    std::string folder(courier_code);
    for (char& c : folder)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return folder;
}

Recording load_recording(std::string_view courier_code) {
    const fs::path root = fs::path(RETURNGATE_SOURCE_DIR) / "tests/conformance" / folder_of(courier_code);
    const json::Value account = read_json(root / "account.json");
    Recording recording;
    recording.account.base_url = text_of(account, "base_url");
    for (const json::Member& setting : account["settings"].members())
        recording.account.settings[setting.name] = setting.value.string().value_or("");
    for (const json::Value& name : account["required"].items())
        recording.required_settings.emplace_back(name.string().value_or(""));
    for (const json::Value& name : account["secrets"].items())
        recording.secret_settings.emplace_back(name.string().value_or(""));
    if (recording.secret_settings.empty())
        for (const auto& [name, value] : recording.account.settings)
            if (name.find("secret") != name.npos) recording.secret_settings.push_back(name);
    recording.hides_what_it_asks = account["hides_what_it_asks"].boolean().value_or(false);
    recording.profile = read_json(root / "profile.json");
    for (const Operation operation : {Operation::book, Operation::cancel, Operation::find, Operation::track,
                                      Operation::price, Operation::move})
        if (const fs::path folder = root / to_string(operation); fs::exists(folder))
            recording.operations.push_back(load_operation(folder, operation));
    for (const fs::path& folder : sorted_entries(root / "pushes"))
        recording.pushes.push_back(load_push(folder));
    return recording;
}

std::string render(const http::Request& request) {
    return request.method + " " + request.target + " HTTP/1.1\n" + render_headers(request.headers) + "\n" +
           request.body;
}

std::string render(const http::Response& response) {
    return "HTTP/1.1 " + std::to_string(response.status) + "\n" + render_headers(response.headers) + "\n" +
           response.body;
}

std::string render(const courier::Booking& booking) {
    json::Writer w;
    w.begin_object().member("reference", booking.reference.value).member("state", word_of(booking.state));
    w.member_if_set("waybill", booking.waybill.value_or(""));
    w.member_if_set("carrying_courier", booking.carrying_courier.value_or(""));
    w.member_if_set("courier_key", booking.courier_key);
    w.member_if_set("pickup_code", booking.pickup_code);
    return w.end_object().take();
}

// The order of the members is that of the recordings.
std::string render(const TrackingEvent& event) {
    json::Writer w;
    w.begin_object();
    if (event.booking_reference) w.member("booking_reference", event.booking_reference->value);
    w.member_if_set("waybill", event.waybill.value_or(""));
    w.member_if_set("replaced_by", event.replaced_by.value_or(""));
    w.member("status", to_string(event.status)).member("raw_status", event.raw_status);
    w.member("occurred_at", format_rfc3339(event.occurred_at)).member("dedupe_key", event.dedupe_key);
    if (event.repeats_with_new_values) w.member("repeats_with_new_values", true);
    if (event.weight_grams) w.member("weight_grams", *event.weight_grams);
    if (event.fee_fen) w.member("fee_fen", *event.fee_fen);
    w.member_if_set("courier_person", event.courier_person)
        .member_if_set("courier_phone", event.courier_phone)
        .member_if_set("pickup_code", event.pickup_code);
    return w.end_object().take();
}

std::string render(const json::Value& value) {
    json::Writer w;
    write_value(w, value);
    return w.take();
}

}  // namespace returngate::conformance
