// doctor: what is wrong with configuration, database, clock and couriers' accounts, and how to mend it.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <pqxx/pqxx>

#include "adapters/courier/registry.hpp"
#include "adapters/http/client.hpp"
#include "adapters/postgres/connection.hpp"
#include "adapters/postgres/migrate.hpp"
#include "adapters/postgres/read/desk.hpp"
#include "adapters/webhook/vault.hpp"
#include "gateway/certificates.hpp"
#include "gateway/commands/commands.hpp"
#include "gateway/configuration.hpp"
#include "gateway/pipeline/ports.hpp"

namespace returngate::commands {
namespace {

class Findings {
public:
    void good(const std::string& text) { std::printf("ok    %s\n", text.c_str()); }
    void bad(const std::string& text, const std::string& remedy) {
        std::printf("FAIL  %s\n      %s\n", text.c_str(), remedy.c_str());
        ++faults_;
    }
    void expect(bool holds, const std::string& text, const std::string& remedy) {
        holds ? good(text) : bad(text, remedy);
    }
    [[nodiscard]] int faults() const { return faults_; }

private:
    int faults_ = 0;
};

struct Setting {
    const char* name;
    const char* wanted;
    const char* why;
};
// A commit that was acknowledged must survive a power cut; a failed fsync must stop the server.
constexpr std::array kSettings{
    Setting{"fsync", "on", "acknowledged commits would be lost in a power cut"},
    Setting{"full_page_writes", "on", "a torn page would be unreadable after a crash"},
    Setting{"synchronous_commit", "on", "acknowledged commits would be lost in a crash"},
    Setting{"data_sync_retry", "off", "a failed fsync would be forgotten"},
};

// Only who holds the right key can tell: a restored database may have been sealed under another one.
void examine_webhook_secrets(const Configuration& configuration, Findings& findings) {
    const webhook::Vault vault(configuration.webhooks.secret_key);
    const Instant now = SystemClock(configuration.clock_offset).now();
    int all = 0;
    int opened = 0;
    postgres::Desk desk(configuration.database.dsn);
    const auto read = desk.run([&](postgres::Desk& on) {
        for (const auto& endpoint : on.endpoints().all(now)) {
            for (const auto& sealed : on.endpoints().sealed_secrets(endpoint.id, now)) {
                ++all;
                if (vault.open(endpoint.id, sealed)) ++opened;
            }
        }
    });
    if (!read) return findings.bad("webhook secrets: " + read.error().message, "see the database above");
    findings.expect(
        opened == all, std::to_string(opened) + " of " + std::to_string(all) + " webhook secrets can be used",
        "bring back the file of [webhooks] secret_key_file and run returngate migrate, or make new ones: "
        "POST /v1/webhook-endpoints/{endpoint_id}/secrets");
}

void examine_database(const Configuration& configuration, Findings& findings) {
    std::unique_ptr<pqxx::connection> connection;
    try {
        connection = postgres::connect(configuration.database.dsn);
    } catch (const std::exception&) {
        return findings.bad("database: cannot connect", "check [database] dsn, and that PostgreSQL runs");
    }
    findings.good("database: connected, PostgreSQL " + std::to_string(connection->server_version() / 10000));
    const int version = postgres::schema_version(*connection);
    const int wanted = postgres::migrations().back().version;
    findings.expect(
        version == wanted, "schema version " + std::to_string(version) + " of " + std::to_string(wanted),
        version < wanted ? "run: returngate migrate" : "this program is older than the database; update it");
    pqxx::nontransaction session(*connection);
    for (const auto& setting : kSettings) {
        const auto value = session.exec1(std::string("SHOW ") + setting.name)[0].as<std::string>();
        findings.expect(value == setting.wanted, std::string(setting.name) + " = " + value,
                        std::string(setting.why) + "; set " + setting.name + " = " + setting.wanted +
                            " in postgresql.conf");
    }
    const auto skew =
        session.exec1("SELECT extract(epoch FROM clock_timestamp())::bigint")[0].as<std::int64_t>() -
        std::chrono::duration_cast<std::chrono::seconds>(SystemClock().now().time_since_epoch()).count();
    findings.expect(skew >= -1 && skew <= 1, "clock: " + std::to_string(skew) + " s from the database's",
                    "run an NTP client on both machines");
    if (version != wanted) return;
    const auto keys =
        session.exec1("SELECT count(*) FROM api_key WHERE revoked_at IS NULL AND expires_at > now()")[0]
            .as<int>();
    findings.expect(keys > 0, std::to_string(keys) + " live API keys",
                    "nobody can call: returngate keys create --caller platform --owner NAME, and so on");
    examine_webhook_secrets(configuration, findings);
}

void examine_tls(const Configuration& configuration, Findings& findings) {
    if (!configuration.tls) {
        return findings.good("plain HTTP on " + configuration.listen.address +
                             ": TLS ends in front of us, or set [tls] certificate_file");
    }
    const auto tls = http::ServerTls::load(*configuration.tls);
    if (!tls) return findings.bad("TLS files: " + tls.error().message, "see [tls] in returngate.toml");
    const Instant expires_at = (*tls)->status().expires_at;
    const auto days = std::chrono::floor<std::chrono::days>(expires_at - SystemClock().now());
    findings.expect(days >= kRenewCertificatesWithin,
                    "TLS certificate: good until " + format_rfc3339(expires_at) + ", " +
                        std::to_string(days.count()) + " days from now",
                    "renew it and replace the files; a running gateway takes them by itself");
}

void examine_couriers(const Configuration& configuration, Findings& findings) {
    findings.expect(!configuration.couriers.empty(),
                    std::to_string(configuration.couriers.size()) + " couriers configured",
                    "add a [couriers.CODE] block to couriers.toml");
    for (const auto& options : configuration.couriers) {
        const std::string name = "courier " + options.code.value;
        const auto* dialect = courier::find_courier(options.code.value);
        if (dialect == nullptr) {
            findings.bad(name + ": unknown code", "see docs/couriers.md for the codes");
            continue;
        }
        const auto account = dialect->check(options.account);
        findings.expect(account.has_value(),
                        name + ": account" + (account ? "" : ": " + account.error().code),
                        account ? "" : account.error().message);
        const auto url = http::parse_url(options.account.base_url);
        findings.expect(url.has_value(), name + ": base_url", "give an absolute http(s) URL");
        findings.expect(options.callback_token.size() >= 16, name + ": callback token",
                        "at least 16 characters, from a random source: openssl rand -hex 16");
        for (const auto& further : options.further) {
            const auto checked = dialect->check(further.account);
            findings.expect(
                checked.has_value(),
                name + ": account " + further.terms.name + (checked ? "" : ": " + checked.error().code),
                checked ? "" : checked.error().message);
        }
        if (!options.enabled) findings.good(name + ": switched off, no new pickups go there");
    }
}

int examine(const std::string& file) {
    Findings findings;
    const auto configuration = load_configuration(file);
    if (!configuration) {
        findings.bad("configuration " + file, configuration.error().message);
        return 1;
    }
    findings.good("configuration " + file);
    findings.expect(configuration->clock_offset.count() == 0,
                    "clock offset " + std::to_string(configuration->clock_offset.count()) + " s",
                    "[development] clock_offset_seconds is for demonstrations only");
    findings.expect(http::parse_url(configuration->payout.base_url).has_value(), "payout base_url",
                    "give the provider's absolute http(s) URL in [payout] base_url");
    examine_tls(*configuration, findings);
    examine_couriers(*configuration, findings);
    examine_database(*configuration, findings);
    std::printf("%d to mend\n", findings.faults());
    return findings.faults() == 0 ? 0 : 1;
}

}  // namespace

void add_doctor(CLI::App& app, Action& action) {
    auto* command = app.add_subcommand(
        "doctor", "say what is wrong with configuration, database and couriers, and how to mend it");
    auto file = std::make_shared<std::string>();
    add_config_option(*command, *file);
    command->callback([file, &action] { action = [file] { return examine(*file); }; });
}

}  // namespace returngate::commands
