// serve: the gateway itself.
#include "gateway/serve.hpp"

#include <CLI/CLI.hpp>
#include <memory>

#include "gateway/commands/commands.hpp"
#include "gateway/commands/load.hpp"

namespace returngate::commands {

void add_serve(CLI::App& app, Action& action) {
    auto* command = app.add_subcommand("serve", "run the gateway until SIGTERM");
    auto file = std::make_shared<std::string>();
    add_config_option(*command, *file);
    command->callback([file, &action] { action = [file] { return serve(load(*file)); }; });
}

}  // namespace returngate::commands
