// Accepts, reads with Beast, and answers as well or as badly as the actor wishes.
#include "adapters/sandbox/front.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <chrono>

namespace returngate::sandbox {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;

struct FrontState {
    FrontState(asio::io_context& context, Actor an_actor) : acceptor(context), actor(std::move(an_actor)) {}
    tcp::acceptor acceptor;
    Actor actor;
    std::uint16_t port = 0;
};

namespace {

constexpr auto kQuiet = asio::as_tuple(asio::use_awaitable);
constexpr std::chrono::seconds kIdle{120};
constexpr std::chrono::minutes kLongestSilence{10};
constexpr std::size_t kBodyBytes = 4 * 1024 * 1024;

std::string render(const http::Response& response, bool keep_alive) {
    std::string out = "HTTP/1.1 " + std::to_string(response.status) + " -\r\n";
    for (const auto& [name, value] : response.headers.fields) out += name + ": " + value + "\r\n";
    out += "Content-Length: " + std::to_string(response.body.size()) + "\r\n";
    out += keep_alive ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n";
    return out + response.body;
}

http::Request convert(beast::http::request<beast::http::string_body> message) {
    http::Request request;
    request.method = std::string(message.method_string());
    request.target = std::string(message.target());
    for (const auto& field : message)
        request.headers.fields.emplace_back(std::string(field.name_string()), std::string(field.value()));
    request.body = std::move(message.body());
    return request;
}

// The caller's silence ends it, or our own patience.
asio::awaitable<void> wait_for_hang_up(beast::tcp_stream& stream) {
    stream.expires_after(kLongestSilence);
    char ignored[256];
    const asio::mutable_buffer buffer(ignored, sizeof ignored);
    for (;;) {
        const auto [error, count] = co_await stream.async_read_some(buffer, kQuiet);
        if (error || count == 0) co_return;
    }
}

asio::awaitable<Reply> ask(std::shared_ptr<FrontState> state, http::Request request) {
    Reply reply;
    try {
        reply = co_await state->actor(std::move(request));
    } catch (const std::exception& error) {
        reply.response.status = 500;
        reply.response.body = error.what();
    }
    co_return reply;
}

asio::awaitable<void> serve(std::shared_ptr<FrontState> state, tcp::socket socket) {
    beast::tcp_stream stream(std::move(socket));
    beast::flat_buffer buffer(64 * 1024);
    for (;;) {
        beast::http::request_parser<beast::http::string_body> parser;
        parser.body_limit(kBodyBytes);
        stream.expires_after(kIdle);
        const auto [read_error, read_count] =
            co_await beast::http::async_read(stream, buffer, parser, kQuiet);
        if (read_error) co_return;
        stream.expires_never();
        const bool keep_alive = parser.get().keep_alive();
        http::Request request = convert(parser.release());
        Reply reply = co_await ask(state, std::move(request));
        if (reply.ending == Ending::close) co_return;
        if (reply.ending == Ending::never) {
            co_await wait_for_hang_up(stream);
            co_return;
        }
        std::string bytes = render(reply.response, keep_alive && reply.ending == Ending::answer);
        if (reply.ending == Ending::cut_short)
            bytes.resize(bytes.size() - (reply.response.body.size() + 1) / 2);
        stream.expires_after(kIdle);
        const asio::const_buffer out = asio::buffer(bytes);
        const auto [write_error, write_count] = co_await asio::async_write(stream, out, kQuiet);
        if (write_error || !keep_alive || reply.ending != Ending::answer) co_return;
    }
}

asio::awaitable<void> accept_all(std::shared_ptr<FrontState> state) {
    for (;;) {
        auto [error, socket] = co_await state->acceptor.async_accept(kQuiet);
        if (!state->acceptor.is_open()) co_return;
        if (error) continue;
        boost::system::error_code ignored;
        socket.set_option(tcp::no_delay(true), ignored);
        auto executor = socket.get_executor();
        asio::co_spawn(executor, serve(state, std::move(socket)), asio::detached);
    }
}

}  // namespace

Front::Front(asio::io_context& context, const std::string& address, std::uint16_t port, Actor actor)
    : state_(std::make_shared<FrontState>(context, std::move(actor))) {
    const tcp::endpoint endpoint(asio::ip::make_address(address), port);
    state_->acceptor.open(endpoint.protocol());
    state_->acceptor.set_option(tcp::acceptor::reuse_address(true));
    state_->acceptor.bind(endpoint);
    state_->acceptor.listen(1024);
    state_->port = state_->acceptor.local_endpoint().port();
    asio::co_spawn(context, accept_all(state_), asio::detached);
}

Front::~Front() {
    const auto close = [state = state_] {
        boost::system::error_code ignored;
        state->acceptor.close(ignored);
    };
    asio::post(state_->acceptor.get_executor(), close);
}

std::uint16_t Front::port() const {
    return state_->port;
}

}  // namespace returngate::sandbox
