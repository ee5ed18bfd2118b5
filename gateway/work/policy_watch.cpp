// A version is parsed once, whether it is understood or not.
#include "gateway/work/policy_watch.hpp"

#include <condition_variable>
#include <mutex>
#include <spdlog/spdlog.h>
#include <stdexcept>
#include <thread>

#include "adapters/postgres/read/desk.hpp"

namespace returngate::work {
namespace {

constexpr std::chrono::seconds kBetween{1};

}  // namespace

struct PolicyWatch::State {
    State(const Configuration& with, PolicyBook& into)
        : couriers(with.policy.couriers), book(into), desk(with.database.dsn) {}

    [[nodiscard]] Result<void> look();
    void take(const postgres::PolicyVersion& stored);
    void run(const std::stop_token& stop);

    std::vector<CourierTerms> couriers;
    PolicyBook& book;
    postgres::Desk desk;
    std::vector<int> known;
    std::mutex waiting;
    std::condition_variable_any woken;
    std::jthread thread;
};

void PolicyWatch::State::take(const postgres::PolicyVersion& stored) {
    known.push_back(stored.version);
    auto version = read_policy(stored);
    if (!version) {
        spdlog::error("a policy of the database is not understood and stays without effect here: {}",
                      version.error().message);
        return;
    }
    version->rules.policy.couriers = couriers;
    book.add(*std::move(version));
    spdlog::info("policy {} takes effect at {}", stored.version, format_rfc3339(*stored.effective_at));
}

Result<void> PolicyWatch::State::look() {
    return desk.run([this](postgres::Desk& on) {
        for (const auto& stored : on.policies().approved_besides(known)) take(stored);
    });
}

void PolicyWatch::State::run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        std::unique_lock lock(waiting);
        woken.wait_for(lock, stop, kBetween, [&stop] { return stop.stop_requested(); });
        if (stop.stop_requested()) return;
        const auto looked = look();
        if (!looked) spdlog::warn("policies were not looked at: {}", looked.error().message);
    }
}

PolicyWatch::PolicyWatch(const Configuration& configuration, const Clock& clock, PolicyBook& book)
    : state_(std::make_unique<State>(configuration, book)) {
    const auto seeded = state_->desk.run(
        [&](postgres::Desk& on) { on.policies().seed(configuration.policy_text, clock.now()); });
    const auto looked = seeded ? state_->look() : seeded;
    if (!looked) throw std::runtime_error("the policies cannot be read: " + looked.error().message);
    if (!book.at(clock.now())) throw std::runtime_error("no policy of the database is in force; see the log");
    state_->thread = std::jthread([state = state_.get()](const std::stop_token& stop) { state->run(stop); });
}

PolicyWatch::~PolicyWatch() = default;

}  // namespace returngate::work
