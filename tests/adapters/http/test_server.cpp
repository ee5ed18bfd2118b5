// Start and stop of the server under test.
#include "tests/adapters/http/test_server.hpp"

namespace returngate::http::testing {

boost::asio::awaitable<Response> echo(Request request, Context) {
    Response response;
    response.body = request.method + " " + request.target + " " + request.body;
    co_return response;
}

Response plain_error(int status, std::string_view code, std::string_view, const std::string&) {
    Response response;
    response.status = status;
    response.headers.set("Content-Type", "text/plain");
    response.body = code;
    return response;
}

ServerLimits short_limits() {
    ServerLimits limits;
    limits.header_deadline = std::chrono::milliseconds(150);
    limits.body_deadline = std::chrono::milliseconds(150);
    limits.write_deadline = std::chrono::milliseconds(150);
    limits.idle_deadline = std::chrono::milliseconds(150);
    return limits;
}

TestServer::TestServer(ServerLimits limits, Handler handler, ErrorBody error_body, std::size_t contexts,
                       std::shared_ptr<const ServerTls> tls) {
    std::vector<boost::asio::io_context*> pointers;
    for (std::size_t i = 0; i < contexts; ++i) {
        contexts_.push_back(std::make_unique<boost::asio::io_context>(1));
        pointers.push_back(contexts_.back().get());
    }
    server_ = std::make_unique<Server>(pointers, Listen(), std::move(limits), std::move(handler),
                                       std::move(error_body), std::move(tls));
    for (boost::asio::io_context* context : pointers) threads_.emplace_back([context] { context->run(); });
}

TestServer::~TestServer() {
    server_.reset();
    for (const auto& context : contexts_) context->stop();
    for (auto& thread : threads_) thread.join();
}

}  // namespace returngate::http::testing
