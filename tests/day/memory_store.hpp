// What PostgreSQL keeps, kept in memory: rows with versions, claims, the inbox, jobs, the timeline, the
// books; and what may happen to a commit.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "adapters/store/store.hpp"

namespace returngate::test {

struct StoredJob {
    JobKey key;
    Instant run_at{};
    Instant due_at{};
    int attempts = 0;
};
struct TimelineEntry {
    Instant at{};
    CaseEvent event;
};

// One thread.
class Tables {
public:
    using JobName = std::tuple<ReturnId, JobKind, std::string>;
    struct Claim {
        ReturnId owner;
        Instant at{};
    };

    std::map<ReturnId, store::CaseRows> cases;
    std::map<std::string, ReturnId> by_booking;
    std::map<std::string, ReturnId> by_after_sale;
    std::map<BuyerId, CreditLine> lines;
    std::map<BuyerId, BuyerTrust> trusts;
    std::map<BuyerId, Standing> standings;
    std::map<std::string, Order> orders;
    std::map<SellerId, SellerTerms> sellers;
    std::map<store::InboxKey, std::string> inbox;
    std::map<std::pair<std::string, std::string>, Claim> claims;
    std::map<ReturnId, std::vector<TimelineEntry>> timelines;
    std::vector<store::TransferRow> transfers;
    std::map<JobName, StoredJob> jobs;

    [[nodiscard]] std::set<std::pair<Instant, JobName>>::const_iterator first_due() const {
        return due_.begin();
    }
    [[nodiscard]] bool has_jobs() const { return !due_.empty(); }
    // The lease moves its time ahead; a job that is not taken away by then is due again.
    StoredJob lease(JobName name, Instant until);  // by value: the name may be the list's own
    void change(const JobChange& job);

    // "" when all rows are as the changes expect them; else what the save would answer.
    [[nodiscard]] store::SaveOutcome check(const store::Changes& changes) const;
    void apply(const store::Changes& changes);

private:
    std::set<std::pair<Instant, JobName>> due_;
};

// What happens to this commit.
enum class CommitFault { none, stale, unavailable, answer_lost };

[[nodiscard]] std::unique_ptr<store::Store> make_memory_store(Tables& tables,
                                                              std::function<CommitFault()> fault);

}  // namespace returngate::test
