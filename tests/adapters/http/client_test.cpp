// The outbound client against small scripted peers: what it answers, and how far it says it got.
#include "adapters/http/client.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>
#include <future>
#include <gtest/gtest.h>

#include "tests/adapters/http/scripted_peer.hpp"
#include "tests/adapters/http/test_server.hpp"
#include "tests/adapters/http/tls_peer.hpp"

namespace returngate::http {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using testing::Script;
using testing::ScriptedPeer;
using testing::TestServer;

// A client with a thread of its own for its context.
class Caller {
public:
    explicit Caller(ClientLimits limits = {}, const Trust& trust = {})
        : client_(make_client(context_, limits, trust)), thread_([this] { context_.run(); }) {}
    ~Caller() {
        work_.reset();
        context_.stop();
        thread_.join();
    }
    Caller(const Caller&) = delete;
    Caller& operator=(const Caller&) = delete;

    Result<Response> send(const Origin& origin, const Request& request, std::chrono::milliseconds span = 3s) {
        auto call = client_->send(origin, request, std::chrono::steady_clock::now() + span);
        return asio::co_spawn(context_, std::move(call), asio::use_future).get();
    }
    Result<Response> get(std::uint16_t port, std::chrono::milliseconds span = 3s) {
        return send(loopback(port), get_request(), span);
    }
    static Origin loopback(std::uint16_t port) { return Origin{"http", "127.0.0.1", std::to_string(port)}; }
    static Request get_request() {
        Request request;
        request.method = "GET";
        request.target = "/x";
        return request;
    }

private:
    asio::io_context context_{1};
    asio::executor_work_guard<asio::io_context::executor_type> work_ = asio::make_work_guard(context_);
    std::unique_ptr<Client> client_;
    std::thread thread_;
};

// One connection that answers the first request with `answer` and then closes. Making a client reads
// the system's authorities, which takes its time: one for all cases of a test.
Result<Response> ask(Caller& caller, const std::string& answer) {
    const Script script{{answer, true}};
    ScriptedPeer peer({script});
    return caller.get(peer.port());
}

ErrorKind kind_of(const Result<Response>& answer) {
    return answer.error().kind;
}

TEST(Client, SendsHostAndLengthOfItsOwn) {
    ScriptedPeer peer({{{"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", true}}});
    Caller caller;
    Request request;
    request.method = "POST";
    request.target = "/std/service?a=b";
    request.headers.set("Host", "evil");
    request.headers.set("content-length", "99");
    request.headers.set("Transfer-Encoding", "chunked");
    request.headers.set("X-A", "b");
    request.body = "abc";
    EXPECT_EQ(caller.send(Caller::loopback(peer.port()), request).value().status, 200);
    EXPECT_EQ(peer.received(),
              "POST /std/service?a=b HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(peer.port()) +
                  "\r\nX-A: b\r\nContent-Length: 3\r\n\r\nabc");
}

TEST(Client, TakesEveryCompleteAnswerAsAValue) {
    Caller caller;
    const auto plain = ask(caller, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nX-A: caf\xc3\xa9\r\n\r\nabc");
    EXPECT_EQ(plain.value().body, "abc");
    EXPECT_EQ(plain.value().headers.find("x-a"), "caf\xc3\xa9");
    EXPECT_EQ(ask(caller, "HTTP/1.1 500\r\nContent-Length: 0\r\n\r\n").value().status, 500);
    EXPECT_EQ(ask(caller, "HTTP/1.1 204 No Content\r\n\r\n").value().status, 204);
    EXPECT_EQ(ask(caller, "HTTP/1.1 200 OK\r\n\r\nuntil the end").value().body, "until the end");
    EXPECT_EQ(ask(caller, "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nab").value().body, "ab");
    EXPECT_EQ(
        ask(caller, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n")
            .value()
            .body,
        "abc");
    EXPECT_EQ(ask(caller,
                  "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nA: b\r\n\r\n"
                  "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n")
                  .value()
                  .status,
              201);
}

TEST(Client, FollowsNoRedirect) {
    Caller caller;
    const auto answer =
        ask(caller, "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n");
    EXPECT_EQ(answer.value().status, 302);
    EXPECT_EQ(answer.value().headers.find("location"), "http://127.0.0.1:1/");
}

TEST(Client, KeepsNoCookies) {
    const std::string answer = "HTTP/1.1 200 OK\r\nSet-Cookie: a=b; Path=/\r\nContent-Length: 0\r\n\r\n";
    ScriptedPeer peer({{{answer, false}, {answer, true}}});
    Caller caller;
    EXPECT_EQ(caller.get(peer.port()).value().status, 200);
    EXPECT_EQ(caller.get(peer.port()).value().status, 200);
    EXPECT_EQ(peer.connections(), 1);
    EXPECT_EQ(peer.received().find("Cookie"), std::string::npos) << peer.received();
}

TEST(Client, IsUnavailableWhenNothingWasSent) {
    Caller caller;
    EXPECT_EQ(kind_of(caller.get(testing::refusing_port())), ErrorKind::unavailable);
    const Origin nowhere{"http", "name.invalid", "80"};
    EXPECT_EQ(kind_of(caller.send(nowhere, Caller::get_request())), ErrorKind::unavailable);
    ScriptedPeer peer({{{"not TLS at all", true}}});
    const Origin secure{"https", "127.0.0.1", std::to_string(peer.port())};
    EXPECT_EQ(kind_of(caller.send(secure, Caller::get_request())), ErrorKind::unavailable);
    EXPECT_EQ(kind_of(caller.get(peer.port(), -1ms)), ErrorKind::unavailable);
}

TEST(Client, IsUnavailableWhenTheHandshakeHangs) {
    ScriptedPeer peer({{{"", false}}});
    Caller caller;
    const Origin secure{"https", "127.0.0.1", std::to_string(peer.port())};
    EXPECT_EQ(kind_of(caller.send(secure, Caller::get_request(), 150ms)), ErrorKind::unavailable);
}

TEST(Client, IsInDoubtWhenNoCompleteAnswerComes) {
    Caller caller;
    EXPECT_EQ(kind_of(ask(caller, "")), ErrorKind::in_doubt);
    const std::string whole = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc";
    for (std::size_t size = 1; size < whole.size(); ++size) {
        SCOPED_TRACE(size);
        EXPECT_EQ(kind_of(ask(caller, whole.substr(0, size))), ErrorKind::in_doubt);
    }
    EXPECT_EQ(kind_of(ask(caller, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n")),
              ErrorKind::in_doubt);
    EXPECT_EQ(kind_of(ask(caller, "HTTP/1.1 100 Continue\r\n\r\n")), ErrorKind::in_doubt);
    EXPECT_EQ(kind_of(ask(caller, "HTTP/1.1 200 OK\nContent-Length: 0\n\n")), ErrorKind::in_doubt);
}

TEST(Client, IsInDoubtWhenThePeerHangs) {
    for (const std::string part : {"", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab"}) {
        ScriptedPeer peer({{{part, false}}});
        Caller caller;
        EXPECT_EQ(kind_of(caller.get(peer.port(), 150ms)), ErrorKind::in_doubt);
    }
}

TEST(Client, CallsAnAnswerThatBreaksHttpMalformed) {
    Caller caller;
    std::string endless;
    for (int i = 0; i < 20; ++i) endless += "HTTP/1.1 102 Processing\r\n\r\n";
    const std::string answers[] = {
        "garbage",
        "SSH-2.0-OpenSSH_9.2\r\n",
        "HTTP/2.0 200 OK\r\n\r\n",
        "HTTP/1.1 2000 OK\r\n\r\n",
        "HTTP/1.1 099 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nNo colon\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA : b\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -3\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nabc",
        "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0x2\r\nab\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX-A: b\r\n\r\n",
        std::string("HTTP/1.1 200 OK\r\nA: b\0\r\n\r\n", 26),
        "HTTP/1.1 200 OK\r\nContent-Length: 3, 3\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nContent-Length: +3\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n",
        "HTTP/1.1 101 Switching Protocols\r\n\r\n",
        endless,
    };
    for (const std::string& answer : answers) {
        SCOPED_TRACE(answer);
        EXPECT_EQ(kind_of(ask(caller, answer)), ErrorKind::malformed);
    }
}

TEST(Client, CapsWhatItReads) {
    ClientLimits limits;
    limits.response_body_bytes = 10;
    limits.response_header_fields = 2;
    limits.response_header_bytes = 200;
    Caller caller(limits);
    const std::string ok = "HTTP/1.1 200 OK\r\n";
    EXPECT_EQ(ask(caller, ok + "Content-Length: 10\r\n\r\n0123456789").value().body, "0123456789");
    EXPECT_EQ(kind_of(ask(caller, ok + "Content-Length: 11\r\n\r\n0123456789a")), ErrorKind::malformed);
    EXPECT_EQ(kind_of(ask(caller, ok + "\r\n0123456789a")), ErrorKind::malformed);
    EXPECT_EQ(kind_of(ask(caller, ok + "Transfer-Encoding: chunked\r\n\r\nb\r\n0123456789a\r\n0\r\n\r\n")),
              ErrorKind::malformed);
    EXPECT_EQ(kind_of(ask(caller, ok + "A: 1\r\nB: 2\r\nC: 3\r\n\r\n")), ErrorKind::malformed);
    EXPECT_EQ(kind_of(ask(caller, ok + "A: " + std::string(300, 'a') + "\r\n\r\n")), ErrorKind::malformed);
    EXPECT_EQ(kind_of(ask(caller, ok + "A: " + std::string(30'000, 'a'))), ErrorKind::malformed);
}

TEST(Client, RefusesToSendLineBreaks) {
    ScriptedPeer peer({{{"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", true}}});
    Caller caller;
    const auto refuses = [&](const Request& request) {
        const auto answer = caller.send(Caller::loopback(peer.port()), request);
        return !answer && answer.error().kind == ErrorKind::invalid;
    };
    Request request = Caller::get_request();
    request.headers.set("X-A", "b\r\nX-C: d");
    EXPECT_TRUE(refuses(request));
    request = Caller::get_request();
    request.headers.set("X-A\r\nX-B", "c");
    EXPECT_TRUE(refuses(request));
    for (const char* target : {"/x\r\nX-A: b", "/a b", "x", "", "/x HTTP/1.1", "/x#y"}) {
        request = Caller::get_request();
        request.target = target;
        EXPECT_TRUE(refuses(request)) << target;
    }
    request = Caller::get_request();
    request.method = "GET /";
    EXPECT_TRUE(refuses(request));
    EXPECT_EQ(peer.connections(), 0);
}

TEST(Client, KeepsConnectionsAndUsesThemAgain) {
    TestServer server{ServerLimits()};
    Caller caller;
    for (int i = 0; i < 5; ++i) EXPECT_EQ(caller.get(server.port()).value().body, "GET /x ");
    EXPECT_EQ(server->counters().connections, 1U);
    EXPECT_EQ(server->counters().requests, 5U);
}

TEST(Client, DoesNotUseAConnectionAgainThatMayNotBe) {
    const std::string answers[] = {
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nleft over",
    };
    for (const std::string& answer : answers) {
        SCOPED_TRACE(answer);
        ScriptedPeer peer({{{answer, false}}, {{answer, false}}});
        Caller caller;
        EXPECT_EQ(caller.get(peer.port()).value().status, 200);
        EXPECT_EQ(caller.get(peer.port()).value().status, 200);
        EXPECT_EQ(peer.connections(), 2);
    }
}

TEST(Client, SeesThatAnIdleConnectionWasClosed) {
    const std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    ScriptedPeer peer({{{answer, true}}, {{answer, true}}});
    Caller caller;
    EXPECT_EQ(caller.get(peer.port()).value().status, 200);
    ASSERT_TRUE(testing::eventually([&] { return peer.closed() == 1; }));
    EXPECT_EQ(caller.get(peer.port()).value().status, 200);
    EXPECT_EQ(peer.connections(), 2);
}

TEST(Client, IsInDoubtAndSendsOnceWhenAKeptConnectionDiesAfterTheRequest) {
    const std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    ScriptedPeer peer({{{answer, false}, {"", true}}, {{answer, true}}});
    Caller caller;
    EXPECT_EQ(caller.get(peer.port()).value().status, 200);
    EXPECT_EQ(kind_of(caller.get(peer.port())), ErrorKind::in_doubt);
    EXPECT_EQ(peer.connections(), 1);
}

TEST(Client, AnswersHeadWithoutWaitingForABody) {
    TestServer server{ServerLimits()};
    Caller caller;
    Request request = Caller::get_request();
    request.method = "HEAD";
    const auto answer = caller.send(Caller::loopback(server.port()), request);
    EXPECT_EQ(answer.value().headers.find("content-length"), "8");
    EXPECT_EQ(answer.value().body, "");
    EXPECT_EQ(caller.get(server.port()).value().body, "GET /x ");
    EXPECT_EQ(server->counters().connections, 1U);
}

Result<Response> ask_tls(testing::TlsPeer& peer, const std::string& host, const std::string& ca_file) {
    Trust trust;
    trust.ca_file = ca_file;
    Caller caller(ClientLimits(), trust);
    const Origin origin{"https", host, std::to_string(peer.port())};
    return caller.send(origin, Caller::get_request());
}

TEST(ClientTls, BelievesAnAuthorityThatItWasGiven) {
    testing::TlsPeer peer{testing::TlsPeerOptions()};
    EXPECT_EQ(ask_tls(peer, "127.0.0.1", peer.ca_file()).value().body, "ok");
}

TEST(ClientTls, ChecksTheNameInTheCertificate) {
    testing::TlsPeerOptions options;
    options.name = "localhost";
    testing::TlsPeer right(options);
    EXPECT_EQ(ask_tls(right, "localhost", right.ca_file()).value().body, "ok");
    options.name = "other.example";
    testing::TlsPeer wrong(options);
    EXPECT_EQ(kind_of(ask_tls(wrong, "localhost", wrong.ca_file())), ErrorKind::unavailable);
    options.name = "127.0.0.2";
    testing::TlsPeer wrong_address(options);
    EXPECT_EQ(kind_of(ask_tls(wrong_address, "127.0.0.1", wrong_address.ca_file())), ErrorKind::unavailable);
    options.name = "localhost";
    options.is_named_in_subject_only = true;
    testing::TlsPeer old_fashioned(options);
    EXPECT_EQ(kind_of(ask_tls(old_fashioned, "localhost", old_fashioned.ca_file())), ErrorKind::unavailable);
}

TEST(ClientTls, FollowsNoRedirectAndCapsWhatItReads) {
    testing::TlsPeerOptions options;
    options.answer = "HTTP/1.1 302 Found\r\nLocation: https://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n";
    testing::TlsPeer elsewhere(options);
    EXPECT_EQ(ask_tls(elsewhere, "127.0.0.1", elsewhere.ca_file()).value().status, 302);
    const std::string large(ClientLimits().response_body_bytes + 1, 'x');
    options.answer = "HTTP/1.1 200 OK\r\n\r\n" + large;
    testing::TlsPeer talkative(options);
    EXPECT_EQ(kind_of(ask_tls(talkative, "127.0.0.1", talkative.ca_file())), ErrorKind::malformed);
    options.answer = "HTTP/1.1 200 OK\r\nX-A: " + large + "\r\n\r\n";
    testing::TlsPeer endless(options);
    EXPECT_EQ(kind_of(ask_tls(endless, "127.0.0.1", endless.ca_file())), ErrorKind::malformed);
}

TEST(ClientTls, RefusesStrangersExpiredCertificatesAndOldVersions) {
    testing::TlsPeer stranger{testing::TlsPeerOptions()};
    EXPECT_EQ(kind_of(ask_tls(stranger, "127.0.0.1", "")), ErrorKind::unavailable);
    testing::TlsPeerOptions options;
    options.has_expired = true;
    testing::TlsPeer expired(options);
    EXPECT_EQ(kind_of(ask_tls(expired, "127.0.0.1", expired.ca_file())), ErrorKind::unavailable);
    options.has_expired = false;
    options.speaks_tls_1_1_only = true;
    testing::TlsPeer old(options);
    EXPECT_EQ(kind_of(ask_tls(old, "127.0.0.1", old.ca_file())), ErrorKind::unavailable);
}

// Without a length only close_notify tells the end of a body from a cut.
TEST(ClientTls, IsInDoubtWhenABodyMayHaveBeenCut) {
    testing::TlsPeerOptions options;
    options.answer = "HTTP/1.1 200 OK\r\n\r\nuntil the end";
    testing::TlsPeer whole(options);
    EXPECT_EQ(ask_tls(whole, "127.0.0.1", whole.ca_file()).value().body, "until the end");
    options.says_goodbye = false;
    testing::TlsPeer cut(options);
    EXPECT_EQ(kind_of(ask_tls(cut, "127.0.0.1", cut.ca_file())), ErrorKind::in_doubt);
}

TEST(Client, RefusesAnAuthorityFileThatIsNotThere) {
    asio::io_context context;
    Trust trust;
    trust.ca_file = "/nonexistent/ca.pem";
    EXPECT_THROW(static_cast<void>(make_client(context, ClientLimits(), trust)), boost::system::system_error);
}

}  // namespace
}  // namespace returngate::http
