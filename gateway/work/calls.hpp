// What each kind of job does: one coroutine per kind, from leased job to submitted command.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "adapters/http/client.hpp"
#include "adapters/postgres/job_queue.hpp"
#include "gateway/work/workers.hpp"

namespace returngate::work {

struct CallContext {
    const WorkersContext& around;
    http::Client& client;
};

// Never throws: what cannot be done now is leased again later.
boost::asio::awaitable<void> run_job(CallContext context, postgres::LeasedJob job);

}  // namespace returngate::work
