// The command line of returngate. Each command lives in gateway/commands/.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>

#include "gateway/commands/commands.hpp"

namespace {

int run(int argc, char** argv) {
    namespace commands = returngate::commands;
    CLI::App app{"returngate: courier pickups, waybills and instant-refund advances", "returngate"};
    app.require_subcommand(1);
    app.failure_message(CLI::FailureMessage::help);
    commands::Action action;
    commands::add_serve(app, action);
    commands::add_migrate(app, action);
    commands::add_doctor(app, action);
    commands::add_keys(app, action);
    commands::add_waybill(app, action);
    commands::add_courier(app, action);
    commands::add_finance(app, action);
    commands::add_ledger(app, action);
    commands::add_policy(app, action);
    commands::add_trust(app, action);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;  // 0: help was asked for
    }
    return action();
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return run(argc, argv);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "returngate: %s\n", error.what());
        return 2;
    }
}
