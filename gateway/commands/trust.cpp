// trust import FILE: the platform's monthly snapshot of all buyers.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <memory>
#include <stdexcept>

#include "adapters/postgres/postgres_store.hpp"
#include "gateway/commands/commands.hpp"
#include "gateway/commands/load.hpp"
#include "gateway/pipeline/pipeline.hpp"
#include "gateway/policy_book.hpp"
#include "gateway/trust_file.hpp"
#include "gateway/work/policy_watch.hpp"

namespace returngate::commands {
namespace {

struct TrustOptions {
    std::string config;
    std::string file;
    std::string as_of;
};

Instant instant_of(const std::string& text, Instant now) {
    if (text.empty()) return now;
    if (const auto at = parse_rfc3339(text)) return *at;
    if (const auto at = parse_shanghai(text + " 00:00:00")) return *at;
    throw std::runtime_error("--as-of is to be a day (2026-11-01) or an RFC 3339 time");
}

int import_file(const TrustOptions& options) {
    const auto configuration = load(options.config);
    const SystemClock clock(configuration.clock_offset);
    SystemRandom random;
    const Instant as_of = instant_of(options.as_of, clock.now());
    std::ifstream opened;
    if (options.file != "-") {
        opened.open(options.file, std::ios::binary);
        if (!opened) throw std::runtime_error("cannot read " + options.file);
    }
    PolicyBook policies;
    const work::PolicyWatch watch(configuration, clock, policies);
    pipeline::PipelineOptions ways;
    ways.committers = configuration.database.committers;
    pipeline::CommitPipeline pipeline(
        ways, clock, [dsn = configuration.database.dsn] { return postgres::make_store(dsn); },
        [&policies](Instant now) {
            return pipeline::Surroundings{policies.policy_at(now), {}, {}};
        },
        {});
    const SubmitTrust submit = [&](const SetTrust& trust, std::function<void(Result<void>)> done) {
        pipeline::Submission submission;
        submission.command = trust;
        submission.received_at = clock.now();
        submission.seed = random.bytes();
        return pipeline.try_submit(std::move(submission),
                                   [done = std::move(done)](const Result<pipeline::Committed>& outcome) {
                                       outcome ? done({}) : done(tl::unexpected(outcome.error()));
                                   });
    };
    const ReportLine report = [](std::uint64_t line, const Error& error) {
        std::fprintf(stderr, "line %llu: %s: %s\n", static_cast<unsigned long long>(line), error.code.c_str(),
                     error.message.c_str());
    };
    const auto count = import_trust(options.file == "-" ? std::cin : opened, as_of, submit, report);
    if (!count) throw std::runtime_error(count.error().message);
    std::printf("%llu lines as of %s: %llu taken, %llu refused\n",
                static_cast<unsigned long long>(count->lines), format_rfc3339(as_of).c_str(),
                static_cast<unsigned long long>(count->taken),
                static_cast<unsigned long long>(count->refused));
    return count->refused == 0 ? 0 : 1;
}

}  // namespace

void add_trust(CLI::App& app, Action& action) {
    auto* trust = app.add_subcommand("trust", "what the platform says of its buyers");
    trust->require_subcommand(1);
    auto* command = trust->add_subcommand(
        "import", "take a snapshot of many buyers from a CSV file; exit 1 when a line was refused");
    auto options = std::make_shared<TrustOptions>();
    add_config_option(*command, options->config);
    command->add_option("file", options->file, "the file, or - for the standard input")->required();
    command->add_option(
        "--as-of", options->as_of,
        "when the snapshot was taken: a day, or an RFC 3339 time; absent: now. An older one than "
        "what is known of a buyer is refused for that buyer");
    command->callback([options, &action] { action = [options] { return import_file(*options); }; });
}

}  // namespace returngate::commands
