// All coroutines run on the context's one thread, so what they share needs no lock.
#include "gateway/work/webhook_sender.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <future>

#include "gateway/log.hpp"
#include "gateway/work/deliveries.hpp"
#include "gateway/work/webhook_message.hpp"

namespace asio = boost::asio;

namespace returngate::work {
namespace {

using postgres::Round;
using webhook::Attempt;
using webhook::Verdict;
using Steady = std::chrono::steady_clock;

// No delivery begins later than this after the round did; the lease covers the last one and the writing.
constexpr std::chrono::seconds kRound{20};
constexpr std::chrono::seconds kWriting{20};
constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);

// A round under way, shared by the coroutines that deliver it.
struct Work {
    Work(Round round, asio::io_context& io)
        : deliveries(std::move(round)), is_over(io, Steady::time_point::max()) {}

    Deliveries deliveries;
    std::vector<webhook::Secret> secrets;
    std::size_t running = 0;
    Steady::time_point stop_at{};
    asio::steady_timer is_over;  // cancelled by the last one
};

struct Posting {
    std::string url;
    std::vector<webhook::Secret> secrets;
    webhook::Message message;
};

Attempt attempt_of(const Result<http::Response>& answer, Instant now) {
    Attempt attempt;
    if (!answer) {
        attempt.error = answer.error().code;
        return attempt;
    }
    attempt.status = answer->status;
    attempt.verdict = webhook::verdict_of(answer->status);
    if (attempt.verdict == Verdict::delivered) return attempt;
    if (const auto wish = answer->headers.find("Retry-After"))
        attempt.retry_after = webhook::parse_retry_after(*wish, now);
    return attempt;
}

}  // namespace

struct WebhookSender::State {
    explicit State(WebhookContext given)
        : context(std::move(given)),
          client(context.make_client
                     ? context.make_client(context.io)
                     : http::make_client(context.io, {}, {}, {true, context.options.exceptions})),
          idle(context.io) {}

    [[nodiscard]] asio::awaitable<void> keep_sending();
    [[nodiscard]] asio::awaitable<void> run_round(Round round);
    [[nodiscard]] asio::awaitable<void> work_chains(std::shared_ptr<Work> work);
    [[nodiscard]] asio::awaitable<Attempt> post(Posting posting);
    [[nodiscard]] std::vector<webhook::Secret> opened(webhook::EndpointId id,
                                                      const std::vector<std::string>& sealed) const;
    [[nodiscard]] bool goes_on(const Work& work) const;
    [[nodiscard]] postgres::RoundTerms terms();

    WebhookContext context;
    std::unique_ptr<http::Client> client;
    asio::steady_timer idle;
    int rounds = 0;
    bool is_draining = false;
    std::promise<void> drained;  // kept once nothing is under way
};

postgres::RoundTerms WebhookSender::State::terms() {
    postgres::RoundTerms terms;
    terms.now = context.clock.now();
    terms.leased_until = terms.now + kRound + context.options.timeout + kWriting;
    terms.lease = context.random.bytes();
    terms.breaker_failures = context.options.terms.breaker_failures;
    return terms;
}

asio::awaitable<void> WebhookSender::State::keep_sending() {
    while (!is_draining) {
        if (rounds < context.options.rounds) {
            auto lease = [terms = terms()](postgres::Desk& desk) { return desk.rounds().lease(terms); };
            auto leased = co_await context.queries.run(std::move(lease));
            if (leased && *leased) {
                ++rounds;
                asio::co_spawn(context.io, run_round(std::move(**leased)), asio::detached);
                continue;
            }
        }
        idle.expires_after(context.options.poll);
        co_await idle.async_wait(kAwait);
    }
    // The last round wakes us.
    while (rounds > 0) {
        idle.expires_after(context.options.timeout);
        co_await idle.async_wait(kAwait);
    }
    drained.set_value();
}

asio::awaitable<void> WebhookSender::State::run_round(Round round) {
    auto work = std::make_shared<Work>(std::move(round), context.io);
    Deliveries& deliveries = work->deliveries;
    work->secrets = opened(deliveries.round().id, deliveries.round().sealed_secrets);
    work->stop_at = Steady::now() + kRound;
    const auto most = static_cast<std::size_t>(context.options.concurrency);
    work->running = std::min(most, deliveries.chains());
    work->is_over.expires_at(work->stop_at + context.options.timeout + kWriting / 2);
    for (std::size_t i = work->running; i > 0; --i) {
        asio::co_spawn(context.io, work_chains(work), asio::detached);
    }
    // The last one may be through before we wait for it.
    if (work->running > 0) co_await work->is_over.async_wait(kAwait);
    const webhook::EndpointId endpoint = deliveries.round().id;
    const webhook::PauseReason pause = deliveries.pause();
    auto write = [outcome = deliveries.outcome(context.options.terms, context.random, context.clock.now())](
                     postgres::Desk& desk) { return desk.rounds().finish(outcome); };
    const auto written = co_await context.queries.run(std::move(write));
    const std::string id = to_string(endpoint);
    if (!written || !*written) {
        log::write(log::Level::warning, "webhook_round_not_written", {{"endpoint_id", id}});
    } else if (pause != webhook::PauseReason::none) {
        log::write(log::Level::warning, "webhook_endpoint_paused",
                   {{"endpoint_id", id}, {"reason", webhook::to_string(pause)}});
    }
    --rounds;
    idle.cancel();
}

bool WebhookSender::State::goes_on(const Work& work) const {
    return !is_draining && Steady::now() < work.stop_at && work.deliveries.go_on(context.clock.now());
}

asio::awaitable<void> WebhookSender::State::work_chains(std::shared_ptr<Work> work) {
    Deliveries& deliveries = work->deliveries;
    while (goes_on(*work)) {
        const Deliveries::Chain* chain = deliveries.next_chain();
        if (chain == nullptr) break;
        for (const std::size_t index : *chain) {
            if (!goes_on(*work)) break;
            Posting posting{deliveries.round().url, work->secrets,
                            message_of(deliveries.round().events[index].event)};
            const Attempt attempt = co_await post(std::move(posting));
            deliveries.note(context.options.terms, index, attempt, context.clock.now());
            if (attempt.verdict != Verdict::delivered) break;
        }
    }
    if (--work->running == 0) work->is_over.cancel();
}

asio::awaitable<Attempt> WebhookSender::State::post(Posting posting) {
    const Instant now = context.clock.now();
    Attempt attempt;
    if (posting.secrets.empty()) {
        attempt.error = "secret_unreadable";
        co_return attempt;
    }
    const auto url = http::parse_url(posting.url);
    if (!url) {
        attempt.error = url.error().code;
        co_return attempt;
    }
    http::Request request;
    request.method = "POST";
    request.target = url->target;
    request.headers.set("Content-Type", "application/json");
    request.headers.set("User-Agent", "returngate");
    webhook::add_headers(request.headers, posting.secrets, posting.message, now - context.clock_offset);
    request.body = std::move(posting.message.body);
    const auto deadline = Steady::now() + context.options.timeout;
    const auto answer = co_await client->send(url->origin, std::move(request), deadline);
    attempt = attempt_of(answer, context.clock.now());
    co_return attempt;
}

// Those that open; without any, nothing is sent.
std::vector<webhook::Secret> WebhookSender::State::opened(webhook::EndpointId id,
                                                          const std::vector<std::string>& sealed) const {
    std::vector<webhook::Secret> secrets;
    for (const auto& one : sealed) {
        if (auto secret = context.vault.open(id, one)) secrets.push_back(*std::move(secret));
    }
    if (secrets.size() < sealed.size())
        log::write(log::Level::error, "webhook_secret_unreadable", {{"endpoint_id", to_string(id)}});
    return secrets;
}

WebhookSender::WebhookSender(WebhookContext context) : state_(std::make_unique<State>(std::move(context))) {}
WebhookSender::~WebhookSender() = default;

void WebhookSender::start() {
    has_started_ = true;
    asio::co_spawn(state_->context.io, state_->keep_sending(), asio::detached);
}

void WebhookSender::drain(std::chrono::milliseconds patience) {
    if (!has_started_) return;
    auto drained = state_->drained.get_future();
    asio::post(state_->context.io, [state = state_.get()] {
        state->is_draining = true;
        state->idle.cancel();
    });
    drained.wait_for(patience);
}

asio::awaitable<Result<Attempt>> WebhookSender::test(webhook::EndpointId id) {
    State& state = *state_;
    const Instant now = state.context.clock.now();
    Posting posting;
    posting.message = test_message(id, state.context.random.bytes(), now);
    auto ask = [id, now](postgres::Desk& desk) {
        const auto endpoint = desk.endpoints().find(id, now);
        return std::pair(endpoint ? endpoint->url : std::string(), desk.endpoints().sealed_secrets(id, now));
    };
    auto asked = co_await state.context.queries.run(std::move(ask));
    if (!asked) co_return tl::unexpected<Error>(asked.error());
    if (asked->first.empty())
        co_return fail(ErrorKind::not_found, "endpoint_not_found", "No such webhook endpoint.");
    posting.url = asked->first;
    posting.secrets = state.opened(id, asked->second);
    auto posted = state.post(std::move(posting));
    const Attempt attempt = co_await asio::co_spawn(state.context.io, std::move(posted), asio::use_awaitable);
    co_return attempt;
}

}  // namespace returngate::work
