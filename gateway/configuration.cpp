// returngate.toml, and the two files that it names.
#include "gateway/configuration.hpp"

#include <algorithm>
#include <array>

#include "adapters/courier/registry.hpp"
#include "adapters/http/client.hpp"
#include "adapters/webhook/vault.hpp"
#include "gateway/configuration/secrets.hpp"

namespace returngate {
namespace {

using configuration::Faults;
using configuration::joined;
using configuration::Range;
using configuration::TomlTable;

std::chrono::seconds seconds(TomlTable& table, std::string_view key, std::chrono::milliseconds fallback,
                             Range range) {
    const auto whole = std::chrono::duration_cast<std::chrono::seconds>(fallback);
    return std::chrono::seconds(table.integer(key, whole.count(), range));
}

int count(TomlTable& table, std::string_view key, int fallback, Range range) {
    return static_cast<int>(table.integer(key, fallback, range));
}

std::size_t size(TomlTable& table, std::string_view key, std::size_t fallback, Range range) {
    return static_cast<std::size_t>(table.integer(key, static_cast<std::int64_t>(fallback), range));
}

void read_database(TomlTable table, DatabaseOptions& database) {
    database.dsn = table.required_text("dsn");
    database.committers = count(table, "committers", database.committers, {1, 64});
    database.query_threads = count(table, "query_threads", database.query_threads, {1, 64});
    database.batch = count(table, "batch", database.batch, {1, 4096});
    table.refuse_the_rest();
}

void read_http(TomlTable table, Configuration& into) {
    http::ServerLimits& limits = into.limits;
    into.listen.address = table.text("address", into.listen.address);
    into.listen.port = static_cast<std::uint16_t>(table.integer("port", 8080, {0, 65535}));
    into.io_threads = count(table, "io_threads", into.io_threads, {1, 64});
    into.public_url = table.text("public_url", "");
    if (!into.public_url.empty() && !http::parse_url(into.public_url))
        table.fault("public_url", "is no http(s) URL");
    limits.body_bytes = 1024 * size(table, "body_kib", limits.body_bytes / 1024, {1, 16 * 1024});
    limits.header_bytes = 1024 * size(table, "header_kib", limits.header_bytes / 1024, {1, 64});
    limits.header_fields = size(table, "header_fields", limits.header_fields, {8, 256});
    limits.connections = size(table, "connections", limits.connections, {1, 100000});
    limits.in_flight = size(table, "in_flight", limits.in_flight, {1, 100000});
    limits.header_deadline = seconds(table, "header_seconds", limits.header_deadline, {1, 300});
    limits.body_deadline = seconds(table, "body_seconds", limits.body_deadline, {1, 300});
    limits.write_deadline = seconds(table, "write_seconds", limits.write_deadline, {1, 300});
    limits.idle_deadline = seconds(table, "idle_seconds", limits.idle_deadline, {1, 3600});
    into.unready = std::chrono::milliseconds(table.integer("unready_ms", into.unready.count(), {0, 60'000}));
    into.drain = seconds(table, "drain_seconds", into.drain, {0, 300});
    table.refuse_the_rest();
}

// Without a certificate we speak plain HTTP; what else stands there would be silently ignored then.
void read_tls(TomlTable table, const std::filesystem::path& folder, Configuration& into) {
    const std::string certificate = table.text("certificate_file", "");
    const std::string key = table.text("key_file", "");
    const std::string authorities = table.text("client_ca_file", "");
    into.limits.handshake_deadline =
        seconds(table, "handshake_seconds", into.limits.handshake_deadline, {1, 60});
    if (certificate.empty() != key.empty())
        table.fault("key_file", "goes with certificate_file, never alone");
    if (certificate.empty() && !authorities.empty())
        table.fault("client_ca_file", "needs certificate_file and key_file: only TLS carries certificates");
    table.refuse_the_rest();
    if (certificate.empty() || key.empty()) return;
    into.tls.emplace();
    into.tls->certificate = folder / certificate;
    into.tls->key = folder / key;
    if (!authorities.empty()) into.tls->client_authorities = folder / authorities;
}

void read_workers(TomlTable table, WorkerOptions& workers) {
    workers.enabled = table.boolean("enabled", workers.enabled);
    workers.courier_concurrency = count(table, "courier_concurrency", workers.courier_concurrency, {1, 1024});
    workers.payout_concurrency = count(table, "payout_concurrency", workers.payout_concurrency, {1, 1024});
    workers.confirm_concurrency = count(table, "confirm_concurrency", workers.confirm_concurrency, {1, 1024});
    workers.poll = std::chrono::milliseconds(table.integer("poll_ms", workers.poll.count(), {10, 60000}));
    workers.check_ledger =
        std::chrono::seconds(table.integer("check_ledger_seconds", workers.check_ledger.count(), {0, 3600}));
    table.refuse_the_rest();
}

std::string secret(TomlTable& table, std::string_view key, const std::filesystem::path& folder) {
    const std::string name = table.required_text(key);
    if (name.empty()) return {};
    auto read = configuration::read_secret(folder, name);
    if (read) return *std::move(read);
    table.fault(key, read.error().message);
    return {};
}

void read_payout(TomlTable table, const std::filesystem::path& secrets, PayoutOptions& payout) {
    payout.provider = table.text("provider", payout.provider);
    payout.base_url = table.required_text("base_url");
    if (!payout.base_url.empty() && !http::parse_url(payout.base_url))
        table.fault("base_url", "is no http(s) URL");
    payout.api_key = secret(table, "api_key_file", secrets);
    payout.timeout =
        std::chrono::milliseconds(table.integer("timeout_ms", payout.timeout.count(), {100, 60000}));
    table.refuse_the_rest();
}

std::vector<http::Network> networks(TomlTable& table, std::string_view key) {
    std::vector<http::Network> all;
    const std::string text = table.text(key, "");
    for (std::string_view rest = text; !rest.empty();) {
        const auto comma = std::min(rest.find(','), rest.size());
        const auto network = http::parse_network(rest.substr(0, comma));
        if (network)
            all.push_back(*network);
        else
            table.fault(key, "is to be addresses or networks (10.0.0.0/8) with commas between them");
        rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
    return all;
}

void read_webhooks(TomlTable table, const std::filesystem::path& secrets, WebhookOptions& webhooks) {
    webhook::DeliveryTerms& terms = webhooks.terms;
    const auto milliseconds = [&](std::string_view key, Duration fallback, Range range) {
        const auto whole = std::chrono::duration_cast<std::chrono::milliseconds>(fallback);
        return std::chrono::milliseconds(table.integer(key, whole.count(), range));
    };
    webhooks.timeout = milliseconds("timeout_ms", webhooks.timeout, {100, 30000});
    webhooks.poll = milliseconds("poll_ms", webhooks.poll, {10, 60000});
    webhooks.concurrency = count(table, "concurrency", webhooks.concurrency, {1, 256});
    webhooks.rounds = count(table, "endpoints_at_once", webhooks.rounds, {1, 64});
    terms.first_retry = milliseconds("first_retry_ms", terms.first_retry, {10, 3'600'000});
    terms.longest_retry = std::chrono::minutes(table.integer("longest_retry_minutes", 360, {1, 1440}));
    terms.breaker_failures = count(table, "breaker_failures", terms.breaker_failures, {1, 100});
    terms.pause_after =
        std::chrono::minutes(table.integer("pause_after_minutes", 72 * 60, {1, 60 * 24 * 30}));
    webhooks.secret_overlap = std::chrono::hours(table.integer("secret_overlap_hours", 24, {0, 24 * 90}));
    webhooks.allows_http = table.boolean("allow_http", webhooks.allows_http);
    webhooks.exceptions = networks(table, "allowed_networks");
    const std::string key = secret(table, "secret_key_file", secrets);
    if (const auto parsed = webhook::parse_vault_key(key))
        webhooks.secret_key = *parsed;
    else if (!key.empty())
        table.fault("secret_key_file", "names a file that is to hold 64 hex digits: openssl rand -hex 32");
    webhooks.waiting_streams = count(table, "waiting_streams", webhooks.waiting_streams, {0, 10000});
    table.refuse_the_rest();
}

std::string read_log(TomlTable table) {
    constexpr std::array<std::string_view, 5> kLevels{"trace", "debug", "info", "warn", "error"};
    const std::string level = table.text("level", "info");
    if (std::ranges::count(kLevels, level) == 0)
        table.fault("level", "is to be trace, debug, info, warn or error");
    table.refuse_the_rest();
    return level;
}

// What the domain has to know of each courier: our contract's numbers and the dialect's profile.
std::vector<CourierTerms> terms_of(const std::vector<CourierOptions>& couriers) {
    std::vector<CourierTerms> all;
    for (const auto& options : couriers) {
        const courier::Courier* courier = courier::find_courier(options.code.value);
        if (courier == nullptr) continue;
        const courier::Profile& profile = courier->profile();
        CourierTerms terms;
        terms.code = options.code;
        terms.enabled = options.enabled;
        terms.priority = options.priority;
        terms.accepts_by_answer = profile.acceptance == courier::Acceptance::by_answer;
        terms.finds_by_reference = profile.lost_answer == courier::LostAnswer::find_by_reference;
        terms.repeats_reference = profile.lost_answer == courier::LostAnswer::repeat_same_reference;
        terms.hours = options.hours;
        terms.fee_fen = options.fee_fen;
        terms.coverage = options.coverage;
        for (const auto& further : options.further) terms.accounts.push_back(further.terms);
        terms.moves_bookings = profile.can(courier::Operation::move);
        for (const auto wait : profile.callback_retries) terms.last_push += wait;
        all.push_back(std::move(terms));
    }
    return all;
}

struct OtherFiles {
    std::filesystem::path policy;
    std::filesystem::path couriers;
    std::filesystem::path secrets;
};

OtherFiles other_files(TomlTable& main, const std::filesystem::path& folder) {
    OtherFiles files;
    TomlTable secrets = main.table("secrets");
    files.secrets = folder / secrets.text("directory", "/etc/returngate/secrets");
    secrets.refuse_the_rest();
    TomlTable names = main.table("files");
    files.policy = folder / names.text("policy", "policy.toml");
    files.couriers = folder / names.text("couriers", "couriers.toml");
    names.refuse_the_rest();
    return files;
}

}  // namespace

const courier::Account* CourierOptions::account_named(std::string_view name) const {
    if (name.empty()) return &account;
    const auto found = std::ranges::find_if(further, [&](const auto& one) { return one.terms.name == name; });
    return found == further.end() ? nullptr : &found->account;
}

const CourierOptions* Configuration::courier(std::string_view code) const {
    const auto found =
        std::ranges::find_if(couriers, [&](const auto& options) { return options.code.value == code; });
    return found == couriers.end() ? nullptr : &*found;
}

Result<Configuration> load_configuration(const std::filesystem::path& file) {
    Faults faults;
    Configuration made;
    TomlTable main = TomlTable::from_file(file, faults);
    if (!faults.empty()) return fail(ErrorKind::invalid, "configuration", joined(faults));
    const OtherFiles files = other_files(main, file.parent_path());
    read_database(main.table("database"), made.database);
    read_http(main.table("http"), made);
    read_tls(main.table("tls"), file.parent_path(), made);
    read_workers(main.table("workers"), made.workers);
    read_payout(main.table("payout"), files.secrets, made.payout);
    read_webhooks(main.table("webhooks"), files.secrets, made.webhooks);
    made.log_level = read_log(main.table("log"));
    TomlTable development = main.table("development");
    made.clock_offset =
        seconds(development, "clock_offset_seconds", made.clock_offset, {-86400 * 365, 86400 * 365});
    development.refuse_the_rest();
    main.refuse_the_rest();
    made.policy_text = configuration::text_of(files.policy, faults);
    auto policy_file = configuration::read_policy(
        TomlTable::from_text(made.policy_text, files.policy.filename().string(), faults));
    made.policy = std::move(policy_file.policy);
    made.reconcile = policy_file.reconcile;
    made.couriers =
        configuration::read_couriers(TomlTable::from_file(files.couriers, faults), files.secrets, faults);
    made.policy.couriers = terms_of(made.couriers);
    if (!faults.empty()) return fail(ErrorKind::invalid, "configuration", joined(faults));
    return made;
}

}  // namespace returngate
