// The one way state changes: queued commands are taken in batches, loaded, decided, saved in one
// transaction, and only then answered.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <vector>

#include "adapters/store/store.hpp"
#include "gateway/pipeline/ports.hpp"
#include "gateway/pipeline/submission.hpp"

namespace returngate::pipeline {

struct PipelineOptions {
    int committers = 2;
    std::size_t batch = 256;   // the most commands in one transaction
    std::size_t queue = 8192;  // per committer; past it submissions are refused
    int attempts = 20;         // of a batch that keeps losing its versions
};

// Read-only surroundings of every decision; may be replaced while running.
struct Surroundings {
    std::shared_ptr<const Policy> policy;
    std::vector<CourierCode> open_breakers;
    std::shared_ptr<const std::vector<CourierRecord>> records{};  // null: none are known yet
    std::shared_ptr<const std::vector<CourierQuote>> quotes{};    // the same
};

struct Statistics {  // monotonic, for /metrics
    std::uint64_t batches = 0;
    std::uint64_t commands = 0;
    std::uint64_t refused = 0;
    std::uint64_t stale = 0;
    std::uint64_t violated = 0;
    std::uint64_t in_doubt = 0;
    std::uint64_t unavailable = 0;
    std::size_t queued = 0;
};

// Called from a committer's thread, after the commit; must return at once.
struct Hooks {
    std::function<void()> on_jobs;                   // the commit made jobs that are due
    std::function<void(const CaseEvent&)> on_event;  // for metrics; each committed event once
};

class CommitPipeline {
public:
    // Each committer thread makes its own store.
    CommitPipeline(PipelineOptions options, const Clock& clock,
                   std::function<std::unique_ptr<store::Store>()> make_store,
                   std::function<Surroundings(Instant)> surroundings, Hooks hooks);
    // Finishes what is queued, then joins.
    ~CommitPipeline();

    // False when the queue is full: nothing was taken. `done` is called exactly once, from a
    // committer's thread, after the commit.
    [[nodiscard]] bool try_submit(Submission submission, Completion done);

    // Resumes on the caller's executor. A full queue is `unavailable` with code queue_full.
    [[nodiscard]] boost::asio::awaitable<Result<Committed>> submit(Submission submission);

    [[nodiscard]] Statistics statistics() const;

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace returngate::pipeline
