// POST /v1/returns, GET /v1/returns/{return_id}, GET …/timeline.
#include "adapters/postgres/json_texts.hpp"
#include "gateway/api/fields.hpp"
#include "gateway/api/handlers.hpp"
#include "gateway/api/pickup_request.hpp"
#include "gateway/api/promises.hpp"
#include "gateway/api/render.hpp"
#include "gateway/api/submit.hpp"

namespace returngate::api {
namespace {

constexpr std::size_t kMostItems = 100;
constexpr std::size_t kMostPictures = 20;
constexpr std::size_t kPictureBytes = 512;

struct Application {
    ApplyForReturn command;
    std::optional<ReadPickup> pickup;
};

Outcome<Application> decode(const json::Value& body) {
    std::vector<FieldError> faults;
    Fields fields(body, faults);
    Application read;
    ApplyForReturn& command = read.command;
    command.buyer.value = fields.identifier("buyer_id");
    command.order.value = fields.identifier("order_id");
    command.after_sale.value = fields.identifier("after_sale_id");
    for (Fields& item : fields.objects("items", kMostItems)) {
        ApplyForReturn::Item wanted;
        wanted.item_id = item.identifier("item_id");
        wanted.quantity = static_cast<std::int32_t>(item.integer("quantity", 1, 100'000));
        item.refuse_the_rest();
        command.items.push_back(std::move(wanted));
    }
    command.reason = fields.text("reason", 1000);
    command.pictures = fields.identifiers("pictures", kMostPictures, kPictureBytes);
    if (auto pickup = fields.optional_object("pickup")) read.pickup = read_pickup(*pickup);
    fields.refuse_the_rest();
    if (!faults.empty()) return refuse_fields(std::move(faults));
    return read;
}

// What the decision says that no row remembers. Written on the committer's thread before the commit is
// answered, read afterwards.
struct Applied {
    ReturnId id;
    std::optional<postgres::ReturnView> made;  // absent: the return is of an earlier application
    std::optional<Error> pickup_refusal;
};

// As the decision leaves the return, but for the seller's address.
postgres::ReturnView view_of(const Decision& decision) {
    const CaseFile& after = decision.after;
    postgres::ReturnView view;
    view.case_ = after.case_;
    view.approval_rules = postgres::rules_json(decision.application->approval_rules);
    view.refund_rules = postgres::rules_json(decision.application->refund_rules);
    view.line = after.line;
    if (after.case_.pickup) {
        const Pickup& pickup = *after.case_.pickup;
        view.pickup = postgres::PickupView{pickup.id, pickup.window, pickup.requested_at, pickup.door_by,
                                           pickup.status};
    }
    for (const auto& booking : after.bookings) {
        view.bookings.push_back({booking.pickup, booking.courier, std::string(to_string(booking.status)),
                                 booking.waybill, booking.placed_at});
    }
    return view;
}

pipeline::Submission application_submission(Services& services, const Call& call, Application read,
                                            std::shared_ptr<Applied> applied) {
    const Cell cell = cell_of(read.command.buyer.value);
    read.command.id = fresh_id<ReturnId>(services.random, cell);
    std::vector<Contact> contacts;
    if (read.pickup) {
        Contact& contact = contacts.emplace_back(read.pickup->contact);
        contact.id = fresh_id<ContactId>(services.random, cell);
        read.command.pickup = request_of(*read.pickup, fresh_id<PickupId>(services.random, cell), contact.id);
    }
    auto submission = submission_of(services, call, std::move(read.command));
    submission.contacts = std::move(contacts);
    submission.render = [applied = std::move(applied)](const Decision& decision) {
        applied->id = decision.after.case_.id;
        applied->pickup_refusal = decision.pickup_refusal;
        applied->made.reset();  // decided again, it may find what it has made
        if (decision.application) applied->made = view_of(decision);
        return pipeline::Answer{applied->made ? 201 : 200, ""};
    };
    return submission;
}

boost::asio::awaitable<Outcome<postgres::ReturnView>> find_return(Services& services, ReturnId id) {
    auto find = [id](postgres::Desk& desk) { return desk.read().find_return(id); };
    auto view = co_await services.queries.run(std::move(find));
    if (!view) co_return refuse(view.error());
    if (!*view) co_return refuse(ErrorKind::not_found, "return_not_found", "No such return.");
    co_return **std::move(view);
}

// A return that this request made is shown as its decision left it; an earlier one as it stands now.
boost::asio::awaitable<Outcome<postgres::ReturnView>> applied_return(Services& services, Applied& applied) {
    if (!applied.made) {
        auto found = co_await find_return(services, applied.id);
        co_return found;
    }
    auto address = co_await services.sellers.return_address(applied.made->case_.seller);
    if (!address) co_return refuse(address.error());
    applied.made->return_address = *std::move(address);
    co_return *std::move(applied.made);
}

bool may_see(const Call& call, const SellerId& seller) {
    return call.identity.caller != Caller::seller || call.identity.seller_id == seller.value;
}

std::string render_timeline(const postgres::TimelineView& timeline, const Clocks& clocks, Instant now) {
    json::Writer w;
    w.begin_object().member("return_id", to_string(timeline.case_.id)).key("events").begin_array();
    for (const auto& event : timeline.events) {
        w.begin_object().member("seq", event.seq);
        write_instant(w, "at", event.at);
        w.member("type", event.type).raw_member("data", event.data).end_object();
    }
    w.end_array().key("promises").begin_array();
    for (const auto& promise : promises_of(timeline, clocks, now)) {
        w.begin_object().member("promise", promise.promise);
        write_instant(w, "promised_at", promise.promised_at);
        write_instant(w, "actual_at", promise.actual_at);
        w.member("kept", promise.kept).end_object();
    }
    w.end_array().end_object();
    return w.take();
}

}  // namespace

Answering post_return(Services& services, Call& call) {
    const auto body = read_object(call.request);
    if (!body) co_return tl::unexpected<Refusal>(body.error());
    auto read = decode(*body);
    if (!read) co_return tl::unexpected<Refusal>(read.error());
    auto applied = std::make_shared<Applied>();
    auto submission = application_submission(services, call, *std::move(read), applied);
    const auto committed = co_await submit(services, std::move(submission));
    if (!committed) co_return tl::unexpected<Refusal>(committed.error());
    const int status = applied->made ? 201 : 200;
    const auto view = co_await applied_return(services, *applied);
    if (!view) co_return tl::unexpected<Refusal>(view.error());
    const Error* refusal = applied->pickup_refusal ? &*applied->pickup_refusal : nullptr;
    http::Response response = json_answer(status, render_return(*view, refusal));
    response.headers.set("Location", "/v1/returns/" + to_string(applied->id));
    co_return response;
}

Answering get_return(Services& services, Call& call) {
    const auto id = return_id_of(call);
    if (!id) co_return tl::unexpected<Refusal>(id.error());
    const auto view = co_await find_return(services, *id);
    if (!view) co_return tl::unexpected<Refusal>(view.error());
    if (!may_see(call, view->case_.seller))
        co_return refuse(ErrorKind::not_found, "return_not_found", "No such return.");
    co_return json_answer(200, render_return(*view, nullptr));
}

Answering get_timeline(Services& services, Call& call) {
    const auto id = return_id_of(call);
    if (!id) co_return tl::unexpected<Refusal>(id.error());
    auto find = [wanted = *id](postgres::Desk& desk) { return desk.read().find_timeline(wanted); };
    const auto view = co_await services.queries.run(std::move(find));
    if (!view) co_return refuse(view.error());
    if (!*view || !may_see(call, (*view)->case_.seller)) {
        co_return refuse(ErrorKind::not_found, "return_not_found", "No such return.");
    }
    const Clocks& clocks = services.configuration.policy.clocks;
    co_return json_answer(200, render_timeline(**view, clocks, services.clock.now()));
}

}  // namespace returngate::api
