// The benchmark program: seed a database, drive the pipeline alone, load a gateway over HTTP, or check
// waybills.
#include <CLI/CLI.hpp>
#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <map>
#include <mutex>

#include "adapters/json/writer.hpp"
#include "adapters/postgres/postgres_store.hpp"
#include "gateway/pipeline/pipeline.hpp"
#include "tests/bench/cases.hpp"
#include "tests/bench/load.hpp"
#include "tests/bench/waybills.hpp"

namespace returngate::bench {
namespace {

enum class Stage { open_cases, received_orders };

int seed(const World& world, const std::string& dsn, Stage stage) {
    const SystemClock clock;
    const auto store = postgres::make_store(dsn);
    const auto save = [&](const store::Changes& changes) {
        const auto saved = store->save(changes);
        if (saved.kind == store::SaveOutcome::Kind::committed) return true;
        std::fprintf(stderr, "seed: %s %s\n", saved.constraint.c_str(), saved.detail.c_str());
        return false;
    };
    constexpr std::int64_t kStep = 5000;
    for (std::int64_t first = 0; first < world.buyers; first += kStep) {
        const auto last = std::min(world.buyers, first + kStep);
        if (!save(buyers(world, first, last, clock.now(), stage == Stage::open_cases))) return 1;
    }
    for (std::int64_t first = 0; first < world.cases; first += kStep) {
        const auto last = std::min(world.cases, first + kStep);
        const auto rows = stage == Stage::open_cases ? open_cases : received_orders;
        if (!save(rows(world, first, last, clock.now()))) return 1;
    }
    return 0;
}

pipeline::Submission collected(const World& world, std::int64_t number, Instant now, SystemRandom& random) {
    const CaseNames names = names_of(world, number);
    CourierReported report;
    report.courier.value = world.courier;
    report.reference = names.reference;
    report.proof = Proof::weak_signature;
    TrackingEvent event;
    event.booking_reference = names.reference;
    event.waybill = names.waybill;
    event.status = TrackingStatus::collected;
    event.raw_status = "GOT";
    event.occurred_at = now;
    event.dedupe_key = names.reference.value + ":GOT";
    store::InboxRow row{{names.return_id.cell(), world.courier, event.dedupe_key},
                        std::string(32, 'h'),
                        Proof::weak_signature,
                        now,
                        std::string(420, 'x')};
    report.events.push_back(std::move(event));
    pipeline::Submission submission;
    submission.command = std::move(report);
    submission.received_at = now;
    submission.seed = random.bytes();
    submission.inbox.push_back(std::move(row));
    return submission;
}

// The pipeline without HTTP: `window` commands under way at any time.
int drive_pipeline(const World& world, const std::string& dsn, std::int64_t first, std::int64_t count,
                   int window, pipeline::PipelineOptions options) {
    const SystemClock clock;
    SystemRandom random;
    const auto policy = std::make_shared<const Policy>();
    pipeline::CommitPipeline committing(
        options, clock, [&] { return postgres::make_store(dsn); },
        [&](Instant) {
            return pipeline::Surroundings{policy, {}};
        },
        {});
    std::mutex mutex;
    std::condition_variable changed;
    std::int64_t under_way = 0;
    std::atomic<std::int64_t> failed{0};
    const auto begin = std::chrono::steady_clock::now();
    for (std::int64_t number = first; number < first + count; ++number) {
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] { return under_way < window; });
        ++under_way;
        lock.unlock();
        auto done = [&](const Result<pipeline::Committed>& result) {
            if (!result) failed.fetch_add(1);
            const std::lock_guard guard(mutex);
            --under_way;
            changed.notify_one();
        };
        if (!committing.try_submit(collected(world, number, clock.now(), random), done)) return 1;
    }
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return under_way == 0; });
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    const auto statistics = committing.statistics();
    std::printf("%.0f advances/s, batches of %.1f, %ld failed, %ld stale\n",
                static_cast<double>(count) / seconds,
                static_cast<double>(statistics.commands) /
                    static_cast<double>(std::max<std::uint64_t>(1, statistics.batches)),
                static_cast<long>(failed), static_cast<long>(statistics.stale));
    return failed == 0 ? 0 : 1;
}

struct Load {
    LoadPlan plan;
    std::string path;    // of the courier's callbacks
    std::string secret;  // of the courier's signature; or the buyer app's key
    std::int64_t first = 0;
    std::int64_t requests = 0;
};

int load(const Load& options, std::vector<std::string> requests) {
    std::size_t at = 0;
    const auto result = run_load(
        options.plan, [&] { return at < requests.size() ? std::move(requests[at++]) : std::string(); });
    const auto rounded = [](double value) {
        return std::to_string(std::round(value * 100) / 100).substr(0, 8);
    };
    json::Writer out;
    out.begin_object().member("answered", result.answered).member("failed", result.failed).member("used", at);
    out.raw_member("seconds", rounded(result.seconds));
    out.raw_member("per_s", rounded(static_cast<double>(result.answered) / result.seconds));
    out.raw_member("p50_ms", rounded(result.percentile_ms(0.5)));
    out.raw_member("p99_ms", rounded(result.percentile_ms(0.99))).end_object();
    std::puts(out.take().c_str());
    if (result.failed > 0) std::fprintf(stderr, "%s\n", result.first_failure.c_str());
    return result.failed == 0 ? 0 : 1;
}

int load_callbacks(const World& world, Load options) {
    const SystemClock clock;
    std::vector<std::string> requests;
    for (std::int64_t i = 0; i < options.requests; ++i) {
        requests.push_back(
            collected_push(world, options.first + i, options.path, options.secret, clock.now()));
    }
    options.plan.expect = "<success>true</success>";
    return load(options, std::move(requests));
}

int load_applications(const World& world, Load options) {
    std::vector<std::string> requests;
    for (std::int64_t i = 0; i < options.requests; ++i)
        requests.push_back(application(world, options.first + i, options.secret));
    options.plan.status = 201;
    options.plan.expect = R"("pickup":{"pickup_id":)";
    return load(options, std::move(requests));
}

}  // namespace
}  // namespace returngate::bench

int main(int argc, char** argv) {
    using namespace returngate::bench;
    CLI::App app{"returngate-bench"};
    app.require_subcommand(1);
    World world;
    std::string dsn;
    app.add_option("--cases", world.cases);
    app.add_option("--buyers", world.buyers);
    app.add_option("--dsn", dsn);
    auto* seeding = app.add_subcommand("seed", "fill an empty, migrated database");
    Stage stage = Stage::open_cases;
    seeding->add_option("stage", stage)
        ->transform(CLI::CheckedTransformer(std::map<std::string, Stage>{
            {"open_cases", Stage::open_cases}, {"received_orders", Stage::received_orders}}));
    auto* driving = app.add_subcommand("pipeline", "callbacks straight into the pipeline");
    std::int64_t count = 100'000;
    int window = 256;
    returngate::pipeline::PipelineOptions pipeline_options;
    Load options;
    driving->add_option("--count", count);
    driving->add_option("--window", window);
    driving->add_option("--batch", pipeline_options.batch);
    driving->add_option("--committers", pipeline_options.committers);
    driving->add_option("--first", options.first);
    auto* loading = app.add_subcommand("load", "requests over HTTP");
    bool are_applications = false;
    loading->add_flag("--applications", are_applications, "instead of signed callbacks");
    loading->add_option("--port", options.plan.port)->required();
    loading->add_option("--connections", options.plan.connections);
    loading->add_option("--seconds", options.plan.seconds);
    loading->add_option("--rate", options.plan.rate_per_s);
    loading->add_option("--path", options.path);
    loading->add_option("--secret", options.secret)->required();
    loading->add_option("--first", options.first);
    loading->add_option("--requests", options.requests)->required();
    auto* checking = app.add_subcommand("waybills", "checks in this process");
    double seconds = 5;
    int numbers = 20'000;
    checking->add_option("--seconds", seconds);
    checking->add_option("--numbers", numbers);
    CLI11_PARSE(app, argc, argv);
    if (*checking) return run_waybills(seconds, numbers);
    if (*seeding) return seed(world, dsn, stage);
    if (*driving) return drive_pipeline(world, dsn, options.first, count, window, pipeline_options);
    return are_applications ? load_applications(world, options) : load_callbacks(world, options);
}
