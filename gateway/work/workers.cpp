// The leasing thread and the calling thread.
#include "gateway/work/workers.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <condition_variable>
#include <mutex>
#include <spdlog/spdlog.h>
#include <thread>

#include "adapters/postgres/connection.hpp"
#include "adapters/postgres/job_queue.hpp"
#include "gateway/pipeline/plant.hpp"
#include "gateway/work/calls.hpp"
#include "gateway/work/courier_places.hpp"

namespace asio = boost::asio;

namespace returngate::work {
namespace {

// Jobs that share places, the most urgent first.
struct Desk {
    std::vector<JobKind> kinds;
    std::size_t places = 1;
    bool calls_couriers = false;
    std::atomic<std::size_t> taken{0};
};
constexpr std::size_t kDesks = 4;
constexpr std::size_t kTimerPlaces = 64;  // these wait for the database only

// Every clock, and what only reads.
std::vector<JobKind> wake_ups() {
    std::vector<JobKind> kinds{JobKind::look_at_order, JobKind::note_conduct};
    for (std::size_t i = 0; i < kJobKinds; ++i) {
        if (is_timer(static_cast<JobKind>(i))) kinds.push_back(static_cast<JobKind>(i));
    }
    return kinds;
}

std::array<Desk, kDesks> make_desks(const WorkerOptions& options) {
    auto places = [](int configured) { return static_cast<std::size_t>(std::max(1, configured)); };
    return {Desk{{JobKind::pay, JobKind::resolve_payout}, places(options.payout_concurrency)},
            Desk{{JobKind::confirm_collection}, places(options.confirm_concurrency), true},
            Desk{{JobKind::place_booking, JobKind::resolve_booking, JobKind::cancel_booking,
                  JobKind::move_booking, JobKind::ask_courier, JobKind::trace_outbound},
                 places(options.courier_concurrency),
                 true},
            Desk{wake_ups(), kTimerPlaces}};
}

}  // namespace

struct Workers::State {
    explicit State(WorkersContext given);

    void lease_loop();
    bool lease_all(postgres::JobQueue& queue);
    std::size_t lease_for(Desk& desk, postgres::JobQueue& queue);
    void look_at_halt(postgres::JobQueue& queue);
    void set_halted(bool halted);
    void wait_for_work();
    void kick();
    [[nodiscard]] std::size_t under_way() const;
    asio::awaitable<void> run(Desk& desk, postgres::LeasedJob job);

    WorkersContext context;
    std::array<Desk, kDesks> desks;
    CourierPlaces courier_places;
    asio::io_context io{1};
    std::unique_ptr<http::Client> client;
    asio::executor_work_guard<asio::io_context::executor_type> guard;
    std::function<void(std::string reason)> halt_money;
    QuestionBudget questions;  // of the calling thread
    RetryBudget retries;       // likewise
    std::atomic<std::size_t> submitting{0};
    std::atomic<bool> is_closing{false};
    std::mutex mutex;
    std::condition_variable woken;
    bool is_kicked = false;
    bool is_stopping = false;
    std::string halt_reason;  // of a halt that is not stored yet
    // Of the leasing thread.
    bool is_halted = false;
    std::chrono::steady_clock::time_point halt_checked{};
    Instant last_due{};
    std::jthread caller;
    std::jthread leaser;
};

Workers::State::State(WorkersContext given)
    : context(std::move(given)),
      desks(make_desks(context.configuration.workers)),
      courier_places(context.configuration.couriers),
      client(context.make_client ? context.make_client(io) : http::make_client(io, {})),
      guard(io.get_executor()) {
    halt_money = [this](std::string reason) {
        {
            const std::lock_guard lock(mutex);
            halt_reason = std::move(reason);
        }
        kick();
    };
}

asio::awaitable<void> Workers::State::run(Desk& desk, postgres::LeasedJob job) {
    const CallContext call{context, *client, halt_money, submitting, is_closing, questions, retries};
    const CourierCode courier = job.courier;
    co_await run_job(call, std::move(job));
    // Jobs may be due that found no place.
    const bool courier_was_full = desk.calls_couriers && courier_places.leave(courier);
    if (desk.taken.fetch_sub(1) == desk.places || courier_was_full) kick();
}

std::size_t Workers::State::under_way() const {
    std::size_t sum = 0;
    for (const auto& desk : desks) sum += desk.taken.load();
    return sum;
}

// A halt that one of our calls asked for is stored first; then the stored word counts.
void Workers::State::look_at_halt(postgres::JobQueue& queue) {
    std::string reason;
    {
        const std::lock_guard lock(mutex);
        reason = halt_reason;
    }
    const auto steady = std::chrono::steady_clock::now();
    if (reason.empty() && steady - halt_checked <= std::chrono::seconds(1)) return;
    if (!reason.empty()) {
        spdlog::error("money is halted: {}", reason);
        set_halted(true);  // whether or not it can be stored
        queue.halt_money(reason, context.clock.now());
        const std::lock_guard lock(mutex);
        if (halt_reason == reason) halt_reason.clear();
    }
    set_halted(queue.money_halted());
    halt_checked = steady;
}

void Workers::State::set_halted(bool halted) {
    if (halted != is_halted && context.on_money_halt) context.on_money_halt(halted);
    is_halted = halted;
}

std::size_t Workers::State::lease_for(Desk& desk, postgres::JobQueue& queue) {
    const std::size_t taken = desk.taken.load();
    if (taken >= desk.places) return 0;
    postgres::LeaseTerms terms;
    terms.now = context.clock.now();
    terms.most = desk.places - taken;
    terms.payouts_halted = is_halted;
    terms.kinds = desk.kinds;
    // What a breaker stops ends without a call, so that the next courier is asked: nobody waits for its
    // places.
    const auto not_called = context.breakers.open_ones();
    if (desk.calls_couriers) terms.without = courier_places.full(not_called);
    auto jobs = queue.lease(terms);
    if constexpr (kPlant == kPlantOutboxByLastId) {
        std::erase_if(jobs, [this](const postgres::LeasedJob& job) { return job.due_at < last_due; });
        for (const auto& job : jobs) last_due = std::max(last_due, job.due_at);
    }
    if (desk.calls_couriers) {
        const auto surplus = courier_places.take(jobs, not_called);
        if (!surplus.empty()) queue.hand_back(surplus);
    }
    desk.taken.fetch_add(jobs.size());
    for (auto& job : jobs) asio::co_spawn(io, run(desk, std::move(job)), asio::detached);
    return jobs.size();
}

// Whether anything was leased: more may be due.
bool Workers::State::lease_all(postgres::JobQueue& queue) {
    look_at_halt(queue);
    std::size_t leased = 0;
    for (auto& desk : desks) leased += lease_for(desk, queue);
    return leased > 0;
}

void Workers::State::wait_for_work() {
    std::unique_lock lock(mutex);
    woken.wait_for(lock, context.configuration.workers.poll, [this] { return is_kicked || is_stopping; });
    is_kicked = false;
}

void Workers::State::kick() {
    {
        const std::lock_guard lock(mutex);
        is_kicked = true;
    }
    woken.notify_one();
}

void Workers::State::lease_loop() {
    postgres::JobQueue queue(context.configuration.database.dsn);
    while (true) {
        {
            const std::lock_guard lock(mutex);
            if (is_stopping) return;
        }
        try {
            if (lease_all(queue)) continue;
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
    while (state_->under_way() > 0 && std::chrono::steady_clock::now() < deadline) {
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    // The pipeline answers what it has taken by posting to `io`, so `io` has to be there until then.
    state_->is_closing = true;
    while (state_->submitting.load() > 0) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    state_->io.stop();
    state_->caller.join();
}

void Workers::kick() {
    state_->kick();
}

std::size_t Workers::under_way() const {
    return state_->under_way();
}

}  // namespace returngate::work
