// One committer: takes a batch of submissions through load, claim, decide, save and answers them.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <span>

#include "gateway/pipeline/pipeline.hpp"
#include "gateway/pipeline/working_set.hpp"

namespace returngate::pipeline {

struct Item {
    Submission submission;
    Completion done;
    Result<Committed> outcome = Committed{};  // filled while deciding, handed out after the commit
    std::vector<CaseEvent> events;            // of the decision, for the hooks
};

struct Counters {
    std::atomic<std::uint64_t> batches{0}, commands{0}, refused{0}, stale{0}, violated{0}, in_doubt{0},
        unavailable{0};
};

class Committer {
public:
    Committer(const PipelineOptions& options, const Clock& clock, std::unique_ptr<store::Store> store,
              const std::function<Surroundings(Instant)>& surroundings, const Hooks& hooks,
              Counters& counters);

    // Every item's `done` has been called when this returns.
    void process(std::span<Item> batch);

private:
    // Of the number that a command presents.
    struct Claimed {
        std::optional<ReturnId> owner;
        std::vector<RelatedClaim> related;
    };
    struct Prepared {
        store::Changes changes;
        bool makes_work = false;  // jobs that are due at once
    };
    // Everything but the save. Never throws; `malformed` when something did.
    [[nodiscard]] Result<Prepared> prepare(std::span<Item> batch);
    [[nodiscard]] Result<WorkingSet> load(std::span<Item> batch);
    // Whose number is it: one answer per item that presents a number.
    [[nodiscard]] Result<std::vector<std::optional<ReturnId>>> claim(std::span<Item> batch,
                                                                     const WorkingSet& set, Instant now);
    // What other returns claimed that is like the number which this command's buyer typed in. Asked for
    // these commands only: what couriers report is the busiest path.
    [[nodiscard]] Result<std::vector<RelatedClaim>> find_related(const Command& command,
                                                                 const WorkingSet& set, const Policy& policy);
    // True when the decision made work that is due at once.
    bool decide_item(Item& item, WorkingSet& set, const Claimed& claimed, const Surroundings& around,
                     Instant now);
    [[nodiscard]] store::SaveOutcome save(store::Changes changes);
    void not_prepared(std::span<Item> batch, const Error& error);
    void violated(std::span<Item> batch, const store::SaveOutcome& outcome);
    void halve(std::span<Item> batch);
    void committed(std::span<Item> batch, bool makes_work);
    void answer(std::span<Item> batch);
    static void answer_all(std::span<Item> batch, const Error& error);

    const PipelineOptions& options_;
    const Clock& clock_;
    std::unique_ptr<store::Store> store_;
    const std::function<Surroundings(Instant)>& surroundings_;
    const Hooks& hooks_;
    Counters& counters_;
};

}  // namespace returngate::pipeline
