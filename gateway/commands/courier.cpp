// courier encode, decode, try and conform: the couriers' dialects from a terminal, for tests and for whoever
// signs a contract. Nothing but `try` and `conform` opens a connection.
#include <CLI/CLI.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>

#include "adapters/courier/registry.hpp"
#include "adapters/http/client.hpp"
#include "adapters/http/destination.hpp"
#include "gateway/commands/commands.hpp"
#include "gateway/commands/courier_callback.hpp"
#include "gateway/commands/courier_conform.hpp"
#include "gateway/commands/courier_order.hpp"
#include "gateway/commands/courier_try.hpp"
#include "gateway/commands/load.hpp"
#include "gateway/commands/raw_request.hpp"
#include "gateway/configuration/account_file.hpp"
#include "gateway/pipeline/ports.hpp"
#include "src/pickup/windows.hpp"

namespace asio = boost::asio;

namespace returngate::commands {
namespace {

constexpr std::chrono::seconds kPatience{15};

struct CourierFlags {
    std::string code;
    std::string operation;
    std::string account;
    std::string at;
    std::string nonce;
    std::string booking;
    std::string config;
    std::string order;
};

int refuse(const std::string& message) {
    std::fprintf(stderr, "returngate: %s\n", message.c_str());
    return 2;
}

std::string standard_input() {
    return std::string(std::istreambuf_iterator<char>(std::cin), {});
}

void print(std::string_view bytes) {
    std::fwrite(bytes.data(), 1, bytes.size(), stdout);
}

Result<const courier::Courier*> dialect_of(std::string_view code) {
    if (const auto* courier = courier::find_courier(code)) return courier;
    std::string known;
    for (const auto* courier : courier::all_couriers())
        known.append(known.empty() ? "" : ", ").append(courier->profile().code);
    return fail(ErrorKind::invalid, "courier",
                "we do not speak the courier " + std::string(code) + "; we speak: " + known);
}

Result<Instant> instant_of(const std::string& text) {
    if (text.empty()) return SystemClock().now();
    if (const auto instant = parse_rfc3339(text)) return *instant;
    return fail(ErrorKind::invalid, "at",
                "--at is to be an RFC 3339 time with an offset: 2026-01-10T06:00:00Z");
}

courier::Moment moment_at(Instant now, std::string nonce) {
    if (nonce.empty()) nonce = detail::to_hex(SystemRandom().bytes());
    return {now, std::move(nonce)};
}

int encode(const CourierFlags& flags) {
    const auto courier = dialect_of(flags.code);
    if (!courier) return refuse(courier.error().message);
    const auto operation = parse_operation(flags.operation);
    if (!operation) return refuse("the operation is to be book, cancel, find, track or price");
    const auto account = configuration::load_account(flags.account);
    if (!account) return refuse(account.error().message);
    const auto now = instant_of(flags.at);
    if (!now) return refuse(now.error().message);
    const auto request =
        encode_order(**courier, *account, moment_at(*now, flags.nonce), *operation, standard_input());
    if (!request) return refuse(request.error().message);
    const auto bytes = render_raw_request(*request, account->base_url);
    if (!bytes) return refuse(bytes.error().message);
    print(*bytes);
    return 0;
}

int decode(const CourierFlags& flags) {
    const auto courier = dialect_of(flags.code);
    if (!courier) return refuse(courier.error().message);
    const auto account = configuration::load_account(flags.account);
    if (!account) return refuse(account.error().message);
    const auto now = instant_of(flags.at);
    if (!now) return refuse(now.error().message);
    std::optional<KnownBooking> booking;
    if (!flags.booking.empty()) {
        auto known = read_known_booking(flags.booking);
        if (!known) return refuse(known.error().message);
        booking = *std::move(known);
    }
    auto request = parse_raw_request(standard_input());
    if (!request) return refuse(request.error().message);
    const auto answer =
        decode_callback(**courier, *account, courier::Push{*std::move(request), *now}, booking);
    print(answer.json + "\n");
    if (!answer.remarks.empty()) std::fprintf(stderr, "%s\n", answer.remarks.c_str());
    return 0;
}

asio::awaitable<void> send_into(http::Client& client, http::Origin origin, http::Request request,
                                Result<http::Response>& out) {
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    out = co_await client.send(std::move(origin), std::move(request), deadline);
}

Result<http::Response> send_once(const std::string& base_url, http::Request request) {
    const auto origin = http::take_origin(request, base_url);
    if (!origin) return tl::unexpected(origin.error());
    asio::io_context context;
    const auto client = http::make_client(context, {});
    Result<http::Response> out = fail(ErrorKind::unavailable, "not_sent", "Nothing was sent.");
    asio::co_spawn(context, send_into(*client, *origin, request, out), asio::detached);
    context.run();
    return out;
}

struct Contract {
    courier::Account account;
    CourierHours hours{};
    Duration clock_offset{0};
};

// From couriers.toml, or from a file of its own: a courier can be tried before it is configured.
Result<Contract> contract_of(const CourierFlags& flags) {
    Contract contract;
    if (!flags.account.empty()) {
        auto account = configuration::load_account(flags.account);
        if (!account) return tl::unexpected(account.error());
        contract.account = *std::move(account);
        return contract;
    }
    auto configuration = load_configuration(flags.config);
    if (!configuration) return tl::unexpected(configuration.error());
    const auto* options = configuration->courier(flags.code);
    if (options == nullptr)
        return fail(ErrorKind::invalid, "courier",
                    "couriers.toml has no [couriers." + flags.code + "]; or give --account FILE");
    contract.account = options->account;
    contract.hours = options->hours;
    contract.clock_offset = configuration->clock_offset;
    return contract;
}

// The farthest window on offer leaves the most time for a cancellation by hand.
Result<courier::BookingOrder> trial_order(const CourierFlags& flags, Instant now, const CourierHours& hours) {
    if (flags.order.empty()) {
        constexpr std::size_t kAll = 64;
        const auto slots = next_slots(PickupHours{}, now, kAll, hours);
        if (slots.empty())
            return fail(ErrorKind::invalid, "no_window", "no window is within this courier's hours");
        return made_up_order(slots.back().window);
    }
    std::ifstream stream(flags.order, std::ios::binary);
    if (!stream) return fail(ErrorKind::invalid, "order", flags.order + ": cannot be read");
    const std::string json(std::istreambuf_iterator<char>(stream), {});
    return read_trial_order(json);
}

int try_out(const CourierFlags& flags) {
    const auto courier = dialect_of(flags.code);
    if (!courier) return refuse(courier.error().message);
    const auto contract = contract_of(flags);
    if (!contract) return refuse(contract.error().message);
    const SystemClock clock(contract->clock_offset);
    SystemRandom random;
    auto order = trial_order(flags, clock.now(), contract->hours);
    if (!order) return refuse(order.error().message);
    order->reference = IdSource(random.bytes()).next_booking_reference(random.bytes()[0]);
    const Trial trial{
        **courier, contract->account, *std::move(order), [&clock] { return moment_at(clock.now(), ""); },
        [&contract](const http::Request& request) { return send_once(contract->account.base_url, request); }};
    return try_courier(trial, std::cout);
}

// A fleet's own developers run it: no configuration of ours, only what they agreed with us.
int check_conformance(const CourierFlags& flags) {
    const auto courier = dialect_of("OPEN");
    if (!courier) return refuse(courier.error().message);
    const auto account = configuration::load_account(flags.account);
    if (!account) return refuse(account.error().message);
    const SystemClock clock;
    SystemRandom random;
    auto order = trial_order(flags, clock.now(), CourierHours{});
    if (!order) return refuse(order.error().message);
    IdSource ids(random.bytes());
    order->reference = ids.next_booking_reference(0);
    const BookingReference stranger = ids.next_booking_reference(0);
    const Trial trial{
        **courier, *account, *std::move(order), [&clock] { return moment_at(clock.now(), ""); },
        [&account](const http::Request& request) { return send_once(account->base_url, request); }};
    return conform(trial, stranger, std::cout);
}

void add_code(CLI::App& command, CourierFlags& flags) {
    command.add_option("code", flags.code, "the courier's code, as in docs/couriers.md")->required();
}

void add_account(CLI::App& command, CourierFlags& flags) {
    command.add_option("--account", flags.account, "TOML: base_url and [settings], as in docs/couriers.md")
        ->required();
}

}  // namespace

void add_courier(CLI::App& app, Action& action) {
    auto* group = app.add_subcommand("courier", "the couriers' dialects, from a terminal");
    group->require_subcommand(1);
    auto flags = std::make_shared<CourierFlags>();

    auto* encoding = group->add_subcommand(
        "encode", "an order in JSON on standard input, the courier's raw HTTP request on standard output");
    add_code(*encoding, *flags);
    encoding->add_option("operation", flags->operation, "book, cancel, find, track or price")->required();
    add_account(*encoding, *flags);
    encoding->add_option("--at", flags->at, "the instant of the request, RFC 3339; default: now");
    encoding->add_option("--nonce", flags->nonce, "its nonce; default: a random one");
    encoding->callback([flags, &action] { action = [flags] { return encode(*flags); }; });

    auto* decoding = group->add_subcommand(
        "decode",
        "a callback as raw HTTP request on standard input; on standard output, as JSON, how it is "
        "proved, its events and our answer. A refusal is an answer: exit 0");
    add_code(*decoding, *flags);
    add_account(*decoding, *flags);
    decoding->add_option("--booking", flags->booking,
                         "JSON {\"reference\", \"waybill\"}: the booking that the callback is about");
    decoding->add_option("--at", flags->at, "the instant of its arrival, RFC 3339; default: now");
    decoding->callback([flags, &action] { action = [flags] { return decode(*flags); }; });

    auto* trying = group->add_subcommand(
        "try",
        "book for the last window on offer and cancel at once, at the configured endpoint: a real "
        "booking; exit 1 when a step fails");
    add_code(*trying, *flags);
    add_config_option(*trying, flags->config);
    trying->add_option("--account", flags->account, "an account file instead of the configuration");
    trying->add_option("--order", flags->order, "a file with the JSON of book; default: people made up");
    trying->callback([flags, &action] { action = [flags] { return try_out(*flags); }; });

    auto* conforming = group->add_subcommand(
        "conform",
        "whether a fleet's side keeps the open courier protocol (docs/courier-protocol.md): books, asks, "
        "cancels, and sends what must be refused; exit 1 when a step fails");
    add_account(*conforming, *flags);
    conforming->add_option("--order", flags->order, "a file with the JSON of book; default: people made up");
    conforming->callback([flags, &action] { action = [flags] { return check_conformance(*flags); }; });
}

}  // namespace returngate::commands
