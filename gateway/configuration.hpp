// What the three files of config/ say, as values. Secrets come from files beside them and are never printed.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "adapters/courier/courier.hpp"
#include "adapters/crypto/aead.hpp"
#include "adapters/http/reach.hpp"
#include "adapters/http/server.hpp"
#include "adapters/http/server_tls.hpp"
#include "gateway/configuration/toml_table.hpp"
#include "src/reconcile/reconcile.hpp"
#include "src/returns/policy.hpp"
#include "src/webhook/endpoint_health.hpp"

namespace returngate {

struct DatabaseOptions {
    std::string dsn;
    int committers = 2;
    int query_threads = 2;
    int batch = 256;  // the most commands in one transaction
};

struct WorkerOptions {
    bool enabled = true;
    int courier_concurrency = 32;
    int payout_concurrency = 16;
    int confirm_concurrency = 16;
    std::chrono::milliseconds poll{200};
    std::chrono::seconds check_ledger{5};  // 0: not in this process
};

struct PayoutOptions {
    std::string provider = "sandbox";
    std::string base_url;
    std::string api_key;  // secret
    std::chrono::milliseconds timeout{3000};
};

// Events out, and the streams.
struct WebhookOptions {
    webhook::DeliveryTerms terms;
    std::chrono::milliseconds timeout{15'000};
    std::chrono::milliseconds poll{250};
    int concurrency = 8;  // deliveries to one endpoint at the same time
    int rounds = 8;       // endpoints at the same time
    std::chrono::hours secret_overlap{24};
    bool allows_http = false;
    std::vector<http::Network> exceptions{};  // private networks that endpoints may be in
    crypto::AesKey secret_key{};              // secret: seals the endpoints' secrets in the database
    int waiting_streams = 64;                 // past it a stream is answered without waiting
};

// A further account at a courier that we have a contract with.
struct FurtherAccount {
    AccountTerms terms;          // its name, and for whom it is
    courier::Account account;    // with secrets
    std::string callback_token;  // secret
};

// One contract of ours with a courier.
struct CourierOptions {
    CourierCode code;
    courier::Account account;    // with secrets
    std::string callback_token;  // secret: the last part of the callback URL
    bool enabled = true;
    int priority = 100;
    CourierHours hours{};
    Fen fee_fen = 0;
    std::chrono::milliseconds timeout{5000};
    int concurrency = 8;
    int questions_per_minute = 30;  // about silent parcels
    int retry_percent = 20;         // of the first calls may be repeated ones
    Coverage coverage{};
    std::vector<FurtherAccount> further{};
    std::chrono::minutes quote_keeps{0};  // asked for coverage and price, and believed so long; 0: not asked

    // The one that a booking was placed with; nullptr: it is not configured any more.
    [[nodiscard]] const courier::Account* account_named(std::string_view name) const;
};

struct Configuration {
    DatabaseOptions database;
    http::Listen listen;
    http::ServerLimits limits;
    std::optional<http::TlsFiles> tls;  // nothing: plain HTTP
    int io_threads = 1;
    std::string public_url;
    std::chrono::milliseconds unready{0};  // before draining: /readyz says so, and all is answered as ever
    std::chrono::seconds drain{10};
    WorkerOptions workers;
    PayoutOptions payout;
    WebhookOptions webhooks;
    std::string log_level = "info";
    // Demonstrations at night: every instant that the program takes is shifted by this. 0 in production.
    std::chrono::seconds clock_offset{0};
    // Of the file: version 1, where the database has none yet; and the couriers' terms for every version.
    Policy policy;
    reconcile::Ages reconcile;
    std::string policy_text;
    std::vector<CourierOptions> couriers;

    [[nodiscard]] const CourierOptions* courier(std::string_view code) const;
};

// `invalid` with every fault of all files, one a line.
[[nodiscard]] Result<Configuration> load_configuration(const std::filesystem::path& file);

namespace configuration {

// The parts, for whoever reads one file by itself.
struct PolicyFile {
    Policy policy;
    reconcile::Ages reconcile;
};
[[nodiscard]] PolicyFile read_policy(TomlTable file);
// `invalid` with every fault, one a line; `name` stands before each.
[[nodiscard]] Result<PolicyFile> parse_policy(std::string_view text, const std::string& name);
[[nodiscard]] std::vector<CourierOptions> read_couriers(TomlTable file, const std::filesystem::path& secrets,
                                                        Faults& faults);

}  // namespace configuration
}  // namespace returngate
