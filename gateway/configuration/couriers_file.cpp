// couriers.toml: one table per contract; the settings are the courier's own words.
#include <algorithm>
#include <cctype>

#include "adapters/courier/registry.hpp"
#include "gateway/configuration.hpp"
#include "gateway/configuration/account_file.hpp"
#include "gateway/configuration/secrets.hpp"

namespace returngate::configuration {
namespace {

constexpr std::size_t kShortestToken = 32;

std::string secret(TomlTable& table, std::string_view key, std::string_view name,
                   const std::filesystem::path& folder) {
    auto read = read_secret(folder, name);
    if (read) return *std::move(read);
    table.fault(key, read.error().message);
    return {};
}

void read_token(TomlTable& table, const std::filesystem::path& secrets, CourierOptions& options) {
    const std::string name = table.required_text("callback_token_file");
    if (name.empty()) return;
    options.callback_token = secret(table, "callback_token_file", name, secrets);
    const bool is_plain =
        std::ranges::all_of(options.callback_token, [](unsigned char c) { return std::isalnum(c); });
    if (!options.callback_token.empty() && (!is_plain || options.callback_token.size() < kShortestToken)) {
        table.fault("callback_token_file",
                    "the token in it is to have at least 32 letters and digits, nothing else");
    }
}

// Half of what the courier's documents allow in a day is left to confirmations.
void keep_allowance(const courier::Profile& profile, CourierOptions& options) {
    constexpr int kMinutesOfTwoDays = 2 * 24 * 60;
    if (profile.query_per_day == 0) return;
    options.questions_per_minute =
        std::min(options.questions_per_minute, std::max(1, profile.query_per_day / kMinutesOfTwoDays));
}

CourierOptions read_courier(const std::string& code, TomlTable table, const std::filesystem::path& secrets,
                            Faults& faults) {
    CourierOptions options;
    options.code = CourierCode{code};
    options.enabled = table.boolean("enabled", options.enabled);
    options.priority = static_cast<int>(table.integer("priority", options.priority, {0, 10000}));
    options.account.base_url = table.required_text("base_url");
    options.timeout =
        std::chrono::milliseconds(table.integer("timeout_ms", options.timeout.count(), {100, 60000}));
    options.concurrency = static_cast<int>(table.integer("concurrency", options.concurrency, {1, 256}));
    options.questions_per_minute =
        static_cast<int>(table.integer("questions_per_minute", options.questions_per_minute, {1, 6000}));
    options.retry_percent = static_cast<int>(table.integer("retry_percent", options.retry_percent, {0, 100}));
    options.hours.opens = table.time_of_day("opens", options.hours.opens);
    options.hours.cut_off = table.time_of_day("cut_off", options.hours.cut_off);
    options.fee_fen = table.integer("fee_fen", options.fee_fen, {0, 100'000});
    const std::size_t faults_before = faults.size();
    read_token(table, secrets, options);
    read_settings(table.table("settings"), secrets, options.account);
    table.refuse_the_rest();
    const courier::Courier* courier = courier::find_courier(code);
    if (courier != nullptr) keep_allowance(courier->profile(), options);
    if (courier == nullptr) {
        faults.push_back("couriers.toml: couriers." + code + ": we do not speak this courier");
    } else if (faults.size() == faults_before) {
        if (const auto checked = courier->check(options.account); !checked) {
            faults.push_back("couriers.toml: couriers." + code + ".settings: " + checked.error().message);
        }
    }
    return options;
}

}  // namespace

std::vector<CourierOptions> read_couriers(TomlTable file, const std::filesystem::path& secrets,
                                          Faults& faults) {
    std::vector<CourierOptions> couriers;
    TomlTable all = file.table("couriers");
    for (const auto& code : all.keys())
        couriers.push_back(read_courier(code, all.table(code), secrets, faults));
    file.refuse_the_rest();
    return couriers;
}

}  // namespace returngate::configuration
