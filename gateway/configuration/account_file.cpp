// base_url and settings.
#include "gateway/configuration/account_file.hpp"

#include "gateway/configuration/secrets.hpp"

namespace returngate::configuration {
namespace {

constexpr std::string_view kFileSuffix = "_file";

}  // namespace

void read_settings(TomlTable table, const std::filesystem::path& secrets, courier::Account& account) {
    for (const auto& key : table.keys()) {
        const std::string value = table.text(key, "");
        if (!key.ends_with(kFileSuffix) || value.empty()) {
            account.settings[key] = value;
            continue;
        }
        auto read = read_secret(secrets, value);
        if (!read) table.fault(key, read.error().message);
        account.settings[key.substr(0, key.size() - kFileSuffix.size())] = read.value_or("");
    }
}

Result<courier::Account> load_account(const std::filesystem::path& file) {
    Faults faults;
    courier::Account account;
    TomlTable table = TomlTable::from_file(file, faults);
    if (faults.empty()) {
        account.base_url = table.required_text("base_url");
        read_settings(table.table("settings"), file.parent_path(), account);
        table.refuse_the_rest();
    }
    if (!faults.empty()) return fail(ErrorKind::invalid, "account_file", joined(faults));
    return account;
}

}  // namespace returngate::configuration
