// The configuration files, as they stand in config/ and with every kind of mistake.
#include "gateway/configuration.hpp"

#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace returngate {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

// A copy of the shipped files, with every secret that they name.
class ConfigurationFiles : public ::testing::Test {
protected:
    void SetUp() override {
        const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
        folder_ = fs::temp_directory_path() /
                  (std::string("returngate_") + test->name() + std::to_string(::getpid()));
        fs::create_directories(folder_ / "secrets");
        for (const auto* name : {"returngate.toml", "policy.toml", "couriers.toml"}) {
            fs::copy_file(fs::path(RETURNGATE_SOURCE_DIR) / "config" / name, folder_ / name);
        }
        replace("returngate.toml", "directory = \"/etc/returngate/secrets\"", "directory = \"secrets\"");
        for (const auto* name : {"payout_api_key", "yto_secret", "yto_push_secret", "sf_checkword"})
            secret(name, "top-secret");
        for (const auto* name : {"yto_callback_token", "sf_callback_token"})
            secret(name, std::string(32, 't'));
        secret("webhook_key", std::string(64, 'a'));
    }
    void TearDown() override { fs::remove_all(folder_); }

    void secret(const std::string& name, const std::string& content) {
        const fs::path file = folder_ / "secrets" / name;
        std::ofstream(file) << content << "\n";
        fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
    }
    [[nodiscard]] std::string read(const std::string& name) const {
        std::ifstream stream(folder_ / name);
        return {std::istreambuf_iterator<char>(stream), {}};
    }
    void replace(const std::string& name, const std::string& from, const std::string& to) {
        std::string text = read(name);
        const auto at = text.find(from);
        ASSERT_NE(at, std::string::npos) << from << " does not stand in " << name;
        text.replace(at, from.size(), to);
        std::ofstream(folder_ / name) << text;
    }
    void append(const std::string& name, const std::string& text) {
        std::ofstream(folder_ / name, std::ios::app) << text;
    }
    [[nodiscard]] Result<Configuration> load() const {
        return load_configuration(folder_ / "returngate.toml");
    }
    [[nodiscard]] std::string faults() const {
        const auto loaded = load();
        return loaded ? "" : loaded.error().message;
    }

    fs::path folder_;
};

TEST_F(ConfigurationFiles, TheShippedFilesSayTheDefaults) {
    const auto loaded = load();
    ASSERT_TRUE(loaded) << loaded.error().message;
    const Policy defaults;
    EXPECT_EQ(loaded->policy.version, defaults.version);
    EXPECT_EQ(loaded->policy.min_stars, defaults.min_stars);
    EXPECT_EQ(loaded->policy.within, defaults.within);
    EXPECT_EQ(loaded->policy.line_by_stars, defaults.line_by_stars);
    EXPECT_EQ(loaded->policy.confirm_by_query, defaults.confirm_by_query);
    EXPECT_EQ(loaded->policy.weak_limit_fen, defaults.weak_limit_fen);
    EXPECT_EQ(loaded->policy.confirm_after, defaults.confirm_after);
    EXPECT_EQ(loaded->policy.pickup.opens, defaults.pickup.opens);
    EXPECT_EQ(loaded->policy.pickup.closes, defaults.pickup.closes);
    EXPECT_EQ(loaded->policy.pickup.shown_for, defaults.pickup.shown_for);
    EXPECT_EQ(loaded->policy.clocks.courier_at_door, defaults.clocks.courier_at_door);
    EXPECT_EQ(loaded->policy.clocks.seller_confirms_receipt, defaults.clocks.seller_confirms_receipt);
    EXPECT_EQ(loaded->reconcile.delivered, reconcile::Ages{}.delivered);
    EXPECT_EQ(loaded->limits.body_bytes, http::ServerLimits{}.body_bytes);
    EXPECT_EQ(loaded->limits.handshake_deadline, http::ServerLimits{}.handshake_deadline);
    EXPECT_FALSE(loaded->tls);
    EXPECT_EQ(loaded->clock_offset.count(), 0);
}

TEST_F(ConfigurationFiles, TlsFilesAreRelativeToTheFileThatNamesThem) {
    replace("returngate.toml", "certificate_file = \"\"", "certificate_file = \"server.pem\"");
    replace("returngate.toml", "\nkey_file = \"\"", "\nkey_file = \"/keys/server.key\"");
    replace("returngate.toml", "handshake_seconds = 5", "handshake_seconds = 7");
    const auto loaded = load();
    ASSERT_TRUE(loaded) << loaded.error().message;
    ASSERT_TRUE(loaded->tls);
    EXPECT_EQ(loaded->tls->certificate, (folder_ / "server.pem").string());
    EXPECT_EQ(loaded->tls->key, "/keys/server.key");
    EXPECT_EQ(loaded->tls->client_authorities, "");
    EXPECT_EQ(loaded->limits.handshake_deadline, std::chrono::seconds(7));
}

TEST_F(ConfigurationFiles, TheWebhookKeyIs32BytesInHex) {
    const auto loaded = load();
    ASSERT_TRUE(loaded) << loaded.error().message;
    crypto::AesKey key{};
    key.fill(0xaa);
    EXPECT_EQ(loaded->webhooks.secret_key, key);
    for (const std::string& wrong : {std::string(63, 'a'), std::string(32, 'a'), std::string(64, 'x')}) {
        secret("webhook_key", wrong);
        EXPECT_THAT(faults(),
                    HasSubstr("webhooks.secret_key_file: names a file that is to hold 64 hex digits"));
        EXPECT_THAT(faults(), ::testing::Not(HasSubstr(wrong)));
    }
}

TEST_F(ConfigurationFiles, HalfOfTlsIsAFault) {
    replace("returngate.toml", "certificate_file = \"\"", "certificate_file = \"server.pem\"");
    EXPECT_THAT(faults(), HasSubstr("tls.key_file: goes with certificate_file"));
    replace("returngate.toml", "certificate_file = \"server.pem\"", "certificate_file = \"\"");
    replace("returngate.toml", "client_ca_file = \"\"", "client_ca_file = \"callers.pem\"");
    EXPECT_THAT(faults(), HasSubstr("tls.client_ca_file: needs certificate_file"));
}

TEST_F(ConfigurationFiles, CouriersCarryTheirSecretsAndTerms) {
    const auto loaded = load();
    ASSERT_TRUE(loaded) << loaded.error().message;
    const CourierOptions* yto = loaded->courier("YTO");
    ASSERT_NE(yto, nullptr);
    EXPECT_EQ(yto->account.get("secret"), "top-secret");
    EXPECT_EQ(yto->account.get("secret_file"), "");
    EXPECT_EQ(yto->callback_token, std::string(32, 't'));
    EXPECT_EQ(yto->hours.cut_off, std::chrono::hours(19));
    const CourierTerms* terms = loaded->policy.terms(CourierCode{"YTO"});
    ASSERT_NE(terms, nullptr);
    EXPECT_TRUE(terms->repeats_reference);
    EXPECT_FALSE(terms->accepts_by_answer);
    EXPECT_EQ(loaded->courier("UPS"), nullptr);
}

constexpr const char* kEastOfYto = R"(
[couriers.YTO.accounts.east]
areas = ["浙江省", "江苏/苏州市"]
callback_token_file = "yto_east_token"
[couriers.YTO.accounts.east.settings]
book_path = "/open/privacy_create_adapter/v1/EAST/CUSTOMER"
cancel_path = "/open/korder_cancel_adapter/v1/EAST/CUSTOMER"
track_path = "/open/track_query_adapter/v1/EAST/CUSTOMER"
secret_file = "yto_east_secret"
)";

TEST_F(ConfigurationFiles, ACourierMayHaveFurtherAccounts) {
    secret("yto_east_token", std::string(32, 'e'));
    secret("yto_east_secret", "east-secret");
    append("couriers.toml", kEastOfYto);
    const auto loaded = load();
    ASSERT_TRUE(loaded) << loaded.error().message;
    const CourierOptions* yto = loaded->courier("YTO");
    ASSERT_NE(yto->account_named("east"), nullptr);
    EXPECT_EQ(yto->account_named("east")->get("secret"), "east-secret");
    EXPECT_EQ(yto->account_named("east")->base_url, yto->account.base_url);
    EXPECT_EQ(yto->account_named(""), &yto->account);
    EXPECT_EQ(yto->account_named("west"), nullptr);
    const CourierTerms* terms = loaded->policy.terms(CourierCode{"YTO"});
    EXPECT_EQ(account_for(*terms, "浙江/杭州", SellerId{"s"}), "east");
    EXPECT_EQ(account_for(*terms, "江苏/苏州", SellerId{"s"}), "east");
    EXPECT_EQ(account_for(*terms, "江苏/南京", SellerId{"s"}), "");
}

TEST_F(ConfigurationFiles, AFurtherAccountIsHeldToWhatTheFirstOneIs) {
    secret("yto_east_token", std::string(32, 't'));
    secret("yto_east_secret", "east-secret");
    append("couriers.toml", kEastOfYto);
    replace("couriers.toml", "areas = [\"浙江省\", \"江苏/苏州市\"]", "areas = []");
    replace("couriers.toml", "book_path = \"/open/privacy_create_adapter/v1/EAST",
            "book_path = \"/open/wrong");
    EXPECT_THAT(faults(), HasSubstr("couriers.YTO.accounts.east.areas: is missing"));
    EXPECT_THAT(faults(), HasSubstr("holds the token of another account"));
    secret("yto_east_token", std::string(32, 'e'));
    replace("couriers.toml", "areas = []", "sellers = [\"seller-9\"]");
    EXPECT_THAT(faults(), HasSubstr("couriers.YTO.accounts.east.settings: Set \"book_path\""));
}

TEST_F(ConfigurationFiles, CoverageIsDataAndQuotesNeedAQuery) {
    replace("couriers.toml", "priority = 10\n",
            "priority = 10\nnot_served = [\"西藏自治区\"]\nquote_minutes = 60\n");
    EXPECT_THAT(faults(), HasSubstr("couriers.YTO.quote_minutes: this courier has no price query"));
    replace("couriers.toml", "quote_minutes = 60\n", "");
    const auto loaded = load();
    ASSERT_TRUE(loaded) << loaded.error().message;
    const CourierTerms* terms = loaded->policy.terms(CourierCode{"YTO"});
    EXPECT_FALSE(covers(terms->coverage, "西藏/拉萨"));
    EXPECT_TRUE(covers(terms->coverage, "浙江/杭州"));
    EXPECT_TRUE(loaded->policy.terms(CourierCode{"SF"})->moves_bookings);
    EXPECT_FALSE(terms->moves_bookings);
}

TEST_F(ConfigurationFiles, AnUnknownKeyIsNamedWithItsFile) {
    replace("policy.toml", "min_stars = 3", "min_star = 3");
    append("returngate.toml", "\n[surprise]\nkey = 1\n");
    EXPECT_THAT(faults(), HasSubstr("policy.toml: approval.min_star: is not a key that this program knows"));
    EXPECT_THAT(faults(), HasSubstr("returngate.toml: surprise: is not a key"));
}

TEST_F(ConfigurationFiles, EveryFaultIsReportedAtOnce) {
    replace("returngate.toml", "port = 8080", "port = 80800");
    replace("returngate.toml", "level = \"info\"", "level = \"chatty\"");
    replace("policy.toml", "open = \"09:00\"", "open = \"9\"");
    EXPECT_THAT(faults(), HasSubstr("http.port: is to be a whole number from 0 to 65535"));
    EXPECT_THAT(faults(), HasSubstr("log.level"));
    EXPECT_THAT(faults(), HasSubstr("pickup.open: is to be a time of day"));
}

TEST_F(ConfigurationFiles, ATypeIsNotGuessed) {
    replace("returngate.toml", "port = 8080", "port = \"8080\"");
    EXPECT_THAT(faults(), HasSubstr("http.port"));
}

TEST_F(ConfigurationFiles, ASyntaxErrorNamesFileAndLine) {
    append("couriers.toml", "\n[couriers.SF.settings\n");
    EXPECT_THAT(faults(), HasSubstr("couriers.toml: line "));
}

TEST_F(ConfigurationFiles, SecretsThatOthersCanReadAreRefusedAndNeverShown) {
    fs::permissions(folder_ / "secrets" / "payout_api_key", fs::perms::others_read, fs::perm_options::add);
    EXPECT_THAT(faults(), HasSubstr("chmod 0600"));
    EXPECT_THAT(faults(), ::testing::Not(HasSubstr("top-secret")));
}

TEST_F(ConfigurationFiles, AMissingSecretSaysWhichFile) {
    fs::remove(folder_ / "secrets" / "sf_checkword");
    EXPECT_THAT(faults(), HasSubstr("sf_checkword is missing"));
}

TEST_F(ConfigurationFiles, AWeakCallbackTokenIsRefused) {
    secret("yto_callback_token", "short");
    EXPECT_THAT(faults(), HasSubstr("at least 32 letters and digits"));
}

TEST_F(ConfigurationFiles, ACourierThatWeDoNotSpeakIsRefused) {
    replace("couriers.toml", "[couriers.YTO]", "[couriers.ACME]");
    EXPECT_THAT(faults(), HasSubstr("couriers.ACME: we do not speak this courier"));
}

TEST_F(ConfigurationFiles, ADialectsOwnCheckIsPartOfTheReport) {
    replace("couriers.toml", "book_path = \"/open/privacy_create_adapter",
            "book_path = \"/open/wrong_adapter");
    EXPECT_THAT(faults(), HasSubstr("couriers.YTO.settings: Set \"book_path\""));
}

TEST_F(ConfigurationFiles, AMissingFileIsAFault) {
    fs::remove(folder_ / "policy.toml");
    EXPECT_THAT(faults(), HasSubstr("policy.toml: cannot be read: No such file"));
}

}  // namespace
}  // namespace returngate
