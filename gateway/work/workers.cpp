// The leasing thread and the calling thread.
#include "gateway/work/workers.hpp"

#include <spdlog/spdlog.h>

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "adapters/postgres/connection.hpp"
#include "adapters/postgres/job_queue.hpp"
#include "gateway/work/calls.hpp"

namespace asio = boost::asio;

namespace returngate::work {

struct Workers::State {
    explicit State(WorkersContext given)
        : context(std::move(given)), client(http::make_client(io, {})), guard(io.get_executor()) {}

    void lease_loop();
    std::size_t lease_once(postgres::JobQueue& queue);
    void wait_for_work();
    asio::awaitable<void> run(postgres::LeasedJob job);

    WorkersContext context;
    asio::io_context io{1};
    std::unique_ptr<http::Client> client;
    asio::executor_work_guard<asio::io_context::executor_type> guard;
    std::atomic<std::size_t> under_way{0};
    std::mutex mutex;
    std::condition_variable woken;
    bool is_kicked = false;
    bool is_stopping = false;
    bool is_halted = false;
    std::chrono::steady_clock::time_point halt_checked{};
    std::jthread caller;
    std::jthread leaser;
};

asio::awaitable<void> Workers::State::run(postgres::LeasedJob job) {
    const CallContext call{context, *client};
    co_await run_job(call, std::move(job));
    under_way.fetch_sub(1);
    woken.notify_one();
}

// How many jobs were leased; a full lease means that more are due.
std::size_t Workers::State::lease_once(postgres::JobQueue& queue) {
    const auto& options = context.configuration.workers;
    const auto most = static_cast<std::size_t>(options.courier_concurrency + options.payout_concurrency +
                                               options.confirm_concurrency);
    const std::size_t busy = under_way.load();
    if (busy >= most) return 0;
    const auto steady = std::chrono::steady_clock::now();
    if (steady - halt_checked > std::chrono::seconds(1)) {
        const bool halted = queue.money_halted();
        if (halted != is_halted && context.on_money_halt) context.on_money_halt(halted);
        is_halted = halted;
        halt_checked = steady;
    }
    postgres::LeaseTerms terms;
    terms.now = context.clock.now();
    terms.most = most - busy;
    terms.payouts_halted = is_halted;
    auto jobs = queue.lease(terms);
    under_way.fetch_add(jobs.size());
    for (auto& job : jobs) asio::co_spawn(io, run(std::move(job)), asio::detached);
    return jobs.size();
}

void Workers::State::wait_for_work() {
    std::unique_lock lock(mutex);
    woken.wait_for(lock, context.configuration.workers.poll, [this] { return is_kicked || is_stopping; });
    is_kicked = false;
}

void Workers::State::lease_loop() {
    postgres::JobQueue queue(context.configuration.database.dsn);
    while (true) {
        {
            const std::lock_guard lock(mutex);
            if (is_stopping) return;
        }
        try {
            if (lease_once(queue) > 0) continue;
        } catch (...) {
            spdlog::warn("jobs cannot be leased: {}", postgres::explain_current_exception().detail);
            queue.reset();
        }
        wait_for_work();
    }
}

Workers::Workers(WorkersContext context) : state_(std::make_unique<State>(std::move(context))) {
    State* state = state_.get();
    state->caller = std::jthread([state] { state->io.run(); });
    state->leaser = std::jthread([state] { state->lease_loop(); });
}

Workers::~Workers() {
    {
        const std::lock_guard lock(state_->mutex);
        state_->is_stopping = true;
    }
    state_->woken.notify_all();
    state_->leaser.join();
    const auto deadline = std::chrono::steady_clock::now() + state_->context.configuration.drain;
    while (state_->under_way.load() > 0 && std::chrono::steady_clock::now() < deadline) {
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    state_->io.stop();
    state_->caller.join();
}

void Workers::kick() {
    {
        const std::lock_guard lock(state_->mutex);
        state_->is_kicked = true;
    }
    state_->woken.notify_one();
}

std::size_t Workers::under_way() const { return state_->under_way.load(); }

}  // namespace returngate::work
