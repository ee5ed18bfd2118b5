// couriers.toml: one table per contract; the settings are the courier's own words.
#include <algorithm>
#include <cctype>

#include "adapters/courier/registry.hpp"
#include "gateway/configuration.hpp"
#include "gateway/configuration/account_file.hpp"
#include "gateway/configuration/secrets.hpp"
#include "src/pickup/region.hpp"

namespace returngate::configuration {
namespace {

constexpr std::size_t kShortestToken = 32;
constexpr std::size_t kLongestAccountName = 32;
constexpr int kMinutesOfDay = 24 * 60;

std::string secret(TomlTable& table, std::string_view key, std::string_view name,
                   const std::filesystem::path& folder) {
    auto read = read_secret(folder, name);
    if (read) return *std::move(read);
    table.fault(key, read.error().message);
    return {};
}

std::string read_token(TomlTable& table, const std::filesystem::path& secrets) {
    const std::string name = table.required_text("callback_token_file");
    if (name.empty()) return {};
    std::string token = secret(table, "callback_token_file", name, secrets);
    const bool is_plain = std::ranges::all_of(token, [](unsigned char c) { return std::isalnum(c); });
    if (!token.empty() && (!is_plain || token.size() < kShortestToken)) {
        table.fault("callback_token_file",
                    "the token in it is to have at least 32 letters and digits, nothing else");
    }
    return token;
}

std::vector<std::string> read_areas(TomlTable& table, std::string_view key) {
    std::vector<std::string> areas;
    for (const auto& written : table.texts(key, {})) {
        areas.push_back(area_of(written));
        if (areas.back().empty()) table.fault(key, "is to be a list of provinces, or of province/city");
    }
    return areas;
}

// Which account a callback is for, is told by its token alone.
bool is_token_taken(const CourierOptions& options, const std::string& token) {
    return token == options.callback_token ||
           std::ranges::count(options.further, token, &FurtherAccount::callback_token) > 0;
}

FurtherAccount read_further(const std::string& name, TomlTable table, const std::filesystem::path& secrets,
                            const CourierOptions& options) {
    FurtherAccount read;
    read.terms.name = name;
    read.terms.areas = read_areas(table, "areas");
    for (auto& seller : table.texts("sellers", {})) read.terms.sellers.push_back(SellerId{std::move(seller)});
    if (read.terms.areas.empty() && read.terms.sellers.empty())
        table.fault("areas", "is missing: an account beside the first one is for some areas or some sellers");
    read.account.base_url = table.text("base_url", options.account.base_url);
    read.callback_token = read_token(table, secrets);
    if (!read.callback_token.empty() && is_token_taken(options, read.callback_token))
        table.fault("callback_token_file", "holds the token of another account of this courier");
    read_settings(table.table("settings"), secrets, read.account);
    table.refuse_the_rest();
    return read;
}

void read_accounts(TomlTable all, const std::filesystem::path& secrets, CourierOptions& options) {
    for (const auto& name : all.keys()) {
        const bool is_plain = std::ranges::all_of(name, [](unsigned char c) { return std::isalnum(c); });
        if (!is_plain || name.size() > kLongestAccountName)
            all.fault(name, "an account's name is to have at most 32 letters and digits, nothing else");
        options.further.push_back(read_further(name, all.table(name), secrets, options));
    }
}

// Every account by itself, and named by where it stands in the file.
void check_accounts(const courier::Courier& courier, const CourierOptions& options, Faults& faults) {
    const auto check = [&](const std::string& where, const courier::Account& account) {
        if (const auto checked = courier.check(account); !checked)
            faults.push_back("couriers.toml: couriers." + options.code.value + where +
                             ".settings: " + checked.error().message);
    };
    check("", options.account);
    for (const auto& further : options.further) check(".accounts." + further.terms.name, further.account);
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
    options.coverage = {read_areas(table, "served"), read_areas(table, "not_served")};
    options.quote_keeps =
        std::chrono::minutes(table.integer("quote_minutes", options.quote_keeps.count(), {0, kMinutesOfDay}));
    const std::size_t faults_before = faults.size();
    options.callback_token = read_token(table, secrets);
    read_settings(table.table("settings"), secrets, options.account);
    read_accounts(table.table("accounts"), secrets, options);
    const courier::Courier* courier = courier::find_courier(code);
    if (courier != nullptr) keep_allowance(courier->profile(), options);
    if (courier == nullptr) {
        faults.push_back("couriers.toml: couriers." + code + ": we do not speak this courier");
    } else if (faults.size() == faults_before) {
        check_accounts(*courier, options, faults);
    }
    if (courier != nullptr && options.quote_keeps.count() > 0 &&
        !courier->profile().can(courier::Operation::price))
        table.fault("quote_minutes", "this courier has no price query that is documented");
    table.refuse_the_rest();
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
