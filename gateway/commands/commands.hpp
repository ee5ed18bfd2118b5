// The command line: one function per command group, each adding its subcommands and their help.
#pragma once

#include <functional>
#include <string>

namespace CLI {
class App;
}

namespace returngate::commands {

// Set by the subcommand that was chosen; called after parsing. Returns the exit code: 0 done, 1 found
// something wrong, 2 could not do it.
using Action = std::function<int()>;

void add_serve(CLI::App& app, Action& action);
void add_migrate(CLI::App& app, Action& action);
void add_doctor(CLI::App& app, Action& action);
void add_keys(CLI::App& app, Action& action);
void add_waybill(CLI::App& app, Action& action);
void add_courier(CLI::App& app, Action& action);
void add_finance(CLI::App& app, Action& action);
void add_ledger(CLI::App& app, Action& action);
void add_policy(CLI::App& app, Action& action);
void add_trust(CLI::App& app, Action& action);

// --config FILE, the same everywhere; default config/returngate.toml.
void add_config_option(CLI::App& command, std::string& file);

}  // namespace returngate::commands
