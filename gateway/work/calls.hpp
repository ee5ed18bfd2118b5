// What each kind of job does: one coroutine per kind, from leased job to submitted command.
#pragma once

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <optional>
#include <string>

#include "adapters/http/client.hpp"
#include "adapters/postgres/job_queue.hpp"
#include "gateway/work/question_budget.hpp"
#include "gateway/work/retry_budget.hpp"
#include "gateway/work/workers.hpp"
#include "src/returns/command.hpp"

namespace returngate::work {

// Owned by the workers, outlives every call.
struct CallContext {
    const WorkersContext& around;
    http::Client& client;
    const std::function<void(std::string reason)>& halt_money;
    // Commands that the pipeline still answers: the workers stay until it has. Once `closing`, none is added.
    std::atomic<std::size_t>& submitting;
    const std::atomic<bool>& closing;
    QuestionBudget& questions;  // of the calling thread
    RetryBudget& retries;       // likewise
};

// What came of it; nothing where it is to be leased again later.
boost::asio::awaitable<std::optional<Command>> command_of(CallContext context, postgres::LeasedJob job);

// Never throws: what cannot be done now is leased again later.
boost::asio::awaitable<void> run_job(CallContext context, postgres::LeasedJob job);

}  // namespace returngate::work
