// Loading with one error text.
#include "gateway/commands/load.hpp"

#include <CLI/CLI.hpp>
#include <stdexcept>

#include "gateway/commands/commands.hpp"

namespace returngate::commands {

Configuration load(const std::string& file) {
    auto configuration = load_configuration(file);
    if (!configuration) throw std::runtime_error(configuration.error().message);
    return std::move(*configuration);
}

void add_config_option(CLI::App& command, std::string& file) {
    file = "config/returngate.toml";
    command.add_option("--config", file, "the configuration file")
        ->capture_default_str()
        ->envname("RETURNGATE_CONFIG");
}

}  // namespace returngate::commands
