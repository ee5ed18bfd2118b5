// What outlives what is the order of the members of Gateway::State.
#include "gateway/gateway.hpp"

#include <algorithm>
#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <mutex>
#include <stdexcept>

#include "adapters/http/client.hpp"
#include "adapters/payout/sandbox/sandbox.hpp"
#include "adapters/postgres/connection.hpp"
#include "adapters/postgres/migrate.hpp"
#include "adapters/postgres/postgres_store.hpp"
#include "gateway/api/dispatch.hpp"
#include "gateway/certificates.hpp"
#include "gateway/chores.hpp"
#include "gateway/io_threads.hpp"
#include "gateway/log.hpp"
#include "gateway/work/courier_records.hpp"
#include "gateway/work/ledger_watch.hpp"
#include "gateway/work/policy_watch.hpp"
#include "gateway/work/quotes.hpp"
#include "gateway/work/webhook_sender.hpp"
#include "gateway/work/workers.hpp"

namespace asio = boost::asio;

namespace returngate {
namespace {

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
const Configuration& on_our_schema(const Configuration& configuration) {
    const auto connection = postgres::connect(configuration.database.dsn);
    const int version = postgres::schema_version(*connection);
    const int wanted = postgres::migrations().back().version;
    if (version != wanted) {
        throw std::runtime_error("the database has schema version " + std::to_string(version) +
                                 ", this program needs " + std::to_string(wanted) +
                                 ": run returngate migrate");
    }
    return configuration;
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

}  // namespace

struct Gateway::State {
    explicit State(const Configuration& given);
    ~State();

    void make_workers();
    void set_kicked(work::Workers* to);
    void kick();
    [[nodiscard]] Gauges gauges() const;

    Configuration configuration;
    SystemClock clock;
    SystemRandom random;
    Metrics metrics;
    work::Breakers breakers{{}, configuration.couriers};
    work::CourierRecords records;
    work::Quotes quotes;
    PolicyBook policies;
    work::PolicyWatch policy_watch;
    std::atomic<bool> is_ready{false};
    std::mutex kicking;
    work::Workers* kicked = nullptr;  // guarded by `kicking`: committers outlive the workers
    std::atomic<int> waiting_streams{0};
    IoThreads io;
    pipeline::CommitPipeline pipeline;
    api::QueryPool queries;
    api::SellerDirectory sellers;
    webhook::Vault vault;
    work::WebhookSender webhooks;
    api::KeyRing keys;
    api::CallbackIntake callbacks;
    api::Services services;
    api::Dispatcher dispatcher;
    std::unique_ptr<payout::Provider> provider;
    std::unique_ptr<http::Client> asking;  // for quotes
    std::shared_ptr<http::ServerTls> tls;  // null: plain HTTP
    std::unique_ptr<http::Server> server;
    std::unique_ptr<work::Workers> workers;
    std::unique_ptr<work::LedgerWatch> ledger_watch;
};

Gateway::State::State(const Configuration& given)
    : configuration(given),
      clock(given.clock_offset),
      metrics(route_labels(), courier_codes(given)),
      quotes(configuration.couriers),
      policy_watch(on_our_schema(configuration), clock, policies),
      io(given.io_threads),
      pipeline(
          pipeline_options(given), clock, [dsn = given.database.dsn] { return postgres::make_store(dsn); },
          [this](Instant now) {
              return pipeline::Surroundings{policies.policy_at(now), breakers.open_ones(), records.current(),
                                            quotes.current()};
          },
          pipeline::Hooks{[this] { kick(); }, [this](const CaseEvent& event) { metrics.event(event); }}),
      queries(query_options(given), given.database.dsn),
      sellers(queries, clock),
      vault(given.webhooks.secret_key),
      webhooks({configuration.webhooks, vault, clock, random, queries, io.outgoing(), given.clock_offset}),
      callbacks(api::IntakeContext{configuration, clock, random, pipeline, queries, metrics}),
      services{configuration,
               policies,
               clock,
               random,
               pipeline,
               queries,
               sellers,
               keys,
               metrics,
               callbacks,
               webhooks,
               vault,
               waiting_streams,
               [this] { return gauges(); },
               [this] { return is_ready.load(); }},
      dispatcher(services) {
    // Nobody is let in, and nobody refused, before the keys are known.
    asio::io_context loading(1);
    asio::co_spawn(loading, api::reload_keys(services), [](const std::exception_ptr&, bool) {});
    loading.run();
    tls = load_tls(configuration);
    server = std::make_unique<http::Server>(
        io.serving(), configuration.listen, configuration.limits,
        [this](http::Request request, http::Context context) {
            return dispatcher.handle(std::move(request), std::move(context));
        },
        api::server_problem, tls);
    make_workers();
    start_chores(*io.serving().front(), services, records, tls);
    io.start();
    is_ready = true;
}

void Gateway::State::make_workers() {
    if (!configuration.workers.enabled) return;
    provider = make_provider(configuration.payout);
    work::WorkersContext context{
        configuration, *provider, clock, random, pipeline, breakers, [](bool halted) {
            log::write(log::Level::warning, halted ? "payouts_stop" : "payouts_go_on", {});
        }};
    context.quotes = &quotes;
    asking = http::make_client(io.outgoing(), {});
    work::start_asking_for_quotes(io.outgoing(), {configuration, clock, random, *asking, quotes});
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
    io.stop();
    server.reset();
}

Gateway::Gateway(const Configuration& configuration) : state_(std::make_unique<State>(configuration)) {}
Gateway::~Gateway() = default;

std::uint16_t Gateway::port() const {
    return state_->server->port();
}

void Gateway::turn_unready() const {
    state_->is_ready = false;
}

void Gateway::reload_certificates() const {
    if (state_->tls) returngate::reload_certificates(*state_->tls);
}

}  // namespace returngate
