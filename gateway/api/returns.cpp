// POST /v1/returns, POST /v1/unshipped-refunds, GET /v1/returns/{return_id}, GET …/timeline.
#include "adapters/postgres/json_texts.hpp"
#include "gateway/api/fields.hpp"
#include "gateway/api/handlers.hpp"
#include "gateway/api/pickup_request.hpp"
#include "gateway/api/promises.hpp"
#include "gateway/api/query.hpp"
#include "gateway/api/render.hpp"
#include "gateway/api/submit.hpp"
#include "gateway/api/timeline_words.hpp"

namespace returngate::api {
namespace {

constexpr std::size_t kMostItems = 100;
constexpr std::size_t kMostPictures = 20;
constexpr std::size_t kPictureBytes = 512;

struct Application {
    ApplyForReturn command;
    std::optional<ReadPickup> pickup;
};

Outcome<Application> decode(const json::Value& body, bool is_unshipped) {
    std::vector<FieldError> faults;
    Fields fields(body, faults);
    Application read;
    ApplyForReturn& command = read.command;
    command.is_unshipped = is_unshipped;
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
    if (!is_unshipped) {
        command.pictures = fields.identifiers("pictures", kMostPictures, kPictureBytes);
        if (auto pickup = fields.optional_object("pickup")) read.pickup = read_pickup(*pickup);
    }
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
    view.amount = postgres::amount_json(decision.application->amount);
    view.line = after.line;
    view.refunds = views_of(after.refunds);
    if (after.case_.pickup) {
        const Pickup& pickup = *after.case_.pickup;
        view.pickup = postgres::PickupView{pickup.id, pickup.window, pickup.requested_at, pickup.door_by,
                                           pickup.status};
    }
    for (const auto& booking : after.bookings) {
        view.bookings.push_back({booking.reference, booking.pickup, booking.courier,
                                 std::string(to_string(booking.status)), booking.waybill, booking.placed_at});
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

// ?lang= where it is said, else what the caller's software asks for.
Outcome<Language> language_of(const Call& call) {
    auto query = Query::parse(call.request.query());
    if (!query) return tl::unexpected<Refusal>(query.error());
    const auto tag = query->value("lang");
    const auto named = tag ? parse_language(*tag) : std::nullopt;
    if (tag && !named) query->fault("lang", "unknown_word", "Is to be zh-CN or en.");
    if (const auto read = query->finish(); !read) return tl::unexpected<Refusal>(read.error());
    if (named) return *named;
    return preferred_language(call.request.headers.find("Accept-Language").value_or(""));
}

bool may_see(const Call& call, const SellerId& seller) {
    return call.identity.caller != Caller::seller || call.identity.seller_id == seller.value;
}

// The rules as they were stored, each with its sentence.
void write_rules(json::Writer& w, std::string_view name, const std::string& stored, Language language) {
    w.key(name).begin_array();
    const auto rules = json::parse(stored);
    for (const auto& rule : rules ? rules->items() : std::span<const json::Value>()) {
        const std::string_view rule_name = rule["name"].string().value_or("");
        const bool passed = rule["passed"].boolean().value_or(false);
        w.begin_object().member("label", rule["label"].string().value_or("")).member("name", rule_name);
        w.member("passed", passed).member("detail", rule["detail"].string().value_or(""));
        w.member("text", rule_words(language, rule_name, passed)).end_object();
    }
    w.end_array();
}

void write_decision(json::Writer& w, const postgres::TimelineView& timeline, Language language) {
    w.key("decision").begin_object().member("policy_version", timeline.policy_version);
    w.member("approval", to_string(timeline.case_.approval));
    write_rules(w, "approval_rules", timeline.approval_rules, language);
    write_rules(w, "refund_rules", timeline.refund_rules, language);
    w.end_object();
}

void write_event(json::Writer& w, const postgres::EventView& event, Language language) {
    const auto facts = json::parse(event.data);
    w.begin_object().member("seq", event.seq);
    write_instant(w, "at", event.at);
    w.member("type", event.type).raw_member("data", event.data);
    w.member_if_set("text", event_words(language, event.type, facts ? *facts : json::Value())).end_object();
}

std::string render_timeline(const postgres::TimelineView& timeline, const Clocks& clocks, Instant now,
                            Language language) {
    json::Writer w;
    w.begin_object().member("return_id", to_string(timeline.case_.id));
    write_decision(w, timeline, language);
    w.key("events").begin_array();
    for (const auto& event : timeline.events) write_event(w, event, language);
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

Answering post_application(Services& services, Call& call, bool is_unshipped) {
    const auto body = read_object(call.request);
    if (!body) co_return tl::unexpected<Refusal>(body.error());
    auto read = decode(*body, is_unshipped);
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

}  // namespace

Answering post_return(Services& services, Call& call) {
    return post_application(services, call, false);
}

Answering post_unshipped_refund(Services& services, Call& call) {
    return post_application(services, call, true);
}

Answering get_return(Services& services, Call& call) {
    const auto id = return_id_of(call);
    if (!id) co_return tl::unexpected<Refusal>(id.error());
    auto view = co_await find_return(services, *id);
    if (!view) co_return tl::unexpected<Refusal>(view.error());
    if (!may_see(call, view->case_.seller))
        co_return refuse(ErrorKind::not_found, "return_not_found", "No such return.");
    // Who comes, and the code to show, are for who opens the door.
    if (call.identity.caller != Caller::buyer_app && call.identity.caller != Caller::operations)
        view->door.reset();
    co_return json_answer(200, render_return(*view, nullptr));
}

Answering get_timeline(Services& services, Call& call) {
    const auto id = return_id_of(call);
    if (!id) co_return tl::unexpected<Refusal>(id.error());
    const auto language = language_of(call);
    if (!language) co_return tl::unexpected<Refusal>(language.error());
    auto find = [wanted = *id](postgres::Desk& desk) { return desk.read().find_timeline(wanted); };
    const auto view = co_await services.queries.run(std::move(find));
    if (!view) co_return refuse(view.error());
    if (!*view || !may_see(call, (*view)->case_.seller)) {
        co_return refuse(ErrorKind::not_found, "return_not_found", "No such return.");
    }
    const Instant now = services.clock.now();
    const auto policy = services.policies.policy_at(now);
    http::Response response = json_answer(200, render_timeline(**view, policy->clocks, now, *language));
    response.headers.set("Content-Language", std::string(to_string(*language)));
    response.headers.set("Vary", "Accept-Language");
    co_return response;
}

}  // namespace returngate::api
