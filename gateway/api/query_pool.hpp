// Questions to the database from coroutines: a few threads, each with a connection of its own; there and
// back.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "adapters/postgres/read/desk.hpp"
#include "src/base/result.hpp"

namespace returngate::api {

struct QueryPoolOptions {
    int threads = 2;
    std::size_t queue = 1024;  // past it questions are refused
    std::chrono::milliseconds deadline{5000};
};

class QueryPool {
public:
    QueryPool(QueryPoolOptions options, std::string dsn);
    // Runs what has begun to its end, then joins.
    ~QueryPool();

    // Runs `ask(desk)` on a thread of the pool and resumes on the caller's executor, which is to be run
    // by one thread. Errors: those of Desk::run; `unavailable` query_queue_full and query_deadline. After
    // the deadline a write may still be done.
    template <class Ask>
    [[nodiscard]] boost::asio::awaitable<Result<std::invoke_result_t<Ask, postgres::Desk&>>> run(Ask ask) {
        using T = std::invoke_result_t<Ask, postgres::Desk&>;
        // Outlives a caller that stopped waiting.
        auto value = std::make_shared<std::optional<T>>();
        Work work = [ask = std::move(ask), value](postgres::Desk& desk) { value->emplace(ask(desk)); };
        const Result<void> done = co_await run_erased(std::move(work));
        if (!done) co_return tl::unexpected<Error>(done.error());
        co_return std::move(**value);
    }

    [[nodiscard]] std::size_t waiting() const;

private:
    using Work = std::function<void(postgres::Desk&)>;
    [[nodiscard]] boost::asio::awaitable<Result<void>> run_erased(Work work);

    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace returngate::api
