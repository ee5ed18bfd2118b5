// The server over TLS, real sockets and certificates made here: versions, deadlines, reload, callers'
// certificates.
#include "adapters/http/server_tls.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <unistd.h>

#include "adapters/http/client.hpp"
#include "tests/adapters/http/certificates.hpp"
#include "tests/adapters/http/raw_socket.hpp"
#include "tests/adapters/http/test_server.hpp"
#include "tests/adapters/http/tls_caller.hpp"

namespace returngate::http {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using testing::Authority;
using testing::CertificateWish;
using testing::eventually;
using ::testing::HasSubstr;
using testing::Issued;
using testing::RawSocket;
using testing::TestServer;
using testing::TlsCaller;
using testing::TlsCallerOptions;

const std::string kGet = "GET /x HTTP/1.1\r\nHost: a\r\n\r\n";
const std::string kGetClose = "GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

Instant now() {
    return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
}

boost::asio::awaitable<Response> tell_certificate(Request, Context context) {
    Response response;
    response.body = context.client_certificate;
    co_return response;
}

boost::asio::awaitable<void> ask_twice(Client& client, Origin origin, std::vector<int>& statuses) {
    Request request;
    request.method = "GET";
    request.target = "/x";
    for (int i = 0; i < 2; ++i) {
        const auto deadline = std::chrono::steady_clock::now() + 3s;
        const auto answer = co_await client.send(origin, request, deadline);
        statuses.push_back(answer ? answer->status : 0);
    }
}

class ServerOverTls : public ::testing::Test {
protected:
    ServerOverTls() {
        const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
        folder_ = fs::temp_directory_path() /
                  (std::string("returngate_tls_") + test->name() + std::to_string(::getpid()));
        fs::create_directories(folder_);
        files_.certificate = folder_ / "certificate.pem";
        files_.key = folder_ / "key.pem";
        put(authority_.issue({}));
    }
    ~ServerOverTls() override { fs::remove_all(folder_); }

    void write(const fs::path& file, const std::string& text) const {
        std::ofstream(file) << text;
        fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
    }
    void put(const Issued& issued) const {
        write(files_.certificate, issued.certificate);
        write(files_.key, issued.key);
    }
    void ask_for_certificates_of(const Authority& authority) {
        files_.client_authorities = folder_ / "callers.pem";
        write(files_.client_authorities, authority.certificate());
    }
    [[nodiscard]] std::shared_ptr<ServerTls> load() const {
        auto loaded = ServerTls::load(files_);
        if (!loaded) throw std::runtime_error(loaded.error().message);
        return *loaded;
    }
    [[nodiscard]] std::string fault() const {
        const auto loaded = ServerTls::load(files_);
        return loaded ? "" : loaded.error().message;
    }
    [[nodiscard]] TlsCallerOptions caller() const {
        TlsCallerOptions options;
        options.trusted = authority_.certificate();
        return options;
    }
    [[nodiscard]] int status_for(const TestServer& server, const TlsCallerOptions& options) const {
        TlsCaller caller(server.port(), options);
        const auto answer = caller.ask(kGet);
        return answer ? answer->status : 0;
    }

    Authority authority_{"the authority"};
    fs::path folder_;
    TlsFiles files_;
};

TEST_F(ServerOverTls, AnswersOverBothVersionsAndSaysGoodbye) {
    TestServer server(ServerLimits(), testing::echo, testing::plain_error, 1, load());
    for (const auto& [newest, version] : {std::pair(TLS1_2_VERSION, "TLSv1.2"), {0, "TLSv1.3"}}) {
        auto options = caller();
        options.newest_version = newest;
        TlsCaller caller(server.port(), options);
        ASSERT_TRUE(caller.is_open());
        EXPECT_EQ(caller.version(), version);
        EXPECT_EQ(caller.ask(kGet).value().body, "GET /x ");
        EXPECT_EQ(caller.ask(kGetClose).value().body, "GET /x ");
        EXPECT_TRUE(caller.ends_properly());
    }
    EXPECT_EQ(server->counters().connections, 2U);
    EXPECT_EQ(server->counters().handshakes_failed, 0U);
}

TEST_F(ServerOverTls, RefusesTls11) {
    TestServer server(ServerLimits(), testing::echo, testing::plain_error, 1, load());
    auto options = caller();
    options.newest_version = TLS1_1_VERSION;
    EXPECT_FALSE(TlsCaller(server.port(), options).is_open());
    EXPECT_TRUE(eventually([&] { return server->counters().handshakes_failed == 1; }));
    EXPECT_EQ(status_for(server, caller()), 200);
}

TEST_F(ServerOverTls, AgreesOnHttp11AndOnNothingElse) {
    TestServer server(ServerLimits(), testing::echo, testing::plain_error, 1, load());
    auto options = caller();
    options.protocols = "\x02h2\x08http/1.1";
    TlsCaller modern(server.port(), options);
    EXPECT_EQ(modern.protocol(), "http/1.1");
    EXPECT_EQ(TlsCaller(server.port(), caller()).protocol(), "");
    options.protocols = "\x02h2";
    EXPECT_FALSE(TlsCaller(server.port(), options).is_open());
}

TEST_F(ServerOverTls, DoesNotRenegotiate) {
    TestServer server(ServerLimits(), testing::echo, testing::plain_error, 1, load());
    auto options = caller();
    options.newest_version = TLS1_2_VERSION;
    TlsCaller caller(server.port(), options);
    ASSERT_EQ(caller.ask(kGet).value().status, 200);
    EXPECT_TRUE(caller.is_renegotiation_refused());
}

TEST_F(ServerOverTls, GivesPlainHttpNoAnswer) {
    TestServer server(ServerLimits(), testing::echo, testing::plain_error, 1, load());
    RawSocket socket(server.port());
    socket.send(kGet);
    const auto bytes = socket.read_to_end();
    ASSERT_TRUE(bytes.has_value()) << "not closed";
    EXPECT_EQ(bytes->find("HTTP/"), bytes->npos);
    EXPECT_TRUE(eventually([&] { return server->counters().handshakes_failed == 1; }));
    EXPECT_EQ(server->counters().requests, 0U);
    EXPECT_EQ(status_for(server, caller()), 200);
}

TEST_F(ServerOverTls, EndsAHandshakeThatNeverComesAndCountsItAsAConnectionUntilThen) {
    auto limits = testing::short_limits();
    limits.header_deadline = 3s;
    limits.idle_deadline = 3s;
    limits.handshake_deadline = 300ms;
    limits.connections = 1;
    TestServer server(limits, testing::echo, testing::plain_error, 1, load());
    RawSocket silent(server.port());
    ASSERT_TRUE(eventually([&] { return server->open_connections() == 1; }));
    RawSocket second(server.port());
    EXPECT_EQ(second.read_to_end(), "") << "over the cap: closed, and not with an answer in plain text";
    EXPECT_EQ(server->counters().connections_refused, 1U);
    EXPECT_TRUE(silent.read_to_end().has_value()) << "not closed";
    EXPECT_TRUE(eventually([&] { return server->open_connections() == 0; }));
    EXPECT_EQ(server->counters().timed_out, 1U);
    EXPECT_EQ(status_for(server, caller()), 200);
}

TEST_F(ServerOverTls, EndsAHandshakeThatStopsHalfway) {
    auto limits = ServerLimits();
    limits.handshake_deadline = 150ms;
    TestServer server(limits, testing::echo, testing::plain_error, 1, load());
    RawSocket socket(server.port());
    socket.send(std::string("\x16\x03\x01\x02\x00\x01\x00", 7));  // a ClientHello of 512 bytes begins
    EXPECT_TRUE(socket.read_to_end().has_value()) << "not closed";
    EXPECT_TRUE(eventually([&] { return server->counters().timed_out == 1; }));
}

TEST_F(ServerOverTls, KeepsTheDeadlinesOfRequests) {
    auto limits = testing::short_limits();
    limits.handshake_deadline = 3s;
    TestServer server(limits, testing::echo, testing::plain_error, 1, load());
    TlsCaller caller(server.port(), this->caller());
    EXPECT_EQ(caller.ask("GET /x HTTP/1.1\r\n").value().status, 408);
}

TEST_F(ServerOverTls, DrainAnswersAndCutsHandshakes) {
    TestServer server(ServerLimits(), testing::echo, testing::plain_error, 1, load());
    RawSocket silent(server.port());
    TlsCaller idle(server.port(), caller());
    ASSERT_EQ(idle.ask(kGet).value().status, 200);
    ASSERT_TRUE(eventually([&] { return server->open_connections() == 2; }));
    server->drain(3s);
    EXPECT_EQ(server->open_connections(), 0U);
    EXPECT_TRUE(silent.read_to_end().has_value());
}

TEST_F(ServerOverTls, SurvivesPeersThatVanishAndOnesThatSendRubbish) {
    TestServer server(ServerLimits(), testing::echo, testing::plain_error, 1, load());
    { RawSocket at_once(server.port()); }
    {
        RawSocket rubbish(server.port());
        rubbish.send("\x16\x03\x01\x02\x00\x01\x00\x01\xfc");
        rubbish.reset();
    }
    {
        TlsCaller leaving(server.port(), caller());
        ASSERT_TRUE(leaving.is_open());
    }
    EXPECT_EQ(status_for(server, caller()), 200);
    EXPECT_TRUE(eventually([&] { return server->open_connections() == 0; }));
    EXPECT_EQ(server->counters().handler_bugs, 0U);
}

TEST_F(ServerOverTls, ServesOurOwnClientOverOneConnection) {
    TestServer server(ServerLimits(), testing::echo, testing::plain_error, 1, load());
    write(folder_ / "authority.pem", authority_.certificate());
    boost::asio::io_context context;
    const auto client = make_client(context, ClientLimits(), Trust{folder_ / "authority.pem"});
    const Origin origin{"https", "127.0.0.1", std::to_string(server.port())};
    std::vector<int> statuses;
    boost::asio::co_spawn(context, ask_twice(*client, origin, statuses), boost::asio::detached);
    context.run_for(5s);
    EXPECT_EQ(statuses, std::vector<int>({200, 200}));
    EXPECT_EQ(server->counters().connections, 1U);
}

// ---- reload ------------------------------------------------------------------------------------

TEST_F(ServerOverTls, ShowsNewConnectionsTheNewCertificateAndKeepsTheOldOnesOpen) {
    CertificateWish wish;
    wish.serial = 10;
    put(authority_.issue(wish));
    const auto tls = load();
    TestServer server(ServerLimits(), testing::echo, testing::plain_error, 1, tls);
    TlsCaller before(server.port(), caller());
    ASSERT_EQ(before.ask(kGet).value().status, 200);
    EXPECT_EQ(before.server_serial(), 10);
    EXPECT_EQ(tls->reload(now()).what, ServerTls::Reload::unchanged);

    wish.serial = 11;
    put(authority_.issue(wish));
    EXPECT_EQ(tls->reload(now()).what, ServerTls::Reload::renewed);
    TlsCaller after(server.port(), caller());
    EXPECT_EQ(after.server_serial(), 11);
    EXPECT_EQ(after.ask(kGet).value().status, 200);
    EXPECT_EQ(before.ask(kGet).value().status, 200);
    EXPECT_EQ(tls->reload(now()).what, ServerTls::Reload::unchanged);
}

TEST_F(ServerOverTls, KeepsTheOldCertificateWhenTheNewFilesAreBroken) {
    const Issued first = authority_.issue({});
    put(first);
    const auto tls = load();
    TestServer server(ServerLimits(), testing::echo, testing::plain_error, 1, tls);
    CertificateWish wish;
    wish.serial = 77;
    const Issued other = authority_.issue(wish);
    wish.has_expired = true;
    const Issued expired = authority_.issue(wish);
    const std::vector<std::pair<Issued, std::string>> broken{
        {{other.certificate, first.key}, "key.pem cannot be used"},
        {{"no certificate", first.key}, "certificate.pem holds no certificate"},
        {{first.certificate.substr(0, 200), first.key}, "certificate.pem holds"},
        {{first.certificate, "no key"}, "key.pem cannot be used"},
        {expired, "has expired"},
    };
    for (const auto& [issued, reason] : broken) {
        SCOPED_TRACE(reason);
        put(issued);
        const auto outcome = tls->reload(now());
        EXPECT_EQ(outcome.what, ServerTls::Reload::refused);
        EXPECT_THAT(outcome.reason, HasSubstr(reason));
        EXPECT_TRUE(tls->status().is_refused);
        EXPECT_EQ(tls->reload(now()).what, ServerTls::Reload::unchanged) << "a refusal is said once";
        EXPECT_EQ(TlsCaller(server.port(), caller()).server_serial(), 2);
    }
    fs::remove(files_.key);
    EXPECT_EQ(tls->reload(now()).what, ServerTls::Reload::refused);
    put(other);
    EXPECT_EQ(tls->reload(now()).what, ServerTls::Reload::renewed);
    EXPECT_FALSE(tls->status().is_refused);
    EXPECT_EQ(TlsCaller(server.port(), caller()).server_serial(), 77);
}

TEST_F(ServerOverTls, SaysAtTheStartWhatIsWrongWithTheFiles) {
    EXPECT_EQ(fault(), "");
    fs::permissions(files_.key, fs::perms::others_read, fs::perm_options::add);
    EXPECT_THAT(fault(), HasSubstr("key.pem can be used by everybody"));
    fs::remove(files_.key);
    EXPECT_THAT(fault(), HasSubstr("key.pem cannot be read"));
    put(authority_.issue({}));
    files_.client_authorities = folder_ / "callers.pem";
    EXPECT_THAT(fault(), HasSubstr("callers.pem cannot be read"));
    write(files_.client_authorities, "");
    EXPECT_THAT(fault(), HasSubstr("callers.pem holds no certificate"));
}

TEST_F(ServerOverTls, KnowsWhenTheFirstOfItsCertificatesExpires) {
    const auto left = load()->status().expires_at - now();
    EXPECT_GT(left, 50min);
    EXPECT_LT(left, 61min);
    CertificateWish wish;
    wish.has_expired = true;
    const Issued good = authority_.issue({});
    put({good.certificate + authority_.issue(wish).certificate, good.key});
    EXPECT_LT(load()->status().expires_at, now());
}

// ---- callers' certificates ---------------------------------------------------------------------

TEST_F(ServerOverTls, TellsTheHandlerWhichCertificateTheCallerProved) {
    const Authority callers("the callers' authority");
    ask_for_certificates_of(callers);
    TestServer server(ServerLimits(), tell_certificate, testing::plain_error, 1, load());
    CertificateWish wish;
    wish.is_for_clients = true;
    for (const int newest : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        auto options = caller();
        options.newest_version = newest;
        EXPECT_EQ(TlsCaller(server.port(), options).ask(kGet).value().body, "") << "none is asked for";
        options.identity = callers.issue(wish);
        const auto body = TlsCaller(server.port(), options).ask(kGet).value().body;
        EXPECT_EQ(body.size(), 64U);
        EXPECT_EQ(body.find_first_not_of("0123456789abcdef"), body.npos);
        EXPECT_EQ(TlsCaller(server.port(), options).ask(kGet).value().body, body);
        options.identity = callers.issue(wish);
        EXPECT_NE(TlsCaller(server.port(), options).ask(kGet).value().body, body);
    }
}

TEST_F(ServerOverTls, RefusesCertificatesOfStrangersExpiredOnesAndThoseOfServers) {
    const Authority callers("the callers' authority");
    ask_for_certificates_of(callers);
    TestServer server(ServerLimits(), tell_certificate, testing::plain_error, 1, load());
    CertificateWish wish;
    wish.is_for_clients = true;
    auto options = caller();
    options.identity = callers.issue(wish);
    EXPECT_EQ(status_for(server, options), 200);
    options.identity = authority_.issue(wish);
    EXPECT_EQ(status_for(server, options), 0) << "of an authority that is not the callers'";
    options.identity = Authority("the callers' authority").issue(wish);
    EXPECT_EQ(status_for(server, options), 0) << "of an authority that only has the name";
    wish.has_expired = true;
    options.identity = callers.issue(wish);
    EXPECT_EQ(status_for(server, options), 0);
    wish.has_expired = false;
    wish.is_for_clients = false;
    options.identity = callers.issue(wish);
    EXPECT_EQ(status_for(server, options), 0);
    EXPECT_TRUE(eventually([&] { return server->counters().handshakes_failed == 4; }));
}

TEST_F(ServerOverTls, AnAuthorityThatIsTakenAwayIsBelievedNoMore) {
    const Authority callers("the callers' authority");
    ask_for_certificates_of(callers);
    const auto tls = load();
    TestServer server(ServerLimits(), tell_certificate, testing::plain_error, 1, tls);
    CertificateWish wish;
    wish.is_for_clients = true;
    auto options = caller();
    options.identity = callers.issue(wish);
    EXPECT_EQ(status_for(server, options), 200);
    write(files_.client_authorities, Authority("another").certificate());
    ASSERT_EQ(tls->reload(now()).what, ServerTls::Reload::renewed);
    EXPECT_EQ(status_for(server, options), 0);
}

TEST_F(ServerOverTls, IgnoresCertificatesWhereNoneAreAskedFor) {
    TestServer server(ServerLimits(), tell_certificate, testing::plain_error, 1, load());
    auto options = caller();
    options.identity = authority_.issue({});
    TlsCaller caller(server.port(), options);
    EXPECT_EQ(caller.ask(kGet).value().body, "");
}

}  // namespace
}  // namespace returngate::http
