// Finds the parcels that nothing has been heard of for long and has their couriers asked.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "gateway/api/query_pool.hpp"
#include "gateway/pipeline/pipeline.hpp"
#include "gateway/pipeline/ports.hpp"
#include "gateway/policy_book.hpp"

namespace returngate::work {

// Each turn looks at one slice of the time in which silent parcels can have been booked, so that a round over
// all of them is spread over `slices` turns; a parcel found becomes a command, and its case decides.
class SilenceSweep {
public:
    struct Around {
        const PolicyBook& policies;
        const Clock& clock;
        Random& random;
        pipeline::CommitPipeline& pipeline;
        api::QueryPool& queries;
    };
    SilenceSweep(Around around, int slices) : around_(around), slices_(slices) {}

    // How many parcels are being asked about from now on.
    boost::asio::awaitable<int> turn();

private:
    Around around_;
    int slices_;
    int slice_ = 0;  // the next one, the latest bookings first
};

}  // namespace returngate::work
