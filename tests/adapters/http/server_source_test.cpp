// Answers that are made while they are sent: chunks as they come, their end, and every way to be cut short.
#include <atomic>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <future>
#include <gtest/gtest.h>

#include "adapters/http/body_source.hpp"
#include "adapters/http/server.hpp"
#include "tests/adapters/http/raw_socket.hpp"
#include "tests/adapters/http/test_server.hpp"

namespace returngate::http {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using testing::eventually;
using testing::RawSocket;
using testing::short_limits;
using testing::TestServer;

const std::string kGet = "GET /x HTTP/1.1\r\nHost: a\r\n\r\n";
constexpr std::string_view kHead = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
constexpr std::string_view kLastChunk = "0\r\n\r\n";

// What a source says next; asked on the server's thread.
using Ask = std::function<std::optional<std::string>()>;

class Asked final : public BodySource {
public:
    Asked(Ask ask, std::atomic<int>& alive) : ask_(std::move(ask)), alive_(alive) { ++alive_; }
    ~Asked() override { --alive_; }
    Asked(const Asked&) = delete;
    Asked& operator=(const Asked&) = delete;
    asio::awaitable<std::optional<std::string>> next() override {
        asio::steady_timer timer(co_await asio::this_coro::executor, 1ms);
        co_await timer.async_wait(asio::use_awaitable);
        co_return ask_();
    }

private:
    Ask ask_;
    std::atomic<int>& alive_;
};

asio::awaitable<Response> answer_with(std::shared_ptr<BodySource> source) {
    Response response;
    response.source = std::move(source);
    co_return response;
}

class StreamedAnswers : public ::testing::Test {
protected:
    // Each request is answered by a source of its own.
    [[nodiscard]] Handler answering(Ask ask) {
        return [this, ask = std::move(ask)](const Request&, const Context&) {
            return answer_with(std::make_shared<Asked>(ask, alive_));
        };
    }
    std::atomic<int> alive_ = 0;
};

TEST_F(StreamedAnswers, ComeAsTheyAreMadeAndTheConnectionGoesOn) {
    std::atomic<int> made = 1;
    int said = 0;
    TestServer server(ServerLimits(), answering([&]() -> std::optional<std::string> {
                          if (said == 2) return std::nullopt;
                          if (said == made) return "";
                          return ++said == 1 ? "first" : "a second of 25 characters";
                      }));
    RawSocket socket(server.port());
    socket.send(kGet);
    EXPECT_EQ(socket.read_until("\r\n\r\n"), kHead);
    EXPECT_EQ(socket.read_until("first\r\n"), "5\r\nfirst\r\n");
    EXPECT_EQ(server->in_flight(), 0U);
    EXPECT_EQ(socket.read_until("\r\n", 50ms), std::nullopt) << "nothing more has been made";
    made = 2;
    EXPECT_EQ(socket.read_until(kLastChunk), "19\r\na second of 25 characters\r\n0\r\n\r\n");
    EXPECT_TRUE(eventually([&] { return alive_ == 0; }));
    socket.send("HEAD /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    EXPECT_EQ(socket.read_to_end(),
              "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n");
}

TEST_F(StreamedAnswers, EndProperlyWhenTheServerDrains) {
    TestServer server(ServerLimits(), answering([] { return std::string(); }));
    RawSocket socket(server.port());
    socket.send(kGet);
    ASSERT_EQ(socket.read_until("\r\n\r\n"), kHead);
    auto drained = std::async(std::launch::async, [&] { server->drain(5s); });
    EXPECT_EQ(socket.read_until(kLastChunk), kLastChunk);
    socket.finish_sending();
    EXPECT_EQ(socket.read_to_end(), "");
    EXPECT_EQ(drained.wait_for(3s), std::future_status::ready);
    EXPECT_EQ(server->open_connections(), 0U);
    EXPECT_EQ(alive_, 0);
}

TEST_F(StreamedAnswers, AreGivenUpWhenTheReaderHangsUp) {
    TestServer server(ServerLimits(), answering([] { return std::string(); }));
    {
        RawSocket socket(server.port());
        socket.send(kGet);
        ASSERT_EQ(socket.read_until("\r\n\r\n"), kHead);
    }
    EXPECT_TRUE(eventually([&] { return server->open_connections() == 0 && alive_ == 0; }));
    EXPECT_EQ(server->counters().timed_out, 0U);
}

TEST_F(StreamedAnswers, AreCutOffWhenTheReaderDoesNotRead) {
    TestServer server(short_limits(), answering([] { return std::string(1 << 20, 'x'); }));
    RawSocket socket(server.port());
    socket.send(kGet);
    EXPECT_TRUE(eventually([&] { return server->counters().timed_out == 1; }));
    EXPECT_TRUE(eventually([&] { return server->open_connections() == 0 && alive_ == 0; }));
}

TEST_F(StreamedAnswers, ThatFailBreakOffWithoutTheirLastChunk) {
    TestServer server(ServerLimits(),
                      answering([]() -> std::optional<std::string> { throw std::runtime_error("a bug"); }));
    RawSocket socket(server.port());
    socket.send(kGet);
    EXPECT_EQ(socket.read_to_end(), kHead);
    EXPECT_EQ(server->counters().handler_bugs, 1U);
}

TEST_F(StreamedAnswers, HoldNoDrainUpLongerThanItsDeadline) {
    TestServer server(ServerLimits(), answering([] { return std::string(1 << 20, 'x'); }));
    RawSocket socket(server.port());
    socket.send(kGet);
    ASSERT_TRUE(eventually([&] { return alive_ == 1; }));
    server->drain(100ms);  // while nobody reads
    EXPECT_TRUE(eventually([&] { return server->open_connections() == 0 && alive_ == 0; }));
}

}  // namespace
}  // namespace returngate::http
