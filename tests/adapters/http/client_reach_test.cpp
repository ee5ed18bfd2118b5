// A client with a fence: it does not connect to what lies behind, by number or by name.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>

#include "adapters/http/client.hpp"
#include "tests/adapters/http/scripted_peer.hpp"

namespace returngate::http {
namespace {

Result<Response> ask(const std::string& host, std::uint16_t port, const Reach& reach) {
    boost::asio::io_context context(1);
    const auto client = make_client(context, ClientLimits(), Trust(), reach);
    Request request;
    request.method = "GET";
    request.target = "/";
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    auto call = client->send(Origin{"http", host, std::to_string(port)}, request, deadline);
    auto answer = boost::asio::co_spawn(context, std::move(call), boost::asio::use_future);
    context.run();
    return answer.get();
}

TEST(ClientReach, DoesNotConnectToWhatItMayNotByNumberOrByName) {
    testing::ScriptedPeer peer({});
    Reach reach;
    reach.is_public_only = true;
    for (const auto* host : {"127.0.0.1", "localhost", "::1", "::ffff:127.0.0.1", "0.0.0.0"}) {
        const auto answer = ask(host, peer.port(), reach);
        ASSERT_FALSE(answer) << host;
        EXPECT_EQ(answer.error().kind, ErrorKind::unavailable);
        EXPECT_EQ(answer.error().code, "address_refused") << host;
    }
    EXPECT_EQ(peer.connections(), 0);
}

TEST(ClientReach, ConnectsToExceptions) {
    testing::ScriptedPeer peer({{{"HTTP/1.1 204 No Content\r\n\r\n", true}}});
    Reach reach;
    reach.is_public_only = true;
    reach.exceptions = {parse_network("127.0.0.1").value()};
    const auto answer = ask("127.0.0.1", peer.port(), reach);
    ASSERT_TRUE(answer) << answer.error().code;
    EXPECT_EQ(answer->status, 204);
}

}  // namespace
}  // namespace returngate::http
