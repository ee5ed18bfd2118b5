// keys create, list and revoke. The key is printed once; only its hash is stored.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <memory>
#include <pqxx/pqxx>
#include <stdexcept>

#include "adapters/crypto/certificate.hpp"
#include "adapters/crypto/digest.hpp"
#include "adapters/postgres/connection.hpp"
#include "gateway/commands/commands.hpp"
#include "gateway/commands/load.hpp"
#include "gateway/http/key_ring.hpp"
#include "gateway/pipeline/ports.hpp"

namespace returngate::commands {
namespace {

struct KeyOptions {
    std::string file;
    std::string caller;
    std::string owner;
    std::string seller;
    std::string client_certificate;  // PEM file
    int days = 365;
    std::string id;
};

std::string caller_word(std::string word) {
    for (char& c : word) {
        if (c == '-') c = '_';
    }
    return word;
}

// The fingerprint in hex, "" without a file. Throws when the key could never be used.
std::string bound_certificate(const KeyOptions& options, const Configuration& configuration) {
    const std::string& file = options.client_certificate;
    if (file.empty()) return {};
    if (!configuration.tls || configuration.tls->client_authorities.empty()) {
        throw std::runtime_error("nobody is asked for certificates: set [tls] client_ca_file first");
    }
    std::ifstream stream(file, std::ios::binary);
    const std::string pem{std::istreambuf_iterator<char>(stream), {}};
    if (!stream) throw std::runtime_error(file + " cannot be read");
    const auto certificates = crypto::read_certificates(pem);
    if (!certificates) throw std::runtime_error(file + " " + certificates.error().message);
    if (certificates->front().expires_at <= SystemClock().now())
        throw std::runtime_error(file + " holds a certificate that has expired");
    return crypto::to_hex(certificates->front().fingerprint);
}

int create(const KeyOptions& options) {
    const auto caller = caller_word(options.caller);
    if (!api::parse_caller(caller)) {
        std::fprintf(stderr,
                     "unknown caller %s: platform, buyer-app, seller, finance, operations, auditor, admin or "
                     "provider\n",
                     options.caller.c_str());
        return 2;
    }
    if ((caller == "seller") != !options.seller.empty()) {
        std::fprintf(stderr, "a seller's key, and no other, is bound to one seller: --seller ID\n");
        return 2;
    }
    const auto configuration = load(options.file);
    const std::string certificate = bound_certificate(options, configuration);
    SystemRandom random;
    const std::string key = api::make_key(random.bytes(), random.bytes());
    const auto hash = api::hash_of_key(key);
    const Instant now = SystemClock(configuration.clock_offset).now();
    const auto connection = postgres::connect(configuration.database.dsn);
    pqxx::work transaction(*connection);
    transaction.exec_params(
        "INSERT INTO api_key (key_id, hash, caller, owner, seller_id, created_at, expires_at, "
        "client_certificate) "
        "VALUES ($1, decode($2, 'hex'), $3, $4, nullif($5, ''), $6, $7, decode(nullif($8, ''), 'hex'))",
        detail::to_hex(random.bytes()), crypto::to_hex(hash), caller, options.owner, options.seller,
        format_rfc3339(now), format_rfc3339(now + std::chrono::hours(24) * options.days), certificate);
    transaction.commit();
    std::printf("%s\n", key.c_str());
    std::fprintf(stderr, "This key is shown once and valid for %d days; %s answers for it.\n", options.days,
                 options.owner.c_str());
    return 0;
}

int list(const KeyOptions& options) {
    const auto connection = postgres::connect(load(options.file).database.dsn);
    pqxx::work transaction(*connection);
    std::printf("%-36s  %-10s  %-20s  %-20s  %-11s  %s\n", "id", "caller", "owner", "seller", "valid until",
                "certificate");
    for (const auto& row :
         transaction.exec("SELECT key_id, caller, owner, coalesce(seller_id, ''), "
                          "CASE WHEN revoked_at IS NULL THEN expires_at::date::text ELSE 'revoked' END, "
                          "coalesce(encode(client_certificate, 'hex'), '') "
                          "FROM api_key ORDER BY created_at")) {
        std::printf("%-36s  %-10s  %-20s  %-20s  %-11s  %s\n", row[0].c_str(), row[1].c_str(), row[2].c_str(),
                    row[3].c_str(), row[4].c_str(), row[5].c_str());
    }
    return 0;
}

int revoke(const KeyOptions& options) {
    const auto configuration = load(options.file);
    const auto connection = postgres::connect(configuration.database.dsn);
    pqxx::work transaction(*connection);
    const auto now = format_rfc3339(SystemClock(configuration.clock_offset).now());
    const auto changed = transaction.exec_params(
        "UPDATE api_key SET revoked_at = $2 WHERE key_id::text = $1 AND revoked_at IS NULL", options.id, now);
    transaction.commit();
    if (changed.affected_rows() == 0) {
        std::fprintf(stderr, "no live key %s; see: returngate keys list\n", options.id.c_str());
        return 1;
    }
    std::printf("revoked; gateways notice within 2 seconds\n");
    return 0;
}

}  // namespace

void add_keys(CLI::App& app, Action& action) {
    auto* keys = app.add_subcommand("keys", "API keys: who may call");
    keys->require_subcommand(1);
    auto options = std::make_shared<KeyOptions>();
    auto* creating = keys->add_subcommand("create", "make a key and print it, once");
    add_config_option(*creating, options->file);
    creating
        ->add_option("--caller", options->caller,
                     "platform, buyer-app, seller, finance, operations, auditor, admin or provider")
        ->required();
    creating->add_option("--owner", options->owner, "the person who answers for it; four eyes are two owners")
        ->required();
    creating->add_option("--seller", options->seller, "the one seller of a seller's key");
    creating->add_option("--client-certificate", options->client_certificate,
                         "PEM file: the key is good only together with this certificate");
    creating->add_option("--days", options->days, "validity")
        ->capture_default_str()
        ->check(CLI::Range(1, 3650));
    creating->callback([options, &action] { action = [options] { return create(*options); }; });
    auto* listing = keys->add_subcommand("list", "all keys, without the keys themselves");
    add_config_option(*listing, options->file);
    listing->callback([options, &action] { action = [options] { return list(*options); }; });
    auto* revoking = keys->add_subcommand("revoke", "end a key at once");
    add_config_option(*revoking, options->file);
    revoking->add_option("id", options->id, "as keys list shows it")->required();
    revoking->callback([options, &action] { action = [options] { return revoke(*options); }; });
}

}  // namespace returngate::commands
