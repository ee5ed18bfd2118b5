// Account files: base_url, settings, secrets inline or in files beside them.
#include "gateway/configuration/account_file.hpp"

#include <fstream>
#include <gtest/gtest.h>

#include "tests/support/gateway_process.hpp"

namespace returngate::configuration {
namespace {

namespace fs = std::filesystem;

class AccountFile : public ::testing::Test {
protected:
    Result<courier::Account> load(const std::string& toml) const {
        std::ofstream(folder_.path() / "account.toml") << toml;
        return load_account(folder_.path() / "account.toml");
    }
    void write_secret(const std::string& name, const std::string& text, fs::perms permissions) const {
        std::ofstream(folder_.path() / name) << text;
        fs::permissions(folder_.path() / name, permissions);
    }
    const testing::TemporaryFolder folder_;
};

TEST_F(AccountFile, TakesSecretsInlineAndFromFilesBesideIt) {
    write_secret("push", "from-a-file\n", fs::perms::owner_read | fs::perms::owner_write);
    const auto account = load(
        "base_url = 'https://courier.example'\n[settings]\nsecret = 'inline'\n"
        "push_secret_file = 'push'\n");
    ASSERT_TRUE(account) << account.error().message;
    EXPECT_EQ(account->base_url, "https://courier.example");
    EXPECT_EQ(account->get("secret"), "inline");
    EXPECT_EQ(account->get("push_secret"), "from-a-file");
    EXPECT_EQ(account->get("push_secret_file"), "");
}

TEST_F(AccountFile, NamesEveryFaultAndNoSecret) {
    write_secret("open", "everybody-reads-me", fs::perms::all);
    const auto account = load(
        "secret = 'misplaced-value'\n[settings]\npush_secret_file = 'open'\n"
        "other_secret_file = 'missing'\npay_method = 1\n");
    ASSERT_FALSE(account);
    const std::string& text = account.error().message;
    for (const std::string_view part :
         {"base_url: is missing", "secret: is not a key", "settings.push_secret_file",
          "settings.other_secret_file", "settings.pay_method: is to be a text"})
        EXPECT_NE(text.find(part), std::string::npos) << part << " in " << text;
    EXPECT_EQ(text.find("misplaced-value"), std::string::npos);
    EXPECT_EQ(text.find("everybody-reads-me"), std::string::npos);
}

TEST_F(AccountFile, ThatIsNoTomlOrIsNotThereIsInvalid) {
    EXPECT_FALSE(load("base_url = \n"));
    EXPECT_FALSE(load_account(folder_.path() / "nothing.toml"));
}

}  // namespace
}  // namespace returngate::configuration
