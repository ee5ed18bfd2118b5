// GET /healthz, /readyz, /metrics, /openapi.json.
#include "adapters/postgres/migrate.hpp"
#include "gateway/api/handlers.hpp"
#include "gateway/api/openapi.hpp"
#include "gateway/api/services.hpp"

namespace returngate::api {
namespace {

constexpr std::chrono::seconds kOverdueAfter{30};

int newest_schema() {
    return postgres::migrations().empty() ? 0 : postgres::migrations().back().version;
}

struct Asked {
    std::int64_t jobs_overdue = 0;
    bool is_halted = false;
    postgres::EndpointTotals endpoints;
};

}  // namespace

Answering get_health(Services&, Call&) {
    co_return json_answer(200, R"({"status":"ok"})");
}

Answering get_readiness(Services& services, Call&) {
    if (!services.is_ready()) co_return refuse(ErrorKind::unavailable, "not_ready", "Starting, or draining.");
    auto ask = [](postgres::Desk& desk) { return desk.read().schema_version(); };
    const auto version = co_await services.queries.run(std::move(ask));
    if (!version) co_return refuse(version.error());
    if (*version != newest_schema()) {
        co_return refuse(ErrorKind::unavailable, "schema_version",
                         "The database has another schema version: run returngate migrate.");
    }
    co_return json_answer(200, R"({"status":"ready"})");
}

Answering get_metrics(Services& services, Call&) {
    Gauges gauges = services.gauges();
    auto ask = [now = services.clock.now()](postgres::Desk& desk) {
        Asked asked;
        asked.jobs_overdue = desk.read().jobs_overdue(now, kOverdueAfter);
        const auto halts = desk.read().halts(1);
        asked.endpoints = desk.endpoints().totals();
        asked.is_halted = !halts.empty() && halts.front().halted;
        return asked;
    };
    const auto asked = co_await services.queries.run(std::move(ask));
    if (asked) {
        gauges.jobs_overdue = asked->jobs_overdue;
        gauges.money_halted = asked->is_halted;
        gauges.webhooks_paused = asked->endpoints.paused_by_us;
        gauges.webhooks_pending = asked->endpoints.pending;
    }
    gauges.is_database_up = asked.has_value();
    http::Response response;
    response.headers.set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
    response.body = services.metrics.render(gauges);
    co_return response;
}

Answering get_openapi(Services&, Call&) {
    co_return json_answer(200, std::string(openapi_json()));
}

}  // namespace returngate::api
