// Bounded queues in front of the committers, and the coroutine's way in.
#include "gateway/pipeline/pipeline.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "gateway/pipeline/committer.hpp"

namespace asio = boost::asio;

namespace returngate::pipeline {
namespace {

// Whatever has queued while the last commit ran is the next batch.
class Lane {
public:
    bool push(Item&& item, std::size_t limit) {
        {
            const std::lock_guard lock(mutex_);
            if (is_closed_ || items_.size() >= limit) return false;
            items_.push_back(std::move(item));
        }
        ready_.notify_one();
        return true;
    }

    // Empty when the lane is closed and drained.
    std::vector<Item> take(std::size_t most) {
        std::unique_lock lock(mutex_);
        ready_.wait(lock, [this] { return is_closed_ || !items_.empty(); });
        std::vector<Item> batch;
        batch.reserve(std::min(most, items_.size()));
        while (!items_.empty() && batch.size() < most) {
            batch.push_back(std::move(items_.front()));
            items_.pop_front();
        }
        return batch;
    }

    void close() {
        {
            const std::lock_guard lock(mutex_);
            is_closed_ = true;
        }
        ready_.notify_all();
    }

    std::size_t size() const {
        const std::lock_guard lock(mutex_);
        return items_.size();
    }

private:
    mutable std::mutex mutex_;
    std::condition_variable ready_;
    std::deque<Item> items_;
    bool is_closed_ = false;
};

}  // namespace

struct CommitPipeline::State {
    PipelineOptions options;
    std::function<Surroundings(Instant)> surroundings;
    Hooks hooks;
    Counters counters;
    std::vector<std::unique_ptr<Lane>> lanes;
    std::vector<std::jthread> threads;

    // On one node a batch spans cells; a command's committer is chosen by its cell, so conflicts on a
    // case or a credit line happen only between processes. The one place to change for a database
    // that is distributed by cell.
    Lane& lane_of(const Command& command) { return *lanes[cell_of(command) % lanes.size()]; }
};

CommitPipeline::CommitPipeline(PipelineOptions options, const Clock& clock,
                               std::function<std::unique_ptr<store::Store>()> make_store,
                               std::function<Surroundings(Instant)> surroundings, Hooks hooks)
    : state_(std::make_shared<State>()) {
    state_->options = options;
    state_->surroundings = std::move(surroundings);
    state_->hooks = std::move(hooks);
    for (int i = 0; i < options.committers; ++i) state_->lanes.push_back(std::make_unique<Lane>());
    for (auto& lane : state_->lanes) {
        state_->threads.emplace_back(
            [state = state_.get(), lane = lane.get(), &clock, store = make_store()]() mutable {
                Committer committer(state->options, clock, std::move(store), state->surroundings,
                                    state->hooks, state->counters);
                for (auto batch = lane->take(state->options.batch); !batch.empty();
                     batch = lane->take(state->options.batch)) {
                    committer.process(batch);
                }
            });
    }
}

CommitPipeline::~CommitPipeline() {
    for (auto& lane : state_->lanes) lane->close();
    state_->threads.clear();  // joins
}

bool CommitPipeline::try_submit(Submission submission, Completion done) {
    Lane& lane = state_->lane_of(submission.command);
    return lane.push(Item{std::move(submission), std::move(done), Committed{}, {}}, state_->options.queue);
}

asio::awaitable<Result<Committed>> CommitPipeline::submit(Submission submission) {
    auto executor = co_await asio::this_coro::executor;
    auto initiate = [this, executor](auto handler, Submission taken) {
        // Completion is copyable, a completion handler is not: it travels by shared pointer.
        auto shared = std::make_shared<decltype(handler)>(std::move(handler));
        auto resume = [executor, shared](Result<Committed> outcome) {
            asio::post(executor,
                       [shared, outcome = std::move(outcome)]() mutable { (*shared)(std::move(outcome)); });
        };
        if (!try_submit(std::move(taken), resume)) {
            resume(fail(ErrorKind::unavailable, "queue_full", "Too many requests are waiting; try again."));
        }
    };
    using Signature = void(Result<Committed>);
    auto result = co_await asio::async_initiate<const asio::use_awaitable_t<>, Signature>(
        initiate, asio::use_awaitable, std::move(submission));
    co_return result;
}

Statistics CommitPipeline::statistics() const {
    const Counters& counters = state_->counters;
    Statistics statistics;
    statistics.batches = counters.batches;
    statistics.commands = counters.commands;
    statistics.refused = counters.refused;
    statistics.stale = counters.stale;
    statistics.violated = counters.violated;
    statistics.in_doubt = counters.in_doubt;
    statistics.unavailable = counters.unavailable;
    for (const auto& lane : state_->lanes) statistics.queued += lane->size();
    return statistics;
}

}  // namespace returngate::pipeline
