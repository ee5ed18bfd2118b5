// How many calls to each courier are under way: one that hangs fills its own places, and nobody else's.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "adapters/postgres/job_queue.hpp"
#include "gateway/configuration.hpp"

namespace returngate::work {

// Any thread.
class CourierPlaces {
public:
    // A courier without a contract has one place: its jobs end at once.
    explicit CourierPlaces(const std::vector<CourierOptions>& couriers);

    // Keeps the jobs that find a place at their courier, which is taken; those that find none are returned.
    // Nobody waits for a place at a courier that is `not_called`: such a job ends at once.
    [[nodiscard]] std::vector<postgres::LeasedJob> take(std::vector<postgres::LeasedJob>& jobs,
                                                        const std::vector<CourierCode>& not_called = {});
    // True when the courier was full: its next job may be due.
    bool leave(const CourierCode& courier);
    [[nodiscard]] std::vector<CourierCode> full(const std::vector<CourierCode>& not_called = {}) const;

private:
    struct Places {
        int most = 1;
        int taken = 0;
        [[nodiscard]] bool is_full() const { return taken >= most; }
    };

    mutable std::mutex mutex_;
    std::map<std::string, Places> places_;
};

}  // namespace returngate::work
