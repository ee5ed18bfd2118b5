// Due jobs, leased: polled by state, never by "id greater than the last one" (commits do not come in
// the order of their ids). A lease moves the job's time ahead; a worker that dies gives it back by silence.
#pragma once

#include <chrono>
#include <memory>
#include <pqxx/connection>
#include <string>
#include <vector>

#include "src/returns/case_file.hpp"
#include "src/returns/contact.hpp"
#include "src/returns/job.hpp"

namespace returngate::postgres {

// A job with what its call needs. Parts that the job's kind has no use for may be empty.
struct LeasedJob {
    JobKey key;
    Instant due_at{};
    int attempt = 1;  // of this job, counted over restarts
    // The booking that the subject names.
    CourierCode courier;
    std::string account;
    std::string region;
    SellerId seller;
    std::string number_courier;
    std::string courier_key;
    std::string waybill;
    Window window;
    Contact sender;     // personal data
    Contact recipient;  // personal data
    // The refund that the subject names; absent: the payout is the advance's.
    std::optional<RefundState> refund_state;
    // The advance of the return.
    AdvanceId advance;
    AdvanceState advance_state = AdvanceState::committed;
    Fen amount_fen = 0;           // of what is to be paid
    std::string payee_reference;  // personal data; of the same
    bool payouts_halted = false;  // of the lease's terms: ask, but send nothing
};

struct LeaseTerms {
    Instant now{};
    std::chrono::seconds lease{30};
    std::size_t most = 64;
    bool payouts_halted = false;         // leaves `pay` jobs where they are
    std::vector<JobKind> kinds{};        // only these; empty: all that this program knows
    std::vector<CourierCode> without{};  // no jobs of their bookings
};

// One connection, one thread. Throws pqxx errors.
class JobQueue {
public:
    explicit JobQueue(std::string dsn);

    [[nodiscard]] std::vector<LeasedJob> lease(const LeaseTerms& terms);
    // Leased and not tried: due as they were, and the attempt does not count.
    void hand_back(const std::vector<LeasedJob>& jobs);
    [[nodiscard]] bool money_halted();
    // Money stops until a person lets it go again; once is enough.
    void halt_money(const std::string& reason, Instant at);
    // After an exception: the next call connects again.
    void reset() { connection_.reset(); }

private:
    pqxx::connection& connection();

    std::string dsn_;
    std::unique_ptr<pqxx::connection> connection_;
};

}  // namespace returngate::postgres
