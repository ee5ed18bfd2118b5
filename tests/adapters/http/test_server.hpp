// A server on a free port with its own thread, for tests.
#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>
#include <thread>
#include <vector>

#include "adapters/http/server.hpp"

namespace returngate::http::testing {

// Answers "METHOD target body".
boost::asio::awaitable<Response> echo(Request request, Context context);
// Plain text "code".
Response plain_error(int status, std::string_view code, std::string_view detail,
                     const std::string& request_id);
// Deadlines of 150 ms.
ServerLimits short_limits();

class TestServer {
public:
    explicit TestServer(ServerLimits limits, Handler handler = echo, ErrorBody error_body = plain_error,
                        std::size_t contexts = 1, std::shared_ptr<const ServerTls> tls = nullptr);
    ~TestServer();
    TestServer(const TestServer&) = delete;
    TestServer& operator=(const TestServer&) = delete;

    [[nodiscard]] std::uint16_t port() const { return server_->port(); }
    Server& operator*() { return *server_; }
    Server* operator->() { return server_.get(); }
    boost::asio::io_context& context() { return *contexts_.front(); }

private:
    std::vector<std::unique_ptr<boost::asio::io_context>> contexts_;
    std::unique_ptr<Server> server_;
    std::vector<std::thread> threads_;
};

// Waits until `is_true()`; false after three seconds.
template <class Condition>
bool eventually(Condition is_true) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(3);
    while (!is_true()) {
        if (std::chrono::steady_clock::now() > until) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return true;
}

}  // namespace returngate::http::testing
