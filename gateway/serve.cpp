// Wiring. What outlives what is the order of the members of Gateway::State.
#include "gateway/serve.hpp"

#include <algorithm>
#include <atomic>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "adapters/http/client.hpp"
#include "adapters/payout/sandbox/sandbox.hpp"
#include "adapters/postgres/connection.hpp"
#include "adapters/postgres/migrate.hpp"
#include "adapters/postgres/postgres_store.hpp"
#include "gateway/api/dispatch.hpp"
#include "gateway/certificates.hpp"
#include "gateway/log.hpp"
#include "gateway/work/ledger_watch.hpp"
#include "gateway/work/webhook_sender.hpp"
#include "gateway/work/workers.hpp"

namespace asio = boost::asio;

namespace returngate {
namespace {

constexpr std::chrono::seconds kBetweenKeyReloads{2};
// A callback that waited for its number may be all that an advance is waiting for.
constexpr std::chrono::milliseconds kBetweenBindings{200};

std::vector<std::string> route_labels() {
    std::vector<std::string> labels;
    for (const auto& route : api::routes()) labels.push_back(route.label());
    return labels;
}

std::vector<std::string> courier_codes(const Configuration& configuration) {
    std::vector<std::string> codes;
    for (const auto& options : configuration.couriers) codes.push_back(options.code.value);
    return codes;
}

pipeline::PipelineOptions pipeline_options(const Configuration& configuration) {
    pipeline::PipelineOptions options;
    options.committers = configuration.database.committers;
    options.batch = static_cast<std::size_t>(configuration.database.batch);
    return options;
}

api::QueryPoolOptions query_options(const Configuration& configuration) {
    api::QueryPoolOptions options;
    options.threads = configuration.database.query_threads;
    return options;
}

// Refuses to run on a schema that this program does not know.
void require_schema(const std::string& dsn) {
    const auto connection = postgres::connect(dsn);
    const int version = postgres::schema_version(*connection);
    const int wanted = postgres::migrations().back().version;
    if (version != wanted) {
        throw std::runtime_error("the database has schema version " + std::to_string(version) +
                                 ", this program needs " + std::to_string(wanted) +
                                 ": run returngate migrate");
    }
}

// The one place that knows which dialects of payment providers there are.
std::unique_ptr<payout::Provider> make_provider(const PayoutOptions& options) {
    if (options.provider != "sandbox")
        throw std::runtime_error("[payout] provider: we do not speak " + options.provider);
    const auto url = http::parse_url(options.base_url);
    payout::SandboxAccount account;
    account.path_prefix = url ? url->target : std::string();
    while (account.path_prefix.ends_with('/')) account.path_prefix.pop_back();
    account.api_key = options.api_key;
    return payout::make_sandbox_provider(std::move(account));
}

std::int64_t fact(const CaseEvent& event, std::string_view name) {
    for (const auto& [key, value] : event.facts) {
        if (key != name) continue;
        if (const auto* number = std::get_if<std::int64_t>(&value)) return *number;
        if (const auto* flag = std::get_if<bool>(&value)) return *flag ? 1 : 0;
    }
    return 0;
}

void count_event(Metrics& metrics, const CaseEvent& event) {
    metrics.event(event.type);
    if (event.type == "pickup.promise_missed") metrics.promise_missed("courier_at_door");
    if (event.type == "pickup.courier_gave_up") metrics.promise_missed("courier_accepts");
    if (event.type != "advance.paid") return;
    metrics.advance_paid(std::chrono::milliseconds(fact(event, "elapsed_ms")));
    if (fact(event, "promise_kept") == 0) metrics.promise_missed("advance_pays");
}

}  // namespace

struct Gateway::State {
    explicit State(const Configuration& given);
    ~State();

    void make_contexts();
    void make_workers();
    void set_kicked(work::Workers* to);
    void kick();
    void run_contexts();
    [[nodiscard]] Gauges gauges() const;
    [[nodiscard]] asio::awaitable<void> keep_keys_fresh();
    [[nodiscard]] asio::awaitable<void> keep_binding_parked();

    Configuration configuration;
    SystemClock clock;
    SystemRandom random;
    Metrics metrics;
    work::Breakers breakers;
    std::shared_ptr<const Policy> policy;
    std::atomic<bool> is_ready{false};
    std::mutex kicking;
    work::Workers* kicked = nullptr;  // guarded by `kicking`: committers outlive the workers
    std::vector<std::unique_ptr<asio::io_context>> contexts;
    std::vector<asio::executor_work_guard<asio::io_context::executor_type>> guards;
    asio::io_context outgoing{1};  // of webhooks
    asio::executor_work_guard<asio::io_context::executor_type> outgoing_guard{outgoing.get_executor()};
    std::atomic<int> waiting_streams{0};
    pipeline::CommitPipeline pipeline;
    api::QueryPool queries;
    work::WebhookSender webhooks;
    api::KeyRing keys;
    api::CallbackIntake callbacks;
    api::Services services;
    api::Dispatcher dispatcher;
    std::unique_ptr<payout::Provider> provider;
    std::shared_ptr<http::ServerTls> tls;  // null: plain HTTP
    std::unique_ptr<http::Server> server;
    std::unique_ptr<work::Workers> workers;
    std::unique_ptr<work::LedgerWatch> ledger_watch;
    std::vector<std::jthread> threads;
};

Gateway::State::State(const Configuration& given)
    : configuration(given),
      clock(given.clock_offset),
      metrics(route_labels(), courier_codes(given)),
      policy(std::make_shared<const Policy>(given.policy)),
      pipeline(
          pipeline_options(given), clock, [dsn = given.database.dsn] { return postgres::make_store(dsn); },
          [this] {
              return pipeline::Surroundings{policy, breakers.open_ones()};
          },
          pipeline::Hooks{[this] { kick(); },
                          [this](const CaseEvent& event) { count_event(metrics, event); }}),
      queries(query_options(given), given.database.dsn),
      webhooks({configuration.webhooks, clock, random, queries, outgoing, given.clock_offset}),
      callbacks(api::IntakeContext{configuration, clock, random, pipeline, queries, metrics}),
      services{configuration,
               clock,
               random,
               pipeline,
               queries,
               keys,
               metrics,
               callbacks,
               webhooks,
               waiting_streams,
               [this] { return gauges(); },
               [this] { return is_ready.load(); }},
      dispatcher(services) {
    require_schema(configuration.database.dsn);
    // Nobody is let in, and nobody refused, before the keys are known.
    asio::io_context loading(1);
    asio::co_spawn(loading, api::reload_keys(services), [](const std::exception_ptr&, bool) {});
    loading.run();
    make_contexts();
    tls = load_tls(configuration);
    std::vector<asio::io_context*> listening;
    for (const auto& context : contexts) listening.push_back(context.get());
    server = std::make_unique<http::Server>(
        listening, configuration.listen, configuration.limits,
        [this](http::Request request, http::Context context) {
            return dispatcher.handle(std::move(request), std::move(context));
        },
        api::server_problem, tls);
    make_workers();
    asio::co_spawn(*contexts.front(), keep_keys_fresh(), asio::detached);
    asio::co_spawn(*contexts.front(), keep_binding_parked(), asio::detached);
    if (tls) asio::co_spawn(*contexts.front(), keep_certificates_fresh(tls), asio::detached);
    run_contexts();
    is_ready = true;
}

void Gateway::State::make_contexts() {
    for (int i = 0; i < configuration.io_threads; ++i) {
        contexts.push_back(std::make_unique<asio::io_context>(1));
        guards.push_back(asio::make_work_guard(*contexts.back()));
    }
}

void Gateway::State::make_workers() {
    if (!configuration.workers.enabled) return;
    provider = make_provider(configuration.payout);
    work::WorkersContext context{
        configuration, *provider, clock, random, pipeline, breakers, [](bool halted) {
            log::write(log::Level::warning, halted ? "payouts_stop" : "payouts_go_on", {});
        }};
    workers = std::make_unique<work::Workers>(std::move(context));
    set_kicked(workers.get());
    webhooks.start();
    if (configuration.workers.check_ledger.count() == 0) return;
    ledger_watch = std::make_unique<work::LedgerWatch>(configuration.database.dsn, clock,
                                                       configuration.workers.check_ledger);
}

void Gateway::State::set_kicked(work::Workers* to) {
    const std::lock_guard lock(kicking);
    kicked = to;
}

void Gateway::State::kick() {
    const std::lock_guard lock(kicking);
    if (kicked != nullptr) kicked->kick();
}

void Gateway::State::run_contexts() {
    for (const auto& context : contexts) threads.emplace_back([one = context.get()] { one->run(); });
    threads.emplace_back([this] { outgoing.run(); });
}

asio::awaitable<void> Gateway::State::keep_keys_fresh() {
    asio::steady_timer timer(co_await asio::this_coro::executor);
    constexpr auto token = asio::as_tuple(asio::use_awaitable);
    while (true) {
        const bool is_loaded = co_await api::reload_keys(services);
        if (!is_loaded) log::write(log::Level::warning, "keys_not_loaded", {});
        timer.expires_after(kBetweenKeyReloads);
        const auto [error] = co_await timer.async_wait(token);
        if (error) co_return;
    }
}

asio::awaitable<void> Gateway::State::keep_binding_parked() {
    asio::steady_timer timer(co_await asio::this_coro::executor);
    constexpr auto token = asio::as_tuple(asio::use_awaitable);
    std::string next;
    while (true) {
        timer.expires_after(kBetweenBindings);
        const auto [error] = co_await timer.async_wait(token);
        if (error) co_return;
        next = co_await callbacks.bind_parked(std::move(next));
    }
}

Gauges Gateway::State::gauges() const {
    Gauges gauges;
    gauges.pipeline = pipeline.statistics();
    gauges.server = server->counters();
    gauges.open_connections = server->open_connections();
    gauges.in_flight = server->in_flight();
    gauges.queries_waiting = queries.waiting();
    if (tls) gauges.tls = tls->status();
    const auto open = breakers.open_ones();
    for (const auto& options : configuration.couriers) {
        gauges.breakers.emplace_back(options.code.value, std::ranges::count(open, options.code) > 0);
    }
    return gauges;
}

// Requests in flight first, then the workers' calls, then what is queued in the pipeline.
Gateway::State::~State() {
    is_ready = false;
    if (server) server->drain(configuration.drain);
    set_kicked(nullptr);
    ledger_watch.reset();
    webhooks.drain(configuration.drain / 2);  // of what systemd lets us take, the calls below need most
    workers.reset();
    guards.clear();
    for (const auto& context : contexts) context->stop();
    outgoing.stop();
    threads.clear();
    server.reset();
}

Gateway::Gateway(const Configuration& configuration) : state_(std::make_unique<State>(configuration)) {}
Gateway::~Gateway() = default;

std::uint16_t Gateway::port() const {
    return state_->server->port();
}

void Gateway::reload_certificates() const {
    if (state_->tls) returngate::reload_certificates(*state_->tls);
}

namespace {

// Ends with the signal that ends the process.
asio::awaitable<void> follow_signals(asio::signal_set& signals, const Gateway& gateway) {
    constexpr auto token = asio::as_tuple(asio::use_awaitable);
    while (true) {
        const auto [error, signal] = co_await signals.async_wait(token);
        if (error || signal != SIGHUP) co_return;
        log::write(log::Level::info, "reloading", {});
        gateway.reload_certificates();
    }
}

}  // namespace

int serve(const Configuration& configuration) {
    log::start(configuration.log_level);
    {
        asio::io_context waiting(1);
        asio::signal_set signals(waiting, SIGTERM, SIGINT, SIGHUP);
        const Gateway gateway(configuration);
        log::write(log::Level::info, "serving",
                   {{"address", configuration.listen.address},
                    {"port", std::int64_t{gateway.port()}},
                    {"tls", configuration.tls.has_value()}});
        asio::co_spawn(waiting, follow_signals(signals, gateway), asio::detached);
        waiting.run();
        log::write(log::Level::info, "draining", {});
    }
    log::write(log::Level::info, "stopped", {});
    log::stop();
    return 0;
}

}  // namespace returngate
