// returngate-sandbox: `serve` the gateway's outside world, or `drive` one return through a gateway.
#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <cstdio>
#include <exception>

#include "adapters/sandbox/drive.hpp"
#include "adapters/sandbox/world.hpp"

namespace {

using namespace returngate;
using namespace returngate::sandbox;

struct ServeFlags {
    Options options;
    std::string accounts_file;
    std::string keys_file;
    std::vector<std::string> callbacks;  // CODE=URL
    std::string provider_book = "provider-book.jsonl";
    std::int64_t clock_offset_seconds = 0;
};

struct DriveFlags {
    DriveOptions options;
    std::string keys_file;
    std::int64_t clock_offset_seconds = 0;
    std::int64_t patience_seconds = 60;
};

int complain(const std::string& message) {
    std::fprintf(stderr, "returngate-sandbox: %s\n", message.c_str());
    return 2;
}

int serve(ServeFlags flags) {
    Options& options = flags.options;
    options.provider_book = flags.provider_book;
    options.clock_offset = std::chrono::seconds(flags.clock_offset_seconds);
    if (!flags.accounts_file.empty()) {
        const auto read = read_accounts(flags.accounts_file, options);
        if (!read) return complain(read.error().message);
    }
    if (!flags.keys_file.empty()) {
        const auto keys = read_keys(flags.keys_file);
        if (!keys) return complain(keys.error().message);
        options.keys = *keys;
    }
    for (const std::string& callback : flags.callbacks) {
        const std::size_t equals = callback.find('=');
        if (equals == std::string::npos) return complain("--callback wants CODE=URL");
        options.callback_urls[callback.substr(0, equals)] = callback.substr(equals + 1);
    }
    boost::asio::io_context context;
    const World world(context, options);
    boost::asio::signal_set signals(context, SIGINT, SIGTERM);
    signals.async_wait([&context](const boost::system::error_code&, int) { context.stop(); });
    std::printf("sandbox listens on http://%s:%u\n", options.address.c_str(), world.port());
    std::fflush(stdout);
    context.run();
    return 0;
}

int run_drive(DriveFlags flags) {
    const auto keys = read_keys(flags.keys_file);
    if (!keys) return complain(keys.error().message);
    flags.options.keys = *keys;
    flags.options.clock_offset = std::chrono::seconds(flags.clock_offset_seconds);
    flags.options.patience = std::chrono::seconds(flags.patience_seconds);
    return drive(flags.options);
}

void add_serve(CLI::App& app, ServeFlags& flags) {
    CLI::App* command =
        app.add_subcommand("serve", "couriers, payment provider, seller and escrow on one port");
    command->set_config("--config", "", "these flags as a TOML file");
    command->add_option("--address", flags.options.address, "where to listen");
    command->add_option("--port", flags.options.port, "0 for any free one");
    command->add_option("--accounts", flags.accounts_file,
                        "JSON file with what the couriers and the provider issued");
    command->add_option("--callback", flags.callbacks,
                        "CODE=URL, once per courier; Kuaidi100 calls the URL of each order");
    command->add_option("--provider-book", flags.provider_book, "the payment provider's append-only file");
    command->add_option("--speed", flags.options.pace.speed, "how much faster parcels live")
        ->check(CLI::PositiveNumber);
    command->add_option("--clock-offset,--clock-offset-seconds", flags.clock_offset_seconds,
                        "how far the world's clock is moved");
    command->add_option("--seed", flags.options.seed, "of the waybill numbers; 0 for fresh ones");
    command->add_option("--gateway", flags.options.gateway_url, "where seller and escrow report to");
    command->add_option("--keys", flags.keys_file, "JSON file with the gateway's bearer keys");
}

void add_drive(CLI::App& app, DriveFlags& flags) {
    CLI::App* command = app.add_subcommand("drive", "one return from the application to the reconciliation");
    command->add_option("--gateway", flags.options.gateway_url, "the gateway's URL")->required();
    command->add_option("--keys", flags.keys_file, "JSON file with the gateway's bearer keys")->required();
    command->add_option("--sandbox", flags.options.sandbox_url,
                        "this world's URL, to look into the provider's book");
    command->add_option("--amount-fen", flags.options.amount_fen, "what the buyer paid")
        ->check(CLI::PositiveNumber);
    command->add_option("--clock-offset,--clock-offset-seconds", flags.clock_offset_seconds,
                        "how far the world's clock is moved");
    command->add_option("--patience-seconds", flags.patience_seconds, "when to give up")
        ->check(CLI::PositiveNumber);
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app("The outside world of returngate, for development and tests", "returngate-sandbox");
    app.require_subcommand(1);
    ServeFlags serve_flags;
    DriveFlags drive_flags;
    add_serve(app, serve_flags);
    add_drive(app, drive_flags);
    CLI11_PARSE(app, argc, argv);
    try {
        return app.got_subcommand("serve") ? serve(serve_flags) : run_drive(drive_flags);
    } catch (const std::exception& error) {
        return complain(error.what());
    }
}
