// migrate and ledger verify: what needs only the database.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <pqxx/pqxx>

#include "adapters/postgres/connection.hpp"
#include "adapters/postgres/ledger_checks.hpp"
#include "adapters/postgres/migrate.hpp"
#include "adapters/postgres/read/desk.hpp"
#include "adapters/webhook/vault.hpp"
#include "gateway/commands/commands.hpp"
#include "gateway/commands/load.hpp"
#include "gateway/pipeline/ports.hpp"

namespace returngate::commands {
namespace {

// Of endpoints from before secrets were sealed; SQL alone could not, since the key never enters the database.
int seal_secrets(const Configuration& configuration) {
    const webhook::Vault vault(configuration.webhooks.secret_key);
    SystemRandom random;
    int sealed = 0;
    postgres::Desk desk(configuration.database.dsn);
    const auto done = desk.run([&](postgres::Desk& on) {
        sealed = on.endpoints().seal_plain_secrets([&](webhook::EndpointId id, const std::string& plain) {
            return vault.seal(id, plain, random.bytes());
        });
    });
    if (!done) {
        std::fprintf(stderr, "returngate: webhook secrets are not encrypted yet: %s\n",
                     done.error().message.c_str());
        return 2;
    }
    if (sealed > 0) std::printf("encrypted %d webhook secrets\n", sealed);
    return 0;
}

int run_migrate(const std::string& file) {
    const auto configuration = load(file);
    const auto connection = postgres::connect(configuration.database.dsn);
    const auto applied = postgres::migrate(*connection);
    for (const auto& name : applied) std::printf("applied %s\n", name.c_str());
    std::printf("schema version %d\n", postgres::schema_version(*connection));
    return seal_secrets(configuration);
}

int run_verify(const std::string& file) {
    const auto connection = postgres::connect(load(file).database.dsn);
    std::int64_t examined = 0;
    std::int64_t violations = 0;
    for (const auto& check : postgres::check_ledger(*connection)) {
        std::printf("%-4s %-28s %10ld examined", check.violations == 0 ? "ok" : "FAIL", check.name.data(),
                    static_cast<long>(check.examined));
        if (check.violations > 0) {
            std::printf("  %ld violations, first %s: %s", static_cast<long>(check.violations),
                        check.first.c_str(), check.promise.data());
        }
        std::printf("\n");
        examined += check.examined;
        violations += check.violations;
    }
    std::printf("%ld rows examined, %ld violations\n", static_cast<long>(examined),
                static_cast<long>(violations));
    return violations == 0 ? 0 : 1;
}

}  // namespace

void add_migrate(CLI::App& app, Action& action) {
    auto* command = app.add_subcommand("migrate", "bring the database to this program's schema");
    auto file = std::make_shared<std::string>();
    add_config_option(*command, *file);
    command->callback([file, &action] { action = [file] { return run_migrate(*file); }; });
}

void add_ledger(CLI::App& app, Action& action) {
    auto* ledger = app.add_subcommand("ledger", "the double-entry ledger");
    ledger->require_subcommand(1);
    auto* command = ledger->add_subcommand(
        "verify", "check every money invariant over one snapshot; exit 1 on a violation");
    auto file = std::make_shared<std::string>();
    add_config_option(*command, *file);
    command->callback([file, &action] { action = [file] { return run_verify(*file); }; });
}

}  // namespace returngate::commands
