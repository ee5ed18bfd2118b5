// POST /v1/couriers/{code}/callbacks/{token}, answered in the courier's own body by the intake; and
// GET /v1/operations/couriers and …/promises.
#include <algorithm>

#include "gateway/api/handlers.hpp"
#include "gateway/api/query.hpp"
#include "gateway/api/render.hpp"
#include "gateway/api/services.hpp"

namespace returngate::api {
namespace {

constexpr std::int64_t kHours = 24;
constexpr std::int64_t kMostHours = 31 * 24;

void write_record(json::Writer& w, const CourierRecord& record) {
    w.key("record").begin_object().member("asked", record.asked).member("accepted", record.accepted);
    w.member("due", record.due).member("on_time", record.on_time).end_object();
}

void write_courier(json::Writer& w, const CourierTerms& terms, const CourierRecord& record, bool breaker_open,
                   std::chrono::hours distrust) {
    w.begin_object().member("courier", terms.code.value).member("enabled", terms.enabled);
    w.member("priority", terms.priority).member("breaker_open", breaker_open);
    write_record(w, record);
    write_instant(w, "contradicted_at", record.contradicted_at);
    std::optional<Instant> distrusted_until;
    if (record.contradicted_at) distrusted_until = *record.contradicted_at + distrust;
    write_instant(w, "distrusted_until", distrusted_until);
    w.end_object();
}

std::string render_couriers(const Services& services, const Policy& policy,
                            const std::vector<CourierRecord>& records) {
    const Gauges gauges = services.gauges();
    json::Writer w;
    w.begin_object().member("record_hours", policy.broker.record.count()).key("couriers").begin_array();
    for (const auto& terms : policy.couriers) {
        const auto found = std::ranges::find(records, terms.code, &CourierRecord::code);
        const std::pair open{terms.code.value, true};
        write_courier(w, terms, found == records.end() ? CourierRecord{} : *found,
                      std::ranges::count(gauges.breakers, open) > 0, policy.broker.distrust);
    }
    w.end_array().end_object();
    return w.take();
}

std::string render_promises(const std::vector<postgres::DoorPromisesView>& promises, std::int64_t hours) {
    json::Writer w;
    w.begin_object().member("hours", hours).key("promises").begin_array();
    for (const auto& promise : promises) {
        w.begin_object().member("courier", promise.courier.value);
        w.member("province", promise.province).member("city", promise.city);
        w.member("due", promise.due).member("kept", promise.kept);
        w.member("missed", promise.due - promise.kept).end_object();
    }
    w.end_array().end_object();
    return w.take();
}

}  // namespace

Answering post_callback(Services& services, Call& call) {
    auto response = co_await services.callbacks.answer(call.parameters.at(0), call.parameters.at(1),
                                                       std::move(call.request));
    // As for any path that does not exist.
    if (!response) co_return refuse(ErrorKind::not_found, "no_such_route", "There is nothing at this path.");
    co_return *std::move(response);
}

Answering get_couriers(Services& services, Call&) {
    const Instant asked_at = services.clock.now();
    const auto in_force = services.policies.policy_at(asked_at);
    auto find = [now = asked_at, rules = in_force->broker](postgres::Desk& desk) {
        return desk.read().courier_records(now, rules);
    };
    const auto records = co_await services.queries.run(std::move(find));
    if (!records) co_return refuse(records.error());
    co_return json_answer(200, render_couriers(services, *in_force, *records));
}

Answering get_promises(Services& services, Call& call) {
    auto query = Query::parse(call.request.query());
    if (!query) co_return tl::unexpected<Refusal>(query.error());
    const std::int64_t hours = query->integer("hours", kHours, {1, kMostHours});
    const int limit = query->limit();
    const auto read = query->finish();
    if (!read) co_return tl::unexpected<Refusal>(read.error());
    auto find = [now = services.clock.now(), hours, limit](postgres::Desk& desk) {
        return desk.read().door_promises(now - std::chrono::hours(hours), now, limit);
    };
    const auto promises = co_await services.queries.run(std::move(find));
    if (!promises) co_return refuse(promises.error());
    co_return json_answer(200, render_promises(*promises, hours));
}

}  // namespace returngate::api
