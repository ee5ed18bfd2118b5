// The outbound client: a pool of idle connections per origin, one exchange at a time on each.
#include "adapters/http/client.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <vector>

#include "adapters/http/chunked.hpp"
#include "adapters/http/connection.hpp"
#include "adapters/http/response_head.hpp"
#include "adapters/http/wire.hpp"

namespace returngate::http {
namespace asio = boost::asio;
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kReadBytes = 8 * 1024;
constexpr int kMaxInterimAnswers = 8;  // 1xx heads before the final one

tl::unexpected<Error> in_doubt(const char* code, const char* message) {
    return fail(ErrorKind::in_doubt, code, message);
}
tl::unexpected<Error> malformed(const char* code, const char* message) {
    return fail(ErrorKind::malformed, code, message);
}

struct Idle {
    std::shared_ptr<Connection> connection;
    Clock::time_point since;
};

// The newest idle connection is used first, so that the others may grow old and go.
class Pool {
public:
    explicit Pool(const ClientLimits& limits) : limits_(limits) {}

    std::shared_ptr<Connection> take(const Origin& origin) {
        auto& idle = idle_[key(origin)];
        const auto oldest = Clock::now() - limits_.idle_lifetime;
        std::erase_if(idle,
                      [&](const Idle& one) { return one.since < oldest || !one.connection->is_quiet(); });
        if (idle.empty()) return nullptr;
        auto connection = std::move(idle.back().connection);
        idle.pop_back();
        return connection;
    }
    void give_back(const Origin& origin, std::shared_ptr<Connection> connection) {
        auto& idle = idle_[key(origin)];
        if (idle.size() >= limits_.idle_connections_per_origin) idle.erase(idle.begin());
        Idle one{std::move(connection), Clock::now()};
        if (limits_.idle_connections_per_origin > 0) idle.push_back(std::move(one));
    }

private:
    static std::string key(const Origin& origin) {
        return origin.scheme + "://" + origin.host + ":" + origin.port;
    }

    ClientLimits limits_;
    std::map<std::string, std::vector<Idle>> idle_;
};

// Reads one answer. `is_reusable` tells afterwards whether the connection is between two messages.
class AnswerReader {
public:
    AnswerReader(Connection& connection, const ClientLimits& limits, bool answers_head)
        : connection_(connection), answers_head_(answers_head) {
        limits_.head_bytes = limits.response_header_bytes;
        limits_.fields = limits.response_header_fields;
        limits_.body_bytes = limits.response_body_bytes;
    }

    asio::awaitable<Result<Response>> read();
    [[nodiscard]] bool is_reusable() const { return is_reusable_; }

private:
    asio::awaitable<Result<void>> read_head();
    asio::awaitable<Result<void>> read_final_head();
    asio::awaitable<Result<void>> read_body();
    asio::awaitable<Result<void>> read_until_close();
    // False: the peer has ended its side, or the connection broke (was_cut_).
    asio::awaitable<bool> fill();
    [[nodiscard]] Result<bool> take_body_part();

    Connection& connection_;
    ResponseLimits limits_;
    bool answers_head_;
    std::string pending_;
    std::array<char, kReadBytes> chunk_{};
    ResponseHead head_;
    ChunkDecoder chunks_{0};
    bool was_cut_ = false;
    bool is_reusable_ = false;
};

asio::awaitable<bool> AnswerReader::fill() {
    const asio::mutable_buffer room = asio::buffer(chunk_);
    const Transferred got = co_await connection_.read_some(room);
    pending_.append(chunk_.data(), got.size);
    was_cut_ = got.failure && got.failure != asio::error::eof;
    co_return !got.failure;
}

asio::awaitable<Result<void>> AnswerReader::read_head() {
    while (true) {
        const auto end = pending_.find("\r\n\r\n");
        if (end != std::string::npos) {
            auto head =
                parse_response_head(std::string_view(pending_).substr(0, end + 4), answers_head_, limits_);
            if (!head) co_return malformed("bad_answer", "The peer's answer breaks HTTP or a limit.");
            head_ = std::move(*head);
            pending_.erase(0, end + 4);
            co_return Result<void>();
        }
        if (pending_.size() > limits_.head_bytes)
            co_return malformed("bad_answer", "The peer's answer has no end.");
        const bool looks_like_http = std::string_view("HTTP/1.").starts_with(pending_.substr(0, 7));
        if (!looks_like_http) co_return malformed("bad_answer", "The peer does not speak HTTP/1.");
        const bool has_more = co_await fill();
        if (!has_more) co_return in_doubt("no_answer", "The connection ended before a complete answer.");
    }
}

asio::awaitable<Result<void>> AnswerReader::read_final_head() {
    for (int i = 0; i <= kMaxInterimAnswers; ++i) {
        const Result<void> read = co_await read_head();
        if (!read) co_return read;
        // We ask for no upgrade, so 101 breaks the protocol; the others announce the real answer.
        if (head_.response.status == 101) break;
        if (head_.response.status >= 200) co_return Result<void>();
    }
    co_return malformed("bad_answer", "The peer sends interim answers only.");
}

// True when the body is complete.
Result<bool> AnswerReader::take_body_part() {
    std::string& body = head_.response.body;
    if (head_.framing == ResponseFraming::length) {
        const auto missing = static_cast<std::size_t>(head_.content_length) - body.size();
        const std::size_t size = std::min(missing, pending_.size());
        body.append(pending_, 0, size);
        pending_.erase(0, size);
        return size == missing;
    }
    std::string_view input = pending_;
    const ChunkDecoder::State state = chunks_.feed(input, body);
    pending_.erase(0, pending_.size() - input.size());
    if (state == ChunkDecoder::State::malformed)
        return malformed("bad_answer", "The chunked body is malformed.");
    if (state == ChunkDecoder::State::too_large)
        return malformed("answer_too_large", "The answer is too large.");
    return state == ChunkDecoder::State::done;
}

asio::awaitable<Result<void>> AnswerReader::read_body() {
    chunks_ = ChunkDecoder(limits_.body_bytes);
    while (true) {
        const Result<bool> is_complete = take_body_part();
        if (!is_complete) co_return tl::unexpected(is_complete.error());
        if (*is_complete) co_return Result<void>();
        const bool has_more = co_await fill();
        if (!has_more) co_return in_doubt("cut_answer", "The connection ended within the answer.");
    }
}

asio::awaitable<Result<void>> AnswerReader::read_until_close() {
    bool has_more = true;
    while (has_more) {
        head_.response.body += pending_;
        pending_.clear();
        if (head_.response.body.size() > limits_.body_bytes) {
            co_return malformed("answer_too_large", "The answer is too large.");
        }
        has_more = co_await fill();
    }
    if (was_cut_) co_return in_doubt("cut_answer", "The connection broke within the answer.");
    head_.response.body += pending_;
    co_return Result<void>();
}

asio::awaitable<Result<Response>> AnswerReader::read() {
    Result<void> outcome = co_await read_final_head();
    if (!outcome) co_return tl::unexpected(outcome.error());
    if (head_.framing == ResponseFraming::until_close) {
        outcome = co_await read_until_close();
    } else if (head_.framing != ResponseFraming::none) {
        outcome = co_await read_body();
    }
    if (!outcome) co_return tl::unexpected(outcome.error());
    is_reusable_ = head_.keeps_alive && pending_.empty();
    Result<Response> answer = std::move(head_.response);
    co_return answer;
}

// What coroutines in flight hold on to.
struct Core {
    Core(asio::io_context& context_in, ClientLimits limits_in, const Trust& trust, Reach reach_in)
        : context(context_in),
          limits(limits_in),
          reach(std::move(reach_in)),
          tls(make_tls(trust)),
          pool(limits) {}
    asio::io_context& context;
    ClientLimits limits;
    Reach reach;
    asio::ssl::context tls;
    Pool pool;
};

struct Exchange {
    Result<Response> answer = Response{};
    bool nothing_was_sent = false;
};

asio::awaitable<Exchange> exchange(std::shared_ptr<Core> core, std::shared_ptr<Connection> connection,
                                   const Origin& origin, const std::string& bytes, bool answers_head) {
    Exchange outcome;
    const Transferred sent = co_await connection->write(bytes);
    if (sent.failure) {
        // TLS may have put bytes on the wire that it does not count.
        outcome.nothing_was_sent = sent.size == 0 && !connection->is_tls();
        outcome.answer = in_doubt("send_failed", "The connection broke while sending.");
        if (outcome.nothing_was_sent) {
            outcome.answer = fail(ErrorKind::unavailable, "send_failed", "Nothing could be sent.");
        }
        co_return outcome;
    }
    AnswerReader reader(*connection, core->limits, answers_head);
    outcome.answer = co_await reader.read();
    if (reader.is_reusable()) core->pool.give_back(origin, std::move(connection));
    co_return outcome;
}

asio::awaitable<Exchange> exchange_pooled(std::shared_ptr<Core> core, const Origin& origin,
                                          const std::string& bytes, bool answers_head,
                                          Clock::time_point deadline) {
    Exchange outcome;
    outcome.nothing_was_sent = true;
    auto connection = core->pool.take(origin);
    if (!connection) co_return outcome;
    const Watchdog watchdog(core->context, deadline, connection);
    outcome = co_await exchange(core, std::move(connection), origin, bytes, answers_head);
    co_return outcome;
}

asio::awaitable<Result<Response>> run(std::shared_ptr<Core> core, Origin origin, Request request,
                                      Clock::time_point deadline) {
    std::string bytes;
    if (!append_request_head(bytes, request, host_field(origin))) {
        co_return fail(ErrorKind::invalid, "unsendable_request",
                       "A line break or control character is in the request.");
    }
    bytes += request.body;
    if (Clock::now() >= deadline)
        co_return fail(ErrorKind::unavailable, "deadline", "The deadline has passed.");
    const bool answers_head = request.method == "HEAD";
    Exchange outcome = co_await exchange_pooled(core, origin, bytes, answers_head, deadline);
    if (!outcome.nothing_was_sent) co_return std::move(outcome.answer);
    auto connection = std::make_shared<Connection>(core->context);
    const Watchdog watchdog(core->context, deadline, connection);
    const Result<void> opened = co_await connection->open(origin, core->tls, core->reach, deadline);
    if (!opened) co_return tl::unexpected(opened.error());
    outcome = co_await exchange(core, std::move(connection), origin, bytes, answers_head);
    co_return std::move(outcome.answer);
}

asio::awaitable<Result<Response>> run_guarded(std::shared_ptr<Core> core, Origin origin, Request request,
                                              Clock::time_point deadline) {
    // Asio throws on nothing we do here but when memory or descriptors run out; how far the request
    // got is not known then.
    try {
        Result<Response> answer =
            co_await run(std::move(core), std::move(origin), std::move(request), deadline);
        co_return answer;
    } catch (const std::exception&) {
        co_return in_doubt("internal_error", "The call ended by an exception.");
    }
}

class PooledClient final : public Client {
public:
    PooledClient(asio::io_context& context, ClientLimits limits, const Trust& trust, Reach reach)
        : core_(std::make_shared<Core>(context, limits, trust, std::move(reach))) {}

    asio::awaitable<Result<Response>> send(Origin origin, Request request,
                                           Clock::time_point deadline) override {
        return run_guarded(core_, std::move(origin), std::move(request), deadline);
    }

private:
    std::shared_ptr<Core> core_;
};

}  // namespace

std::unique_ptr<Client> make_client(asio::io_context& context, ClientLimits limits, const Trust& trust,
                                    Reach reach) {
    return std::make_unique<PooledClient>(context, limits, trust, std::move(reach));
}

}  // namespace returngate::http
