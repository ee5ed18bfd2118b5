// Dispatch by kind, and the submission of what came out.
#include "gateway/work/calls.hpp"

#include <spdlog/spdlog.h>

#include "gateway/work/courier_calls.hpp"
#include "gateway/work/payout_calls.hpp"
#include "src/returns/conduct.hpp"

namespace asio = boost::asio;

namespace returngate::work {
namespace {

class Counted {
public:
    explicit Counted(std::atomic<std::size_t>& count) : count_(count) { count_.fetch_add(1); }
    ~Counted() { count_.fetch_sub(1); }
    Counted(const Counted&) = delete;
    Counted& operator=(const Counted&) = delete;

private:
    std::atomic<std::size_t>& count_;
};

enum class Call { none, first, repeated };

// Asking what became of a lost answer repeats the call that lost it. Questions that are asked again until the
// courier knows more have a pace of their own (confirm_poll_seconds, questions_per_minute).
Call call_of(const postgres::LeasedJob& job) {
    switch (job.key.kind) {
        case JobKind::resolve_booking: return Call::repeated;
        case JobKind::place_booking:
        case JobKind::move_booking:
        case JobKind::cancel_booking: return job.attempt > 1 ? Call::repeated : Call::first;
        default: return Call::none;
    }
}

bool is_within_retry_budget(const CallContext& context, const postgres::LeasedJob& job) {
    const Call call = call_of(job);
    const CourierOptions* options = context.around.configuration.courier(job.courier.value);
    if (call == Call::none || options == nullptr) return true;
    const auto now = std::chrono::steady_clock::now();
    if (call == Call::repeated) return context.retries.take(job.courier.value, now);
    context.retries.earn(job.courier.value, options->retry_percent, now);
    return true;
}

asio::awaitable<void> submit(CallContext context, JobKey key, pipeline::Submission submission) {
    const auto done = co_await context.around.pipeline.submit(std::move(submission));
    if (done) co_return;
    spdlog::warn("job {} of {} was not taken: {}", to_string(key.kind), to_string(key.return_id),
                 done.error().code);
}

}  // namespace

asio::awaitable<std::optional<Command>> command_of(CallContext context, postgres::LeasedJob job) {
    std::optional<Command> command;
    switch (job.key.kind) {
        case JobKind::place_booking: command = co_await place_booking(context, std::move(job)); break;
        case JobKind::resolve_booking: command = co_await resolve_booking(context, std::move(job)); break;
        case JobKind::cancel_booking: command = co_await cancel_booking(context, std::move(job)); break;
        case JobKind::move_booking: command = co_await move_booking(context, std::move(job)); break;
        case JobKind::confirm_collection:
            command = co_await confirm_collection(context, std::move(job));
            break;
        case JobKind::ask_courier: command = co_await ask_courier(context, std::move(job)); break;
        case JobKind::trace_outbound: command = co_await trace_outbound(context, std::move(job)); break;
        case JobKind::look_at_order:
            command = LookAtOrder{job.key.return_id, OrderId{job.key.subject}};
            break;
        case JobKind::note_conduct: command = conduct_of(job.key.return_id, job.key.subject); break;
        case JobKind::pay: command = co_await pay(context, std::move(job)); break;
        case JobKind::resolve_payout: command = co_await resolve_payout(context, std::move(job)); break;
        default: command = TimerFired{job.key.return_id, job.key.kind, job.key.subject}; break;
    }
    co_return command;
}

asio::awaitable<void> run_job(CallContext context, postgres::LeasedJob job) {
    const JobKey key = job.key;
    if (!is_within_retry_budget(context, job)) {  // leased again later
        spdlog::debug("courier {} has had its share of retries: {} waits", job.courier.value,
                      to_string(key.kind));
        co_return;
    }
    try {
        const Instant started = context.around.clock.now();
        auto command = co_await command_of(context, std::move(job));
        if (!command) co_return;
        pipeline::Submission submission;
        submission.command = std::move(*command);
        submission.received_at = started;
        submission.seed = context.around.random.bytes();
        // Counted before looking: either we see that they close, or they see that we submit.
        const Counted counted(context.submitting);
        if (!context.closing.load()) co_await submit(context, key, std::move(submission));
    } catch (const std::exception& error) {
        spdlog::error("job {} of {} failed: {}", to_string(key.kind), to_string(key.return_id), error.what());
    }
}

}  // namespace returngate::work
