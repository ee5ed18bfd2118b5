// The session's coroutines. The request that the handler sees is filled from the bytes that the guard
// inspected; there is no second parser that could read them differently (docs/decisions/0010).
#include "adapters/http/session.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <cerrno>
#include <sys/socket.h>

#include "adapters/http/tls_stream.hpp"

namespace returngate::http {
namespace asio = boost::asio;
namespace {

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
constexpr std::chrono::milliseconds kLinger{500};
constexpr std::size_t kLingerBytes = 256 * 1024;
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
constexpr Refusal kSlow{408, "request_timeout", "The request did not arrive in time."};
constexpr Refusal kBadChunk{400, "bad_chunk", "The chunked body is malformed."};
constexpr Refusal kTooLarge{413, "body_too_large", "The request body is too large."};

class PlainStream {
public:
    explicit PlainStream(Socket socket) : socket_(std::move(socket)) {}
    [[nodiscard]] Socket& next() { return socket_; }
    [[nodiscard]] Socket& socket() { return socket_; }
    [[nodiscard]] asio::awaitable<bool> open() { co_return true; }
    [[nodiscard]] asio::awaitable<void> finish() {
        boost::system::error_code ignored;  // the peer was faster
        socket_.shutdown(Socket::shutdown_send, ignored);
        co_return;
    }
    [[nodiscard]] static std::string peer_certificate() { return {}; }

private:
    Socket socket_;
};

// A place among the requests being handled, if there is one.
class InFlight {
public:
    explicit InFlight(Shared& shared) : shared_(shared) {
        is_admitted_ = shared_.in_flight.fetch_add(1) < shared_.limits.in_flight;
    }
    ~InFlight() { --shared_.in_flight; }
    InFlight(const InFlight&) = delete;
    InFlight& operator=(const InFlight&) = delete;
    [[nodiscard]] bool is_admitted() const { return is_admitted_; }

private:
    Shared& shared_;
    bool is_admitted_ = false;
};

}  // namespace

template <class Stream>
void Session<Stream>::arm(std::chrono::milliseconds span) {
    deadline = Clock::now() + span;
    has_expired = false;
}

template <class Stream>
auto Session<Stream>::refuse(const Refusal& refusal) -> Input {
    refusal_ = refusal;
    return Input::refused;
}

// A peer that is gone gets no answer; one that is slow does.
template <class Stream>
auto Session<Stream>::give_up(Fill fill) -> Input {
    return fill == Fill::expired ? refuse(kSlow) : Input::gone;
}

template <class Stream>
Response Session<Stream>::error(int status, std::string_view code, std::string_view detail,
                                const std::string& request_id) {
    Response response;
    try {
        response = worker_->shared().error_body(status, code, detail, request_id);
    } catch (...) {
        ++worker_->shared().handler_bugs;  // the status alone still tells the peer what happened
        response = Response();
    }
    response.status = status;
    if (status == 405) response.headers.set("Allow", std::string(kAllow));
    if (status == 503) response.headers.set("Retry-After", "1");
    return response;
}

template <class Stream>
asio::awaitable<void> Session<Stream>::run() {
    // Not `while (co_await …)`: g++ 12.2 compiles that to a trap.
    bool goes_on = co_await open();
    while (goes_on) {
        goes_on = co_await serve_one();
        is_first_ = false;
    }
    disarm();
    cut();
}

template <class Stream>
void Session<Stream>::cancel() {
    boost::system::error_code ignored;  // a socket that cannot be cancelled is closed already
    stream_.socket().cancel(ignored);
}

template <class Stream>
void Session<Stream>::cut() {
    boost::system::error_code ignored;  // nothing is left to be done with it
    stream_.socket().close(ignored);
}

// The handshake, where there is one.
template <class Stream>
asio::awaitable<bool> Session<Stream>::open() {
    const bool is_draining = worker_->shared().is_draining.load(std::memory_order_relaxed);
    const auto wait = limits().handshake_deadline;
    arm(is_draining ? std::min<std::chrono::milliseconds>(wait, kDrainGrace) : wait);
    const bool is_open = co_await stream_.open();
    disarm();
    if (is_open) {
        peer_certificate_ = stream_.peer_certificate();
    } else {
        ++(has_expired ? worker_->shared().timed_out : worker_->shared().handshakes_failed);
    }
    co_return is_open;
}

// False: the connection is to be closed.
template <class Stream>
asio::awaitable<bool> Session<Stream>::serve_one() {
    const Input input = co_await receive();
    is_between_requests = false;
    if (input == Input::gone) co_return false;
    std::string request_id = worker_->next_request_id();
    Shared& shared = worker_->shared();
    if (input == Input::refused) {
        ++(refusal_.status == 408 ? shared.timed_out : shared.refused);
        Response refusal = error(refusal_.status, refusal_.code, refusal_.detail, request_id);
        co_await send(std::move(refusal), std::move(request_id), true);
        co_return false;
    }
    Response response = co_await handle(request_id);
    const bool closes = head_.wants_close || shared.is_draining.load(std::memory_order_relaxed);
    const bool is_sent = co_await send(std::move(response), std::move(request_id), closes);
    is_between_requests = true;
    co_return is_sent && !closes;
}

template <class Stream>
auto Session<Stream>::receive() -> asio::awaitable<Input> {
    const Input input = co_await receive_head();
    if (input != Input::ready) co_return input;
    if (head_.framing == Framing::none) co_return Input::ready;
    const Input body = co_await receive_body();
    co_return body;
}

template <class Stream>
auto Session<Stream>::receive_head() -> asio::awaitable<Input> {
    const bool is_draining = worker_->shared().is_draining.load(std::memory_order_relaxed);
    omits_body_ = false;
    if (inbox_.empty()) {
        const auto wait = is_first_ ? limits().header_deadline : limits().idle_deadline;
        arm(is_draining ? std::min<std::chrono::milliseconds>(wait, kDrainGrace) : wait);
        const Fill filled = co_await fill();
        if (filled != Fill::data) co_return Input::gone;
    }
    received_at_ = Clock::now();
    is_between_requests = false;
    // A first request's time runs from the accept, so that connecting and waiting gains nothing.
    if (!is_first_ || is_draining) {
        deadline = received_at_ + limits().header_deadline;
        has_expired = false;
    }
    std::size_t seen = 0;
    while (true) {
        const auto end = find_head_end(inbox_.view(), seen, worker_->shared().guard);
        if (!end) co_return refuse(end.error());
        if (*end > 0) {
            auto head = inspect(inbox_.view().substr(0, *end), worker_->shared().guard);
            if (!head) co_return refuse(head.error());
            head_ = std::move(*head);
            omits_body_ = head_.request.method == "HEAD";
            inbox_.consume(*end);
            disarm();
            co_return Input::ready;
        }
        const Fill filled = co_await fill();
        if (filled != Fill::data) co_return give_up(filled);
    }
}

template <class Stream>
auto Session<Stream>::receive_body() -> asio::awaitable<Input> {
    if (head_.expects_continue && inbox_.empty()) {
        const std::array<asio::const_buffer, 2> buffers{asio::buffer(kContinue), asio::const_buffer()};
        const bool is_sent = co_await write(buffers);
        if (!is_sent) co_return Input::gone;
    }
    arm(limits().body_deadline);
    Input input = Input::ready;
    if (head_.framing == Framing::chunked) {
        input = co_await receive_chunks();
    } else {
        input = co_await receive_length();
    }
    disarm();
    co_return input;
}

template <class Stream>
auto Session<Stream>::receive_length() -> asio::awaitable<Input> {
    std::string& body = head_.request.body;
    const auto length = static_cast<std::size_t>(head_.content_length);
    while (true) {
        // Grows with what has come, not with what was announced.
        const std::string_view part = inbox_.view().substr(0, length - body.size());
        body.append(part);
        inbox_.consume(part.size());
        if (body.size() == length) co_return Input::ready;
        const Fill filled = co_await fill();
        if (filled != Fill::data) co_return give_up(filled);
    }
}

template <class Stream>
auto Session<Stream>::receive_chunks() -> asio::awaitable<Input> {
    ChunkDecoder decoder(limits().body_bytes);
    while (true) {
        std::string_view input = inbox_.view();
        const std::size_t before = input.size();
        const ChunkDecoder::State state = decoder.feed(input, head_.request.body);
        inbox_.consume(before - input.size());
        if (state == ChunkDecoder::State::done) co_return Input::ready;
        if (state == ChunkDecoder::State::malformed) co_return refuse(kBadChunk);
        if (state == ChunkDecoder::State::too_large) co_return refuse(kTooLarge);
        const Fill filled = co_await fill();
        if (filled != Fill::data) co_return give_up(filled);
    }
}

// One read. The sweep may have expired us between two reads, when there was nothing to cancel.
template <class Stream>
auto Session<Stream>::fill() -> asio::awaitable<Fill> {
    if (has_expired) co_return Fill::expired;
    const asio::mutable_buffer room = inbox_.room();
    const auto [failure, size] = co_await stream_.next().async_read_some(room, kAwait);
    if (failure) co_return has_expired ? Fill::expired : Fill::closed;
    inbox_.commit(size);
    co_return Fill::data;
}

template <class Stream>
asio::awaitable<bool> Session<Stream>::write(std::array<asio::const_buffer, 2> buffers) {
    arm(limits().write_deadline);
    const auto [failure, size] = co_await asio::async_write(stream_.next(), buffers, kAwait);
    if (failure && has_expired) ++worker_->shared().timed_out;
    disarm();
    co_return !failure;
}

// Whatever the handler throws, bad_alloc included, ends here as a 500.
template <class Stream>
asio::awaitable<Response> Session<Stream>::handle(std::string request_id) {
    Shared& shared = worker_->shared();
    const InFlight place(shared);
    if (!place.is_admitted()) {
        ++shared.shed;
        co_return error(503, "overloaded", "The server has too many requests in work.", request_id);
    }
    ++shared.requests;
    try {
        Context context;
        context.request_id = request_id;
        context.peer = peer_;
        context.client_certificate = peer_certificate_;
        context.received_at = received_at_;
        Response response = co_await shared.handler(std::move(head_.request), std::move(context));
        co_return response;
    } catch (...) {
        ++shared.handler_bugs;
    }
    co_return error(500, "internal_error", "The request could not be handled.", request_id);
}

template <class Stream>
asio::awaitable<bool> Session<Stream>::send(Response response, std::string request_id, bool closes) {
    out_.clear();
    if (!append_response_head(out_, response, closes)) {
        ++worker_->shared().handler_bugs;
        response = error(500, "internal_error", "The answer could not be sent.", request_id);
        if (!append_response_head(out_, response, closes)) {
            response = Response();  // the error body's own headers are unusable too
            response.status = 500;
            closes = append_response_head(out_, response, true);
        }
    }
    const bool has_body = status_has_body(response.status) && !omits_body_;
    const asio::const_buffer body = has_body ? asio::buffer(response.body) : asio::const_buffer();
    const std::array<asio::const_buffer, 2> buffers{asio::buffer(out_), body};
    bool is_sent = co_await write(buffers);
    if (is_sent && has_body && response.source) {
        is_sent = co_await send_pieces(*response.source);
        closes = closes || worker_->shared().is_draining.load(std::memory_order_relaxed);
    }
    if (is_sent && closes) co_await linger();
    co_return is_sent && !closes;
}

// Until the source has no more, or the server drains: both end the body properly. False where it does not
// end, but breaks off.
template <class Stream>
asio::awaitable<bool> Session<Stream>::send_pieces(BodySource& source) {
    Shared& shared = worker_->shared();
    bool goes_on = true;
    while (goes_on) {
        std::optional<std::string> piece;
        try {
            piece = co_await source.next();
        } catch (...) {
            ++shared.handler_bugs;
            co_return false;
        }
        goes_on = piece && !shared.is_draining.load(std::memory_order_relaxed);
        out_.clear();
        if (piece && !piece->empty()) append_chunk(out_, *piece);
        if (!goes_on) append_chunk(out_, {});
        if (out_.empty() && has_peer_left()) co_return false;
        if (out_.empty()) continue;
        const std::array<asio::const_buffer, 2> buffers{asio::buffer(out_), asio::const_buffer()};
        const bool is_sent = co_await write(buffers);
        if (!is_sent) co_return false;
    }
    co_return true;
}

// Nobody reads while an answer goes out, so a peer that hangs up would be noticed only when it is written to
// (as it still is with TLS, where a farewell stands before the end).
template <class Stream>
bool Session<Stream>::has_peer_left() {
    char byte = 0;
    const auto got = ::recv(stream_.socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return got == 0 || (got < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR);
}

// Closing with unread bytes makes the kernel send a reset, which can overtake our answer; so we say
// that we are done, and read on for a moment.
template <class Stream>
asio::awaitable<void> Session<Stream>::linger() {
    arm(kLinger);
    co_await stream_.finish();
    std::size_t dropped = 0;
    inbox_.consume(inbox_.view().size());
    while (dropped < kLingerBytes && !has_expired) {
        const asio::mutable_buffer room = inbox_.room();
        const auto [failure, size] = co_await stream_.socket().async_read_some(room, kAwait);
        if (failure) break;
        dropped += size;
    }
    disarm();
}

asio::awaitable<void> serve(std::shared_ptr<Worker> worker, Socket socket,
                            [[maybe_unused]] OpenConnection open) {
    // Only memory can run out here; the connection closes with its objects and nobody else suffers.
    try {
        boost::system::error_code failure;
        const auto peer = socket.remote_endpoint(failure);
        if (failure) co_return;
        if (const auto& tls = worker->shared().tls) {
            TlsStream stream(std::move(socket), tls->current());
            Session<TlsStream> session(worker, std::move(stream), peer.address().to_string());
            co_await session.run();
        } else {
            PlainStream stream(std::move(socket));
            Session<PlainStream> session(worker, std::move(stream), peer.address().to_string());
            co_await session.run();
        }
    } catch (...) {
        ++worker->shared().handler_bugs;
    }
}

}  // namespace returngate::http
