// One connection of the server: read, guard, handle, answer, in order, one request at a time.
#pragma once

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <cstring>
#include <memory>
#include <optional>
#include <string>

#include "adapters/http/body_source.hpp"
#include "adapters/http/chunked.hpp"
#include "adapters/http/server_state.hpp"
#include "adapters/http/wire.hpp"

namespace returngate::http {

// The bytes of a connection that are read and not yet used. Fixed in size: this, the body being read
// and the answer being written are all the memory that a peer can make a session hold.
class Inbox {
public:
    explicit Inbox(std::size_t capacity) : bytes_(std::make_unique<char[]>(capacity)), capacity_(capacity) {}

    [[nodiscard]] std::string_view view() const { return {bytes_.get() + begin_, end_ - begin_}; }
    [[nodiscard]] bool empty() const { return begin_ == end_; }
    void consume(std::size_t count) {
        begin_ += count;
        if (begin_ == end_) begin_ = end_ = 0;
    }
    // Room at the end; moves what is left to the front first.
    [[nodiscard]] boost::asio::mutable_buffer room() {
        if (begin_ > 0) {
            std::memmove(bytes_.get(), bytes_.get() + begin_, end_ - begin_);
            end_ -= begin_;
            begin_ = 0;
        }
        return {bytes_.get() + end_, capacity_ - end_};
    }
    void commit(std::size_t count) { end_ += count; }

private:
    std::unique_ptr<char[]> bytes_;
    std::size_t capacity_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

// `Stream` is the one place that knows the transport: next() reads and writes, socket() is the TCP below
// it, open() and finish() are its greeting and farewell. PlainStream and TlsStream.
template <class Stream>
class Session final : public Watched {
public:
    Session(std::shared_ptr<Worker> worker, Stream stream, std::string peer)
        : worker_(std::move(worker)),
          stream_(std::move(stream)),
          peer_(std::move(peer)),
          inbox_(worker_->shared().limits.header_bytes),
          watch_(worker_->watch(*this)) {}
    ~Session() override { worker_->unwatch(watch_); }
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    boost::asio::awaitable<void> run();

    void cancel() override;
    void cut() override;

private:
    enum class Input { ready, gone, refused };
    enum class Fill { data, closed, expired };

    boost::asio::awaitable<bool> open();
    boost::asio::awaitable<bool> serve_one();
    boost::asio::awaitable<Input> receive();
    boost::asio::awaitable<Input> receive_head();
    boost::asio::awaitable<Input> receive_body();
    boost::asio::awaitable<Input> receive_chunks();
    boost::asio::awaitable<Input> receive_length();
    boost::asio::awaitable<Fill> fill();
    boost::asio::awaitable<bool> write(std::array<boost::asio::const_buffer, 2> buffers);
    boost::asio::awaitable<Response> handle(std::string request_id);
    boost::asio::awaitable<bool> send(Response response, std::string request_id, bool closes);
    boost::asio::awaitable<bool> send_pieces(BodySource& source);
    boost::asio::awaitable<void> linger();
    [[nodiscard]] bool has_peer_left();

    void arm(std::chrono::milliseconds span);
    void disarm() { deadline = Clock::time_point::max(); }
    [[nodiscard]] Input refuse(const Refusal& refusal);
    [[nodiscard]] Input give_up(Fill fill);
    [[nodiscard]] Response error(int status, std::string_view code, std::string_view detail,
                                 const std::string& request_id);
    [[nodiscard]] const ServerLimits& limits() { return worker_->shared().limits; }

    std::shared_ptr<Worker> worker_;
    Stream stream_;
    std::string peer_;
    std::string peer_certificate_{};
    Inbox inbox_;
    Worker::Watch watch_;
    std::string out_;  // kept for its capacity
    ParsedHead head_;
    Refusal refusal_;
    Clock::time_point received_at_{};
    bool is_first_ = true;
    bool omits_body_ = false;  // the request is a HEAD
};

}  // namespace returngate::http
