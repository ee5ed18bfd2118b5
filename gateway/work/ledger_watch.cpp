// A thread, a connection, and the checks of ledger verify over and over.
#include "gateway/work/ledger_watch.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <pqxx/pqxx>
#include <spdlog/spdlog.h>
#include <thread>

#include "adapters/postgres/connection.hpp"
#include "adapters/postgres/job_queue.hpp"
#include "adapters/postgres/ledger_checks.hpp"

namespace returngate::work {
namespace {

constexpr int kShareOfTime = 20;

// "" when everything holds.
std::string first_violation(const std::vector<postgres::CheckResult>& results) {
    for (const auto& check : results) {
        if (check.violations == 0) continue;
        return "ledger check " + std::string(check.name) + ": " + std::to_string(check.violations) +
               " violations, the first is " + check.first;
    }
    return {};
}

}  // namespace

struct LedgerWatch::State {
    void run(const std::stop_token& stop);
    void look();
    void wait(const std::stop_token& stop, std::chrono::steady_clock::duration time);
    void break_off();

    std::string dsn;
    const Clock& clock;
    std::chrono::milliseconds between;
    std::mutex mutex;  // of `connection` against break_off()
    std::condition_variable_any woken;
    std::unique_ptr<pqxx::connection> connection;
    std::jthread thread;
};

void LedgerWatch::State::look() {
    try {
        if (!connection) {
            auto made = postgres::connect(dsn);
            const std::lock_guard lock(mutex);
            connection = std::move(made);
        }
        const std::string violation = first_violation(postgres::check_ledger(*connection));
        if (violation.empty()) return;
        spdlog::error("{}; money is halted until a person releases it", violation);
        postgres::JobQueue(dsn).halt_money(violation, clock.now());
    } catch (const std::exception& error) {
        // The database is away, or this is the end: payouts stand still without it too.
        spdlog::warn("the ledger was not checked: {}", error.what());
        const std::lock_guard lock(mutex);
        connection.reset();
    }
}

void LedgerWatch::State::run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        const auto started = std::chrono::steady_clock::now();
        look();
        const auto took = std::chrono::steady_clock::now() - started;
        wait(stop, std::max<std::chrono::steady_clock::duration>(between, took * kShareOfTime));
    }
}

void LedgerWatch::State::wait(const std::stop_token& stop, std::chrono::steady_clock::duration time) {
    std::unique_lock lock(mutex);
    woken.wait_for(lock, stop, time, [&stop] { return stop.stop_requested(); });
}

void LedgerWatch::State::break_off() {
    thread.request_stop();
    const std::lock_guard lock(mutex);
    try {
        if (connection) connection->cancel_query();
    } catch (const std::exception& error) {
        spdlog::warn("a check of the ledger is waited for: {}", error.what());
    }
}

LedgerWatch::LedgerWatch(std::string dsn, const Clock& clock, std::chrono::milliseconds between)
    : state_(new State{std::move(dsn), clock, between, {}, {}, {}, {}}) {
    state_->thread = std::jthread([state = state_.get()](const std::stop_token& stop) { state->run(stop); });
}

LedgerWatch::~LedgerWatch() {
    state_->break_off();
}

}  // namespace returngate::work
