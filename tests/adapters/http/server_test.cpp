// The server over real sockets: one answer per request, deadlines, caps, drain.
#include "adapters/http/server.hpp"

#include <atomic>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <future>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include "adapters/http/wire.hpp"
#include "tests/adapters/http/guard_cases.hpp"
#include "tests/adapters/http/raw_socket.hpp"
#include "tests/adapters/http/test_server.hpp"

namespace returngate::http {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using testing::eventually;
using testing::RawSocket;
using testing::short_limits;
using testing::split_answers;
using testing::TestServer;

const std::string kGet = "GET /x HTTP/1.1\r\nHost: a\r\n\r\n";
const std::string kGetClose = "GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

bool is_closing(const testing::RawAnswer& answer) {
    return answer.head.find("\r\nConnection: close\r\n") != std::string::npos;
}

TEST(Server, GivesEachRawCaseExactlyOneAnswerAndClosesWhereItRefuses) {
    TestServer server(short_limits());
    for (const auto& one : testing::guard_cases()) {
        SCOPED_TRACE(one.name);
        RawSocket socket(server.port());
        socket.send(one.bytes);  // a refusal may come, and the connection end, before all is sent
        if (one.status == 200) socket.finish_sending();
        const auto bytes = socket.read_to_end();
        ASSERT_TRUE(bytes.has_value()) << "not closed";
        const auto answers = split_answers(*bytes);
        ASSERT_TRUE(answers.has_value()) << *bytes;
        ASSERT_EQ(answers->size(), 1U) << *bytes;
        EXPECT_EQ(answers->front().status, one.status) << answers->front().body;
        EXPECT_TRUE(one.status == 200 || is_closing(answers->front()));
    }
    EXPECT_TRUE(eventually([&] { return server->open_connections() == 0; }));
    EXPECT_EQ(server->counters().handler_bugs, 0U);
}

// Both would be dealt connections, whatever database each has.
TEST(Server, DoesNotJoinAnotherOneOnItsPort) {
    const TestServer first(short_limits(), testing::echo, testing::plain_error, 2);
    asio::io_context context;
    const auto second = [&] {
        const Listen where{.address = "127.0.0.1", .port = first.port()};
        const Server server({&context}, where, short_limits(), testing::echo, testing::plain_error);
    };
    try {
        second();
        ADD_FAILURE() << "it listens";
    } catch (const boost::system::system_error& error) {
        EXPECT_EQ(error.code(), boost::system::errc::address_in_use);
        EXPECT_NE(
            std::string(error.what()).find("cannot listen on 127.0.0.1:" + std::to_string(first.port())),
            std::string::npos)
            << error.what();
    }
}

TEST(Server, KeepsTheConnectionBetweenRequests) {
    TestServer server{ServerLimits()};
    RawSocket socket(server.port());
    for (const std::string body : {"one", "", "three"}) {
        socket.send("POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(body.size()) +
                    "\r\n\r\n" + body);
        const auto answer = socket.read_answer();
        ASSERT_TRUE(answer.has_value());
        EXPECT_EQ(answer->status, 200);
        EXPECT_EQ(answer->body, "POST /p " + body);
        EXPECT_FALSE(is_closing(*answer));
    }
    EXPECT_EQ(server->counters().connections, 1U);
    EXPECT_EQ(server->counters().requests, 3U);
}

TEST(Server, ReadsARequestThatComesByteByByte) {
    TestServer server{ServerLimits()};
    RawSocket socket(server.port());
    for (const char c : std::string("POST /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                                    "3\r\nabc\r\nb\r\n defghijklm\r\n0\r\n\r\n")) {
        socket.send(std::string_view(&c, 1));
    }
    EXPECT_EQ(socket.read_answer().value().body, "POST /p abc defghijklm");
}

TEST(Server, AnswersPipelinedRequestsInOrder) {
    TestServer server{ServerLimits()};
    RawSocket socket(server.port());
    std::string bytes;
    for (int i = 0; i < 1000; ++i) {
        bytes += "POST /" + std::to_string(i) + " HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab";
    }
    auto sent = std::async(std::launch::async, [&] { return socket.send(bytes); });
    for (int i = 0; i < 1000; ++i) {
        const auto answer = socket.read_answer();
        ASSERT_TRUE(answer.has_value()) << i;
        ASSERT_EQ(answer->body, "POST /" + std::to_string(i) + " ab");
    }
    EXPECT_TRUE(sent.get());
}

TEST(Server, RefusesTheSecondOfTwoPipelinedRequestsAfterAnsweringTheFirst) {
    TestServer server{ServerLimits()};
    RawSocket socket(server.port());
    socket.send(kGet + "GET  / HTTP/1.1\r\n\r\n" + kGet);
    const auto answers = split_answers(socket.read_to_end().value()).value();
    ASSERT_EQ(answers.size(), 2U);
    EXPECT_EQ(answers[0].status, 200);
    EXPECT_EQ(answers[1].status, 400);
}

TEST(Server, ClosesWhenAskedTo) {
    TestServer server{ServerLimits()};
    for (const std::string& bytes : {kGetClose, std::string("GET /x HTTP/1.0\r\nHost: a\r\n\r\n")}) {
        RawSocket socket(server.port());
        socket.send(bytes);
        const auto answers = split_answers(socket.read_to_end().value()).value();
        ASSERT_EQ(answers.size(), 1U);
        EXPECT_TRUE(is_closing(answers[0]));
    }
}

TEST(Server, AnswersHeadWithTheLengthButNoBody) {
    TestServer server{ServerLimits()};
    RawSocket socket(server.port());
    socket.send("HEAD /x HTTP/1.1\r\nHost: a\r\n\r\n");
    socket.finish_sending();
    const auto answers = split_answers(socket.read_to_end().value(), true).value();
    ASSERT_EQ(answers.size(), 1U);
    EXPECT_NE(answers[0].head.find("Content-Length: 8\r\n"), std::string::npos);
}

TEST(Server, SendsContinueOnceTheGuardHasPassedTheHead) {
    TestServer server{ServerLimits()};
    const std::string start = "POST /p HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: ";
    RawSocket socket(server.port());
    socket.send(start + "3\r\n\r\n");
    EXPECT_EQ(socket.read_answer().value().status, 100);
    socket.send("abc");
    EXPECT_EQ(socket.read_answer().value().body, "POST /p abc");
    // A body that is here already needs no permission; one that is too large gets its final answer.
    socket.send(start + "3\r\n\r\ndef");
    EXPECT_EQ(socket.read_answer().value().body, "POST /p def");
    socket.send(start + "65537\r\n\r\n");
    EXPECT_EQ(socket.read_answer().value().status, 413);
}

TEST(Server, NamesTheAllowedMethods) {
    TestServer server{ServerLimits()};
    RawSocket socket(server.port());
    socket.send("TRACE / HTTP/1.1\r\nHost: a\r\n\r\n");
    const auto answer = socket.read_answer().value();
    EXPECT_NE(answer.head.find("\r\nAllow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS\r\n"),
              std::string::npos);
    EXPECT_EQ(answer.body, "method_not_allowed");
}

// Deadlines.

TEST(Server, EndsARequestHeadThatDripsIn) {
    TestServer server(short_limits());
    RawSocket socket(server.port());
    std::optional<testing::RawAnswer> answer;
    socket.send("GET /x HTTP/1.1\r\nX: ");
    for (int i = 0; i < 300 && !answer; ++i) {
        socket.send("a");
        answer = socket.read_answer(10ms);
    }
    ASSERT_TRUE(answer.has_value());
    EXPECT_EQ(answer->status, 408);
    EXPECT_EQ(server->counters().timed_out, 1U);
}

TEST(Server, EndsABodyThatDripsIn) {
    TestServer server(short_limits());
    RawSocket socket(server.port());
    std::optional<testing::RawAnswer> answer;
    socket.send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n");
    for (int i = 0; i < 300 && !answer; ++i) {
        socket.send("a");
        answer = socket.read_answer(10ms);
    }
    ASSERT_TRUE(answer.has_value());
    EXPECT_EQ(answer->status, 408);
    EXPECT_EQ(server->counters().requests, 0U);
}

TEST(Server, ClosesIdleConnectionsWithoutAWord) {
    TestServer server(short_limits());
    RawSocket fresh(server.port());
    RawSocket used(server.port());
    used.send(kGet);
    EXPECT_EQ(used.read_answer().value().status, 200);
    EXPECT_EQ(fresh.read_to_end(), "");
    EXPECT_EQ(used.read_to_end(), "");
    EXPECT_EQ(server->counters().timed_out, 0U);
}

asio::awaitable<Response> answer_with_much(Request, Context) {
    Response response;
    response.body.assign(64 * 1024 * 1024, 'x');
    co_return response;
}

TEST(Server, GivesUpOnAnAnswerThatNobodyReads) {
    TestServer server(short_limits(), answer_with_much);
    RawSocket socket(server.port());
    socket.send(kGet);
    EXPECT_TRUE(eventually([&] { return server->counters().timed_out == 1; }));
    EXPECT_TRUE(eventually([&] { return server->open_connections() == 0; }));
}

// Handlers that fail.

asio::awaitable<Response> misbehave(Request request, Context) {
    Response response;
    if (request.target == "/throws") throw std::runtime_error("no");
    if (request.target == "/memory") throw std::bad_alloc();
    if (request.target == "/other") throw 42;
    if (request.target == "/header") response.headers.set("X-Id", "a\r\nSet-Cookie: b");
    if (request.target == "/name") response.headers.set("X Id", "a");
    if (request.target == "/status") response.status = 42;
    co_return response;
}

TEST(Server, TurnsAFailingHandlerIntoA500AndGoesOn) {
    TestServer server{ServerLimits(), misbehave};
    RawSocket socket(server.port());
    std::uint64_t bugs = 0;
    for (const char* target : {"/throws", "/memory", "/other", "/header", "/name", "/status"}) {
        SCOPED_TRACE(target);
        socket.send("GET " + std::string(target) + " HTTP/1.1\r\nHost: a\r\n\r\n");
        const auto answer = socket.read_answer().value();
        EXPECT_EQ(answer.status, 500);
        EXPECT_EQ(answer.body, "internal_error");
        EXPECT_EQ(answer.head.find("Set-Cookie"), std::string::npos);
        EXPECT_EQ(server->counters().handler_bugs, ++bugs);
    }
    socket.send(kGet);
    EXPECT_EQ(socket.read_answer().value().status, 200);
}

Response broken_error(int, std::string_view, std::string_view, const std::string&) {
    throw std::runtime_error("no body either");
}
Response unsendable_error(int, std::string_view, std::string_view, const std::string&) {
    Response response;
    response.headers.set("X", "\r\n");
    return response;
}

TEST(Server, StillAnswersWhenTheErrorBodyFails) {
    TestServer throwing{ServerLimits(), misbehave, broken_error};
    RawSocket first(throwing.port());
    first.send("GET /throws HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(first.read_answer().value().status, 500);
    TestServer unsendable{ServerLimits(), misbehave, unsendable_error};
    RawSocket second(unsendable.port());
    second.send("GET /throws HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(second.read_answer().value().status, 500);
}

TEST(Server, TellsTheHandlerWhoAsksUnderAnIdOfItsOwn) {
    std::promise<Context> seen;
    const Handler handler = [&seen](Request request, Context context) {
        seen.set_value(context);
        return testing::echo(std::move(request), std::move(context));
    };
    TestServer server{ServerLimits(), handler};
    RawSocket socket(server.port());
    socket.send(
        "GET /x HTTP/1.1\r\nHost: a\r\nX-Request-Id: mine\r\nX-Forwarded-For: 8.8.8.8\r\n"
        "X-Real-IP: 8.8.8.8\r\nForwarded: for=8.8.8.8\r\nX-User-Id: root\r\n\r\n");
    EXPECT_EQ(socket.read_answer().value().status, 200);
    const Context context = seen.get_future().get();
    EXPECT_EQ(context.peer, "127.0.0.1");
    EXPECT_EQ(context.request_id.size(), 36U);
    EXPECT_TRUE(context.request_id.starts_with("req_"));
    EXPECT_LE(context.received_at, std::chrono::steady_clock::now());
}

// Caps and drain, with handlers that wait until the test lets them go.

class Gate {
public:
    void open() { is_open_ = true; }
    [[nodiscard]] bool is_open() const { return is_open_; }

private:
    std::atomic<bool> is_open_{false};
};

asio::awaitable<Response> wait_for(Gate& gate, Request request, Context context) {
    asio::steady_timer timer(co_await asio::this_coro::executor);
    while (!gate.is_open()) {
        timer.expires_after(2ms);
        co_await timer.async_wait(asio::use_awaitable);
    }
    Response response = co_await testing::echo(std::move(request), std::move(context));
    co_return response;
}

Handler behind(Gate& gate) {
    return [&gate](Request request, Context context) {
        return wait_for(gate, std::move(request), std::move(context));
    };
}

TEST(Server, ShedsWhatIsOverTheInFlightCap) {
    Gate gate;
    ServerLimits limits;
    limits.in_flight = 2;
    TestServer server(limits, behind(gate));
    RawSocket first(server.port());
    RawSocket second(server.port());
    RawSocket third(server.port());
    first.send(kGet);
    second.send(kGet);
    ASSERT_TRUE(eventually([&] { return server->in_flight() == 2; }));
    third.send(kGet);
    const auto shed = third.read_answer().value();
    EXPECT_EQ(shed.status, 503);
    EXPECT_NE(shed.head.find("\r\nRetry-After: 1\r\n"), std::string::npos);
    EXPECT_FALSE(is_closing(shed));
    gate.open();
    EXPECT_EQ(first.read_answer().value().status, 200);
    EXPECT_EQ(second.read_answer().value().status, 200);
    third.send(kGet);
    EXPECT_EQ(third.read_answer().value().status, 200);
    EXPECT_EQ(server->counters().shed, 1U);
    EXPECT_EQ(server->in_flight(), 0U);
}

TEST(Server, TurnsAwayConnectionsOverTheCap) {
    ServerLimits limits;
    limits.connections = 1;
    TestServer server(limits);
    auto first = std::make_unique<RawSocket>(server.port());
    first->send(kGet);
    EXPECT_EQ(first->read_answer().value().status, 200);
    RawSocket second(server.port());
    EXPECT_EQ(second.read_answer().value().status, 503);
    EXPECT_EQ(server->counters().connections_refused, 1U);
    first.reset();
    ASSERT_TRUE(eventually([&] { return server->open_connections() == 0; }));
    RawSocket third(server.port());
    third.send(kGet);
    EXPECT_EQ(third.read_answer().value().status, 200);
}

TEST(Server, GoesOnAcceptingAfterTheDescriptorsRanOut) {
    TestServer server{ServerLimits()};
    rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
    RawSocket socket(server.port());  // shares our table of descriptors: connect first, then forbid more
    socket.send(kGet);
    EXPECT_EQ(socket.read_answer().value().status, 200);
    RawSocket waiting(server.port());
    ASSERT_TRUE(eventually([&] { return server->open_connections() == 2; }));
    const int spare = ::dup(0);
    rlimit none = before;
    none.rlim_cur = static_cast<rlim_t>(spare) + 1;  // the client's socket fits, the server's does not
    ::close(spare);
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
    RawSocket starved(server.port());
    starved.send(kGet);
    const bool failed = eventually([&] { return server->counters().accept_errors > 0; });
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
    EXPECT_TRUE(failed);
    EXPECT_EQ(starved.read_answer().value().status, 200);
}

TEST(Server, DrainAnswersWhatIsInFlightAndClosesTheRest) {
    Gate gate;
    TestServer server(ServerLimits(), behind(gate));
    RawSocket idle(server.port());
    RawSocket busy(server.port());
    busy.send(kGet);
    ASSERT_TRUE(eventually([&] { return server->in_flight() == 1 && server->open_connections() == 2; }));
    auto drained = std::async(std::launch::async, [&] { server->drain(5s); });
    EXPECT_EQ(idle.read_to_end(), "");
    EXPECT_THROW(RawSocket(server.port()), std::runtime_error);
    EXPECT_EQ(drained.wait_for(0s), std::future_status::timeout);
    gate.open();
    const auto answer = busy.read_answer().value();
    EXPECT_EQ(answer.status, 200);
    EXPECT_TRUE(is_closing(answer));
    busy.finish_sending();
    EXPECT_EQ(drained.wait_for(3s), std::future_status::ready);
    EXPECT_EQ(server->open_connections(), 0U);
}

TEST(Server, DrainCutsWhatOutlivesItsDeadline) {
    Gate gate;
    TestServer server(ServerLimits(), behind(gate));
    RawSocket busy(server.port());
    busy.send(kGet);
    ASSERT_TRUE(eventually([&] { return server->in_flight() == 1; }));
    server->drain(50ms);
    EXPECT_EQ(busy.read_to_end(), "");
    gate.open();
    EXPECT_TRUE(eventually([&] { return server->open_connections() == 0; }));
}

TEST(Server, ServesFromSeveralContexts) {
    TestServer server(ServerLimits(), testing::echo, testing::plain_error, 2);
    for (int i = 0; i < 20; ++i) {
        RawSocket socket(server.port());
        socket.send(kGetClose);
        EXPECT_EQ(split_answers(socket.read_to_end().value()).value().front().status, 200);
    }
    server->drain(3s);
    EXPECT_EQ(server->open_connections(), 0U);
}

// Peers that vanish.

TEST(Server, SurvivesPeersThatVanishInEachState) {
    TestServer server(short_limits());
    const std::string parts[] = {"", "GET /x", kGet,
                                 "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc",
                                 "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\na"};
    for (const std::string& bytes : parts) {
        RawSocket reset(server.port());
        reset.send(bytes);
        reset.reset();
        RawSocket half(server.port());
        half.send(bytes);
        half.finish_sending();
        const auto answers = split_answers(half.read_to_end().value()).value();
        EXPECT_EQ(answers.size(), bytes == kGet ? 1U : 0U);
        RawSocket closed(server.port());
        closed.send(bytes);
    }
    EXPECT_TRUE(eventually([&] { return server->open_connections() == 0; }));
    EXPECT_LE(server->counters().requests, 3U);
    RawSocket socket(server.port());
    socket.send(kGet);
    EXPECT_EQ(socket.read_answer().value().status, 200);
}

TEST(Server, SaysSoWhenItsAddressCannotBeBound) {
    TestServer server{ServerLimits()};
    asio::io_context context;
    Listen listen;
    listen.address = "192.0.2.1";  // TEST-NET-1: nobody has it
    EXPECT_THROW(Server({&context}, listen, ServerLimits(), testing::echo, testing::plain_error),
                 boost::system::system_error);
}

}  // namespace
}  // namespace returngate::http
