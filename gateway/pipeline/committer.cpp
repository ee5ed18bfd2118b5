// The batch's way, and what each failure of it means.
#include "gateway/pipeline/committer.hpp"

#include <algorithm>
#include <chrono>
#include <spdlog/spdlog.h>
#include <thread>

#include "gateway/pipeline/plant.hpp"

namespace returngate::pipeline {
namespace {

store::IdempotencyKey key_of(const Submission& submission) {
    return {cell_of(submission.command), submission.idempotency->key_id, submission.idempotency->key};
}

// What customer service ruled is read where it may matter.
bool reads_rulings(const Command& command) {
    const auto* timer = std::get_if<TimerFired>(&command);
    return (timer != nullptr && timer->kind == JobKind::appeal_deadline) ||
           std::holds_alternative<Intervene>(command) || std::holds_alternative<Adjudicate>(command) ||
           std::holds_alternative<Appeal>(command) || std::holds_alternative<DecideAppeal>(command) ||
           std::holds_alternative<AddEvidence>(command) || std::holds_alternative<Withdraw>(command);
}

void add_buyer(const BuyerId& buyer, store::LoadRequest& request) {
    request.buyers.push_back(buyer);
    request.standings.push_back(buyer);
}

// Of a command about a return: the return, and what else it changes.
template <class AboutAReturn>
void add_keys_of(const AboutAReturn& command, store::LoadRequest& request) {
    request.returns.push_back(command.id);
    if constexpr (requires { command.buyer; }) add_buyer(command.buyer, request);
    if constexpr (requires { command.received; }) {
        if (!command.received.empty()) request.orders.emplace_back(command.id.cell(), command.order);
    }
}

void add_keys(const Submission& submission, store::LoadRequest& request) {
    const Command& command = submission.command;
    if (reads_rulings(command)) {
        std::visit(
            [&](const auto& about_a_return) {
                if constexpr (requires { about_a_return.id; }) request.ruled.push_back(about_a_return.id);
            },
            command);
    }
    if (const auto* report = std::get_if<CourierReported>(&command)) {
        request.bookings.push_back(report->reference);
    } else if (const auto* put = std::get_if<PutOrder>(&command)) {
        request.orders.emplace_back(cell_of(command), put->order.id);
    } else if (const auto* set = std::get_if<SetTrust>(&command)) {
        add_buyer(set->buyer, request);
    } else if (const auto* apply = std::get_if<ApplyForReturn>(&command)) {
        request.after_sales.emplace_back(cell_of(command), apply->after_sale);
        request.orders.emplace_back(cell_of(command), apply->order);
        request.buyers.push_back(apply->buyer);
    } else if (const auto* look = std::get_if<LookAtOrder>(&command)) {
        request.returns.push_back(look->id);
        request.orders.emplace_back(cell_of(command), look->order);
    } else {
        std::visit(
            [&](const auto& about_a_return) {
                if constexpr (requires { about_a_return.id; }) add_keys_of(about_a_return, request);
            },
            command);
    }
    for (const auto& row : submission.inbox) request.inbox.push_back(row.key);
    if (submission.idempotency) request.idempotency.push_back(key_of(submission));
}

// The numbers that a command presents for a booking of this case and that are new to it. A report proved
// by nothing but its URL claims none: whoever has the URL could take a number from the return it belongs to.
std::vector<ClaimKey> presented_numbers(const Command& command, const CaseFile& file) {
    std::vector<ClaimKey> keys;
    if (const auto* typed = std::get_if<ShipYourself>(&command)) {
        const bool is_expected = file.case_.status == CaseStatus::awaiting_parcel && file.case_.version != 0;
        if (auto key = claim_key(typed->courier.value, typed->waybill); key && is_expected)
            keys.push_back(std::move(*key));
        return keys;
    }
    if (const auto* answer = std::get_if<BookingAnswered>(&command)) {
        const Booking* booking = file.booking(answer->reference);
        if (booking == nullptr || !answer->waybill) return keys;
        const auto courier = answer->carrying_courier.empty() ? booking->number_courier()
                                                              : std::string_view(answer->carrying_courier);
        if (auto key = claim_key(courier, *answer->waybill)) keys.push_back(std::move(*key));
    } else if (const auto* report = std::get_if<CourierReported>(&command)) {
        const Booking* booking = file.booking(report->reference);
        if (booking == nullptr || report->proof == Proof::secret_url) return keys;
        for (const auto& event : report->events) {
            if (!event.waybill || *event.waybill == booking->waybill) continue;
            auto key = claim_key(booking->number_courier(), *event.waybill);
            const bool is_new = key && key->number != booking->waybill && std::ranges::count(keys, *key) == 0;
            if (is_new) keys.push_back(std::move(*key));
        }
    }
    return keys;
}

constexpr int kTwinAttempts = 2;

Error unavailable(const std::string& code, const std::string& message) {
    return Error{ErrorKind::unavailable, code, message};
}

// Losers of a race come back at different times.
void back_off(int attempt) {
    const auto step = std::chrono::microseconds(500) * (1 << std::min(attempt, 7));
    const auto jitter = std::hash<std::thread::id>{}(std::this_thread::get_id()) % 7 + 1;
    std::this_thread::sleep_for(step * jitter / 4);
}

}  // namespace

Committer::Committer(const PipelineOptions& options, const Clock& clock, std::unique_ptr<store::Store> store,
                     const std::function<Surroundings(Instant)>& surroundings, const Hooks& hooks,
                     Counters& counters)
    : options_(options),
      clock_(clock),
      store_(std::move(store)),
      surroundings_(surroundings),
      hooks_(hooks),
      counters_(counters) {}

Result<WorkingSet> Committer::load(std::span<Item> batch) {
    store::LoadRequest request;
    for (const auto& item : batch) add_keys(item.submission, request);
    auto loaded = store_->load(request);
    if (!loaded) return tl::unexpected(loaded.error());
    return WorkingSet(std::move(*loaded));
}

// A command that presents several numbers is answered for all of them: one that belongs to another
// return decides.
Result<std::vector<std::optional<ReturnId>>> Committer::claim(std::span<Item> batch, const WorkingSet& set,
                                                              Instant now) {
    std::vector<std::optional<ReturnId>> owners(batch.size());
    std::vector<store::ClaimRequest> requests;
    std::vector<std::size_t> asked;
    for (std::size_t i = 0; i < batch.size(); ++i) {
        const Command& command = batch[i].submission.command;
        if (!std::holds_alternative<CourierReported>(command) &&
            !std::holds_alternative<BookingAnswered>(command) &&
            !std::holds_alternative<ShipYourself>(command)) {
            continue;
        }
        const CaseFile file = set.file_for(command);
        for (auto& key : presented_numbers(command, file)) {
            requests.push_back({std::move(key), file.case_.id, now});
            asked.push_back(i);
        }
    }
    if (requests.empty()) return owners;
    const auto answers = store_->claim(requests);
    if (!answers) return tl::unexpected(answers.error());
    for (std::size_t i = 0; i < asked.size(); ++i) {
        auto& owner = owners[asked[i]];
        if (!owner || *owner == requests[i].return_id) owner = (*answers)[i];
    }
    return owners;
}

Result<std::vector<RelatedClaim>> Committer::find_related(const Command& command, const WorkingSet& set,
                                                          const Policy& policy) {
    if (!std::holds_alternative<ShipYourself>(command)) return std::vector<RelatedClaim>{};
    const auto typed = presented_numbers(command, set.file_for(command));
    if (typed.empty()) return std::vector<RelatedClaim>{};
    return store_->find_claims(related_keys(typed.front(), policy.typed_numbers.neighbour_distance));
}

bool Committer::decide_item(Item& item, WorkingSet& set, const Claimed& claimed, const Surroundings& around,
                            Instant now) {
    Submission& submission = item.submission;
    Committed committed;
    item.events.clear();
    if (submission.idempotency) {
        if (const auto* stored = set.answer(key_of(submission))) {
            if (stored->fingerprint != submission.idempotency->fingerprint) {
                item.outcome = fail(ErrorKind::conflict, "idempotency_key_reused",
                                    "This Idempotency-Key was used with another request.");
                return false;
            }
            item.outcome = Committed{{stored->status, stored->body}, true, 0};
            return false;
        }
    }
    Command command = submission.command;
    std::vector<store::InboxRow> inbox;
    if (auto* report = std::get_if<CourierReported>(&command)) {
        auto unseen = set.unseen(*report, submission.inbox);
        committed.conflicting_repeats = unseen.conflicting_repeats;
        report->events = std::move(unseen.events);
        inbox = std::move(unseen.rows);
        if (report->events.empty() && report->attempt == 0) {
            item.outcome = std::move(committed);
            return false;
        }
    }
    const CaseFile before = set.file_for(command);
    Situation situation{*around.policy,  now,           submission.received_at,
                        submission.seed, claimed.owner, around.open_breakers};
    situation.related_claims = claimed.related;
    if (around.records) situation.records = *around.records;
    if (around.quotes) situation.quotes = *around.quotes;
    auto decision = decide(before, command, situation);
    if (!decision) {
        counters_.refused.fetch_add(1, std::memory_order_relaxed);
        item.outcome = tl::unexpected(decision.error());
        return false;
    }
    if (submission.render) committed.answer = submission.render(*decision);
    if (submission.idempotency) {
        set.remember({key_of(submission), submission.idempotency->fingerprint, committed.answer.status,
                      committed.answer.body});
    }
    item.events = decision->events;
    const bool makes_work = std::ranges::any_of(
        decision->jobs, [&](const JobChange& job) { return job.due_at && *job.due_at <= now; });
    set.apply(before, std::move(*decision), submission, std::move(inbox), now);
    item.outcome = std::move(committed);
    return makes_work;
}

Result<Committer::Prepared> Committer::prepare(std::span<Item> batch) try {
    const Instant now = clock_.now();
    auto set = load(batch);
    if (!set) return tl::unexpected(set.error());
    const auto owners = claim(batch, *set, now);
    if (!owners) return tl::unexpected(owners.error());
    const Surroundings around = surroundings_(now);
    Prepared prepared;
    for (std::size_t i = 0; i < batch.size(); ++i) {
        auto related = find_related(batch[i].submission.command, *set, *around.policy);
        if (!related) return tl::unexpected(related.error());
        const Claimed claimed{(*owners)[i], std::move(*related)};
        prepared.makes_work = decide_item(batch[i], *set, claimed, around, now) || prepared.makes_work;
    }
    prepared.changes = set->take_changes(now);
    return prepared;
} catch (const std::exception& error) {
    spdlog::error("a batch of {} commands cannot be decided: {}", batch.size(), error.what());
    return fail(ErrorKind::malformed, "internal_error", "The command cannot be decided.");
}

void Committer::process(std::span<Item> batch) {
    for (int attempt = 0; attempt < options_.attempts; ++attempt) {
        auto prepared = prepare(batch);
        if (!prepared) return not_prepared(batch, prepared.error());
        if constexpr (kPlant == kPlantAckBeforeCommit) answer(batch);
        const auto saved = save(std::move(prepared->changes));
        switch (saved.kind) {
            case store::SaveOutcome::Kind::committed: return committed(batch, prepared->makes_work);
            case store::SaveOutcome::Kind::stale:
                counters_.stale.fetch_add(1, std::memory_order_relaxed);
                break;
            case store::SaveOutcome::Kind::violated:
                // Alone, it may have met its own twin in another process: decided again, it finds it.
                if (batch.size() > 1 || attempt >= kTwinAttempts) return violated(batch, saved);
                break;
            case store::SaveOutcome::Kind::unavailable:
                return not_prepared(batch,
                                    unavailable("database_unavailable", "The database is not available."));
            case store::SaveOutcome::Kind::in_doubt:
                // Mostly "committed": the same commands run again find what they made, under the same ids.
                counters_.in_doubt.fetch_add(1, std::memory_order_relaxed);
                if constexpr (kPlant == kPlantInDoubtIsFailure) {
                    return answer_all(batch,
                                      Error{ErrorKind::rejected, "commit_failed", "The commit failed."});
                }
                break;
        }
        back_off(attempt);
    }
    answer_all(batch, unavailable("too_contended", "The case is being changed by many at once."));
}

store::SaveOutcome Committer::save(store::Changes changes) {
    if constexpr (kPlant == kPlantOutboxInSecondTransaction) {
        store::Changes jobs;
        std::swap(jobs.jobs, changes.jobs);
        std::swap(jobs.first_jobs, changes.first_jobs);
        const auto first = store_->save(changes);
        if (first.kind != store::SaveOutcome::Kind::committed) return first;
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        changes = std::move(jobs);
    }
    if (changes.empty()) return {store::SaveOutcome::Kind::committed, {}, {}};
    return store_->save(changes);
}

// An absent database is so for all; what else cannot be loaded or decided is one command's fault.
void Committer::not_prepared(std::span<Item> batch, const Error& error) {
    const bool is_for_all = error.kind == ErrorKind::unavailable;
    if (!is_for_all && batch.size() > 1) return halve(batch);
    if (error.kind == ErrorKind::invalid) return answer_all(batch, error);
    counters_.unavailable.fetch_add(1, std::memory_order_relaxed);
    answer_all(batch, is_for_all ? error : unavailable(error.code, "The command cannot be carried out now."));
}

void Committer::violated(std::span<Item> batch, const store::SaveOutcome& outcome) {
    counters_.violated.fetch_add(1, std::memory_order_relaxed);
    if (batch.size() > 1) return halve(batch);
    if (outcome.constraint == "text_not_storable") {
        return answer_all(
            batch, Error{ErrorKind::invalid, outcome.constraint, "A value cannot be stored as it is."});
    }
    answer_all(batch, Error{ErrorKind::conflict, "constraint_" + outcome.constraint,
                            "The change contradicts what is stored."});
}

// One bad command never sinks its neighbours: the halves are tried apart, down to the one.
void Committer::halve(std::span<Item> batch) {
    process(batch.first(batch.size() / 2));
    process(batch.subspan(batch.size() / 2));
}

void Committer::committed(std::span<Item> batch, bool makes_work) {
    counters_.batches.fetch_add(1, std::memory_order_relaxed);
    counters_.commands.fetch_add(batch.size(), std::memory_order_relaxed);
    answer(batch);
    if (makes_work && hooks_.on_jobs) hooks_.on_jobs();
}

void Committer::answer(std::span<Item> batch) {
    for (auto& item : batch) {
        if (hooks_.on_event) {
            for (const auto& event : item.events) hooks_.on_event(event);
        }
        if (item.done) item.done(std::move(item.outcome));
        item.done = nullptr;
    }
}

void Committer::answer_all(std::span<Item> batch, const Error& error) {
    for (auto& item : batch) {
        if (item.done) item.done(tl::unexpected(error));
        item.done = nullptr;
    }
}

}  // namespace returngate::pipeline
