// finance reconcile: a three-way match now, printed and stored. finance amounts: how every refund was
// computed.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "adapters/postgres/connection.hpp"
#include "adapters/postgres/read/desk.hpp"
#include "adapters/postgres/reconciliation.hpp"
#include "gateway/api/render.hpp"
#include "gateway/commands/commands.hpp"
#include "gateway/commands/load.hpp"
#include "gateway/pipeline/ports.hpp"
#include "gateway/policy_book.hpp"

namespace returngate::commands {
namespace {

// As POST /v1/finance/runs takes them: of the version in force. The file's count before the first start only.
Result<reconcile::Ages> ages_in_force(const Configuration& configuration, Instant now) {
    PolicyBook book;
    postgres::Desk desk(configuration.database.dsn);
    const auto read = desk.run([&](postgres::Desk& from) {
        for (const auto& stored : from.policies().approved_besides({})) {
            auto version = read_policy(stored);
            if (version) {
                book.add(*std::move(version));
            } else {  // as in a gateway
                std::fprintf(stderr, "stays without effect: %s\n", version.error().message.c_str());
            }
        }
    });
    if (!read) return tl::unexpected(read.error());
    const auto in_force = book.at(now);
    return in_force ? in_force->rules.reconcile : configuration.reconcile;
}

// A parcel has no amount of its own.
void print_parcels(const char* name, const reconcile::Count& count) {
    std::printf("%-20s %10ld\n", name, static_cast<long>(count.records));
}

void print_leg(const char* name, const reconcile::Count& count) {
    std::printf("%-20s %10ld   %16.2f CNY\n", name, static_cast<long>(count.records),
                static_cast<double>(count.amount_fen) / 100);  // for the eye only
}

int reconcile_now(const std::string& file) {
    const auto configuration = load(file);
    SystemRandom random;
    const auto now = SystemClock(configuration.clock_offset).now();
    const auto ages = ages_in_force(configuration, now);
    if (!ages) {
        std::fprintf(stderr, "%s\n", ages.error().message.c_str());
        return 2;
    }
    const auto connection = postgres::connect(configuration.database.dsn);
    const auto run = postgres::run_reconciliation(*connection, now, *ages, random.bytes());
    if (!run) {
        std::fprintf(stderr, "%s\n", run.error().message.c_str());
        return 2;
    }
    const auto& outcome = run->outcome;
    std::printf("%s at %s\n", run->run_id.c_str(), format_rfc3339(run->started_at).c_str());
    print_leg("advances", outcome.advances);
    print_parcels("deliveries", outcome.deliveries);
    print_parcels("receipts", outcome.receipts);
    print_leg("recoveries", outcome.recoveries);
    print_leg("matched", outcome.matched);
    print_leg("open", outcome.open);
    print_leg("settled otherwise", outcome.settled_otherwise);
    for (const auto& found : outcome.breaks) {
        std::printf("break %-26s %-38s %ld fen, %ld h  %s\n", to_string(found.kind).data(),
                    found.return_id.is_nil() ? "-" : to_string(found.return_id).c_str(),
                    static_cast<long>(found.amount_fen),
                    static_cast<long>(std::chrono::duration_cast<std::chrono::hours>(found.age).count()),
                    found.reference.c_str());
    }
    std::printf("%zu breaks\n", outcome.breaks.size());
    return outcome.breaks.empty() ? 0 : 1;
}

constexpr int kAmountsAtOnce = 500;

// One line of JSON for each, so that another tool can check a file of any length.
int print_amounts(const std::string& file) {
    const auto configuration = load(file);
    postgres::Desk desk(configuration.database.dsn);
    std::optional<ReturnId> after;
    for (std::size_t read = kAmountsAtOnce; read == kAmountsAtOnce;) {
        std::vector<postgres::AmountView> amounts;
        const auto done =
            desk.run([&](postgres::Desk& from) { amounts = from.read().amounts(after, kAmountsAtOnce); });
        if (!done) {
            std::fprintf(stderr, "%s\n", done.error().message.c_str());
            return 2;
        }
        for (const auto& amount : amounts) {
            json::Writer line;
            api::write_amount(line, amount);
            std::printf("%s\n", line.take().c_str());
        }
        read = amounts.size();
        if (!amounts.empty()) after = amounts.back().return_id;
    }
    return 0;
}

}  // namespace

void add_finance(CLI::App& app, Action& action) {
    auto* finance = app.add_subcommand("finance", "what finance does from a terminal");
    finance->require_subcommand(1);
    auto* command = finance->add_subcommand(
        "reconcile", "match advances, deliveries, receipts and recoveries; exit 1 when a break is found");
    auto file = std::make_shared<std::string>();
    add_config_option(*command, *file);
    command->callback([file, &action] { action = [file] { return reconcile_now(*file); }; });
    auto* amounts = finance->add_subcommand(
        "amounts", "how each refund was computed, one line of JSON per return, for whoever audits them");
    auto from = std::make_shared<std::string>();
    add_config_option(*amounts, *from);
    amounts->callback([from, &action] { action = [from] { return print_amounts(*from); }; });
}

}  // namespace returngate::commands
