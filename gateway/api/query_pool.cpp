// A timer is the meeting point: the pool's thread posts the outcome and cancels it, or it runs out.
#include "gateway/api/query_pool.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

namespace asio = boost::asio;

namespace returngate::api {
namespace {

using Clock = std::chrono::steady_clock;

// Touched on the caller's executor only, but for `work`.
struct Question {
    Question(const asio::any_io_executor& executor, Clock::time_point until)
        : timer(executor, until), deadline(until) {}

    asio::steady_timer timer;
    Clock::time_point deadline;
    std::function<void(postgres::Desk&)> work;
    std::optional<Result<void>> outcome;
};

void answer(const std::shared_ptr<Question>& question, Result<void> outcome) {
    asio::post(question->timer.get_executor(), [question, outcome = std::move(outcome)]() mutable {
        question->outcome = std::move(outcome);
        question->timer.cancel();
    });
}

}  // namespace

struct QueryPool::State {
    QueryPoolOptions options;
    std::string dsn;
    mutable std::mutex mutex;
    std::condition_variable woken;
    std::deque<std::shared_ptr<Question>> queue;
    bool is_stopping = false;
    std::vector<std::jthread> threads;

    [[nodiscard]] bool add(std::shared_ptr<Question> question) {
        {
            const std::lock_guard lock(mutex);
            if (is_stopping || queue.size() >= options.queue) return false;
            queue.push_back(std::move(question));
        }
        woken.notify_one();
        return true;
    }

    [[nodiscard]] std::shared_ptr<Question> take() {
        std::unique_lock lock(mutex);
        woken.wait(lock, [this] { return is_stopping || !queue.empty(); });
        if (queue.empty()) return nullptr;
        auto question = std::move(queue.front());
        queue.pop_front();
        return question;
    }

    void answer_questions() {
        postgres::Desk desk(dsn);
        while (auto question = take()) {
            if (Clock::now() >= question->deadline) continue;  // nobody waits any more
            answer(question, desk.run(question->work));
        }
    }
};

QueryPool::QueryPool(QueryPoolOptions options, std::string dsn) : state_(std::make_shared<State>()) {
    state_->options = options;
    state_->dsn = std::move(dsn);
    for (int i = 0; i < options.threads; ++i) {
        state_->threads.emplace_back([state = state_.get()] { state->answer_questions(); });
    }
}

QueryPool::~QueryPool() {
    {
        const std::lock_guard lock(state_->mutex);
        state_->is_stopping = true;
        state_->queue.clear();
    }
    state_->woken.notify_all();
    state_->threads.clear();
}

asio::awaitable<Result<void>> QueryPool::run_erased(Work work) {
    const auto executor = co_await asio::this_coro::executor;
    auto question = std::make_shared<Question>(executor, Clock::now() + state_->options.deadline);
    question->work = std::move(work);
    if (!state_->add(question)) {
        co_return fail(ErrorKind::unavailable, "query_queue_full",
                       "Too many questions are waiting for the database.");
    }
    constexpr auto token = asio::as_tuple(asio::use_awaitable);
    co_await question->timer.async_wait(token);
    if (question->outcome) co_return *question->outcome;
    co_return fail(ErrorKind::unavailable, "query_deadline", "The database did not answer in time.");
}

std::size_t QueryPool::waiting() const {
    const std::lock_guard lock(state_->mutex);
    return state_->queue.size();
}

}  // namespace returngate::api
