// The registry of prometheus-cpp behind arrays of counters: its own look-up by labels takes a lock and
// several allocations, too much for every callback.
#include "gateway/metrics.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <mutex>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace returngate {
namespace {

constexpr std::array kStatuses{200, 201, 204, 400, 401, 403, 404, 405, 409,
                               413, 415, 421, 422, 429, 500, 501, 502, 503};
constexpr std::array<std::string_view, 6> kOutcomes{"taken",   "parked",      "quarantined",
                                                    "refused", "unknown_url", "failed"};
// The types that a case's timeline can hold (src/returns); any other is counted as "other".
constexpr std::array<std::string_view, 24> kEventTypes{
    "return.applied",    "return.approved",  "return.refused",        "return.closed",     "return.frozen",
    "refund.deferred",   "pickup.booked",    "pickup.rebrokered",     "pickup.accepted",   "pickup.collected",
    "pickup.unserved",   "pickup.cancelled", "pickup.promise_missed", "waybill.accepted",  "waybill.refused",
    "advance.committed", "advance.paid",     "advance.reversed",      "advance.recovered", "parcel.delivered",
    "receipt.confirmed", "receipt.disputed", "courier.contradicted",  "waybill.suspect"};
constexpr std::array<std::string_view, 3> kPromises{"courier_accepts", "courier_at_door", "advance_pays"};

// What is noted when a clock has run out: one outcome each (docs/rules.md, C1).
struct RunOut {
    std::string_view event;
    std::string_view fact;  // that it has to state; "": whatever it states
    std::string_view said;
    JobKind clock;
};
constexpr std::array kRunOuts{
    RunOut{"return.approved", "by", "silence", JobKind::seller_answer_deadline},
    RunOut{"return.closed", "reason", "not_shipped", JobKind::ship_deadline},
    RunOut{"pickup.courier_gave_up", "reason", "not_accepted_in_time", JobKind::accept_deadline},
    RunOut{"pickup.promise_missed", "", "", JobKind::door_deadline},
    RunOut{"pickup.courier_gave_up", "reason", "not_at_the_door", JobKind::door_give_up},
    RunOut{"receipt.confirmed", "by", "silence", JobKind::receipt_deadline},
    RunOut{"return.closed", "reason", "offer_not_answered", JobKind::offer_deadline},
    RunOut{"intervention.escalated", "", "", JobKind::intervention_deadline},
    RunOut{"waybill.not_collected", "", "", JobKind::self_shipped_deadline},
    RunOut{"clawback.overdue", "", "", JobKind::repayment_deadline},
    RunOut{"appeal.escalated", "", "", JobKind::appeal_deadline},
    RunOut{"reservation.expired", "", "", JobKind::reservation_deadline},
};
static_assert(kRunOuts.size() == kJobKinds - static_cast<std::size_t>(JobKind::seller_answer_deadline),
              "every clock has an outcome");

// The promise of two hours, courier by courier. One that was missed by our clock may turn out to have been
// kept.
enum DoorOutcome : std::size_t { kept, missed, kept_after_all };
constexpr std::array<std::string_view, 3> kDoorOutcomes{"kept", "missed", "kept_after_all"};

const prometheus::Histogram::BucketBoundaries kRequestSeconds{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                                              0.1,   0.25,   0.5,   1,    2.5,   5};
const prometheus::Histogram::BucketBoundaries kAdvanceSeconds{0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7,
                                                              0.8,  0.9, 1,   1.5, 2,   5,   10};

std::size_t status_index(int status) {
    const auto* found = std::ranges::find(kStatuses, status);
    return static_cast<std::size_t>(found - kStatuses.begin());  // past the end: "other"
}

std::int64_t fact(const CaseEvent& event, std::string_view name) {
    for (const auto& [key, value] : event.facts) {
        if (key != name) continue;
        if (const auto* number = std::get_if<std::int64_t>(&value)) return *number;
        if (const auto* flag = std::get_if<bool>(&value)) return *flag ? 1 : 0;
    }
    return 0;
}

std::string_view text(const CaseEvent& event, std::string_view name) {
    for (const auto& [key, value] : event.facts) {
        const auto* said = std::get_if<std::string>(&value);
        if (key == name && said != nullptr) return *said;
    }
    return {};
}

std::optional<DoorOutcome> door_outcome(const CaseEvent& event) {
    if (event.type == "pickup.promise_missed") return missed;
    if (event.type == "pickup.promise_kept_after_all") return kept_after_all;
    const bool is_kept = event.type == "pickup.collected" && fact(event, "promise_kept") == 1;
    return is_kept ? std::optional(kept) : std::nullopt;
}

template <std::size_t Outcomes>
using CounterRow = std::array<prometheus::Counter*, Outcomes>;

// A row of counters for each courier, and a last one for all others.
template <std::size_t Outcomes>
std::vector<CounterRow<Outcomes>> count_by_courier(prometheus::Family<prometheus::Counter>& family,
                                                   const std::vector<std::string>& couriers,
                                                   const std::array<std::string_view, Outcomes>& outcomes) {
    std::vector<CounterRow<Outcomes>> rows(couriers.size() + 1);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const std::string courier = i < couriers.size() ? couriers[i] : "other";
        for (std::size_t k = 0; k < Outcomes; ++k)
            rows[i].at(k) = &family.Add({{"courier", courier}, {"outcome", std::string(outcomes.at(k))}});
    }
    return rows;
}

}  // namespace

struct Metrics::State {
    prometheus::Registry registry;
    prometheus::Family<prometheus::Counter>& requests;
    prometheus::Family<prometheus::Gauge>& gauges_breaker;
    std::vector<std::string> routes;
    // [route][status], made at the first use: most pairs never happen.
    std::vector<std::array<std::atomic<prometheus::Counter*>, kStatuses.size() + 1>> request_counters;
    std::vector<prometheus::Histogram*> request_seconds;
    std::vector<CounterRow<kOutcomes.size()>> callbacks;
    prometheus::Histogram* advance_seconds = nullptr;
    std::array<prometheus::Counter*, kPromises.size()> promises_missed{};
    std::array<prometheus::Counter*, kEventTypes.size() + 1> events{};
    std::array<prometheus::Counter*, kRunOuts.size()> run_outs{};
    std::vector<std::string> couriers;
    std::vector<CounterRow<kDoorOutcomes.size()>> doors;
    std::mutex rendering;

    State()
        : requests(prometheus::BuildCounter()
                       .Name("returngate_http_requests_total")
                       .Help("Answered requests by route template and status")
                       .Register(registry)),
          gauges_breaker(prometheus::BuildGauge()
                             .Name("returngate_breaker_open")
                             .Help("1 while we do not call this courier or provider")
                             .Register(registry)) {}

    void make_routes(const std::vector<std::string>& given) {
        routes = given;
        routes.emplace_back("none");
        request_counters = decltype(request_counters)(routes.size());
        auto& family = prometheus::BuildHistogram()
                           .Name("returngate_http_request_seconds")
                           .Help("Time from the request's last byte to the answer")
                           .Register(registry);
        for (const auto& route : routes)
            request_seconds.push_back(&family.Add({{"route", route}}, kRequestSeconds));
    }

    void make_callbacks() {
        callbacks = count_by_courier(prometheus::BuildCounter()
                                         .Name("returngate_callbacks_total")
                                         .Help("Courier callbacks by what became of them")
                                         .Register(registry),
                                     couriers, kOutcomes);
    }

    void make_promises() {
        advance_seconds = &prometheus::BuildHistogram()
                               .Name("returngate_advance_seconds")
                               .Help("From the last needed fact to the provider's acceptance")
                               .Register(registry)
                               .Add({}, kAdvanceSeconds);
        auto& missed = prometheus::BuildCounter()
                           .Name("returngate_promises_missed_total")
                           .Help("Promises to the buyer that were not kept")
                           .Register(registry);
        for (std::size_t i = 0; i < kPromises.size(); ++i) {
            promises_missed.at(i) = &missed.Add({{"promise", std::string(kPromises.at(i))}});
        }
        auto& by_type = prometheus::BuildCounter()
                            .Name("returngate_events_total")
                            .Help("Committed events of return cases by type")
                            .Register(registry);
        for (std::size_t i = 0; i <= kEventTypes.size(); ++i) {
            const auto type = i < kEventTypes.size() ? kEventTypes.at(i) : std::string_view("other");
            events.at(i) = &by_type.Add({{"type", std::string(type)}});
        }
    }

    void make_clocks() {
        auto& family = prometheus::BuildCounter()
                           .Name("returngate_clocks_run_out_total")
                           .Help("Clocks of returns that ran out, each with a recorded outcome")
                           .Register(registry);
        for (std::size_t i = 0; i < kRunOuts.size(); ++i)
            run_outs.at(i) = &family.Add({{"clock", std::string(to_string(kRunOuts.at(i).clock))}});
    }

    void make_doors() {
        doors =
            count_by_courier(prometheus::BuildCounter()
                                 .Name("returngate_door_promises_total")
                                 .Help("Couriers that were at the door when they were promised, or were not")
                                 .Register(registry),
                             couriers, kDoorOutcomes);
    }

    void door(const CaseEvent& event, DoorOutcome outcome) {
        const auto found = std::ranges::find(couriers, text(event, "courier"));
        doors.at(static_cast<std::size_t>(found - couriers.begin())).at(outcome)->Increment();
    }

    void ran_out(const CaseEvent& event) {
        for (std::size_t i = 0; i < kRunOuts.size(); ++i) {
            const RunOut& row = kRunOuts.at(i);
            if (row.event == event.type && text(event, row.fact) == row.said) run_outs.at(i)->Increment();
        }
    }

    void promise_missed(std::string_view promise) {
        const auto* found = std::ranges::find(kPromises, promise);
        promises_missed.at(static_cast<std::size_t>(found - kPromises.begin()))->Increment();
    }
};

Metrics::Metrics(const std::vector<std::string>& routes, const std::vector<std::string>& couriers)
    : state_(std::make_unique<State>()) {
    state_->make_routes(routes);
    state_->couriers = couriers;
    state_->make_callbacks();
    state_->make_promises();
    state_->make_clocks();
    state_->make_doors();
}
Metrics::~Metrics() = default;

void Metrics::request(std::size_t route, int status, std::chrono::steady_clock::duration took) {
    route = std::min(route, state_->routes.size() - 1);
    const std::size_t index = status_index(status);
    auto& slot = state_->request_counters.at(route).at(index);
    prometheus::Counter* counter = slot.load(std::memory_order_acquire);
    if (counter == nullptr) {
        const std::string word = index < kStatuses.size() ? std::to_string(status) : "other";
        // The same labels give the same counter, whoever adds them first.
        counter = &state_->requests.Add({{"route", state_->routes.at(route)}, {"status", word}});
        slot.store(counter, std::memory_order_release);
    }
    counter->Increment();
    state_->request_seconds.at(route)->Observe(std::chrono::duration<double>(took).count());
}

void Metrics::callback(std::size_t courier, CallbackOutcome outcome) {
    courier = std::min(courier, state_->callbacks.size() - 1);
    state_->callbacks.at(courier).at(static_cast<std::size_t>(outcome))->Increment();
}

void Metrics::event(const CaseEvent& event) {
    const auto* found = std::ranges::find(kEventTypes, event.type);
    state_->events.at(static_cast<std::size_t>(found - kEventTypes.begin()))->Increment();
    state_->ran_out(event);
    if (const auto outcome = door_outcome(event)) state_->door(event, *outcome);
    if (event.type == "pickup.promise_missed") state_->promise_missed("courier_at_door");
    if (event.type == "pickup.courier_gave_up") state_->promise_missed("courier_accepts");
    if (event.type != "advance.paid") return;
    state_->advance_seconds->Observe(static_cast<double>(fact(event, "elapsed_ms")) / 1000.0);
    if (fact(event, "promise_kept") == 0) state_->promise_missed("advance_pays");
}

namespace {

// Values that others keep; written in the text format by hand, since a registry would want deltas.
void append_plain(std::string& out, std::string_view name, std::string_view type, std::string_view help,
                  std::uint64_t value) {
    out.append("# HELP ").append(name).append(" ").append(help).append("\n# TYPE ").append(name).append(" ");
    out.append(type).append("\n").append(name).append(" ").append(std::to_string(value)).append("\n");
}

void append_tls(std::string& out, const http::ServerTls::Status& tls) {
    const auto expires_at =
        std::chrono::floor<std::chrono::seconds>(tls.expires_at.time_since_epoch()).count();
    append_plain(out, "returngate_tls_certificate_expires_at_seconds", "gauge",
                 "When the first of our certificates expires, Unix time",
                 static_cast<std::uint64_t>(std::max<std::int64_t>(0, expires_at)));
    append_plain(out, "returngate_tls_files_refused", "gauge",
                 "1 while the TLS files cannot be used and older ones are in use", tls.is_refused ? 1 : 0);
}

}  // namespace

std::string Metrics::render(const Gauges& gauges) {
    const std::lock_guard lock(state_->rendering);
    for (const auto& [name, is_open] : gauges.breakers)
        state_->gauges_breaker.Add({{"courier", name}}).Set(is_open ? 1 : 0);
    std::string out = prometheus::TextSerializer().Serialize(state_->registry.Collect());
    const pipeline::Statistics& pipe = gauges.pipeline;
    append_plain(out, "returngate_pipeline_batches_total", "counter", "Committed batches", pipe.batches);
    append_plain(out, "returngate_pipeline_commands_total", "counter", "Commands in committed batches",
                 pipe.commands);
    append_plain(out, "returngate_pipeline_refused_total", "counter", "Commands that the rules refused",
                 pipe.refused);
    append_plain(out, "returngate_pipeline_stale_total", "counter",
                 "Batches that lost a version and were run again", pipe.stale);
    append_plain(out, "returngate_pipeline_violated_total", "counter", "Batches that a constraint refused",
                 pipe.violated);
    append_plain(out, "returngate_pipeline_in_doubt_total", "counter", "Commits whose answer was lost",
                 pipe.in_doubt);
    append_plain(out, "returngate_pipeline_unavailable_total", "counter", "Batches that met no database",
                 pipe.unavailable);
    append_plain(out, "returngate_pipeline_queued", "gauge", "Commands waiting", pipe.queued);
    const http::ServerCounters& server = gauges.server;
    append_plain(out, "returngate_http_connections_total", "counter", "Accepted connections",
                 server.connections);
    append_plain(out, "returngate_http_connections_refused_total", "counter", "Connections over the cap",
                 server.connections_refused);
    append_plain(out, "returngate_http_handshakes_failed_total", "counter",
                 "TLS handshakes without common ground", server.handshakes_failed);
    append_plain(out, "returngate_http_refused_total", "counter", "Requests that break HTTP's rules",
                 server.refused);
    append_plain(out, "returngate_http_timed_out_total", "counter", "Requests that came too slowly",
                 server.timed_out);
    append_plain(out, "returngate_http_shed_total", "counter", "Requests over the in-flight cap",
                 server.shed);
    append_plain(out, "returngate_http_handler_bugs_total", "counter", "Handlers that threw",
                 server.handler_bugs);
    append_plain(out, "returngate_http_open_connections", "gauge", "Open connections",
                 gauges.open_connections);
    append_plain(out, "returngate_http_in_flight", "gauge", "Requests being handled", gauges.in_flight);
    append_plain(out, "returngate_queries_waiting", "gauge", "Questions waiting for a database thread",
                 gauges.queries_waiting);
    if (gauges.tls) append_tls(out, *gauges.tls);
    append_plain(out, "returngate_database_up", "gauge", "1 while the database answers",
                 gauges.is_database_up ? 1 : 0);
    if (!gauges.is_database_up) return out;
    append_plain(out, "returngate_jobs_overdue", "gauge", "Jobs more than 30 s past their time",
                 static_cast<std::uint64_t>(std::max<std::int64_t>(0, gauges.jobs_overdue)));
    append_plain(out, "returngate_money_halted", "gauge", "1 while payouts are halted",
                 gauges.money_halted ? 1 : 0);
    append_plain(out, "returngate_webhook_endpoints_paused", "gauge",
                 "Webhook endpoints that were paused because they failed",
                 static_cast<std::uint64_t>(gauges.webhooks_paused));
    append_plain(out, "returngate_webhook_events_pending", "gauge",
                 "Events that did not arrive at their endpoint at once",
                 static_cast<std::uint64_t>(gauges.webhooks_pending));
    return out;
}

}  // namespace returngate
