// The gateway's own TLS from outside: the binary, its key command and its doctor, certificates that are
// replaced under it.
#include <csignal>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/adapters/http/tls_caller.hpp"
#include "tests/support/database.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/gateway_process.hpp"
#include "tests/support/plain_http.hpp"

namespace returngate::e2e {
namespace {

namespace fs = std::filesystem;
using http::testing::Authority;
using http::testing::CertificateWish;
using http::testing::Issued;
using http::testing::RawAnswer;
using http::testing::TlsCaller;
using http::testing::TlsCallerOptions;
using ::testing::HasSubstr;

std::string request(const std::string& target, const std::string& key = "") {
    const std::string authorization = key.empty() ? "" : "Authorization: Bearer " + key + "\r\n";
    return "GET " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + authorization + "\r\n";
}

class AGatewayWithTls : public ::testing::Test {
protected:
    AGatewayWithTls() {
        put(authority_.issue({}));
        write("callers.pem", callers_.certificate());
        const std::vector<testing::TomlSetting> settings{
            {"returngate.toml", "tls", "certificate_file", "\"server.pem\""},
            {"returngate.toml", "tls", "key_file", "\"server.key\""},
            {"returngate.toml", "tls", "client_ca_file", "\"callers.pem\""},
            {"returngate.toml", "workers", "enabled", "false"}};
        configuration_ = testing::write_gateway_files(
            folder_.path(),
            {.dsn = database_.dsn(), .port = port_, .world_url = "http://127.0.0.1:1", .settings = settings});
        (void)run({"migrate"});
    }

    // A command with our configuration.
    [[nodiscard]] std::string run(std::vector<std::string> arguments) const {
        arguments.insert(arguments.end(), {"--config", configuration_.string()});
        return testing::run_returngate(arguments);
    }
    [[nodiscard]] testing::CommandEnd end_of(std::vector<std::string> arguments) const {
        arguments.insert(arguments.end(), {"--config", configuration_.string()});
        return testing::run_command(arguments, "");
    }
    [[nodiscard]] std::string create_key(const std::string& certificate_file = "") const {
        std::vector<std::string> arguments{"keys", "create", "--caller", "finance", "--owner", "somebody"};
        if (!certificate_file.empty()) {
            arguments.insert(arguments.end(),
                             {"--client-certificate", (folder_.path() / certificate_file).string()});
        }
        return run(arguments).substr(0, 68);
    }
    void write(const std::string& name, const std::string& text) const {
        const fs::path file = folder_.path() / name;
        std::ofstream(file) << text;
        fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
    }
    void put(const Issued& issued) const {
        write("server.pem", issued.certificate);
        write("server.key", issued.key);
    }
    [[nodiscard]] TlsCallerOptions caller(std::optional<Issued> identity = {}) const {
        TlsCallerOptions options;
        options.trusted = authority_.certificate();
        options.identity = std::move(identity);
        return options;
    }
    // 0: no answer.
    [[nodiscard]] int status(const std::string& wire, std::optional<Issued> identity = {}) const {
        TlsCaller one(port_, caller(std::move(identity)));
        const auto answer = one.ask(wire);
        return answer ? answer->status : 0;
    }
    void start() {
        gateway_.emplace(configuration_, port_, folder_.path() / "gateway.log");
        gateway_->start([this] {
            try {
                return status(request("/readyz")) == 200;
            } catch (const std::runtime_error&) {
                return false;  // nobody listens yet
            }
        });
    }
    [[nodiscard]] std::string metrics() const {
        TlsCaller one(port_, caller());
        return one.ask(request("/metrics")).value_or(RawAnswer()).body;
    }

    testing::TestDatabase database_;
    testing::TemporaryFolder folder_;
    std::uint16_t port_ = testing::free_port();
    Authority authority_{"our authority"};
    Authority callers_{"the callers' authority"};
    fs::path configuration_;
    std::optional<testing::GatewayProcess> gateway_;
};

TEST_F(AGatewayWithTls, TakesABoundKeyWithItsOwnCertificateOnly) {
    CertificateWish wish;
    wish.is_for_clients = true;
    const Issued own = callers_.issue(wish);
    const Issued colleague = callers_.issue(wish);
    write("own.pem", own.certificate);
    const std::string bound = create_key("own.pem");
    const std::string free_of_it = create_key();
    start();
    const std::string target = "/v1/finance/advances";
    EXPECT_EQ(status(request(target, bound), own), 200);
    EXPECT_EQ(status(request(target, bound)), 401);
    EXPECT_EQ(status(request(target, bound), colleague), 401);
    EXPECT_EQ(status(request(target, free_of_it)), 200);
    EXPECT_EQ(status(request(target, free_of_it), colleague), 200);
    EXPECT_EQ(status(request(target), own), 401) << "a certificate alone opens nothing";
    const auto unknown =
        TlsCaller(port_, caller()).ask(request(target, "rgk_" + std::string(64, '0'))).value();
    const auto unbound = TlsCaller(port_, caller()).ask(request(target, bound)).value();
    EXPECT_THAT(unknown.body, HasSubstr("no_valid_key"));
    EXPECT_THAT(unbound.body, HasSubstr("no_valid_key"));
    EXPECT_EQ(gateway_->terminate(), 0);
}

TEST_F(AGatewayWithTls, TakesNewCertificatesOnAHangUpAndKeepsTheOldOnesWhenTheNewAreBroken) {
    start();
    TlsCaller before(port_, caller());
    ASSERT_EQ(before.ask(request("/healthz")).value().status, 200);
    CertificateWish wish;
    wish.serial = 99;
    put(authority_.issue(wish));
    gateway_->send_signal(SIGHUP);
    const auto serial = [&] { return TlsCaller(port_, caller()).server_serial(); };
    EXPECT_TRUE(testing::eventually([&] { return serial() == 99; }));
    EXPECT_EQ(before.ask(request("/healthz")).value().status, 200) << "an open connection stays";
    EXPECT_THAT(metrics(), HasSubstr("returngate_tls_files_refused 0"));

    write("server.key", "no key");
    gateway_->send_signal(SIGHUP);
    EXPECT_TRUE(testing::eventually(
        [&] { return metrics().find("returngate_tls_files_refused 1") != std::string::npos; }));
    EXPECT_EQ(serial(), 99);
    EXPECT_THAT(metrics(), HasSubstr("returngate_tls_certificate_expires_at_seconds 1"));
    EXPECT_EQ(gateway_->terminate(), 0);
    EXPECT_THAT(gateway_->log(), HasSubstr("reloading"));
    EXPECT_THAT(gateway_->log(), HasSubstr("certificates_renewed"));
    EXPECT_THAT(gateway_->log(), HasSubstr("certificates_refused"));
    EXPECT_THAT(gateway_->log(), ::testing::Not(HasSubstr("no key")))
        << "what stands in a key file is secret";
}

TEST_F(AGatewayWithTls, NoticesNewFilesByItself) {
    start();
    CertificateWish wish;
    wish.serial = 5;
    put(authority_.issue(wish));
    EXPECT_TRUE(testing::eventually([&] { return TlsCaller(port_, caller()).server_serial() == 5; }));
}

TEST_F(AGatewayWithTls, DoesNotStartWithFilesThatCannotBeUsedAndSaysWhich) {
    write("server.key", "no key");
    const auto end = end_of({"serve"});
    EXPECT_NE(end.code, 0);
    EXPECT_THAT(end.errors, HasSubstr("server.key cannot be used"));
    EXPECT_THAT(end_of({"doctor"}).output, HasSubstr("FAIL  TLS files: "));
}

TEST_F(AGatewayWithTls, ItsDoctorComplainsOfACertificateThatIsAboutToExpire) {
    const auto end = end_of({"doctor"});
    EXPECT_THAT(end.output, HasSubstr("FAIL  TLS certificate: good until "));
    EXPECT_THAT(end.output, HasSubstr("renew it"));
}

TEST_F(AGatewayWithTls, BindsNoKeyToACertificateThatNobodyCouldUse) {
    CertificateWish wish;
    wish.has_expired = true;
    write("expired.pem", callers_.issue(wish).certificate);
    const std::vector<std::string> create{
        "keys", "create", "--caller", "finance", "--owner", "somebody", "--client-certificate"};
    for (const auto& [file, reason] : {std::pair("expired.pem", "has expired"),
                                       {"server.key", "no certificate"},
                                       {"missing.pem", "cannot be read"}}) {
        auto arguments = create;
        arguments.push_back((folder_.path() / file).string());
        const auto end = end_of(arguments);
        EXPECT_EQ(end.code, 2);
        EXPECT_THAT(end.errors, HasSubstr(reason));
    }
    EXPECT_EQ(run({"keys", "list"}).find("finance"), std::string::npos);
}

}  // namespace
}  // namespace returngate::e2e
