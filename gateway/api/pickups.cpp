// GET /v1/pickup-slots; POST, PATCH and DELETE /v1/returns/{return_id}/pickup.
#include <algorithm>

#include "gateway/api/contacts.hpp"
#include "gateway/api/fields.hpp"
#include "gateway/api/handlers.hpp"
#include "gateway/api/pickup_request.hpp"
#include "gateway/api/query.hpp"
#include "gateway/api/render.hpp"
#include "gateway/api/submit.hpp"
#include "src/pickup/region.hpp"
#include "src/pickup/windows.hpp"

namespace returngate::api {
namespace {

constexpr std::size_t kNextSlots = 5;

void write_slots(json::Writer& w, std::string_view name, const std::vector<PickupSlot>& slots) {
    w.key(name).begin_array();
    for (const auto& slot : slots) {
        w.begin_object();
        write_instant(w, "start", slot.window.start);
        write_instant(w, "end", slot.window.end);
        w.member("now", slot.is_now).end_object();
    }
    w.end_array();
}

std::string render_slots(const Policy& policy, Instant now) {
    const auto couriers = policy.courier_hours();
    const auto slots = bookable_slots(policy.pickup, now, couriers);
    json::Writer w;
    w.begin_object();
    write_slots(w, "slots", slots);
    if (slots.empty()) write_slots(w, "next_slots", next_slots(policy.pickup, now, kNextSlots, couriers));
    write_instant(w, "asked_at", now);
    w.end_object();
    return w.take();
}

pipeline::Answer render_pickup(const Decision& decision, int status) {
    const CaseFile& after = decision.after;
    const Pickup& pickup = *after.case_.pickup;
    const Booking* booking = after.bookings.empty() ? nullptr : &after.bookings.back();
    json::Writer w;
    w.begin_object().member("pickup_id", to_string(pickup.id)).key("window");
    write_window(w, pickup.window);
    w.key("courier");
    booking != nullptr && booking->pickup == pickup.id ? w.value(booking->courier.value) : w.null();
    w.member("status", to_string(pickup.status));
    write_instant(w, "door_by", pickup.door_by);
    w.end_object();
    return {status, w.take()};
}

Outcome<ReadPickup> decode(const json::Value& body) {
    std::vector<FieldError> faults;
    Fields fields(body, faults);
    ReadPickup read = read_pickup(fields);
    if (!faults.empty()) return refuse_fields(std::move(faults));
    return read;
}

// Absent: now.
std::optional<Window> read_window(Fields& fields) {
    std::optional<Window> read;
    auto window = fields.optional_object("window");
    const auto now = fields.optional_boolean("now");
    if (window) {
        read = Window{};
        read->start = window->instant("start");
        read->end = window->instant("end");
        window->refuse_the_rest();
    }
    if (window.has_value() == now.value_or(false)) {
        fields.fault("window", "one_of", "Name either a window or \"now\": true.");
    }
    return read;
}

Outcome<ReschedulePickup> decode_move(const json::Value& body, ReturnId id) {
    std::vector<FieldError> faults;
    Fields fields(body, faults);
    ReschedulePickup command;
    command.id = id;
    command.window = read_window(fields);
    fields.refuse_the_rest();
    if (!faults.empty()) return refuse_fields(std::move(faults));
    return command;
}

}  // namespace

ReadPickup read_pickup(Fields& fields) {
    ReadPickup read;
    read.window = read_window(fields);
    read.contact = read_contact(fields.object("contact"), "pickup");
    fields.refuse_the_rest();
    return read;
}

PickupRequest request_of(const ReadPickup& read, PickupId id, ContactId contact) {
    PickupRequest request;
    request.id = id;
    request.window = read.window;
    request.contact = contact;
    request.region = region_of(read.contact.province, read.contact.city);
    return request;
}

Answering get_pickup_slots(Services& services, Call& call) {
    auto query = Query::parse(call.request.query());
    if (!query) co_return tl::unexpected<Refusal>(query.error());
    const auto text = query->value("return_id");
    const auto id = text ? parse_id<ReturnTag>(*text) : std::nullopt;
    if (text && !id) query->fault("return_id", "not_an_id", "Is to be a return's id.");
    const auto read = query->finish();
    if (!read) co_return tl::unexpected<Refusal>(read.error());
    if (id) {
        auto find = [wanted = *id](postgres::Desk& desk) { return desk.read().seller_of(wanted); };
        const auto seller = co_await services.queries.run(std::move(find));
        if (!seller) co_return refuse(seller.error());
        if (!*seller) co_return refuse(ErrorKind::not_found, "return_not_found", "No such return.");
    }
    const Instant now = services.clock.now();
    co_return json_answer(200, render_slots(*services.policies.policy_at(now), now));
}

Answering post_pickup(Services& services, Call& call) {
    const auto id = return_id_of(call);
    if (!id) co_return tl::unexpected<Refusal>(id.error());
    const auto body = read_object(call.request);
    if (!body) co_return tl::unexpected<Refusal>(body.error());
    auto read = decode(*body);
    if (!read) co_return tl::unexpected<Refusal>(read.error());
    read->contact.id = fresh_id<ContactId>(services.random, id->cell());
    BookPickup command;
    command.id = *id;
    command.request = request_of(*read, fresh_id<PickupId>(services.random, id->cell()), read->contact.id);
    auto submission = submission_of(services, call, command);
    submission.contacts.push_back(std::move(read->contact));
    submission.render = [](const Decision& decision) { return render_pickup(decision, 201); };
    auto answer = co_await submit(services, std::move(submission));
    co_return answer;
}

Answering patch_pickup(Services& services, Call& call) {
    const auto id = return_id_of(call);
    if (!id) co_return tl::unexpected<Refusal>(id.error());
    const auto body = read_object(call.request);
    if (!body) co_return tl::unexpected<Refusal>(body.error());
    auto command = decode_move(*body, *id);
    if (!command) co_return tl::unexpected<Refusal>(command.error());
    auto submission = submission_of(services, call, *std::move(command));
    submission.render = [](const Decision& decision) { return render_pickup(decision, 200); };
    auto answer = co_await submit(services, std::move(submission));
    co_return answer;
}

Answering delete_pickup(Services& services, Call& call) {
    const auto id = return_id_of(call);
    if (!id) co_return tl::unexpected<Refusal>(id.error());
    CancelPickup command;
    command.id = *id;
    auto submission = submission_of(services, call, command);
    submission.render = [](const Decision& decision) { return render_pickup(decision, 200); };
    auto answer = co_await submit(services, std::move(submission));
    co_return answer;
}

}  // namespace returngate::api
